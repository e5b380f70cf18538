//! IEC 60870-5-104: telecontrol over TCP (with the data units of IEC 60870-5-101).

mod codes;

pub use super::plant::Message;
use super::plant::{Name, OK, Operation, Values, hex, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use codes::{CAUSES, TYPES};

/// The service name of flows that speak this.
pub const NAME: &str = "iec104";
/// The port of controlled stations.
pub const PORT: u16 = 2404;
/// The most bytes a frame may count.
const MAX_LENGTH: u8 = 253;
/// The most objects read of a frame.
const MAX_OBJECTS: usize = 127;

/// Unnumbered frames that begin or end the flow of data, and their confirmations; those that only test the connection
/// are left out.
const UNNUMBERED: [(u8, &str); 4] = [
    (0x07, "STARTDT act"),
    (0x0b, "STARTDT con"),
    (0x13, "STOPDT act"),
    (0x23, "STOPDT con"),
];

/// Whether a frame stands in front whose length and control fit each other.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    match bytes {
        [
            0x68,
            4,
            0x07 | 0x0b | 0x13 | 0x23 | 0x43 | 0x83,
            0,
            0,
            0,
            ..,
        ]
        | [0x68, 4, 1, 0, ..] => true,
        [0x68, 14..=MAX_LENGTH, control, _, receive, _, kind, ..] => {
            control & 1 == 0 && receive & 1 == 0 && TYPES.iter().any(|(known, ..)| known == kind)
        }
        _ => false,
    }
}

/// Whether this begins the flow of data and nothing else: what can be told without the port.
#[must_use]
pub fn is_start(bytes: &[u8]) -> bool {
    bytes == [0x68, 4, 0x07, 0, 0, 0]
}

/// One frame of a stream, which the controlled station sent or not.
pub fn parse(bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
    let [0x68, length, ..] = bytes else {
        return if bytes == [0x68] {
            Parsed::More(1)
        } else {
            Parsed::Foreign
        };
    };
    if !(4..=MAX_LENGTH).contains(length) {
        return Parsed::Damaged(Damage("iec104: bad length"));
    }
    let whole = usize::from(*length).saturating_add(2);
    let Some(body) = bytes.get(2..whole) else {
        return Parsed::More(whole.saturating_sub(bytes.len()));
    };
    Parsed::from_result(
        frame(body, is_by_server).ok_or(Damage("iec104: cut short")),
        whole,
    )
}

fn frame(body: &[u8], is_by_server: bool) -> Option<Message> {
    let mut reader = Reader::new(body);
    let [control, _, _, _] = reader.array()?;
    let mut message = Message {
        is_by_server,
        ..Message::default()
    };
    match control & 3 {
        1 => {}
        3 => {
            if let Some(name) = named(&UNNUMBERED, control) {
                message.operations.push(Operation {
                    is_response: matches!(control, 0x0b | 0x23),
                    function: i64::from(control),
                    name: name.into(),
                    ..Operation::default()
                });
            }
        }
        _ => message.operations.push(unit(&mut reader, is_by_server)?),
    }
    Some(message)
}

/// A data unit: type, count, cause, address of the station, objects.
fn unit(reader: &mut Reader, is_by_server: bool) -> Option<Operation> {
    let [kind, qualifier, cause, _originator] = reader.array()?;
    let station = reader.le16()?;
    let known = TYPES.iter().find(|(number, ..)| *number == kind);
    let (name, access, size) = known.map_or(("", "", 0), |known| (known.1, known.2, known.3));
    let reason = named(&CAUSES, cause & 0x3f)
        .map_or_else(|| format!("cause {}", cause & 0x3f).into(), Name::from);
    let mut operation = Operation {
        is_response: is_by_server,
        function: i64::from(kind),
        name: if name.is_empty() {
            format!("type {kind} {reason}")
        } else {
            format!("{name} {reason}")
        }
        .into(),
        access,
        unit: station.to_string(),
        quantity: i64::from(qualifier & 0x7f),
        ..Operation::default()
    };
    if is_by_server {
        operation.result = match cause & 0x3f {
            44..=47 => reason,
            _ if cause & 0x40 != 0 => "negative".into(),
            _ => OK.into(),
        };
    }
    objects(reader, (kind, usize::from(size)), qualifier, &mut operation);
    Some(operation)
}

/// Addresses and values of the objects; in a sequence only the first has an address.
fn objects(
    reader: &mut Reader,
    (kind, size): (u8, usize),
    qualifier: u8,
    operation: &mut Operation,
) -> Option<()> {
    let mut values = Values::default();
    let count = usize::from(qualifier & 0x7f).min(MAX_OBJECTS);
    for place in 0..count {
        if place == 0 || qualifier & 0x80 == 0 {
            let address = reader.array::<3>()?;
            if place == 0 {
                operation.address =
                    u32::from_le_bytes([address[0], address[1], address[2], 0]).to_string();
            }
        }
        let Some(element) = reader.take(size) else {
            break;
        };
        if size > 0 && !values.add(&value(kind, element)) {
            break;
        }
    }
    operation.value = values.text();
    Some(())
}

