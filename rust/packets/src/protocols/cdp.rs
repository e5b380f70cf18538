//! Cisco's discovery protocol, versions 1 and 2, as Cisco's manuals and open dissectors describe it.

use super::reader::Reader;
use super::text::{one_line, trimmed};
use crate::damage::{Damage, Parsed};

/// What frames that speak this are called.
pub const NAME: &str = "cdp";
/// The most parts read of a frame.
const MAX_PARTS: usize = 64;

/// What a device announces of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub name: String,
    pub port: String,
    pub platform: String,
    /// The text that describes its software.
    pub version: String,
}

impl Message {
    /// The `cdp.*` sightings of the sender with their values.
    #[must_use]
    pub fn sightings(&self) -> [(&'static str, &str); 3] {
        [
            ("cdp.name", &self.name),
            ("cdp.platform", &self.platform),
            ("cdp.version", &self.version),
        ]
    }
}

/// Whether the bytes begin with a version that is known.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [1 | 2, _, _, _, ..])
}

/// A whole frame without its link layer.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let mut reader = Reader::new(bytes);
    let read = read_parts(&mut reader).ok_or(Damage("cdp: part cut short"));
    Parsed::from_result(read, reader.at())
}

fn read_parts(reader: &mut Reader) -> Option<Message> {
    let mut message = Message::default();
    reader.u32()?; // version, time to live, checksum
    for _ in 0..MAX_PARTS {
        if reader.is_empty() {
            break;
        }
        let kind = reader.u16()?;
        let size = usize::from(reader.u16()?).checked_sub(4)?;
        let value = reader.take(size)?;
        match kind {
            1 => message.name = trimmed(value),
            3 => message.port = trimmed(value),
            5 => message.version = one_line(value),
            6 => message.platform = trimmed(value),
            _ => {}
        }
    }
    Some(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const SWITCH: &[u8] = b"\x02\xb4\0\0\0\x01\0\x07sw1\0\x03\0\x07Gi1\0\x05\0\x0dIOS\r\n15.2\
        \0\x06\0\x0fcisco C2960";

    #[test]
    fn an_announcement_tells_what_the_device_is() {
        let values = done(parse(SWITCH));
        assert_eq!(values.port, "Gi1");
        let values = values.sightings().map(|(_, value)| value.to_owned());
        assert_eq!(values, ["sw1", "cisco C2960", "IOS 15.2"]);
    }

    #[test]
    fn what_is_cut_is_damage_and_other_versions_are_foreign() {
        assert_eq!(damage(parse(&SWITCH[..9])), "cdp: part cut short");
        assert_eq!(
            damage(parse(b"\x02\xb4\0\0\0\x01\0\x03")),
            "cdp: part cut short"
        );
        assert_eq!(parse(b"\x07\xb4\0\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[SWITCH], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
