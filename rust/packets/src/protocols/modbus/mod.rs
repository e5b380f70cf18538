//! Modbus over TCP (Modbus Application Protocol 1.1b3; Messaging on TCP/IP 1.0b).

mod codes;
mod data;
mod identification;
#[cfg(test)]
mod samples;

pub use super::plant::Message;
use super::plant::{Asked, Name, OK, Operation, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use codes::{FUNCTIONS, access, exception};
use data::{read_answer, read_question};
use identification::identification;

/// The service name of flows that speak this.
pub const NAME: &str = "modbus";
/// The port of servers.
pub const PORT: u16 = 502;
/// Length of the header up to the unit.
const HEADER: usize = 6;
/// The most bytes the length may count: unit, function and 252 of data.
const MAX_LENGTH: usize = 254;
/// The most registers (or sixteen coils each) that a question may be about.
const MAX_QUANTITY: u16 = 2000;
const SHORT: Damage = Damage("modbus: cut short");

/// Whether the header is plausible: protocol 0, a length in range, a function that may stand there.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [_, _, 0, 0, high, low, _, function, ..] = bytes else {
        return false;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    (2..=MAX_LENGTH).contains(&length) && named(&FUNCTIONS, function & 0x7f).is_some()
}

/// Whether this is exactly one question for coils or registers, or one that sets a single one: what can be told
/// without the port.
#[must_use]
pub fn is_question(bytes: &[u8]) -> bool {
    let [_, _, 0, 0, 0, 6, _, function, _, _, high, low] = bytes else {
        return false;
    };
    let number = u16::from_be_bytes([*high, *low]);
    match function {
        1..=4 => (1..=MAX_QUANTITY).contains(&number),
        5 => matches!(number, 0 | 0xff00),
        6 => true,
        _ => false,
    }
}

/// One message of a stream, which the server sent or not.
pub fn parse(bytes: &[u8], is_response: bool) -> Parsed<Message> {
    frame(bytes).and(|(_, body)| understand(body, is_response, None))
}

/// Transaction and body of the message at the front.
fn frame(bytes: &[u8]) -> Parsed<(u16, &[u8])> {
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
    match reader.take(length) {
        Some(body) => Parsed::Done((transaction, body), reader.at()),
        None => Parsed::More(length.saturating_sub(reader.rest().len())),
    }
}

fn understand(
    body: &[u8],
    is_response: bool,
    question: Option<&Operation>,
) -> Result<Message, Damage> {
    read_body(body, is_response, question).ok_or(SHORT)
}

fn read_body(body: &[u8], is_response: bool, question: Option<&Operation>) -> Option<Message> {
    let mut reader = Reader::new(body);
    let (unit, code) = (reader.u8()?, reader.u8()?);
    let function = code & 0x7f;
    let mut message = Message::of(Operation {
        is_response,
        function: i64::from(function),
        name: named(&FUNCTIONS, function)
            .map_or_else(|| format!("function {function}").into(), Name::from),
        access: access(function),
        unit: unit.to_string(),
        ..Operation::default()
    });
    let operation = message.operations.first_mut()?;
    let read = if code & 0x80 != 0 {
        operation.result = exception(reader.u8()?);
        Some(())
    } else if function == 43 {
        identification(&mut reader, &mut message)
    } else if is_response {
        operation.result = OK.into();
        read_answer(&mut reader, function, operation, question)
    } else {
        read_question(&mut reader, function, operation)
    };
    if read.is_none() {
        message.damage = Some(SHORT); // the operation is told as far as it is there
    }
    if let (Some(operation), Some(question)) = (message.operations.first_mut(), question) {
        operation.complete(question);
        if operation.is_response && question.function == operation.function {
            operation.name.clone_from(&question.name);
        }
    }
    Some(message)
}

