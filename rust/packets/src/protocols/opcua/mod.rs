//! OPC UA over its binary protocol (OPC 10000-6: encoding and transport; 10000-4: services).

mod calls;
#[cfg(test)]
mod samples;
pub mod services;
mod values;

pub use super::plant::Message;
use super::plant::{Asked, Operation, label};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use calls::{answer, question};
use services::SERVICES;
use values::{bytes, numeric_node, status};

/// The service name of flows that speak this.
pub const NAME: &str = "opcua";
/// The usual port of servers.
pub const PORT: u16 = 4840;
/// What is read of a longer message.
const MAX_READ: usize = 4096;
/// The longest message.
const MAX_LENGTH: usize = 16 * 1024 * 1024;
/// The policy under which messages are neither signed nor enciphered.
const NO_SECURITY: &[u8] = b"http://opcfoundation.org/UA/SecurityPolicy#None";
const SHORT: Damage = Damage("opcua: cut short");

/// Whether a header stands in front whose length is plausible; no port is needed to tell.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [a, b, c, chunk, length @ ..] = bytes else {
        return false;
    };
    let known = matches!(
        [*a, *b, *c],
        [b'H', b'E', b'L'] | [b'A', b'C', b'K'] | [b'E', b'R', b'R'] | [b'R', b'H', b'E']
    ) && *chunk == b'F'
        || matches!(
            [*a, *b, *c],
            [b'O', b'P', b'N'] | [b'C', b'L', b'O'] | [b'M', b'S', b'G']
        ) && matches!(chunk, b'F' | b'C' | b'A');
    let length = length
        .first_chunk()
        .map(|length| u32::from_le_bytes(*length) as usize);
    known && length.is_some_and(|length| (8..=MAX_LENGTH).contains(&length))
}

/// One message of a stream, which the server sent or not; taken for one that is not enciphered.
pub fn parse(bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
    super::plant::Session::hear(&mut Session::default(), bytes, is_by_server)
}

/// A connection: an answer knows its question by its number; what is enciphered is not looked into.
#[derive(Debug, Default)]
pub struct Session {
    asked: Asked,
    is_secured: bool,
    goes_on: [bool; 2],
}

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        NAME
    }

    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
        let Some((head, _)) = bytes.split_first_chunk::<8>() else {
            let known = bytes.first().is_none_or(|first| b"HAEROCM".contains(first));
            return if known {
                Parsed::More(8_usize.saturating_sub(bytes.len()))
            } else {
                Parsed::Foreign
            };
        };
        if !looks_like(bytes) {
            return Parsed::Foreign;
        }
        let [a, b, c, chunk, length @ ..] = *head;
        let whole = u32::from_le_bytes(length) as usize;
        let needed = whole.min(MAX_READ);
        let Some(body) = bytes.get(8..needed) else {
            return Parsed::More(needed.saturating_sub(bytes.len()));
        };
        let told = self.message([a, b, c], chunk, body, is_by_server);
        Parsed::from_result(told.ok_or(SHORT), whole)
    }
}

impl Session {
    fn message(
        &mut self,
        kind: [u8; 3],
        chunk: u8,
        body: &[u8],
        is_by_server: bool,
    ) -> Option<Message> {
        let mut reader = Reader::new(body);
        let was_going_on = match self.goes_on.get_mut(usize::from(is_by_server)) {
            Some(on) => std::mem::replace(on, chunk == b'C'),
            None => false,
        };
        let nothing = Message {
            is_by_server,
            ..Message::default()
        };
        match &kind {
            b"HEL" => return self::hello(&mut reader, is_by_server),
            b"ERR" => return failure(&mut reader, is_by_server),
            b"OPN" => {
                reader.take(4)?; // number of the channel
                self.is_secured = bytes(&mut reader)? != NO_SECURITY;
                bytes(&mut reader)?;
                bytes(&mut reader)?;
            }
            b"MSG" | b"CLO" => reader.take(8).map(|_| ())?,
            _ => return Some(nothing),
        }
        if self.is_secured || was_going_on || chunk == b'A' {
            return Some(nothing);
        }
        reader.take(4)?; // number of the message
        let number = u64::from(reader.le32()?);
        self.service_of(&mut reader, number, is_by_server)
    }

