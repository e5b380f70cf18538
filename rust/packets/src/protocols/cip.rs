//! The common industrial protocol (ODVA, The CIP Networks Library, volume 1; tags as Rockwell's publication 1756-PM020
//! describes them), as EtherNet/IP carries it.

use super::plant::{
    Asked, CONTROL, Message, Name, OK, Operation, READ, WRITE, hex, joined, label, named,
};
use super::reader::Reader;

/// The most segments read of a path.
const MAX_SEGMENTS: usize = 16;
/// The most services read of a packet of several.
const MAX_SERVICES: usize = 32;

/// Services all objects have.
const COMMON: [(u8, &str, &str); 24] = [
    (0x01, "get attributes all", READ),
    (0x02, "set attributes all", WRITE),
    (0x03, "get attribute list", READ),
    (0x04, "set attribute list", WRITE),
    (0x05, "reset", CONTROL),
    (0x06, "start", CONTROL),
    (0x07, "stop", CONTROL),
    (0x08, "create", CONTROL),
    (0x09, "delete", CONTROL),
    (0x0a, "multiple service packet", ""),
    (0x0d, "apply attributes", WRITE),
    (0x0e, "get attribute single", READ),
    (0x10, "set attribute single", WRITE),
    (0x11, "find next object instance", READ),
    (0x15, "restore", CONTROL),
    (0x16, "save", CONTROL),
    (0x17, "no operation", ""),
    (0x18, "get member", READ),
    (0x19, "set member", WRITE),
    (0x1a, "insert member", WRITE),
    (0x1b, "remove member", WRITE),
    (0x4b, "execute pccc", ""),
    (0x4c, "read tag", READ),
    (0x55, "get instance attribute list", READ),
];

/// Services of the connection manager.
const OF_CONNECTIONS: [(u8, &str, &str); 6] = [
    (0x4e, "forward close", ""),
    (0x52, "unconnected send", ""),
    (0x54, "forward open", ""),
    (0x56, "get connection data", READ),
    (0x5a, "get connection owner", READ),
    (0x5b, "large forward open", ""),
];

/// Services of tags.
const OF_TAGS: [(u8, &str, &str); 4] = [
    (0x4d, "write tag", WRITE),
    (0x4e, "read modify write tag", WRITE),
    (0x52, "read tag fragmented", READ),
    (0x53, "write tag fragmented", WRITE),
];

const STATUSES: [(u8, &str); 21] = [
    (0x01, "connection failure"),
    (0x02, "resource unavailable"),
    (0x03, "invalid parameter value"),
    (0x04, "path segment error"),
    (0x05, "path destination unknown"),
    (0x06, "partial transfer"),
    (0x07, "connection lost"),
    (0x08, "service not supported"),
    (0x09, "invalid attribute value"),
    (0x0a, "attribute list error"),
    (0x0c, "object state conflict"),
    (0x0e, "attribute not settable"),
    (0x0f, "privilege violation"),
    (0x10, "device state conflict"),
    (0x11, "reply data too large"),
    (0x13, "not enough data"),
    (0x14, "attribute not supported"),
    (0x15, "too much data"),
    (0x16, "object does not exist"),
    (0x1e, "embedded service error"),
    (0x20, "invalid parameter"),
];

/// Some makers by their number (ODVA's list of vendor ids).
const VENDORS: [(u16, &str); 50] = [
    (1, "Rockwell Automation"),
    (3, "Honeywell"),
    (5, "Rockwell Automation"),
    (7, "SMC"),
    (8, "Molex"),
    (12, "Banner"),
    (13, "Belden"),
    (26, "Festo"),
    (40, "Wago"),
    (43, "Balluff"),
    (44, "Yaskawa"),
    (46, "ABB"),
    (47, "Omron"),
    (48, "Turck"),
    (57, "Pepperl+Fuchs"),
    (68, "Eaton"),
    (90, "HMS"),
    (94, "Advantech"),
    (97, "Danfoss"),
    (108, "Beckhoff"),
    (121, "Kuka"),
    (145, "Siemens"),
    (161, "Mitsubishi Electric"),
    (176, "Red Lion"),
    (243, "Schneider Electric"),
    (255, "Bosch Rexroth"),
    (256, "Turck"),
    (283, "Hilscher"),
    (309, "ProSoft"),
    (315, "SEW"),
    (322, "ifm"),
    (326, "GE Fanuc"),
    (345, "Endress+Hauser"),
    (356, "Fanuc"),
    (367, "Keyence"),
    (445, "Lenze"),
    (562, "Phoenix Contact"),
    (591, "Fanuc"),
    (634, "Hirschmann"),
    (640, "Murrelektronik"),
    (678, "Cognex"),
    (680, "Weidmüller"),
    (722, "ABB"),
    (796, "Siemens"),
    (808, "SICK"),
    (903, "Emerson"),
    (939, "Cisco"),
    (991, "Moxa"),
    (1015, "Weidmüller"),
    (1059, "Delta Electronics"),
];

