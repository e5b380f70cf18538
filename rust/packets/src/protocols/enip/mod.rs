//! EtherNet/IP: the encapsulation of CIP over TCP and UDP (ODVA, The CIP Networks Library, volume 2, chapter 2).

mod header;

use super::cip::{self, Identity};
pub use super::plant::Message;
use super::plant::{Asked, Name, Operation, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use header::{COMMANDS, HEADER, Header, STATUSES, read_header};

/// The service name of flows that speak this.
pub const NAME: &str = "enip";
/// The usual port, of both transports.
pub const PORT: u16 = 44818;
/// The port of cyclic data, of which no more is told than that it is there.
pub const CYCLIC_PORT: u16 = 2222;
/// The most items read of a message.
const MAX_ITEMS: usize = 8;
/// What is read of a longer message.
const MAX_READ: usize = 4096;
const SHORT: Damage = Damage("enip: cut short");

/// Whether the header is plausible: a command and a status that are known, no options, and a length that fits a command
/// of fixed length.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let Some(header) = read_header(bytes) else {
        return false;
    };
    let fits = match header.command {
        0x0065 => header.length == 4,
        0x0066 => header.length == 0,
        0x006f | 0x0070 => header.length == 0 || header.length >= 16,
        _ => true,
    };
    fits && header.options == 0
        && named(&COMMANDS, header.command).is_some()
        && named(&STATUSES, header.status).is_some()
}

/// Whether this registers a session, or is the answer to that: what can be told without the port.
#[must_use]
pub fn is_registration(bytes: &[u8]) -> bool {
    bytes.len() == HEADER.saturating_add(4)
        && bytes.starts_with(&[0x65, 0, 4, 0])
        && bytes.ends_with(&[1, 0, 0, 0])
}

/// Whether this is cyclic data: two items, an address of a connection and data of one.
#[must_use]
pub fn looks_cyclic(bytes: &[u8]) -> bool {
    matches!(bytes, [2, 0, 0 | 2, 0x80, 8, 0, ..])
}

/// One message of a stream, which the server sent or not.
pub fn parse(bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
    take(bytes, is_by_server, 0, &mut Asked::default())
}

/// A whole datagram of that flow: answers tell themselves by having more than a header.
pub fn hear(bytes: &[u8], flow: u64, asked: &mut Asked) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    match take(bytes, bytes.len() > HEADER, flow, asked) {
        Parsed::More(_) => Parsed::Damaged(SHORT),
        other => other,
    }
}

/// Cyclic data, whatever it says.
pub fn pass(bytes: &[u8], _flow: u64, _asked: &mut Asked) -> Parsed<Message> {
    Parsed::Done(Message::default(), bytes.len())
}

fn take(bytes: &[u8], is_by_server: bool, flow: u64, asked: &mut Asked) -> Parsed<Message> {
    let Some(header) = read_header(bytes) else {
        return Parsed::More(HEADER.saturating_sub(bytes.len()));
    };
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let whole = HEADER.saturating_add(header.length);
    let needed = whole.min(MAX_READ);
    let Some(body) = bytes.get(HEADER..needed) else {
        return Parsed::More(needed.saturating_sub(bytes.len()));
    };
    let message = match header.command {
        0x006f | 0x0070 if header.status == 0 => {
            let mut conversation = cip::Conversation {
                is_by_server,
                flow,
                number: header.context,
                asked,
            };
            carried(body, &mut conversation)
        }
        _ => Some(command(&header, body, is_by_server)),
    };
    Parsed::from_result(message.ok_or(SHORT), whole)
}

/// A message about the session itself.
fn command(header: &Header, body: &[u8], is_response: bool) -> Message {
    let mut message = Message::of(Operation {
        is_response,
        function: i64::from(header.command),
        name: named(&COMMANDS, header.command).unwrap_or_default().into(),
        ..Operation::default()
    });
    let result = named(&STATUSES, header.status);
    if let Some(operation) = message.operations.first_mut().filter(|_| is_response) {
        operation.result =
            result.map_or_else(|| format!("status {}", header.status).into(), Name::from);
        operation.coding = u16::from(header.session != 0);
    }
    if header.command == 0x0063
        && is_response
        && let Some(identity) = listed(body)
    {
        identity.tell(&mut message);
        message.tell_sightings();
    }
    message
}

/// The identity in an answer to who is there.
fn listed(body: &[u8]) -> Option<Identity> {
    let mut reader = Reader::new(body);
    if reader.le16()? == 0 || reader.le16()? != 0x000c {
        return None;
    }
    reader.take(2 + 2 + 16)?; // length, version, socket address
    cip::identity(&mut reader)
}

/// The message of CIP among the items.
fn carried(body: &[u8], conversation: &mut cip::Conversation<'_>) -> Option<Message> {
    let mut reader = Reader::new(body);
    reader.take(6)?; // interface, timeout
    let count = usize::from(reader.le16()?);
    for _ in 0..count.min(MAX_ITEMS) {
        let (kind, length) = (reader.le16()?, usize::from(reader.le16()?));
        let data = reader.take(length.min(reader.rest().len()))?;
        match kind {
            0x00b2 => return cip::understand(data, conversation),
            0x00b1 => {
                let (number, data) = data.split_first_chunk()?;
                // Of a connection each question has its number; the top bit keeps them from those of the session.
                conversation.number = u64::from(u16::from_le_bytes(*number)) | 1 << 63;
                return cip::understand(data, conversation);
            }
            _ => {}
        }
    }
    Some(Message::default())
}