/// The value of an element; qualities and times are left out.
fn value(kind: u8, element: &[u8]) -> String {
    match (kind, element) {
        (1 | 2 | 30 | 45 | 58, [first, ..]) => (first & 1).to_string(),
        (3 | 4 | 31 | 46 | 47 | 59 | 60, [first, ..]) => (first & 3).to_string(),
        (5 | 6 | 32, [first, ..]) => {
            (i16::from(first & 0x7f) - if first & 0x40 == 0 { 0 } else { 128 }).to_string()
        }
        (9 | 10 | 21 | 34 | 48 | 61 | 110, [low, high, ..]) => {
            // A part of the full scale.
            format!(
                "{:.4}",
                f32::from(i16::from_le_bytes([*low, *high])) / 32768.0
            )
        }
        (11 | 12 | 35 | 49 | 62 | 111, [low, high, ..]) => {
            i16::from_le_bytes([*low, *high]).to_string()
        }
        (13 | 14 | 36 | 50 | 63 | 112, [a, b, c, d, ..]) => {
            f32::from_le_bytes([*a, *b, *c, *d]).to_string()
        }
        (15 | 16 | 37, [a, b, c, d, ..]) => i32::from_le_bytes([*a, *b, *c, *d]).to_string(),
        (100 | 101 | 105 | 113, [first, ..]) => first.to_string(),
        _ => hex(element),
    }
}

/// A connection.
#[derive(Debug, Default)]
pub struct Session;

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        NAME
    }

    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
        parse(bytes, is_by_server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::plant::{CONTROL, READ};
    use crate::protocols::testing::{damage, done, never_panics, only};

    const START: &[u8] = b"\x68\x04\x07\0\0\0";

    const INTERROGATION: &[u8] = b"\x68\x0e\0\0\0\0\x64\x01\x06\0\x01\0\0\0\0\x14";

    /// Object 1001 is switched on.
    const COMMAND: &[u8] = b"\x68\x0e\x02\0\x02\0\x2d\x01\x06\0\x01\0\xe9\x03\0\x01";

    const REFUSED: &[u8] = b"\x68\x0e\x02\0\x04\0\x2d\x01\x47\0\x01\0\xe9\x03\0\x01";

    /// Two floats in a sequence from object 7.
    const MEASURED: &[u8] =
        b"\x68\x17\x04\0\x04\0\x0d\x82\x03\0\x01\0\x07\0\0\0\0\x20\x41\0\0\0\xc0\xbf\0";

    #[test]
    fn commands_and_their_answers_are_told() {
        let message = done(parse(COMMAND, false));
        let told = only(&message);
        assert_eq!(
            (told.name.as_ref(), told.access, told.function),
            ("C_SC_NA_1 act", CONTROL, 45)
        );
        assert_eq!(
            (
                told.unit.as_str(),
                told.address.as_str(),
                told.value.as_str()
            ),
            ("1", "1001", "1")
        );
        let message = done(parse(REFUSED, true));
        assert_eq!(
            (only(&message).result.as_ref(), only(&message).is_response),
            ("negative", true)
        );
        assert_eq!(only(&done(parse(INTERROGATION, false))).access, READ);
        assert_eq!(only(&done(parse(START, false))).name, "STARTDT act");
        assert!(
            done(parse(b"\x68\x04\x43\0\0\0", false))
                .operations
                .is_empty()
        );
    }

    #[test]
    fn measured_values_are_told() {
        let message = done(parse(MEASURED, true));
        let told = only(&message);
        assert_eq!(
            (told.name.as_ref(), told.value.as_str(), told.quantity),
            ("M_ME_NC_1 spont", "10,-1.5", 2)
        );
        assert_eq!(value(5, &[0x7f, 0]), "-1");
        assert_eq!(value(9, &[0, 0xc0, 0]), "-0.5000");
    }

    #[test]
    fn frames_are_taken_one_by_one_and_others_are_foreign() {
        assert!(matches!(
            parse(&[START, COMMAND].concat(), false),
            Parsed::Done(_, 6)
        ));
        assert_eq!(parse(&COMMAND[..5], false), Parsed::More(11));
        assert_eq!(damage(parse(b"\x68\x02\0\0", false)), "iec104: bad length");
        assert_eq!(parse(b"GET", false), Parsed::Foreign);
        assert!(
            looks_like(START)
                && looks_like(COMMAND)
                && looks_like(MEASURED)
                && !looks_like(b"hello hello")
        );
        assert!(is_start(START) && !is_start(COMMAND));
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[START, INTERROGATION, COMMAND, REFUSED, MEASURED],
            |bytes| {
                let _ = (looks_like(bytes), parse(bytes, false), parse(bytes, true));
            },
        );
    }
}