/// Kinds of devices by their number (volume 1, chapter 6).
const TYPES: [(u16, &str); 17] = [
    (0x00, "generic device"),
    (0x02, "ac drive"),
    (0x03, "motor overload"),
    (0x06, "photoelectric sensor"),
    (0x07, "general purpose discrete i/o"),
    (0x09, "resolver"),
    (0x0c, "communications adapter"),
    (0x0e, "programmable logic controller"),
    (0x10, "position controller"),
    (0x13, "dc drive"),
    (0x18, "human machine interface"),
    (0x1b, "pneumatic valve"),
    (0x22, "encoder"),
    (0x23, "safety discrete i/o"),
    (0x25, "cip motion drive"),
    (0x2b, "generic device"),
    (0x2c, "managed ethernet switch"),
];

/// What a device says of itself.
#[derive(Debug, Default)]
pub struct Identity {
    vendor: u16,
    kind: u16,
    revision: [u8; 2],
    serial: u32,
    product: String,
}

impl Identity {
    /// Adds it to what a message tells.
    pub fn tell(&self, message: &mut Message) {
        let [major, minor] = self.revision;
        let vendor = named(&VENDORS, self.vendor)
            .map_or_else(|| format!("vendor {}", self.vendor), str::to_owned);
        let kind =
            named(&TYPES, self.kind).map_or_else(|| format!("type {}", self.kind), str::to_owned);
        message.sight("enip.vendor", vendor);
        message.sight("enip.type", kind);
        message.sight("enip.product", self.product.as_str());
        message.sight("enip.revision", format!("{major}.{minor}"));
        message.sight("enip.serial", format!("{:08x}", self.serial));
    }
}

/// The attributes of the identity object in their order.
pub fn identity(reader: &mut Reader) -> Option<Identity> {
    let (vendor, kind, _product) = (reader.le16()?, reader.le16()?, reader.le16()?);
    let (revision, _status, serial) = (reader.array()?, reader.le16()?, reader.le32()?);
    Some(Identity {
        vendor,
        kind,
        revision,
        serial,
        product: label(reader.block8()?),
    })
}

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

/// A path to what a service is for.
#[derive(Debug, Default)]
struct Path {
    class: Option<u32>,
    text: String,
}

impl Path {
    /// Reads as many segments as are understood (volume 1, appendix C-1).
    fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader::new(bytes);
        let mut path = Self::default();
        for _ in 0..MAX_SEGMENTS {
            if reader.is_empty() || path.segment(&mut reader).is_none() {
                break;
            }
        }
        path
    }

    fn segment(&mut self, reader: &mut Reader) -> Option<()> {
        let kind = reader.u8()?;
        match kind {
            0x00..=0x1f => {
                let port = kind & 0x0f;
                if kind & 0x10 == 0 {
                    let link = reader.u8()?;
                    self.add(" ", &format!("port {port} link {link}"));
                } else {
                    let length = usize::from(reader.u8()?);
                    let address = label(reader.take(length)?);
                    if length % 2 != 0 {
                        reader.u8()?;
                    }
                    self.add(" ", &format!("port {port} link {address}"));
                }
            }
            0x20..=0x3f => {
                let value = match kind & 3 {
                    0 => u32::from(reader.u8()?),
                    1 => reader.u8().and_then(|_| reader.le16()).map(u32::from)?,
                    2 => reader.u8().and_then(|_| reader.le32())?,
                    _ => return None,
                };
                self.logical(kind >> 2 & 7, value);
            }
            0x91 => {
                let name = reader.block8()?;
                if name.len() % 2 != 0 {
                    reader.u8();
                }
                self.add(".", &label(name));
            }
            _ => return None,
        }
        Some(())
    }

    fn logical(&mut self, kind: u8, value: u32) {
        match kind {
            0 => {
                self.class = Some(value);
                self.add(" ", &format!("class 0x{value:02x}"));
            }
            1 => self.add(" ", &format!("instance {value}")),
            2 => self.text.extend(["[", &value.to_string(), "]"]),
            3 => self.add(" ", &format!("point {value}")),
            4 => self.add(" ", &format!("attribute {value}")),
            _ => {}
        }
    }

    fn add(&mut self, between: &str, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str(between);
        }
        self.text.push_str(text);
    }
}
