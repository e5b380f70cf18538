//! OPC UA over its binary protocol (OPC 10000-6: encoding and transport; 10000-4: services).

pub mod services;

pub use super::plant::Message;
use super::plant::{Asked, Name, OK, Operation, Values, hex, label, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use services::{SERVICES, Service};

/// The service name of flows that speak this.
pub const NAME: &str = "opcua";
/// The usual port of servers.
pub const PORT: u16 = 4840;
/// What is read of a longer message.
const MAX_READ: usize = 4096;
/// The longest message.
const MAX_LENGTH: usize = 16 * 1024 * 1024;
/// The most items read of a list.
const MAX_ITEMS: usize = 16;
/// The policy under which messages are neither signed nor enciphered.
const NO_SECURITY: &[u8] = b"http://opcfoundation.org/UA/SecurityPolicy#None";

const SHORT: Damage = Damage("opcua: cut short");

/// Numbers of errors that are often met.
const ERRORS: [(u16, &str); 12] = [
    (0x8001, "BadUnexpectedError"),
    (0x8002, "BadInternalError"),
    (0x800a, "BadTimeout"),
    (0x800b, "BadServiceUnsupported"),
    (0x801f, "BadUserAccessDenied"),
    (0x8020, "BadIdentityTokenInvalid"),
    (0x8021, "BadIdentityTokenRejected"),
    (0x8025, "BadSessionIdInvalid"),
    (0x8034, "BadNodeIdUnknown"),
    (0x803b, "BadNotWritable"),
    (0x8074, "BadTypeMismatch"),
    (0x8080, "BadTcpMessageTooLarge"),
];

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

fn status(code: u32) -> Name {
    if code & 0x8000_0000 == 0 {
        return OK.into();
    }
    named(&ERRORS, (code >> 16) as u16).map_or_else(|| format!("0x{code:08x}").into(), Name::from)
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

/// A string or bytes with their length before them; none at all is as empty.
fn bytes<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = reader.le32()?;
    if length == u32::MAX {
        return Some(&[]);
    }
    reader.take(usize::try_from(length).ok()?)
}

/// The number of a node in the standard's own namespace.
fn numeric_node(reader: &mut Reader) -> Option<u32> {
    match reader.u8()? {
        0 => reader.u8().map(u32::from),
        1 => reader
            .u8()
            .filter(|namespace| *namespace == 0)
            .and_then(|_| reader.le16())
            .map(u32::from),
        2 => reader
            .le16()
            .filter(|namespace| *namespace == 0)
            .and_then(|_| reader.le32()),
        _ => None,
    }
}

/// The text of a node's id, as the standard writes it (10000-6, 5.3.1.10).
fn node(reader: &mut Reader) -> Option<String> {
    let kind = reader.u8()?;
    let namespace = match kind & 0x3f {
        0 => 0,
        1 => u16::from(reader.u8()?),
        _ => reader.le16()?,
    };
    let id = match kind & 0x3f {
        0 => format!("i={}", reader.u8()?),
        1 => format!("i={}", reader.le16()?),
        2 => format!("i={}", reader.le32()?),
        3 => format!("s={}", label(bytes(reader)?)),
        4 => format!("g={}", hex(reader.take(16)?)),
        5 => format!("b={}", hex(bytes(reader)?)),
        _ => return None,
    };
    if kind & 0x80 != 0 {
        bytes(reader)?;
    }
    if kind & 0x40 != 0 {
        reader.le32()?;
    }
    Some(if namespace == 0 {
        id
    } else {
        format!("ns={namespace};{id}")
    })
}

/// An object of any type, passed over.
fn extension(reader: &mut Reader) -> Option<()> {
    node(reader)?;
    if reader.u8()? != 0 {
        bytes(reader)?;
    }
    Some(())
}

/// How many items a list has; none at all is as empty.
fn count(reader: &mut Reader) -> Option<u32> {
    let count = reader.le32()?;
    Some(if count == u32::MAX { 0 } else { count })
}

fn question(reader: &mut Reader, service: &Service, message: &mut Message) -> Option<()> {
    node(reader)?; // of the session
    reader.take(8 + 4 + 4)?; // time, handle, diagnostics
    bytes(reader)?;
    reader.take(4)?;
    extension(reader)?;
    let operation = message.operations.first_mut()?;
    match service.name {
        "Read" => {
            reader.take(8 + 4)?; // age, which times
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
            let attribute = reader.le32()?;
            if attribute != VALUE {
                operation
                    .address
                    .extend([" attribute ", &attribute.to_string()]);
            }
        }
        "Write" => {
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
            let attribute = reader.le32()?;
            if attribute != VALUE {
                operation
                    .address
                    .extend([" attribute ", &attribute.to_string()]);
            }
            bytes(reader)?; // range
            operation.value = data_value(reader)?;
        }
        "Browse" => {
            node(reader)?; // view
            reader.take(8 + 4 + 4)?;
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
        }
        "Call" => {
            operation.quantity = i64::from(count(reader)?);
            let object = node(reader)?;
            operation.address = format!("{object} method {}", node(reader)?);
        }
        "DeleteNodes" | "RegisterNodes" => {
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
        }
        "GetEndpoints" | "FindServers" => operation.address = label(bytes(reader)?),
        "CreateSession" => application(reader, message)?,
        _ => {}
    }
    Some(())
}

/// The attribute of a node that holds its value.
const VALUE: u32 = 13;

fn answer(reader: &mut Reader, service: &Service, message: &mut Message) -> Option<()> {
    reader.take(8 + 4)?;
    let result = status(reader.le32()?);
    let is_good = result == OK;
    message.operations.first_mut()?.result = result;
    if is_good {
        // What an answer says may lie beyond what is read of it.
        let _ = content(reader, service, message);
    }
    Some(())
}

fn content(reader: &mut Reader, service: &Service, message: &mut Message) -> Option<()> {
    (reader.u8()? == 0).then_some(())?; // no diagnostics
    for _ in 0..count(reader)?.min(MAX_ITEMS as u32) {
        bytes(reader)?;
    }
    extension(reader)?;
    match service.name {
        "Read" => {
            let items = count(reader)?;
            let mut values = Values::default();
            for _ in 0..items.min(MAX_ITEMS as u32) {
                let Some(value) = data_value(reader) else {
                    break;
                };
                if !values.add(&value) {
                    break;
                }
            }
            message.operations.first_mut()?.value = values.text();
        }
        "Write" => {
            let codes = count(reader)?.min(MAX_ITEMS as u32);
            for _ in 0..codes {
                let code = reader.le32()?;
                if code & 0x8000_0000 != 0 {
                    message.operations.first_mut()?.result = status(code);
                    break;
                }
            }
        }
        "GetEndpoints" => {
            (count(reader)? > 0).then_some(())?;
            bytes(reader)?; // address of the endpoint
            application(reader, message)?;
        }
        "FindServers" => {
            (count(reader)? > 0).then_some(())?;
            application(reader, message)?;
        }
        "CreateSession" => {
            node(reader)?;
            node(reader)?;
            reader.take(8)?;
            bytes(reader)?;
            bytes(reader)?;
            (count(reader)? > 0).then_some(())?;
            bytes(reader)?;
            application(reader, message)?;
        }
        _ => {}
    }
    Some(())
}

/// What an application says of itself: URIs and name.
fn application(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let uri = label(bytes(reader)?);
    let product = label(bytes(reader)?);
    let mask = reader.u8()?;
    if mask & 1 != 0 {
        bytes(reader)?; // language
    }
    let name = if mask & 2 == 0 {
        &[][..]
    } else {
        bytes(reader)?
    };
    message.sight("opcua.name", label(name));
    message.sight("opcua.uri", uri);
    message.sight("opcua.product", product);
    Some(())
}

/// A value with its status and times; a bad status stands for the value.
fn data_value(reader: &mut Reader) -> Option<String> {
    let mask = reader.u8()?;
    let mut value = if mask & 1 == 0 {
        String::new()
    } else {
        variant(reader)?
    };
    if mask & 2 != 0 {
        let code = reader.le32()?;
        if code & 0x8000_0000 != 0 {
            value = status(code).into_owned();
        }
    }
    for (bit, size) in [(4, 8), (0x10, 2), (8, 8), (0x20, 2)] {
        if mask & bit != 0 {
            reader.take(size)?;
        }
    }
    Some(value)
}

/// A value of a plain type, or a list of such.
fn variant(reader: &mut Reader) -> Option<String> {
    let mask = reader.u8()?;
    let kind = mask & 0x3f;
    if mask & 0x80 == 0 {
        return scalar(reader, kind);
    }
    let mut values = Values::default();
    let count = count(reader)?;
    for _ in 0..count {
        let value = scalar(reader, kind)?;
        // What follows the list can only be found behind its end.
        if !values.add(&value) && count > 256 {
            return None;
        }
    }
    if mask & 0x40 != 0 {
        for _ in 0..self::count(reader)?.min(MAX_ITEMS as u32) {
            reader.le32()?;
        }
    }
    Some(values.text())
}

fn scalar(reader: &mut Reader, kind: u8) -> Option<String> {
    Some(match kind {
        0 => String::new(),
        1 => (reader.u8()? != 0).to_string(),
        2 => reader.u8()?.cast_signed().to_string(),
        3 => reader.u8()?.to_string(),
        4 => reader.le16()?.cast_signed().to_string(),
        5 => reader.le16()?.to_string(),
        6 => reader.le32()?.cast_signed().to_string(),
        7 => reader.le32()?.to_string(),
        8 => i64::from_le_bytes(reader.array()?).to_string(),
        9 | 13 => u64::from_le_bytes(reader.array()?).to_string(),
        10 => f32::from_le_bytes(reader.array()?).to_string(),
        11 => f64::from_le_bytes(reader.array()?).to_string(),
        12 | 16 => label(bytes(reader)?),
        14 => hex(reader.take(16)?),
        15 => hex(bytes(reader)?),
        17 | 18 => node(reader)?,
        19 => status(reader.le32()?).into_owned(),
        20 => {
            let namespace = reader.le16()?;
            format!("{namespace}:{}", label(bytes(reader)?))
        }
        21 => {
            let mask = reader.u8()?;
            if mask & 1 != 0 {
                bytes(reader)?;
            }
            if mask & 2 == 0 {
                String::new()
            } else {
                label(bytes(reader)?)
            }
        }
        22 => {
            extension(reader)?;
            "structure".to_owned()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::plant::{READ, Session as _, WRITE};
    use super::*;
    use crate::protocols::testing::{done, never_panics};

    fn text(text: &str) -> Vec<u8> {
        [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
    }

    fn framed(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
        [&kind[..], &(body.len() as u32 + 8).to_le_bytes(), body].concat()
    }

    fn opened(policy: &str) -> Vec<u8> {
        let mut body = [
            &[0; 4][..],
            &text(policy),
            &[0xff; 8],
            &[1, 0, 0, 0, 1, 0, 0, 0],
        ]
        .concat();
        body.extend([1, 0, 0xbe, 1]);
        body.extend([0, 0]); // no session
        body.extend([0; 16]);
        body.extend([0xff; 4]);
        body.extend([0; 4 + 3]);
        framed(*b"OPNF", &body)
    }

    fn asked(id: u16, rest: &[u8]) -> Vec<u8> {
        let mut body = vec![7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1, 0];
        body.extend(id.to_le_bytes());
        body.extend([0, 0]);
        body.extend([0; 16]);
        body.extend([0xff; 4]);
        body.extend([0; 4 + 3]);
        body.extend(rest);
        framed(*b"MSGF", &body)
    }

    fn answered(id: u16, status: u32, rest: &[u8]) -> Vec<u8> {
        let mut body = vec![7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1, 0];
        body.extend(id.to_le_bytes());
        body.extend([0; 12]);
        body.extend(status.to_le_bytes());
        body.push(0);
        body.extend([0xff; 4]);
        body.extend([0; 3]);
        body.extend(rest);
        framed(*b"MSGF", &body)
    }

    /// The value of ns=2;s=Pump.
    fn read() -> Vec<u8> {
        let node = [
            &[3, 2, 0][..],
            &text("Pump"),
            &13_u32.to_le_bytes(),
            &[0xff; 4],
            &[0; 2],
            &[0xff; 4],
        ]
        .concat();
        asked(631, &[&[0; 12][..], &[1, 0, 0, 0], &node].concat())
    }

    fn value() -> Vec<u8> {
        answered(
            634,
            0,
            &[&[1, 0, 0, 0][..], &[1, 11], &2.5_f64.to_le_bytes()].concat(),
        )
    }

    fn write() -> Vec<u8> {
        let node = [
            &[1, 2, 7, 0][..],
            &13_u32.to_le_bytes(),
            &[0xff; 4],
            &[1, 6, 42, 0, 0, 0],
        ]
        .concat();
        asked(673, &[&[1, 0, 0, 0][..], &node].concat())
    }

    fn endpoints() -> Vec<u8> {
        let described = [
            text("urn:plant:press"),
            text("urn:acme"),
            vec![2],
            text("Press"),
        ]
        .concat();
        answered(
            431,
            0,
            &[&[1, 0, 0, 0][..], &text("opc.tcp://press:4840"), &described].concat(),
        )
    }

    fn only(message: &Message) -> &Operation {
        assert_eq!(message.operations.len(), 1);
        &message.operations[0]
    }

    #[test]
    fn nodes_are_read_and_written() {
        let mut session = Session::default();
        let message = done(session.hear(
            &opened("http://opcfoundation.org/UA/SecurityPolicy#None"),
            false,
        ));
        assert_eq!(only(&message).name, "OpenSecureChannel");
        let message = done(session.hear(&read(), false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("Read", READ)
        );
        assert_eq!(
            (only(&message).address.as_str(), only(&message).quantity),
            ("ns=2;s=Pump", 1)
        );
        let message = done(session.hear(&value(), true));
        assert_eq!(
            (
                only(&message).value.as_str(),
                only(&message).address.as_str()
            ),
            ("2.5", "ns=2;s=Pump")
        );
        let message = done(session.hear(&write(), false));
        assert_eq!(
            (only(&message).access, only(&message).address.as_str()),
            (WRITE, "ns=2;i=7")
        );
        assert_eq!(only(&message).value, "42");
        let message = done(session.hear(&answered(676, 0, &[1, 0, 0, 0, 0, 0, 0x3b, 0x80]), true));
        assert_eq!(only(&message).result, "BadNotWritable");
    }

    #[test]
    fn a_server_tells_its_name() {
        let message = done(parse(&endpoints(), true));
        let expected = [
            ("opcua.name", "Press"),
            ("opcua.uri", "urn:plant:press"),
            ("opcua.product", "urn:acme"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
    }

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
            let mut session = Session::default();
            let _ = (
                looks_like(bytes),
                session.hear(bytes, false),
                session.hear(bytes, true),
            );
        });
    }
}
