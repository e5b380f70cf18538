//! Link layer discovery (IEEE 802.1AB) with the inventory of media endpoints (ANSI/TIA-1057).

use std::net::IpAddr;

use super::reader::Reader;
use super::text::{one_line, trimmed};
use crate::address::Mac;
use crate::damage::{Damage, Parsed};

/// What frames that speak this are called.
pub const NAME: &str = "lldp";
/// The most parts read of a frame.
const MAX_PARTS: usize = 64;
/// Who numbers the parts of media endpoints.
const MEDIA: [u8; 3] = [0, 0x12, 0xbb];

/// What a device announces of itself. Serial and asset numbers are left unread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The chassis id as text.
    pub chassis: String,
    /// The port id, likewise.
    pub port: String,
    pub name: String,
    pub description: String,
    /// The capabilities in use, by name, in the order of their bits, with commas between.
    pub capabilities: String,
    /// Where the device is managed.
    pub address: Option<IpAddr>,
    pub maker: String,
    pub model: String,
    /// The firmware's revision, or else the software's.
    pub firmware: String,
}

impl Message {
    /// The `lldp.*` sightings of the sender with their values.
    #[must_use]
    pub fn sightings(&self) -> [(&'static str, &str); 6] {
        [
            ("lldp.name", &self.name),
            ("lldp.description", &self.description),
            ("lldp.capabilities", &self.capabilities),
            ("lldp.maker", &self.maker),
            ("lldp.model", &self.model),
            ("lldp.firmware", &self.firmware),
        ]
    }
}

/// Whether the bytes begin as every announcement does: with a chassis id.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [2, 2..=255, ..])
}

/// A whole frame without its link layer.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let mut reader = Reader::new(bytes);
    let read = read_parts(&mut reader).ok_or(Damage("lldp: part cut short"));
    Parsed::from_result(read, reader.at())
}

fn read_parts(reader: &mut Reader) -> Option<Message> {
    let mut message = Message::default();
    for _ in 0..MAX_PARTS {
        if reader.is_empty() {
            break; // the mark of the end is left out by some
        }
        let head = reader.u16()?;
        let value = reader.take(usize::from(head & 0x1ff))?;
        match head >> 9 {
            0 => break,
            1 => message.chassis = id(value, 4)?,
            2 => message.port = id(value, 3)?,
            5 => message.name = trimmed(value),
            6 => message.description = one_line(value),
            7 => message.capabilities = capabilities(value)?,
            8 => message.address = message.address.or(address(value)),
            127 => media(value, &mut message),
            _ => {}
        }
    }
    Some(message)
}

/// An id behind its kind; one of the kind `hardware` is an address.
fn id(value: &[u8], hardware: u8) -> Option<String> {
    let (kind, id) = value.split_first()?;
    let mut text = trimmed(id);
    if let (true, Ok(address)) = (*kind == hardware, <[u8; 6]>::try_from(id)) {
        text.clear();
        Mac(address).write(&mut text);
    }
    Some(text)
}

fn capabilities(value: &[u8]) -> Option<String> {
    const NAMES: [&str; 8] = [
        "other",
        "repeater",
        "bridge",
        "access-point",
        "router",
        "telephone",
        "docsis",
        "station",
    ];
    let mut reader = Reader::new(value);
    reader.u16()?; // what it could do
    let bits = reader.u16()?;
    let names = NAMES.iter().enumerate();
    let in_use = names.filter(|(bit, _)| bits >> bit & 1 == 1);
    Some(in_use.map(|(_, name)| *name).collect::<Vec<_>>().join(","))
}

fn address(value: &[u8]) -> Option<IpAddr> {
    let mut reader = Reader::new(value);
    match reader.block8()?.split_first()? {
        (1, octets) => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
        (2, octets) => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
        _ => None,
    }
}

fn media(value: &[u8], message: &mut Message) {
    let Some((kind, text)) = value.strip_prefix(&MEDIA).and_then(<[u8]>::split_first) else {
        return;
    };
    match kind {
        6 => message.firmware = trimmed(text),
        7 if message.firmware.is_empty() => message.firmware = trimmed(text),
        9 => message.maker = trimmed(text),
        10 => message.model = trimmed(text),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const PHONE: &[u8] = b"\x02\x07\x04\x02\0\0\0\0\x09\x04\x05\x05eth0\x06\x02\0\x78\
        \x0a\x04desk\x0c\x08IP Phone\x0e\x04\0\x24\0\x24\x10\x0c\x05\x01\x0a\0\0\x09\x02\0\0\0\x01\0\
        \xfe\x08\0\x12\xbb\x09Acme\xfe\x07\0\x12\xbb\x0aT42\xfe\x07\0\x12\xbb\x061.2\
        \xfe\x08\0\x12\xbb\x08S123\0\0";

    #[test]
    fn an_announcement_tells_what_the_device_is() {
        let message = done(parse(PHONE));
        assert_eq!(message.chassis, "02:00:00:00:00:09");
        assert_eq!(message.port, "eth0");
        assert_eq!(message.address, "10.0.0.9".parse().ok());
        let values = message.sightings().map(|(_, value)| value);
        let wanted = ["desk", "IP Phone", "bridge,telephone", "Acme", "T42", "1.2"];
        assert_eq!(values, wanted);
    }

    #[test]
    fn serial_numbers_are_not_kept() {
        assert!(!format!("{:?}", done(parse(PHONE))).contains("S123"));
    }

    #[test]
    fn what_is_cut_is_damage_and_what_begins_otherwise_is_foreign() {
        assert_eq!(damage(parse(&PHONE[..6])), "lldp: part cut short");
        assert_eq!(parse(b"\x04\x02ab"), Parsed::Foreign);
        assert_eq!(parse(b"\x02\x01a"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[PHONE], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
