//! The properties that packets of MQTT 5 carry (OASIS MQTT 5.0 section 2.2.2), and the lengths of all packets.

use crate::damage::Damage;
use crate::protocols::reader::Reader;

/// The name a broker gives a client.
pub(super) const ASSIGNED_CLIENT: u8 = 0x12;
/// The number that stands for a topic.
pub(super) const TOPIC_ALIAS: u8 = 0x23;
/// The most bytes of a length (section 1.5.5).
const MAX_LENGTH_BYTES: usize = 4;
/// The most properties looked through; no packet has so many kinds, but those of users may repeat.
const MAX_PROPERTIES: usize = 64;

const CUT: Damage = Damage("mqtt: cut short");
const LENGTH: Damage = Damage("mqtt: bad length");

/// A length, as far as it can be read.
pub(super) enum Length {
    Is(usize),
    Unfinished,
    Bad,
}

/// A length in bytes of seven bits, the lowest first.
pub(super) fn length(reader: &mut Reader) -> Length {
    let mut size = 0_usize;
    for place in 0..MAX_LENGTH_BYTES {
        let Some(byte) = reader.u8() else {
            return Length::Unfinished;
        };
        size |= usize::from(byte & 0x7f) << place.saturating_mul(7);
        if byte & 0x80 == 0 {
            return Length::Is(size);
        }
    }
    Length::Bad
}

/// The properties of one packet, as they stand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Properties<'a>(&'a [u8]);

impl<'a> Properties<'a> {
    /// Takes them from the front; versions before 5 have none.
    pub fn read(reader: &mut Reader<'a>, level: u8) -> Result<Self, Damage> {
        if level < 5 {
            return Ok(Self::default());
        }
        match length(reader) {
            Length::Is(size) => reader.take(size).map(Self).ok_or(CUT),
            Length::Unfinished => Err(CUT),
            Length::Bad => Err(LENGTH),
        }
    }

    /// The value of a property of that number, a length before it left out; empty without one.
    pub fn bytes(self, wanted: u8) -> &'a [u8] {
        let mut reader = Reader::new(self.0);
        for _ in 0..MAX_PROPERTIES {
            match property(&mut reader) {
                Some((kind, value)) if kind == wanted => return value,
                Some(_) => {}
                None => break,
            }
        }
        &[]
    }

    /// The value of a property of two bytes; 0 without one.
    pub fn number(self, wanted: u8) -> u16 {
        let value = self.bytes(wanted).try_into();
        value.map_or(0, u16::from_be_bytes)
    }
}

/// The next property; nothing when its kind is not known.
fn property<'a>(reader: &mut Reader<'a>) -> Option<(u8, &'a [u8])> {
    let kind = reader.u8()?;
    let value = match kind {
        0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28..=0x2a => reader.take(1)?,
        0x13 | 0x21 | 0x22 | TOPIC_ALIAS => reader.take(2)?,
        0x02 | 0x11 | 0x18 | 0x27 => reader.take(4)?,
        0x03 | 0x08 | 0x09 | ASSIGNED_CLIENT | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => {
            reader.block16()?
        }
        0x0b => match length(reader) {
            Length::Is(_) => &[],
            Length::Unfinished | Length::Bad => return None,
        },
        0x26 => {
            reader.block16()?;
            reader.block16()?
        }
        _ => return None,
    };
    Some((kind, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    const SAMPLE: &[u8] = b"\x14\x26\0\x01a\0\x01b\x01\x01\x0b\x80\x01\x02\0\0\0\x09\x23\0\x07";

    #[test]
    fn one_is_found_behind_others() {
        let properties = Properties::read(&mut Reader::new(SAMPLE), 5).unwrap();
        assert_eq!(properties.number(TOPIC_ALIAS), 7);
        assert_eq!(properties.bytes(0x26), b"b");
        assert_eq!(properties.bytes(ASSIGNED_CLIENT), b"");
        assert!(Properties::read(&mut Reader::new(&SAMPLE[..9]), 5).is_err());
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[SAMPLE], |bytes| {
            let _ = Properties::read(&mut Reader::new(bytes), 5)
                .map(|properties| (properties.number(TOPIC_ALIAS), properties.bytes(0xff)));
        });
    }
}
