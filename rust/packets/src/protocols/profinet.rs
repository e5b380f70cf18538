//! PROFINET DCP: discovery and basic configuration of PROFINET devices on the link (IEC 61158-6-10, clause 4.3).

use super::plant::label;
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// What fields of sightings begin with.
pub const NAME: &str = "profinet";
/// The most blocks read of a message.
const MAX_BLOCKS: usize = 32;

/// Makers by their number, of which we are sure (PROFIBUS and PROFINET International, list of vendor ids).
const VENDORS: [(u16, &str); 1] = [(0x002a, "Siemens")];

/// A message about a station.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Whether it is an answer or a greeting, in which the sender tells of itself.
    pub is_answer: bool,
    /// Name of the station.
    pub name: String,
    /// Kind of the station, as its maker calls it.
    pub kind: String,
    /// Maker, by name if it is known.
    pub vendor: String,
    /// Number of the device within its maker's.
    pub device: String,
    /// device, controller, multidevice, supervisor; with commas.
    pub role: String,
}

impl Message {
    /// What the sender says of itself.
    #[must_use]
    pub fn sightings(&self) -> [(&'static str, &str); 5] {
        let told = [
            ("profinet.name", &self.name),
            ("profinet.type", &self.kind),
            ("profinet.vendor", &self.vendor),
            ("profinet.device", &self.device),
            ("profinet.role", &self.role),
        ];
        told.map(|(field, value)| (field, if self.is_answer { value.as_str() } else { "" }))
    }
}

/// Whether the number of the frame is one of DCP.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [0xfe, 0xfc..=0xff, 3..=6, 0..=5, ..])
}

/// The payload of a frame.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    Parsed::from_result(
        read(bytes).ok_or(Damage("profinet: cut short")),
        bytes.len(),
    )
}

fn read(bytes: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    let [_, _, service, kind] = reader.array()?;
    let is_answer = kind == 1 || service == 6;
    reader.take(6)?; // number of the question, delay
    let length = usize::from(reader.u16()?);
    let mut blocks = Reader::new(reader.take(length)?);
    let mut message = Message {
        is_answer,
        ..Message::default()
    };
    if !is_answer {
        return Some(message);
    }
    for _ in 0..MAX_BLOCKS {
        if blocks.is_empty() {
            break;
        }
        let (option, block) = (blocks.array()?, blocks.block16()?);
        if block.len() % 2 != 0 {
            blocks.u8();
        }
        // Behind two bytes that qualify the block.
        tell(option, block.get(2..).unwrap_or_default(), &mut message);
    }
    Some(message)
}

fn tell(option: [u8; 2], block: &[u8], message: &mut Message) {
    match (option, block) {
        ([2, 1], text) => message.kind = label(text),
        ([2, 2], text) => message.name = label(text),
        ([2, 3], [high, low, device_high, device_low, ..]) => {
            let vendor = u16::from_be_bytes([*high, *low]);
            let known = super::plant::named(&VENDORS, vendor);
            message.vendor = known.map_or_else(|| format!("vendor 0x{vendor:04x}"), str::to_owned);
            message.device = format!("0x{:04x}", u16::from_be_bytes([*device_high, *device_low]));
        }
        ([2, 4], [roles, ..]) => {
            let names = ["device", "controller", "multidevice", "supervisor"];
            let held = names
                .iter()
                .enumerate()
                .filter(|(place, _)| roles >> place & 1 != 0);
            message.role = held.map(|(_, name)| *name).collect::<Vec<_>>().join(",");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn answer() -> Vec<u8> {
        let blocks = [
            &b"\x02\x02\0\x07\0\0press\0"[..],
            b"\x02\x01\0\x09\0\0S7-1500\0",
            b"\x02\x03\0\x06\0\0\0\x2a\x01\x0e",
            b"\x02\x04\0\x04\0\0\x03\0",
        ]
        .concat();
        let mut bytes = b"\xfe\xff\x05\x01\0\0\0\x07\0\0".to_vec();
        bytes.extend((blocks.len() as u16).to_be_bytes());
        bytes.extend(blocks);
        bytes
    }

    #[test]
    fn a_station_tells_who_it_is() {
        let message = done(parse(&answer()));
        let expected = [
            ("profinet.name", "press"),
            ("profinet.type", "S7-1500"),
            ("profinet.vendor", "Siemens"),
            ("profinet.device", "0x010e"),
            ("profinet.role", "device,controller"),
        ];
        assert_eq!(message.sightings(), expected);
    }

    #[test]
    fn who_asks_tells_nothing_of_itself() {
        let message = done(parse(b"\xfe\xfe\x05\0\0\0\0\x07\0\x80\0\x04\xff\xff\0\0"));
        assert!(
            message
                .sightings()
                .iter()
                .all(|(_, value)| value.is_empty())
        );
        assert_eq!(parse(b"\x80\0\0\0\0\0"), Parsed::Foreign);
        assert_eq!(damage(parse(&answer()[..30])), "profinet: cut short");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&answer()], |bytes| {
            let _ = parse(bytes).map(|message| message.sightings().len());
        });
    }
}
