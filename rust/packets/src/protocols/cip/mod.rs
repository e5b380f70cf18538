//! The common industrial protocol (ODVA, The CIP Networks Library, volume 1; tags as Rockwell's publication 1756-PM020
//! describes them), as EtherNet/IP carries it.

mod codes;
mod identity;
mod path;

use super::plant::{Asked, Message, Name, OK, Operation, hex, joined, named};
use super::reader::Reader;
use codes::{COMMON, OF_CONNECTIONS, OF_TAGS, STATUSES};
pub use identity::{Identity, identity};
use path::Path;

/// The most services read of a packet of several.
const MAX_SERVICES: usize = 32;

/// Where a message belongs.
pub struct Conversation<'a> {
    /// Whether the server sent it.
    pub is_by_server: bool,
    /// The flow, and the number that question and answer share.
    pub flow: u64,
    /// Likewise.
    pub number: u64,
    /// Questions that wait.
    pub asked: &'a mut Asked,
}

/// One message: a service or the answer to one.
pub fn understand(data: &[u8], conversation: &mut Conversation<'_>) -> Option<Message> {
    let service = *data.first()?;
    let mut message = Message::default();
    if service & 0x80 == 0 {
        question(data, String::new(), &mut message)?;
        message.is_by_server = conversation.is_by_server;
        conversation.asked.ask(
            conversation.flow,
            conversation.number,
            message.operations.first()?,
        );
    } else {
        let asked = conversation
            .asked
            .answered(conversation.flow, conversation.number);
        answer(data, asked.as_ref(), &mut message)?;
        message.is_by_server = conversation.is_by_server;
    }
    Some(message)
}

fn service_of(code: u8, path: &Path) -> (Name, &'static str) {
    let table: &[(u8, &str, &str)] = if path.class == Some(6) {
        &OF_CONNECTIONS
    } else {
        &OF_TAGS
    };
    let known = table
        .iter()
        .chain(&COMMON)
        .find(|(known, ..)| *known == code);
    known.map_or_else(
        || (format!("service 0x{code:02x}").into(), ""),
        |known| (known.1.into(), known.2),
    )
}

fn question(data: &[u8], unit: String, message: &mut Message) -> Option<()> {
    let mut reader = Reader::new(data);
    let code = reader.u8()?;
    let words = usize::from(reader.u8()?);
    let path = Path::read(reader.take(words.checked_mul(2)?)?);
    if code == 0x52
        && path.class == Some(6)
        && let Some((inner, way)) = sent_through(&mut reader)
    {
        return question(inner, way, message);
    }
    let (name, access) = service_of(code, &path);
    let is_packet = code == 0x0a;
    let mut operation = Operation {
        function: i64::from(code),
        name,
        access,
        unit,
        address: path.text,
        quantity: 1,
        ..Operation::default()
    };
    match code {
        0x4c | 0x52 => operation.quantity = i64::from(reader.le16()?),
        0x4d | 0x53 if path.class.is_none() => {
            let kind = reader.le16()?;
            operation.quantity = i64::from(reader.le16()?);
            if code == 0x53 {
                reader.take(4)?; // where the part belongs
            }
            operation.value = values(kind, reader.rest());
        }
        0x10 | 0x02 | 0x04 => operation.value = hex(reader.rest()),
        _ => {}
    }
    let unit = operation.unit.clone();
    message.operations.push(operation);
    if is_packet {
        for part in parts(reader.rest()) {
            // A packet within a packet is not looked into.
            if part.first() != Some(&0x0a) && question(part, unit.clone(), message).is_none() {
                break;
            }
        }
    }
    Some(())
}

