//! What questions and answers say of coils, registers and files: where, how many, which values.

use super::codes::UNITY;
use crate::protocols::plant::{CONTROL, Operation, READ, joined, label};
use crate::protocols::reader::Reader;

pub(super) fn read_question(
    reader: &mut Reader,
    function: u8,
    operation: &mut Operation,
) -> Option<()> {
    match function {
        1..=4 => {
            operation.address = reader.u16()?.to_string();
            operation.quantity = i64::from(reader.u16()?);
        }
        5 | 6 | 22 => single(reader, function, operation)?,
        15 | 16 => several(reader, function, operation)?,
        23 => {
            // What is written comes behind what is read; what changes the device is what is told.
            reader.take(4)?;
            several(reader, 16, operation)?;
        }
        8 => diagnostics(reader.u16()?, operation),
        20 | 21 => file_record(reader, operation)?,
        24 => {
            operation.address = reader.u16()?.to_string();
            operation.quantity = 1;
        }
        90 => {
            reader.u8()?; // number of the session
            let known = reader
                .u8()
                .and_then(|code| UNITY.iter().find(|(known, ..)| *known == code));
            if let Some((_, name, access)) = known {
                operation.name = format!("unity: {name}").into();
                operation.access = access;
            }
        }
        _ => {}
    }
    Some(())
}

/// One coil or register, which question and answer both tell.
fn single(reader: &mut Reader, function: u8, operation: &mut Operation) -> Option<()> {
    operation.address = reader.u16()?.to_string();
    operation.quantity = 1;
    let value = reader.u16()?;
    operation.value = match function {
        5 => u16::from(value != 0).to_string(),
        22 => joined([value, reader.u16()?]),
        _ => value.to_string(),
    };
    Some(())
}

fn several(reader: &mut Reader, function: u8, operation: &mut Operation) -> Option<()> {
    operation.address = reader.u16()?.to_string();
    let quantity = reader.u16()?;
    operation.quantity = i64::from(quantity);
    let values = reader.block8()?;
    operation.value = if function == 15 {
        bits(values, usize::from(quantity))
    } else {
        registers(values)
    };
    Some(())
}

fn diagnostics(code: u16, operation: &mut Operation) {
    let (name, access) = match code {
        0 => ("diagnostics: return query data", ""),
        1 => ("diagnostics: restart communications", CONTROL),
        2 => ("diagnostics: return diagnostic register", READ),
        4 => ("diagnostics: force listen only mode", CONTROL),
        10 => ("diagnostics: clear counters", CONTROL),
        _ => ("diagnostics", READ),
    };
    (operation.name, operation.access) = (name.into(), access);
}

/// The first of the records asked for: type 6, file, record, length in registers.
fn file_record(reader: &mut Reader, operation: &mut Operation) -> Option<()> {
    let mut first = Reader::new(reader.block8()?);
    first.u8()?;
    operation.address = format!("{}:{}", first.u16()?, first.u16()?);
    operation.quantity = i64::from(first.u16()?);
    Some(())
}

pub(super) fn read_answer(
    reader: &mut Reader,
    function: u8,
    operation: &mut Operation,
    question: Option<&Operation>,
) -> Option<()> {
    match function {
        1 | 2 => {
            let values = reader.block8()?;
            let asked = question.and_then(|question| usize::try_from(question.quantity).ok());
            operation.value = bits(values, asked.unwrap_or(usize::MAX));
        }
        3 | 4 | 23 => {
            let values = reader.block8()?;
            operation.value = registers(values);
            operation.quantity = i64::try_from(values.len() / 2).unwrap_or(0);
        }
        5 | 6 | 22 => single(reader, function, operation)?,
        15 | 16 => {
            operation.address = reader.u16()?.to_string();
            operation.quantity = i64::from(reader.u16()?);
        }
        7 => operation.value = reader.u8()?.to_string(),
        8 => diagnostics(reader.u16()?, operation),
        17 => operation.value = label(reader.block8()?),
        24 => {
            reader.u16()?;
            operation.quantity = i64::from(reader.u16()?);
            operation.value = registers(reader.rest());
        }
        _ => {}
    }
    Some(())
}

fn registers(bytes: &[u8]) -> String {
    joined(
        bytes
            .chunks_exact(2)
            .filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?))),
    )
}

/// Single bits, the lowest of the first byte first.
fn bits(bytes: &[u8], count: usize) -> String {
    let all = bytes
        .iter()
        .flat_map(|byte| (0..8).map(move |place| byte >> place & 1));
    joined(all.take(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::modbus::parse;
    use crate::protocols::testing::{done, only};

    #[test]
    fn what_restarts_or_stops_a_controller_is_control() {
        let restart = done(parse(b"\0\x02\0\0\0\x06\x01\x08\0\x01\0\0", false));
        assert_eq!(
            (only(&restart).access, only(&restart).name.as_ref()),
            (CONTROL, "diagnostics: restart communications")
        );
        let stop = done(parse(b"\0\x02\0\0\0\x06\x01\x5a\0\x41\xff\0", false));
        assert_eq!(
            (only(&stop).access, only(&stop).name.as_ref()),
            (CONTROL, "unity: stop plc")
        );
    }
}
