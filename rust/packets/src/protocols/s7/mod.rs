//! S7 communication of Siemens controllers, within TPKT (RFC 1006) and the transport of ISO 8073. It was never published
//! by its maker; the layout follows what Wireshark's documentation and public research say of it.

mod codes;
mod jobs;
#[cfg(test)]
mod samples;
mod tpkt;
mod user_data;
mod variables;

use super::plant::Asked;
pub use super::plant::Message;
use crate::damage::{Damage, Parsed};
use jobs::{job, split};
use tpkt::{packet, place};
use user_data::user_data;

/// The service name of flows that speak this.
pub const NAME: &str = "s7comm";
/// The service name of flows of its successor, of which no more is told.
pub const PLUS: &str = "s7comm-plus";
/// The port of servers.
pub const PORT: u16 = 102;
const SHORT: Damage = Damage("s7comm: cut short");

/// Whether TPKT and transport are plausible, and what they carry is S7 as far as it is there.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    match bytes {
        [3, 0, _, _, length, 0xe0 | 0xd0, ..] => *length >= 6,
        _ => carries_s7(bytes),
    }
}

/// Whether this is TPKT with a message of S7: what can be told without the port.
#[must_use]
pub fn carries_s7(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [3, 0, _, _, 2, 0xf0, _, 0x32, 1..=3 | 7, ..]
            | [3, 0, _, _, 2, 0xf0, _, 0x72, 1..=3 | 0xfe, ..]
    )
}

/// One message of a stream.
pub fn parse(bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
    super::plant::Session::hear(&mut Session::default(), bytes, is_by_server)
}

/// A connection: an answer knows its question by the reference of the message.
#[derive(Debug, Default)]
pub struct Session {
    asked: Asked,
    service: &'static str,
    unit: String,
    /// Whether a side's message goes on in its next packet.
    goes_on: [bool; 2],
}

impl Session {
    fn understand(
        &mut self,
        data: &[u8],
        is_last: bool,
        is_by_server: bool,
    ) -> Result<Message, Damage> {
        let goes_on = self.goes_on.get_mut(usize::from(is_by_server));
        let was_going_on = goes_on.is_some_and(|on| std::mem::replace(on, !is_last));
        match data.first() {
            _ if was_going_on => Ok(Message::default()),
            Some(0x32) => {
                self.service = NAME;
                self.message(data).ok_or(SHORT)
            }
            Some(0x72) => {
                self.service = PLUS;
                Ok(Message::default())
            }
            None => Ok(Message::default()),
            Some(_) => Err(Damage("s7comm: another protocol over TPKT")),
        }
    }

    fn message(&mut self, data: &[u8]) -> Option<Message> {
        let (header, parameters, data) = split(data)?;
        let mut message = match header.kind {
            1 => {
                let message = job(&header, parameters, data, None)?;
                let operation = message.operations.first()?;
                self.asked.ask(0, u64::from(header.reference), operation);
                message
            }
            2 | 3 => {
                let question = self.asked.answered(0, u64::from(header.reference));
                job(&header, parameters, data, question.as_ref())?
            }
            7 => user_data(parameters, data, header.reference)?,
            _ => return None,
        };
        message
            .operations
            .iter_mut()
            .for_each(|operation| operation.unit.clone_from(&self.unit));
        Some(message)
    }
}

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        self.service
    }

    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
        packet(bytes).and(|(kind, is_last, data)| match kind {
            0xf0 => self.understand(data, is_last, is_by_server),
            0xe0 => {
                self.unit = place(data).unwrap_or_default();
                Ok(Message::default())
            }
            _ => Ok(Message::default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::plant::{READ, Session as _};
    use crate::protocols::s7::samples::{STOP, VALUES, WHO, WRITE_VAR, me};
    use crate::protocols::testing::{damage, done, never_panics, only, overhear};

    const REQUEST: &[u8] =
        b"\x03\0\0\x16\x11\xe0\0\0\0\x01\0\xc0\x01\x0a\xc1\x02\x01\0\xc2\x02\x01\x02";

    /// DB1, two words from byte 4.
    const READ_VAR: &[u8] =
        b"\x03\0\0\x1f\x02\xf0\x80\x32\x01\0\0\0\x05\0\x0e\0\0\x04\x01\x12\x0a\x10\x04\0\x02\0\x01\x84\0\0\x20";

    #[test]
    fn reading_tells_addresses_and_values() {
        let mut session = Session::default();
        assert_eq!(done(session.hear(REQUEST, false)), Message::default());
        assert_eq!(session.service(), "");
        let message = done(session.hear(READ_VAR, false));
        let read = only(&message);
        assert_eq!(session.service(), NAME);
        assert_eq!(
            (read.name.as_ref(), read.access, read.unit.as_str()),
            ("read var", READ, "rack 0 slot 2")
        );
        assert_eq!((read.address.as_str(), read.quantity), ("DB1.DBX4.0", 2));
        let message = done(session.hear(VALUES, true));
        let answer = only(&message);
        assert_eq!(
            (answer.address.as_str(), answer.value.as_str()),
            ("DB1.DBX4.0", "7,256")
        );
        assert_eq!(
            (answer.result.as_ref(), answer.quantity, answer.function),
            ("ok", 2, 4)
        );
    }

    #[test]
    fn its_successor_is_recognised_and_others_are_not() {
        let mut session = Session::default();
        done(session.hear(b"\x03\0\0\x0c\x02\xf0\x80\x72\x01\0\0\0", false));
        assert_eq!(session.service(), PLUS);
        assert!(
            looks_like(REQUEST) && looks_like(READ_VAR) && !looks_like(b"\x16\x03\x01\0\0\0\0\0")
        );
        assert_eq!(
            damage(parse(b"\x03\0\0\x09\x02\xf0\x80\x0d\0", false)),
            "s7comm: another protocol over TPKT"
        );
        assert_eq!(parse(&READ_VAR[..9], false), Parsed::More(22));
        assert_eq!(parse(b"GET", false), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        let me = me();
        never_panics(
            &[REQUEST, READ_VAR, VALUES, WRITE_VAR, STOP, WHO, &me],
            |bytes| {
                overhear::<Session>(bytes);
                let _ = looks_like(bytes);
            },
        );
    }
}