    fn service_of(
        &mut self,
        reader: &mut Reader,
        number: u64,
        is_by_server: bool,
    ) -> Option<Message> {
        let id = numeric_node(reader)?;
        if id == 397 {
            return self.fault(reader, number);
        }
        let found = SERVICES
            .iter()
            .find(|service| id == service.id || id == service.answer());
        let Some(service) = found else {
            return Some(Message::of(Operation {
                is_response: is_by_server,
                function: i64::from(id),
                name: format!("service {id}").into(),
                ..Operation::default()
            }));
        };
        let is_response = id == service.answer();
        let mut message = Message::of(Operation {
            is_response,
            function: i64::from(id),
            name: service.name.into(),
            access: service.access,
            ..Operation::default()
        });
        if is_response {
            answer(reader, service, &mut message)?;
            if let (Some(question), Some(told)) = (
                self.asked.answered(0, number),
                message.operations.first_mut(),
            ) {
                told.complete(&question);
            }
        } else {
            // What a question is about may lie beyond what is read of it.
            let _ = question(reader, service, &mut message);
            self.asked.ask(0, number, message.operations.first()?);
        }
        Some(message)
    }

    /// A service that failed as a whole.
    fn fault(&mut self, reader: &mut Reader, number: u64) -> Option<Message> {
        reader.take(8 + 4)?;
        let question = self.asked.answered(0, number).unwrap_or_default();
        Some(Message::of(Operation {
            is_response: true,
            function: 397,
            name: if question.name.is_empty() {
                "ServiceFault".into()
            } else {
                question.name
            },
            result: status(reader.le32()?),
            ..question
        }))
    }
}

fn hello(reader: &mut Reader, is_by_server: bool) -> Option<Message> {
    reader.take(20)?; // version, sizes
    Some(Message {
        is_by_server,
        operations: vec![Operation {
            name: "Hello".into(),
            address: label(bytes(reader)?),
            ..Operation::default()
        }],
        ..Message::default()
    })
}

fn failure(reader: &mut Reader, is_by_server: bool) -> Option<Message> {
    let mut message = Message::of(Operation {
        is_response: true,
        name: "Error".into(),
        result: status(reader.le32()?),
        ..Operation::default()
    });
    message.is_by_server = is_by_server;
    Some(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::opcua::samples::{endpoints, framed, opened, read, text, value, write};
    use crate::protocols::plant::Session as _;
    use crate::protocols::testing::{done, never_panics, overhear};

    #[test]
    fn what_is_enciphered_is_not_looked_into() {
        let mut session = Session::default();
        done(session.hear(
            &opened("http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256"),
            false,
        ));
        assert!(done(session.hear(&read(), false)).operations.is_empty());
    }

    #[test]
    fn long_messages_are_read_by_their_begin() {
        let mut long = value();
        long[4..8].copy_from_slice(&100_000_u32.to_le_bytes());
        long.resize(5000, 0);
        assert!(matches!(parse(&long, true), Parsed::Done(_, 100_000)));
        assert_eq!(parse(&long[..96], true), Parsed::More(4000));
        assert!(!looks_like(b"HELO mail") && !looks_like(b"MSGF\0\0\0\0"));
        assert_eq!(parse(b"GET / HTTP", false), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        let hello = framed(
            *b"HELF",
            &[&[0; 20][..], &text("opc.tcp://press:4840")].concat(),
        );
        let samples = [read(), value(), write(), endpoints(), hello, opened("x")];
        let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
        never_panics(&samples, |bytes| {
            overhear::<Session>(bytes);
            let _ = looks_like(bytes);
        });
    }
}
