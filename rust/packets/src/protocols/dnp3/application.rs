//! Messages of the application layer (clause 4): what a master asks for, and what the outstation answers.

use super::link::Frame;
use super::objects;
use crate::protocols::plant::{Asked, CONTROL, Message, Name, OK, Operation, READ, WRITE};
use crate::protocols::reader::Reader;
use objects::Points;

const FUNCTIONS: [(&str, &str); 34] = [
    ("confirm", ""),
    ("read", READ),
    ("write", WRITE),
    ("select", CONTROL),
    ("operate", CONTROL),
    ("direct operate", CONTROL),
    ("direct operate no ack", CONTROL),
    ("immediate freeze", CONTROL),
    ("immediate freeze no ack", CONTROL),
    ("freeze and clear", CONTROL),
    ("freeze and clear no ack", CONTROL),
    ("freeze with time", CONTROL),
    ("freeze with time no ack", CONTROL),
    ("cold restart", CONTROL),
    ("warm restart", CONTROL),
    ("initialize data", CONTROL),
    ("initialize application", CONTROL),
    ("start application", CONTROL),
    ("stop application", CONTROL),
    ("save configuration", CONTROL),
    ("enable spontaneous messages", CONTROL),
    ("disable spontaneous messages", CONTROL),
    ("assign classes", CONTROL),
    ("delay measurement", ""),
    ("record current time", ""),
    ("open file", ""),
    ("close file", ""),
    ("delete file", WRITE),
    ("get file info", READ),
    ("authenticate file", ""),
    ("abort file", ""),
    ("activate config", CONTROL),
    ("authentication request", ""),
    ("authentication request no ack", ""),
];

/// Bits of the second octet of internal indications that tell an error, the gravest first.
const ERRORS: [(u8, &str); 6] = [
    (0x01, "function not supported"),
    (0x02, "object unknown"),
    (0x04, "parameter error"),
    (0x10, "already executing"),
    (0x20, "configuration corrupt"),
    (0x08, "event buffer overflow"),
];

pub(super) fn application(
    bytes: &[u8],
    frame: &Frame,
    flow: u64,
    asked: &mut Asked,
) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    let (control, function) = (reader.u8()?, reader.u8()?);
    let is_response = function >= 129;
    let outstation = if frame.is_by_master {
        frame.to
    } else {
        frame.from
    };
    let number = u64::from(control & 0x1f) | u64::from(outstation) << 8;
    let (name, access) = name(function);
    let mut operation = Operation {
        is_response,
        function: i64::from(function),
        name,
        access,
        unit: outstation.to_string(),
        ..Operation::default()
    };
    if is_response {
        let [_, errors] = reader.array()?;
        let error = ERRORS.iter().find(|(bit, _)| errors & bit != 0);
        operation.result = error.map_or(OK, |(_, name)| name).into();
    }
    let has_data = !matches!(function, 0 | 1 | 7..=12 | 20..=24);
    let points = objects::read(reader.rest(), has_data);
    tell(points, &mut operation);
    if function == 129 {
        if let Some(question) = asked.answered(flow, number) {
            operation.complete(&question);
        }
    } else if !is_response && function != 0 {
        asked.ask(flow, number, &operation);
    }
    Some(Message::of(operation))
}

fn tell(points: Points, operation: &mut Operation) {
    operation.address = points.address;
    operation.quantity = points.count;
    operation.value = points.values;
    if let Some(refusal) = points.refusal.filter(|_| operation.is_response) {
        operation.result = refusal.into();
    }
}

fn name(function: u8) -> (Name, &'static str) {
    match function {
        129 => ("response".into(), ""),
        130 => ("unsolicited response".into(), ""),
        131 => ("authentication response".into(), ""),
        _ => FUNCTIONS.get(usize::from(function)).map_or_else(
            || (format!("function {function}").into(), ""),
            |(name, access)| ((*name).into(), access),
        ),
    }
}
