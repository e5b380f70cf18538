//! Modbus over TCP (Modbus Application Protocol 1.1b3; Messaging on TCP/IP 1.0b).

pub use super::plant::Message;
use super::plant::{Asked, CONTROL, Name, OK, Operation, READ, WRITE, joined, label, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "modbus";
/// The port of servers.
pub const PORT: u16 = 502;
/// Length of the header up to the unit.
const HEADER: usize = 6;
/// The most bytes the length may count: unit, function and 252 of data.
const MAX_LENGTH: usize = 254;
/// The most objects read of a device's identification.
const MAX_OBJECTS: usize = 16;
/// The most registers (or sixteen coils each) that a question may be about.
const MAX_QUANTITY: u16 = 2000;

const SHORT: Damage = Damage("modbus: cut short");

const FUNCTIONS: [(u8, &str); 20] = [
    (1, "read coils"),
    (2, "read discrete inputs"),
    (3, "read holding registers"),
    (4, "read input registers"),
    (5, "write single coil"),
    (6, "write single register"),
    (7, "read exception status"),
    (8, "diagnostics"),
    (11, "get comm event counter"),
    (12, "get comm event log"),
    (15, "write multiple coils"),
    (16, "write multiple registers"),
    (17, "report server id"),
    (20, "read file record"),
    (21, "write file record"),
    (22, "mask write register"),
    (23, "read/write multiple registers"),
    (24, "read fifo queue"),
    (43, "encapsulated interface transport"),
    (90, "unity"),
];

const EXCEPTIONS: [(u8, &str); 9] = [
    (1, "illegal function"),
    (2, "illegal data address"),
    (3, "illegal data value"),
    (4, "server device failure"),
    (5, "acknowledge"),
    (6, "server device busy"),
    (8, "memory parity error"),
    (10, "gateway path unavailable"),
    (11, "gateway target device failed to respond"),
];

/// Sub-functions of Schneider's function 90 that do something to the controller, as Wireshark's and other public
/// dissectors of UMAS name them.
const UNITY: [(u8, &str, &str); 10] = [
    (0x20, "read memory block", READ),
    (0x21, "write memory block", WRITE),
    (0x22, "read variables", READ),
    (0x23, "write variables", WRITE),
    (0x30, "initialize upload", READ),
    (0x31, "upload block", READ),
    (0x33, "initialize download", CONTROL),
    (0x34, "download block", CONTROL),
    (0x40, "start plc", CONTROL),
    (0x41, "stop plc", CONTROL),
];

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

fn access(function: u8) -> &'static str {
    match function {
        1..=4 | 7 | 11 | 12 | 17 | 20 | 24 | 43 => READ,
        5 | 6 | 15 | 16 | 21..=23 => WRITE,
        _ => "",
    }
}

fn exception(code: u8) -> Name {
    named(&EXCEPTIONS, code).map_or_else(|| format!("exception {code}").into(), Name::from)
}

fn read_question(reader: &mut Reader, function: u8, operation: &mut Operation) -> Option<()> {
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

fn read_answer(
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

/// Function 43: with 14 a device tells who it is; with 13 `CANopen` passes through.
fn identification(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let kind = reader.u8()?;
    let operation = message.operations.first_mut()?;
    if operation.is_response {
        operation.result = OK.into();
    }
    match kind {
        13 => {
            operation.name = "canopen general reference".into();
            operation.access = "";
            return Some(());
        }
        14 => operation.name = "read device identification".into(),
        _ => return Some(()),
    }
    let code = reader.u8()?;
    if !operation.is_response {
        operation.address = reader.u8()?.to_string();
        operation.quantity = i64::from(code == 4); // a single object, else a whole class of them
        return Some(());
    }
    reader.take(3)?; // conformity, more follows, next object
    let count = usize::from(reader.u8()?);
    operation.quantity = i64::try_from(count).unwrap_or(0);
    for _ in 0..count.min(MAX_OBJECTS) {
        let (object, value) = (reader.u8()?, reader.block8()?);
        let field = match object {
            0 => "modbus.vendor",
            1 => "modbus.product",
            2 => "modbus.revision",
            4 => "modbus.name",
            5 => "modbus.model",
            _ => continue,
        };
        message.sight(field, label(value));
    }
    message.tell_sightings();
    Some(())
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
    use super::super::plant::Session as _;
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const READ_THREE: &[u8] = b"\0\x01\0\0\0\x06\x11\x03\0\x6b\0\x03";
    const THREE: &[u8] = b"\0\x01\0\0\0\x09\x11\x03\x06\x02\x2b\0\0\0\x64";
    const WHO: &[u8] = b"\0\x05\0\0\0\x05\x01\x2b\x0e\x01\0";
    const ME: &[u8] =
        b"\0\x05\0\0\0\x19\x01\x2b\x0e\x01\x81\0\0\x03\0\x04Acme\x01\x02P1\x02\x05V1.20";

    fn only(message: &Message) -> &Operation {
        assert_eq!(message.operations.len(), 1);
        &message.operations[0]
    }

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
    fn a_device_tells_who_it_is() {
        let mut session = Session::default();
        done(session.hear(WHO, false));
        let message = done(session.hear(ME, true));
        assert_eq!(only(&message).name, "read device identification");
        let expected = [
            ("modbus.vendor", "Acme"),
            ("modbus.product", "P1"),
            ("modbus.revision", "V1.20"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
    }

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
            let mut session = Session::default();
            let _ = (
                looks_like(bytes),
                is_question(bytes),
                session.hear(bytes, false),
                session.hear(bytes, true),
            );
        });
    }
}
