//! IEC 60870-5-104: telecontrol over TCP (with the data units of IEC 60870-5-101).

pub use super::plant::Message;
use super::plant::{CONTROL, Name, OK, Operation, READ, Values, WRITE, hex, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "iec104";
/// The port of controlled stations.
pub const PORT: u16 = 2404;
/// The most bytes a frame may count.
const MAX_LENGTH: u8 = 253;
/// The most objects read of a frame.
const MAX_OBJECTS: usize = 127;

/// Types of data units: number, name, what it does, length of an object's element.
const TYPES: [(u8, &str, &str, u8); 60] = [
    (1, "M_SP_NA_1", READ, 1),
    (2, "M_SP_TA_1", READ, 4),
    (3, "M_DP_NA_1", READ, 1),
    (4, "M_DP_TA_1", READ, 4),
    (5, "M_ST_NA_1", READ, 2),
    (6, "M_ST_TA_1", READ, 5),
    (7, "M_BO_NA_1", READ, 5),
    (8, "M_BO_TA_1", READ, 8),
    (9, "M_ME_NA_1", READ, 3),
    (10, "M_ME_TA_1", READ, 6),
    (11, "M_ME_NB_1", READ, 3),
    (12, "M_ME_TB_1", READ, 6),
    (13, "M_ME_NC_1", READ, 5),
    (14, "M_ME_TC_1", READ, 8),
    (15, "M_IT_NA_1", READ, 5),
    (16, "M_IT_TA_1", READ, 8),
    (17, "M_EP_TA_1", READ, 6),
    (18, "M_EP_TB_1", READ, 7),
    (19, "M_EP_TC_1", READ, 7),
    (20, "M_PS_NA_1", READ, 5),
    (21, "M_ME_ND_1", READ, 2),
    (30, "M_SP_TB_1", READ, 8),
    (31, "M_DP_TB_1", READ, 8),
    (32, "M_ST_TB_1", READ, 9),
    (33, "M_BO_TB_1", READ, 12),
    (34, "M_ME_TD_1", READ, 10),
    (35, "M_ME_TE_1", READ, 10),
    (36, "M_ME_TF_1", READ, 12),
    (37, "M_IT_TB_1", READ, 12),
    (38, "M_EP_TD_1", READ, 10),
    (39, "M_EP_TE_1", READ, 11),
    (40, "M_EP_TF_1", READ, 11),
    (45, "C_SC_NA_1", CONTROL, 1),
    (46, "C_DC_NA_1", CONTROL, 1),
    (47, "C_RC_NA_1", CONTROL, 1),
    (48, "C_SE_NA_1", WRITE, 3),
    (49, "C_SE_NB_1", WRITE, 3),
    (50, "C_SE_NC_1", WRITE, 5),
    (51, "C_BO_NA_1", WRITE, 4),
    (58, "C_SC_TA_1", CONTROL, 8),
    (59, "C_DC_TA_1", CONTROL, 8),
    (60, "C_RC_TA_1", CONTROL, 8),
    (61, "C_SE_TA_1", WRITE, 10),
    (62, "C_SE_TB_1", WRITE, 10),
    (63, "C_SE_TC_1", WRITE, 12),
    (64, "C_BO_TA_1", WRITE, 11),
    (70, "M_EI_NA_1", "", 1),
    (100, "C_IC_NA_1", READ, 1),
    (101, "C_CI_NA_1", READ, 1),
    (102, "C_RD_NA_1", READ, 0),
    (103, "C_CS_NA_1", WRITE, 7),
    (104, "C_TS_NA_1", "", 2),
    (105, "C_RP_NA_1", CONTROL, 1),
    (106, "C_CD_NA_1", "", 2),
    (107, "C_TS_TA_1", "", 9),
    (110, "P_ME_NA_1", WRITE, 3),
    (111, "P_ME_NB_1", WRITE, 3),
    (112, "P_ME_NC_1", WRITE, 5),
    (113, "P_AC_NA_1", CONTROL, 1),
    (122, "F_SC_NA_1", READ, 4),
];

/// Causes of transmission, as they are usually abbreviated.
const CAUSES: [(u8, &str); 20] = [
    (1, "per/cyc"),
    (2, "back"),
    (3, "spont"),
    (4, "init"),
    (5, "req"),
    (6, "act"),
    (7, "actcon"),
    (8, "deact"),
    (9, "deactcon"),
    (10, "actterm"),
    (11, "retrem"),
    (12, "retloc"),
    (13, "file"),
    (20, "inrogen"),
    (21, "inro1"),
    (37, "reqcogen"),
    (44, "unknown type"),
    (45, "unknown cause"),
    (46, "unknown asdu address"),
    (47, "unknown object address"),
];

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
    use crate::protocols::testing::{damage, done, never_panics};

    const START: &[u8] = b"\x68\x04\x07\0\0\0";
    const INTERROGATION: &[u8] = b"\x68\x0e\0\0\0\0\x64\x01\x06\0\x01\0\0\0\0\x14";
    /// Object 1001 is switched on.
    const COMMAND: &[u8] = b"\x68\x0e\x02\0\x02\0\x2d\x01\x06\0\x01\0\xe9\x03\0\x01";
    const REFUSED: &[u8] = b"\x68\x0e\x02\0\x04\0\x2d\x01\x47\0\x01\0\xe9\x03\0\x01";
    /// Two floats in a sequence from object 7.
    const MEASURED: &[u8] =
        b"\x68\x17\x04\0\x04\0\x0d\x82\x03\0\x01\0\x07\0\0\0\0\x20\x41\0\0\0\xc0\xbf\0";

    fn only(message: &Message) -> &Operation {
        assert_eq!(message.operations.len(), 1);
        &message.operations[0]
    }

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
