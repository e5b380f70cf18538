//! Jobs and their answers: variables read and written, blocks loaded, programs started and stopped.

use super::codes::{ERRORS, FUNCTIONS, ITEM_ERRORS};
use super::variables::{values, variables};
use crate::protocols::plant::{Message, Name, OK, Operation, label, named};
use crate::protocols::reader::Reader;

/// The header of a message.
pub(super) struct Header {
    pub(super) kind: u8,
    pub(super) reference: u16,
    error: [u8; 2],
}

impl Header {
    fn is_response(&self) -> bool {
        matches!(self.kind, 2 | 3)
    }
}

/// Header, parameters and data; the data as far as they are there.
pub(super) fn split(bytes: &[u8]) -> Option<(Header, &[u8], &[u8])> {
    let mut reader = Reader::new(bytes);
    let [_, kind, _, _] = reader.array()?;
    let (reference, parameters, data) = (reader.u16()?, reader.u16()?, reader.u16()?);
    let error = if matches!(kind, 2 | 3) {
        reader.array()?
    } else {
        [0; 2]
    };
    let parameters = reader.take(usize::from(parameters))?;
    let data = reader
        .rest()
        .get(..usize::from(data))
        .unwrap_or(reader.rest());
    Some((
        Header {
            kind,
            reference,
            error,
        },
        parameters,
        data,
    ))
}

pub(super) fn job(
    header: &Header,
    parameters: &[u8],
    data: &[u8],
    question: Option<&Operation>,
) -> Option<Message> {
    let mut reader = Reader::new(parameters);
    let is_response = header.is_response();
    let Some(function) = reader.u8() else {
        return is_response.then(|| bare_answer(header, question));
    };
    let known = FUNCTIONS.iter().find(|(number, ..)| *number == function);
    let name = known.map_or_else(
        || format!("function 0x{function:02x}").into(),
        |known| Name::from(known.1),
    );
    let mut operation = Operation {
        is_response,
        function: i64::from(function),
        name,
        access: known.map_or("", |known| known.2),
        ..Operation::default()
    };
    let coding = question.map_or(0, |question| question.coding);
    match (function, is_response) {
        (4 | 5, false) => {
            variables(&mut reader, &mut operation)?;
            operation.value = Some(values(data, 1, operation.coding))
                .filter(|_| function == 5)
                .unwrap_or_default();
        }
        (0x1a..=0x1f, false) => operation.address = file(&mut reader, function).unwrap_or_default(),
        (0x28, false) => service(&mut reader, &mut operation)?,
        (0x29, false) => {
            operation.value = label(
                reader
                    .take(5)
                    .and_then(|_| reader.block8())
                    .unwrap_or_default(),
            );
        }
        (4, true) => operation.value = values(data, usize::from(reader.u8()?), coding),
        _ => {}
    }
    if is_response {
        operation.result = result(header, function, data);
    }
    if let Some(question) = question {
        operation.complete(question);
    }
    Some(Message::of(operation))
}

/// An answer that says no more than how it went.
fn bare_answer(header: &Header, question: Option<&Operation>) -> Message {
    let operation = question.map_or_else(
        || Operation {
            name: "acknowledgement".into(),
            ..Operation::default()
        },
        Operation::clone,
    );
    Message::of(Operation {
        is_response: true,
        result: result(header, 0, &[]),
        ..operation
    })
}

fn result(header: &Header, function: u8, data: &[u8]) -> Name {
    if header.error != [0, 0] {
        let [class, code] = header.error;
        return named(&ERRORS, class).map_or_else(
            || format!("error 0x{class:02x}{code:02x}").into(),
            Name::from,
        );
    }
    let code = match (function, data) {
        (4 | 5, [code, ..]) => *code,
        _ => 0xff,
    };
    item_result(code)
}

pub(super) fn item_result(code: u8) -> Name {
    match code {
        0 | 0xff => OK.into(),
        _ => named(&ITEM_ERRORS, code)
            .map_or_else(|| format!("error 0x{code:02x}").into(), Name::from),
    }
}

/// The name of the block that is loaded up or down.
fn file(reader: &mut Reader, function: u8) -> Option<String> {
    reader.take(7)?; // status, unused, number of the upload
    matches!(function, 0x1a..=0x1d).then_some(())?;
    Some(label(reader.block8()?))
}

/// A service of the program: start, insert or delete blocks, compress.
fn service(reader: &mut Reader, operation: &mut Operation) -> Option<()> {
    reader.take(7)?;
    operation.address = label(reader.block16()?);
    operation.value = label(reader.block8()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::protocols::plant::{CONTROL, WRITE};
    use crate::protocols::s7::parse;
    use crate::protocols::s7::samples::{STOP, VALUES, WRITE_VAR};
    use crate::protocols::testing::{done, only};

    #[test]
    fn writing_and_stopping_are_told() {
        let message = done(parse(WRITE_VAR, false));
        let write = only(&message);
        assert_eq!(
            (write.access, write.address.as_str(), write.value.as_str()),
            (WRITE, "M10.3", "1")
        );
        let message = done(parse(STOP, false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("plc stop", CONTROL)
        );
        assert_eq!(only(&message).value, "P_PROGRAM");
        let mut refused = VALUES.to_vec();
        refused[21] = 10;
        assert_eq!(
            only(&done(parse(&refused, true))).result,
            "object does not exist"
        );
    }
}
