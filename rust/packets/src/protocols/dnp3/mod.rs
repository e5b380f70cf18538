//! DNP3, the distributed network protocol (IEEE 1815-2012: clause 4 application layer, 8 transport function, 9 data link).

pub mod objects;

pub use super::plant::Message;
use super::plant::{Asked, CONTROL, Name, OK, Operation, READ, WRITE};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use objects::Points;

/// The service name of flows that speak this.
pub const NAME: &str = "dnp3";
/// The port of outstations, of both transports.
pub const PORT: u16 = 20000;
/// Length of a frame's header with its checksum.
const HEADER: usize = 10;
/// Data between two checksums.
const BLOCK: usize = 16;
/// The longest message put together; the standard asks for 2048.
const MAX_MESSAGE: usize = 4096;
/// The most frames read of a datagram.
const MAX_FRAMES: usize = 64;

const CHECKSUM: Damage = Damage("dnp3: bad checksum");

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

/// Whether a whole header of a frame with a sound checksum stands in front; no port is needed to tell.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let Some(
        [
            0x05,
            0x64,
            length,
            control,
            to,
            to_high,
            from,
            from_high,
            low,
            high,
        ],
    ) = bytes.first_chunk()
    else {
        return false;
    };
    let header = [5, 0x64, *length, *control, *to, *to_high, *from, *from_high];
    *length >= 5 && checksum(&header) == u16::from_le_bytes([*low, *high])
}

/// The checksum of the link (IEEE 1815 9.2.4.6): polynomial 0x3d65, reflected, complemented.
fn checksum(bytes: &[u8]) -> u16 {
    let sum = bytes.iter().fold(0_u16, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte), |sum, _| {
            if sum & 1 == 0 {
                sum >> 1
            } else {
                sum >> 1 ^ 0xa6bc
            }
        })
    });
    !sum
}

/// A frame of the link.
struct Frame {
    is_by_master: bool,
    to: u16,
    from: u16,
    /// Data without checksums.
    data: Vec<u8>,
    is_sound: bool,
    /// Bytes it took.
    whole: usize,
}

fn frame(bytes: &[u8]) -> Parsed<Frame> {
    let Some(header) = bytes.first_chunk::<HEADER>() else {
        let is_ours = bytes
            .iter()
            .zip([5, 0x64])
            .all(|(byte, start)| *byte == start);
        return if is_ours {
            Parsed::More(HEADER.saturating_sub(bytes.len()))
        } else {
            Parsed::Foreign
        };
    };
    if !header.starts_with(&[5, 0x64]) {
        return Parsed::Foreign;
    }
    if !looks_like(bytes) {
        return Parsed::Damaged(CHECKSUM);
    }
    let size = usize::from(header[2]).saturating_sub(5);
    let whole = size
        .div_ceil(BLOCK)
        .saturating_mul(2)
        .saturating_add(size)
        .saturating_add(HEADER);
    let Some(body) = bytes.get(HEADER..whole) else {
        return Parsed::More(whole.saturating_sub(bytes.len()));
    };
    let mut frame = Frame {
        is_by_master: header[3] & 0x80 != 0,
        to: u16::from_le_bytes([header[4], header[5]]),
        from: u16::from_le_bytes([header[6], header[7]]),
        data: Vec::with_capacity(size),
        is_sound: true,
        whole,
    };
    for block in body.chunks(BLOCK.saturating_add(2)) {
        if let Some((data, sum)) = block.split_last_chunk() {
            frame.is_sound &= checksum(data) == u16::from_le_bytes(*sum);
            frame.data.extend_from_slice(data);
        }
    }
    Parsed::Done(frame, whole)
}

/// One frame of a stream; a message in several frames needs a [`Session`].
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    Session::default().take(bytes)
}

