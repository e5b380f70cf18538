//! DNP3, the distributed network protocol (IEEE 1815-2012: clause 4 application layer, 8 transport function, 9 data link).

mod application;
mod link;
pub mod objects;

use super::plant::Asked;
pub use super::plant::Message;
use crate::damage::{Damage, Parsed};
use application::application;
pub use link::looks_like;
use link::{CHECKSUM, Frame, frame};

/// The service name of flows that speak this.
pub const NAME: &str = "dnp3";
/// The port of outstations, of both transports.
pub const PORT: u16 = 20000;
/// The longest message put together; the standard asks for 2048.
const MAX_MESSAGE: usize = 4096;
/// The most frames read of a datagram.
const MAX_FRAMES: usize = 64;

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
    use super::link::{BLOCK, checksum, looks_like};
    use super::*;
    use crate::protocols::plant::{CONTROL, READ, Session as _};
    use crate::protocols::testing::{damage, done, never_panics, only};

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