/// A connection: an answer knows its question by the number of the transaction.
#[derive(Debug, Default)]
pub struct Session {
    asked: Asked,
}

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        NAME
    }

    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
        frame(bytes).and(|(transaction, body)| {
            let number = u64::from(transaction);
            let question = is_by_server
                .then(|| self.asked.answered(0, number))
                .flatten();
            let message = understand(body, is_by_server, question.as_ref())?;
            if let Some(operation) = message.operations.first().filter(|_| !is_by_server) {
                self.asked.ask(0, number, operation);
            }
            Ok(message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::modbus::samples::{ME, WHO};
    use crate::protocols::plant::Session as _;
    use crate::protocols::testing::{damage, done, never_panics, only, overhear};

    const READ_THREE: &[u8] = b"\0\x01\0\0\0\x06\x11\x03\0\x6b\0\x03";

    const THREE: &[u8] = b"\0\x01\0\0\0\x09\x11\x03\x06\x02\x2b\0\0\0\x64";

    #[test]
    fn questions_tell_where_how_many_and_what_is_written() {
        let read = done(parse(READ_THREE, false));
        let read = only(&read);
        assert_eq!(
            (read.function, read.name.as_ref(), read.access),
            (3, "read holding registers", "read")
        );
        assert_eq!(
            (read.unit.as_str(), read.address.as_str(), read.quantity),
            ("17", "107", 3)
        );
        let cases: [(&[u8], &str, i64, &str); 5] = [
            (b"\0\x02\0\0\0\x06\x01\x05\0\xac\xff\0", "172", 1, "1"),
            (b"\0\x02\0\0\0\x06\x01\x06\0\xac\x01\0", "172", 1, "256"),
            (
                b"\0\x02\0\0\0\x0b\x01\x10\0\x01\0\x02\x04\0\x0a\x01\x02",
                "1",
                2,
                "10,258",
            ),
            (
                b"\0\x02\0\0\0\x08\x01\x0f\0\x01\0\x03\x01\x05",
                "1",
                3,
                "1,0,1",
            ),
            (
                b"\0\x02\0\0\0\x0d\x01\x17\0\x09\0\x09\0\x01\0\x01\x02\0\x0a",
                "1",
                1,
                "10",
            ),
        ];
        for (bytes, address, quantity, value) in cases {
            let message = done(parse(bytes, false));
            let told = only(&message);
            assert_eq!((told.access, told.address.as_str()), ("write", address));
            assert_eq!((told.quantity, told.value.as_str()), (quantity, value));
        }
    }

    #[test]
    fn answers_know_their_question() {
        let mut session = Session::default();
        done(session.hear(READ_THREE, false));
        let message = done(session.hear(THREE, true));
        let answer = only(&message);
        assert!(answer.is_response && message.is_by_server);
        assert_eq!((answer.address.as_str(), answer.quantity), ("107", 3));
        assert_eq!(
            (answer.value.as_str(), answer.result.as_ref()),
            ("555,0,100", "ok")
        );
        done(session.hear(READ_THREE, false));
        let message = done(session.hear(b"\0\x01\0\0\0\x03\x11\x83\x02", true));
        let refused = only(&message);
        assert_eq!(
            (refused.function, refused.result.as_ref()),
            (3, "illegal data address")
        );
        assert_eq!((refused.address.as_str(), refused.quantity), ("107", 3));
        let alone = done(session.hear(THREE, true));
        assert_eq!(only(&alone).address, "");
    }

    #[test]
    fn several_messages_of_one_segment_are_taken_one_by_one() {
        let both = [READ_THREE, READ_THREE].concat();
        assert!(matches!(parse(&both, false), Parsed::Done(_, taken) if taken == READ_THREE.len()));
        assert_eq!(parse(&READ_THREE[..10], false), Parsed::More(2));
        assert_eq!(parse(&READ_THREE[..3], false), Parsed::More(3));
    }

    #[test]
    fn what_is_broken_is_damage_and_other_protocols_are_foreign() {
        assert_eq!(
            damage(parse(b"\0\x01\0\0\x01\0\x11\x03", false)),
            "modbus: bad length"
        );
        assert_eq!(
            damage(parse(b"\0\x01\0\0\0\x02\x11\x83", true)),
            "modbus: cut short"
        );
        assert_eq!(parse(b"\x03\0\x00\x16\x11\xe0\0", false), Parsed::Foreign);
        assert!(looks_like(READ_THREE) && !looks_like(b"GET / HT"));
        assert!(
            is_question(READ_THREE)
                && !is_question(THREE)
                && !is_question(b"\0\x01\0\0\0\x06\x11\x03\0\x6b\xff\xff")
        );
    }

    #[test]
    fn it_never_panics() {
        let samples = [
            READ_THREE,
            THREE,
            WHO,
            ME,
            b"\0\x02\0\0\0\x0d\x01\x17\0\x09\0\x09\0\x01\0\x01\x02\0\x0a",
        ];
        never_panics(&samples, |bytes| {
            overhear::<Session>(bytes);
            let _ = (looks_like(bytes), is_question(bytes));
        });
    }
}