/// A whole datagram, which may hold several frames; of a message in several datagrams the first is told.
pub fn hear(bytes: &[u8], flow: u64, asked: &mut Asked) -> Parsed<Message> {
    let mut session = Session {
        is_datagram: true,
        ..Session::default()
    };
    let mut told = Message::default();
    let mut at = 0_usize;
    for _ in 0..MAX_FRAMES {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        match session.take_of(rest, flow, asked) {
            Parsed::Done(message, taken) => {
                at = at.saturating_add(taken);
                told.is_by_server = message.is_by_server;
                told.operations.extend(message.operations);
                told.sightings.extend(message.sightings);
                told.damage = told.damage.or(message.damage);
            }
            Parsed::Foreign if at == 0 => return Parsed::Foreign,
            Parsed::Damaged(damage) if at == 0 => return Parsed::Damaged(damage),
            _ => {
                told.damage = Some(Damage("dnp3: cut short"));
                break;
            }
        }
    }
    Parsed::Done(told, bytes.len())
}

/// A connection: puts messages together, and answers know their question by its number.
#[derive(Debug, Default)]
pub struct Session {
    asked: Asked,
    /// What has come of a message of the outstation and of the master.
    parts: [Vec<u8>; 2],
    /// Whether nothing follows what is heard: then a message is told as far as it came.
    is_datagram: bool,
}

impl Session {
    fn take(&mut self, bytes: &[u8]) -> Parsed<Message> {
        let mut asked = std::mem::take(&mut self.asked);
        let told = self.take_of(bytes, 0, &mut asked);
        self.asked = asked;
        told
    }

    fn take_of(&mut self, bytes: &[u8], flow: u64, asked: &mut Asked) -> Parsed<Message> {
        frame(bytes).map(|frame| {
            let is_end = self.is_datagram && frame.whole >= bytes.len();
            let mut message = self
                .understand(&frame, is_end, flow, asked)
                .unwrap_or_default();
            message.is_by_server = !frame.is_by_master;
            message.sight("dnp3.address", frame.from.to_string());
            if !frame.is_sound {
                message.damage = Some(CHECKSUM);
            }
            message
        })
    }

    fn understand(
        &mut self,
        frame: &Frame,
        is_end: bool,
        flow: u64,
        asked: &mut Asked,
    ) -> Option<Message> {
        let (transport, data) = frame.data.split_first()?;
        let parts = self.parts.get_mut(usize::from(frame.is_by_master))?;
        let (is_last, is_first) = (transport & 0x80 != 0, transport & 0x40 != 0);
        if !frame.is_sound {
            parts.clear();
            return None;
        }
        if is_first {
            parts.clear();
        } else if parts.is_empty() {
            return None; // its begin was not seen
        }
        if parts.len().saturating_add(data.len()) <= MAX_MESSAGE {
            parts.extend_from_slice(data);
        }
        let whole = (is_last || is_end).then(|| std::mem::take(parts))?;
        application(&whole, frame, flow, asked)
    }
}

