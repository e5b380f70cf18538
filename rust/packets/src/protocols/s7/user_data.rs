//! User data: services beside the program, of which the system status list tells what a controller is.

use super::codes::{GROUPS, USER_DATA};
use super::jobs::item_result;
use crate::protocols::plant::{Message, Operation, label, named};
use crate::protocols::reader::Reader;

/// The most records read of a system status list.
const MAX_RECORDS: usize = 32;

pub(super) fn user_data(parameters: &[u8], data: &[u8], reference: u16) -> Option<Message> {
    let mut reader = Reader::new(parameters);
    reader.take(4)?; // head and length
    let (_method, kind, sub) = (reader.u8()?, reader.u8()?, reader.u8()?);
    reader.u8()?; // sequence
    let (group, direction) = (kind & 0x0f, kind >> 4);
    let function = u16::from_be_bytes([group, sub]);
    let known = USER_DATA.iter().find(|(number, ..)| *number == function);
    let name = known.map_or_else(
        || named(&GROUPS, group).unwrap_or("user data"),
        |known| known.1,
    );
    let error = reader.take(2).and_then(|_| reader.u16()).unwrap_or(0);
    let mut message = Message::of(Operation {
        is_response: direction == 8,
        function: i64::from(function),
        name: name.into(),
        access: known.map_or("", |known| known.2),
        coding: reference,
        ..Operation::default()
    });
    message.is_by_server |= direction == 0; // pushed
    if direction == 8 {
        let code = data.first().copied().unwrap_or(0xff);
        let result = if error == 0 {
            item_result(code)
        } else {
            format!("error 0x{error:04x}").into()
        };
        message.operations.first_mut()?.result = result;
    }
    if function == 0x0401 {
        let _ = status_list(data, &mut message);
    }
    Some(message)
}

/// A part of the system status list: which, and what it says of the module.
fn status_list(data: &[u8], message: &mut Message) -> Option<()> {
    let mut reader = Reader::new(data);
    let ([code, _], _) = (reader.array()?, reader.u16()?);
    let (list, index) = (reader.u16()?, reader.u16()?);
    let operation = message.operations.first_mut()?;
    operation.address = format!("0x{list:04x} index {index}");
    if !operation.is_response || code != 0xff {
        return Some(());
    }
    let (length, count) = (reader.u16()?, reader.u16()?);
    operation.quantity = i64::from(count);
    for _ in 0..usize::from(count).min(MAX_RECORDS) {
        let record = reader.take(usize::from(length))?;
        let mut record = Reader::new(record);
        let index = record.u16()?;
        match (list & 0xff, index) {
            (0x11, 1) => message.sight("s7.module", label(record.take(20)?)),
            (0x11, 7) => {
                record.take(22)?;
                if let [b'V', major, minor, patch] = record.array()? {
                    message.sight("s7.firmware", format!("V{major}.{minor}.{patch}"));
                }
            }
            (0x1c, 1) => message.sight("s7.name", label(record.take(24)?)),
            (0x1c, 5) => message.sight("s7.serial", label(record.take(24)?)),
            (0x1c, 7) => message.sight("s7.type", label(record.rest())),
            _ => {}
        }
    }
    message.tell_sightings();
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::protocols::s7::parse;
    use crate::protocols::s7::samples::{WHO, me};
    use crate::protocols::testing::{done, only};

    #[test]
    fn a_controller_tells_its_module() {
        let message = done(parse(WHO, false));
        assert_eq!(
            (
                only(&message).name.as_ref(),
                only(&message).address.as_str()
            ),
            ("read szl", "0x0011 index 0")
        );
        let message = done(parse(&me(), true));
        let expected = [
            ("s7.module", "6ES7 315-2EH14-0AB0"),
            ("s7.firmware", "V3.2.6"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
        assert_eq!(
            (only(&message).result.as_ref(), message.is_by_server),
            ("ok", true)
        );
    }
}
