//! Modbus over TCP (Modbus Application Protocol 1.1b3; Messaging on TCP/IP 1.0b).

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "modbus";
/// Length of the header up to the unit.
const HEADER: usize = 6;
/// The most bytes the length may count: unit, function and 252 of data.
const MAX_LENGTH: usize = 254;

/// A request or an answer; the two look alike, who opened the flow tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub transaction: u16,
    pub unit: u8,
    /// Without the bit that marks an exception.
    pub function: u8,
    /// First coil or register asked for or written; `None` in answers that hold values, and for other functions.
    pub address: Option<u16>,
    /// How many; 1 for functions that write a single one.
    pub count: Option<u16>,
    pub is_exception: bool,
    /// Of an exception, else 0.
    pub exception: u8,
}

impl Message {
    /// Whether the function changes the device.
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(self.function, 5 | 6 | 15 | 16 | 21 | 22 | 23)
    }
}

/// Whether the header is plausible: protocol 0, a length in range, a function that may stand there.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [_, _, 0, 0, high, low, _, function, ..] = bytes else {
        return false;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    (2..=MAX_LENGTH).contains(&length)
        && matches!(function & 0x7f, 1..=8 | 11 | 12 | 15..=17 | 20..=24 | 43 | 90)
}

/// One message of a stream.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let (Some(transaction), Some(protocol), Some(length)) =
        (reader.u16(), reader.u16(), reader.u16())
    else {
        let known = bytes.iter().skip(2).take(2).all(|byte| *byte == 0);
        return if known {
            Parsed::More(HEADER.saturating_sub(bytes.len()))
        } else {
            Parsed::Foreign
        };
    };
    if protocol != 0 {
        return Parsed::Foreign;
    }
    let length = usize::from(length);
    if !(2..=MAX_LENGTH).contains(&length) {
        return Parsed::Damaged(Damage("modbus: bad length"));
    }
    let Some(body) = reader.take(length) else {
        return Parsed::More(length.saturating_sub(reader.rest().len()));
    };
    let message = understand(transaction, body).ok_or(Damage("modbus: cut short"));
    Parsed::from_result(message, reader.at())
}

fn understand(transaction: u16, body: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(body);
    let (unit, code) = (reader.u8()?, reader.u8()?);
    let (function, is_exception) = (code & 0x7f, code & 0x80 != 0);
    let mut message = Message {
        transaction,
        unit,
        function,
        address: None,
        count: None,
        is_exception,
        exception: 0,
    };
    if is_exception {
        message.exception = reader.u8()?;
        return Some(message);
    }
    let data = reader.rest().len();
    match function {
        // A question holds an address and a count; an answer its length in bytes and as much behind it.
        1..=4 if data == 4 && !counts_itself(reader.rest()) => {
            message.address = reader.u16();
            message.count = reader.u16();
        }
        5 | 6 | 22 => {
            message.address = Some(reader.u16()?);
            message.count = Some(1);
        }
        15 | 16 => {
            message.address = Some(reader.u16()?);
            message.count = Some(reader.u16()?);
        }
        // What is written comes behind what is read; an answer holds only what was read.
        23 if data >= 9 && !counts_itself(reader.rest()) => {
            reader.take(4)?;
            message.address = reader.u16();
            message.count = reader.u16();
        }
        _ => {}
    }
    Some(message)
}

/// Whether the first byte counts the others: then it is an answer with values. Three bytes of values are no
/// registers, and a question for address 0x03xx looks like 17 to 24 coils; that is taken for the question.
fn counts_itself(data: &[u8]) -> bool {
    data.len() != 4
        && data
            .split_first()
            .is_some_and(|(count, values)| usize::from(*count) == values.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const READ: &[u8] = b"\0\x01\0\0\0\x06\x11\x03\0\x6b\0\x03";

    #[test]
    fn questions_tell_where_and_how_many() {
        let read = done(parse(READ));
        assert_eq!((read.transaction, read.unit, read.function), (1, 0x11, 3));
        assert_eq!(
            (read.address, read.count, read.is_write()),
            (Some(0x6b), Some(3), false)
        );
        let single = done(parse(b"\0\x02\0\0\0\x06\x01\x05\0\xac\xff\0"));
        assert_eq!(
            (single.address, single.count, single.is_write()),
            (Some(0xac), Some(1), true)
        );
        let several = done(parse(
            b"\0\x02\0\0\0\x0b\x01\x10\0\x01\0\x02\x04\0\x0a\x01\x02",
        ));
        assert_eq!((several.address, several.count), (Some(1), Some(2)));
    }

    #[test]
    fn answers_and_exceptions_are_told_apart() {
        let values = done(parse(b"\0\x01\0\0\0\x09\x11\x03\x06\x02\x2b\0\0\0\x64"));
        assert_eq!((values.address, values.is_exception), (None, false));
        let refused = done(parse(b"\0\x01\0\0\0\x03\x11\x83\x02"));
        assert_eq!(
            (refused.function, refused.is_exception, refused.exception),
            (3, true, 2)
        );
    }

    #[test]
    fn several_messages_of_one_segment_are_taken_one_by_one() {
        let both = [READ, READ].concat();
        assert!(matches!(parse(&both), Parsed::Done(_, taken) if taken == READ.len()));
        assert_eq!(parse(&READ[..10]), Parsed::More(2));
        assert_eq!(parse(&READ[..3]), Parsed::More(3));
    }

    #[test]
    fn what_is_broken_is_damage_and_other_protocols_are_foreign() {
        assert_eq!(
            damage(parse(b"\0\x01\0\0\x01\0\x11\x03")),
            "modbus: bad length"
        );
        assert_eq!(
            damage(parse(b"\0\x01\0\0\0\x02\x11\x83")),
            "modbus: cut short"
        );
        assert_eq!(parse(b"\x03\0\x00\x16\x11\xe0\0"), Parsed::Foreign);
        assert!(looks_like(READ) && !looks_like(b"GET / HT"));
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[
                READ,
                b"\0\x02\0\0\0\x0b\x01\x17\0\x01\0\x02\x04\0\x0a\x01\x02",
            ],
            |bytes| {
                let _ = (parse(bytes), looks_like(bytes));
            },
        );
    }
}