/// The message within an unconnected send, and the way it takes.
fn sent_through<'a>(reader: &mut Reader<'a>) -> Option<(&'a [u8], String)> {
    reader.take(2)?; // how long it may take
    let length = usize::from(reader.le16()?);
    let inner = reader.take(length)?;
    // One within another is not followed further.
    if matches!(inner, [0x52, _, 0x20, 6, ..]) {
        return None;
    }
    if length % 2 != 0 {
        reader.u8()?;
    }
    let words = usize::from(reader.u8()?);
    reader.u8()?;
    Some((inner, Path::read(reader.take(words.checked_mul(2)?)?).text))
}

/// The services of a packet of several, each from its offset to the next.
fn parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut reader = Reader::new(bytes);
    let count = usize::from(reader.le16().unwrap_or(0)).min(MAX_SERVICES);
    let offsets: Vec<usize> = (0..count)
        .map_while(|_| reader.le16().map(usize::from))
        .collect();
    let ends: Vec<usize> = offsets
        .iter()
        .skip(1)
        .copied()
        .chain([bytes.len()])
        .collect();
    offsets
        .into_iter()
        .zip(ends)
        .map_while(move |(begin, end)| bytes.get(begin..end))
}

fn answer(data: &[u8], asked: Option<&Operation>, message: &mut Message) -> Option<()> {
    let mut reader = Reader::new(data);
    let (code, _, status, words) = (
        reader.u8()? & 0x7f,
        reader.u8()?,
        reader.u8()?,
        reader.u8()?,
    );
    reader.take(usize::from(words).checked_mul(2)?)?;
    let path = Path::default();
    let (name, access) = match asked {
        Some(asked) if asked.function == i64::from(code) => (asked.name.clone(), asked.access),
        _ => service_of(code, &path),
    };
    let result = match status {
        0 => OK.into(),
        _ => named(&STATUSES, status)
            .map_or_else(|| format!("status 0x{status:02x}").into(), Name::from),
    };
    let mut operation = Operation {
        is_response: true,
        function: i64::from(code),
        name,
        access,
        result,
        ..Operation::default()
    };
    if let Some(asked) = asked {
        operation.complete(asked);
    }
    let is_good = matches!(status, 0 | 6);
    match code {
        0x4c | 0x52 if is_good => {
            let kind = reader.le16()?;
            operation.value = values(kind, reader.rest());
        }
        0x0e if is_good => operation.value = hex(reader.rest()),
        _ => {}
    }
    let is_identity = code == 1 && is_good && operation.address.starts_with("class 0x01 ");
    message.operations.push(operation);
    if is_identity && let Some(identity) = identity(&mut reader) {
        identity.tell(message);
        message.tell_sightings();
    }
    if code == 0x0a {
        for part in parts(reader.rest()) {
            if part.first().is_none_or(|code| code & 0x7f == 0x0a)
                || answer(part, None, message).is_none()
            {
                break;
            }
        }
    }
    Some(())
}

/// The values of a tag by their type (volume 1, appendix C-6.1); others as one number in hex.
fn values(kind: u16, bytes: &[u8]) -> String {
    let size = match kind {
        0xc1 | 0xc2 | 0xc6 | 0xd1 => 1,
        0xc3 | 0xc7 | 0xd2 => 2,
        0xc4 | 0xc8 | 0xca | 0xd3 => 4,
        0xc5 | 0xc9 | 0xcb => 8,
        _ => return hex(bytes),
    };
    joined(
        bytes
            .chunks_exact(size)
            .map(|element| match (element, kind) {
                ([a], 0xc2) => a.cast_signed().to_string(),
                ([a], _) => a.to_string(),
                ([a, b], 0xc3) => i16::from_le_bytes([*a, *b]).to_string(),
                ([a, b], _) => u16::from_le_bytes([*a, *b]).to_string(),
                ([a, b, c, d], 0xc4) => i32::from_le_bytes([*a, *b, *c, *d]).to_string(),
                ([a, b, c, d], 0xca) => f32::from_le_bytes([*a, *b, *c, *d]).to_string(),
                ([a, b, c, d], _) => u32::from_le_bytes([*a, *b, *c, *d]).to_string(),
                _ => hex(element),
            }),
    )
}