/// A connection: an answer knows its question by the context or the number within a connection of CIP.
#[derive(Debug, Default)]
pub struct Session {
    asked: Asked,
}

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        NAME
    }

    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
        take(bytes, is_by_server, 0, &mut self.asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::plant::{READ, Session as _, WRITE};
    use crate::protocols::testing::{done, never_panics, only, overhear};

    fn message(command: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![command, 0, body.len() as u8, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        bytes.extend(b"abcdefgh\0\0\0\0");
        bytes.extend(body);
        bytes
    }

    fn unconnected(data: &[u8]) -> Vec<u8> {
        let mut body = vec![
            0,
            0,
            0,
            0,
            5,
            0,
            2,
            0,
            0,
            0,
            0,
            0,
            0xb2,
            0,
            data.len() as u8,
            0,
        ];
        body.extend(data);
        message(0x6f, &body)
    }

    fn connected(data: &[u8]) -> Vec<u8> {
        let mut body = vec![0, 0, 0, 0, 0, 0, 2, 0, 0xa1, 0, 4, 0, 7, 0, 0, 0];
        body.extend([0xb1, 0, data.len() as u8 + 2, 0, 9, 0]);
        body.extend(data);
        message(0x70, &body)
    }

    fn identity() -> Vec<u8> {
        let mut item = vec![1, 0, 0, 2, 0xaf, 0x12, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        item.extend(b"\x01\0\x0e\0\x95\0\x20\x0b\x30\0\xef\xbe\xad\xde\x05Logix\x03");
        let body = [&[1, 0, 0x0c, 0, item.len() as u8, 0][..], &item].concat();
        message(0x63, &body)
    }

    #[test]
    fn devices_tell_who_they_are() {
        let message = done(hear(&identity(), 1, &mut Asked::default()));
        let expected = [
            ("enip.vendor", "Rockwell Automation"),
            ("enip.type", "programmable logic controller"),
            ("enip.product", "Logix"),
            ("enip.revision", "32.11"),
            ("enip.serial", "deadbeef"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).is_response),
            ("list identity", true)
        );
    }

    #[test]
    fn attributes_and_tags_are_read_and_written() {
        let mut session = Session::default();
        let message = done(session.hear(&unconnected(b"\x0e\x03\x20\x01\x24\x01\x30\x07"), false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("get attribute single", READ)
        );
        assert_eq!(only(&message).address, "class 0x01 instance 1 attribute 7");
        let message = done(session.hear(&unconnected(b"\x8e\0\0\0\x05Logix"), true));
        assert_eq!(
            (
                only(&message).address.as_str(),
                only(&message).result.as_ref()
            ),
            ("class 0x01 instance 1 attribute 7", "ok")
        );
        let message =
            done(session.hear(&connected(b"\x4d\x03\x91\x04Pump\xc3\0\x01\0\x07\0"), false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("write tag", WRITE)
        );
        assert_eq!(
            (
                only(&message).address.as_str(),
                only(&message).value.as_str()
            ),
            ("Pump", "7")
        );
        let message = done(session.hear(&connected(b"\xcd\0\x05\0"), true));
        assert_eq!(
            (
                only(&message).address.as_str(),
                only(&message).result.as_ref()
            ),
            ("Pump", "path destination unknown")
        );
    }

    #[test]
    fn what_is_sent_through_is_told_with_its_way() {
        let inner = b"\x05\x02\x20\x01\x24\x01";
        let mut data = b"\x52\x02\x20\x06\x24\x01\x05\x9d\x06\0".to_vec();
        data.extend(inner);
        data.extend(b"\x01\0\x01\x03");
        let message = done(parse(&unconnected(&data), false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("reset", super::super::plant::CONTROL)
        );
        assert_eq!(only(&message).unit, "port 1 link 3");
    }

    #[test]
    fn sessions_are_registered_and_others_are_foreign() {
        let bytes = message(0x65, &[1, 0, 0, 0]);
        assert!(is_registration(&bytes) && looks_like(&bytes));
        assert_eq!(only(&done(parse(&bytes, false))).name, "register session");
        assert!(!looks_like(b"GET / HTTP/1.1\r\nHost: example\r\n"));
        assert_eq!(parse(&bytes[..20], false), Parsed::More(4));
        assert_eq!(parse(&bytes[..25], false), Parsed::More(3));
    }

    #[test]
    fn it_never_panics() {
        let samples = [
            identity(),
            unconnected(b"\x0e\x03\x20\x01\x24\x01\x30\x07"),
            connected(b"\x0a\x02\x20\x02\x24\x01\x02\0\x06\0\x0c\0\x4c\x02\x91\x02ab\x01\0"),
        ];
        let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
        never_panics(&samples, |bytes| {
            overhear::<Session>(bytes);
            let _ = (hear(bytes, 1, &mut Asked::default()),);
        });
    }
}