fn application(bytes: &[u8], frame: &Frame, flow: u64, asked: &mut Asked) -> Option<Message> {
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

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        NAME
    }

    fn hear(&mut self, bytes: &[u8], _is_by_server: bool) -> Parsed<Message> {
        self.take(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::Session as _;
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    /// A frame of the data from the master 1 to the outstation 4, or back.
    fn framed(is_by_master: bool, data: &[u8]) -> Vec<u8> {
        let (control, to, from) = if is_by_master {
            (0xc4, 4, 1)
        } else {
            (0x44, 1, 4)
        };
        let mut bytes = vec![5, 0x64, data.len() as u8 + 5, control, to, 0, from, 0];
        bytes.extend(checksum(&bytes.clone()).to_le_bytes());
        for block in data.chunks(BLOCK) {
            bytes.extend(block);
            bytes.extend(checksum(block).to_le_bytes());
        }
        bytes
    }

    fn read_inputs() -> Vec<u8> {
        framed(true, b"\xc0\xc3\x01\x1e\x02\0\x05\x06")
    }

    fn inputs() -> Vec<u8> {
        framed(
            false,
            b"\xc0\xc3\x81\0\0\x1e\x02\0\x05\x06\x01\x0a\0\x01\xff\xff",
        )
    }

    /// Point 7 is latched on.
    fn operate(function: u8, status: u8) -> Vec<u8> {
        let mut data = vec![0xc0, 0xc4, function];
        if function == 129 {
            data.extend([0, 0]);
        }
        data.extend(b"\x0c\x01\x28\x01\0\x07\0\x03\x01\x64\0\0\0\x64\0\0\0");
        data.push(status);
        framed(function != 129, &data)
    }

    fn only(message: &Message) -> &Operation {
        assert_eq!(message.operations.len(), 1);
        &message.operations[0]
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // The check value of CRC-16/DNP in the catalogue of parametrised CRC algorithms.
        assert_eq!(checksum(b"123456789"), 0xea82);
    }

    #[test]
    fn points_are_read() {
        let mut session = Session::default();
        let message = done(session.hear(&read_inputs(), false));
        let read = only(&message);
        assert_eq!(
            (read.name.as_ref(), read.access, read.unit.as_str()),
            ("read", READ, "4")
        );
        assert_eq!((read.address.as_str(), read.quantity), ("g30v2[5-6]", 2));
        let message = done(session.hear(&inputs(), true));
        let answer = only(&message);
        assert_eq!(
            (answer.name.as_ref(), answer.access, answer.function),
            ("response", READ, 129)
        );
        assert_eq!(
            (answer.value.as_str(), answer.result.as_ref()),
            ("10,-1", "ok")
        );
        assert_eq!(message.sightings, [("dnp3.address", "4".to_owned())]);
        assert!(message.is_by_server);
    }

    #[test]
    fn operating_is_control_and_a_refusal_is_told() {
        let message = done(parse(&operate(5, 0)));
        let told = only(&message);
        assert_eq!(
            (told.name.as_ref(), told.access),
            ("direct operate", CONTROL)
        );
        assert_eq!(
            (told.address.as_str(), told.value.as_str()),
            ("g12v1[7]", "latch on")
        );
        let message = done(parse(&operate(129, 4)));
        assert_eq!(only(&message).result, "not supported");
    }

    #[test]
    fn a_message_in_several_frames_is_put_together() {
        let mut session = Session::default();
        let first = done(session.hear(&framed(false, b"\x40\xc3\x81\0\0\x1e\x02\0"), true));
        assert!(first.operations.is_empty());
        let message =
            done(session.hear(&framed(false, b"\x81\x05\x06\x01\x0a\0\x01\xff\xff"), true));
        assert_eq!(only(&message).address, "g30v2[5-6]");
        let late = done(session.hear(&framed(false, b"\x82\x05\x06"), true));
        assert!(late.operations.is_empty());
    }

    #[test]
    fn a_datagram_may_hold_several_frames() {
        let both = [read_inputs(), operate(5, 0)].concat();
        let message = done(hear(&both, 1, &mut Asked::default()));
        assert_eq!(message.operations.len(), 2);
        let begin = framed(false, b"\x40\xc3\x81\0\0\x1e\x02\0\x05\x06\x01");
        let message = done(hear(&begin, 1, &mut Asked::default()));
        assert_eq!(only(&message).address, "g30v2[5-6]");
    }

    #[test]
    fn damage_is_told_and_other_protocols_are_foreign() {
        let mut bytes = read_inputs();
        bytes[12] ^= 1;
        let message = done(parse(&bytes));
        assert_eq!(
            (message.damage, message.operations.len()),
            (Some(CHECKSUM), 0)
        );
        bytes[3] ^= 1;
        assert_eq!(damage(parse(&bytes)), "dnp3: bad checksum");
        assert_eq!(parse(b"GET / HTTP/1.1"), Parsed::Foreign);
        assert_eq!(parse(&read_inputs()[..12]), Parsed::More(8));
    }

    #[test]
    fn it_never_panics() {
        let samples = [read_inputs(), inputs(), operate(5, 0), operate(129, 4)];
        let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
        never_panics(&samples, |bytes| {
            let _ = (
                looks_like(bytes),
                parse(bytes),
                hear(bytes, 1, &mut Asked::default()),
            );
            // Beyond the checksums, which hide most damage.
            let mut session = Session::default();
            let _ = (
                session.hear(&framed(true, bytes), false),
                session.hear(&framed(false, bytes), true),
            );
        });
    }
}
