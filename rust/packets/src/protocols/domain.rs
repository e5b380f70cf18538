//! Domain names on the wire (RFC 1035 sections 2.3.4, 3.1 and 4.1.4).

use super::reader::Reader;
use super::text::{escape, printable};
use crate::damage::Damage;

/// The most jumps of one compressed name; real ones need one or two.
const MAX_HOPS: usize = 32;
/// The most bytes of a name on the wire (RFC 1035 section 2.3.4).
const MAX_NAME: usize = 255;

const CUT: Damage = Damage("dns: cut short");
const LOOPS: Damage = Damage("dns: name loops");
const LABEL: Damage = Damage("dns: unknown label type");
const LONG: Damage = Damage("dns: name too long");

/// A name as its labels, in the case it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Vec<u8>);

impl Name {
    /// Lower case, dots between, no final one; what is not printable ASCII as `\DDD`, a dot or backslash within a
    /// label with a backslash before it. The root is `.`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for label in self.labels() {
            if !text.is_empty() {
                text.push('.');
            }
            for byte in label {
                match byte {
                    b'.' | b'\\' => text.extend(['\\', char::from(*byte)]),
                    b' '..=b'~' => text.push(char::from(byte.to_ascii_lowercase())),
                    _ => escape(&mut text, &[*byte]),
                }
            }
        }
        if text.is_empty() {
            ".".to_owned()
        } else {
            text
        }
    }

    /// The labels, in the case they were sent.
    pub fn labels(&self) -> impl Iterator<Item = &[u8]> {
        let mut reader = Reader::new(&self.0);
        std::iter::from_fn(move || reader.block8())
    }

    /// One label as people wrote it: UTF-8 and upper case kept (RFC 6763 section 4.1.1).
    #[must_use]
    pub fn label(&self, index: usize) -> String {
        self.labels().nth(index).map(printable).unwrap_or_default()
    }

    /// Whether this is the root, or no name at all.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads one name at `at` and moves `at` behind it. A jump must lead before the place it was met, so that no name
/// loops.
pub(super) fn read_name(bytes: &[u8], at: &mut usize) -> Result<Name, Damage> {
    let mut name = Vec::new();
    let mut place = *at;
    let mut end = None;
    for _ in 0..MAX_HOPS {
        let start = place;
        let jump = loop {
            let mut reader = Reader::new(bytes.get(place..).unwrap_or_default());
            let length = reader.u8().ok_or(CUT)?;
            match length >> 6 {
                0 => {
                    let label = reader.take(usize::from(length)).ok_or(CUT)?;
                    place = place.saturating_add(reader.at());
                    if length == 0 {
                        break None;
                    }
                    name.push(length);
                    name.extend_from_slice(label);
                    if name.len() >= MAX_NAME {
                        return Err(LONG);
                    }
                }
                3 => {
                    let low = reader.u8().ok_or(CUT)?;
                    place = place.saturating_add(reader.at());
                    break Some(usize::from(u16::from_be_bytes([length & 0x3f, low])));
                }
                _ => return Err(LABEL),
            }
        };
        let behind = *end.get_or_insert(place);
        match jump {
            None => {
                *at = behind;
                return Ok(Name(name));
            }
            Some(target) if target < start => place = target,
            Some(_) => return Err(LOOPS),
        }
    }
    Err(LOOPS)
}

/// A name in plain wire form without compression, as DHCP carries it; a missing final root is forgiven.
pub(super) fn read_plain_name(bytes: &[u8]) -> Option<Name> {
    let mut rooted = bytes.to_vec();
    rooted.push(0);
    read_name(&rooted, &mut 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_on_where_it_jumps_to_and_the_reading_behind_the_jump() {
        let bytes = b"\x03Org\0\x03www\xc0\0rest";
        let mut at = 5;
        let name = read_name(bytes, &mut at).unwrap();
        assert_eq!(
            (name.text().as_str(), name.label(1).as_str(), at),
            ("www.org", "Org", 11)
        );
    }

    #[test]
    fn the_root_is_a_dot() {
        let root = read_name(b"\0", &mut 0).unwrap();
        assert!(root.is_root() && root.text() == ".");
    }

    #[test]
    fn many_jumps_are_damage_though_none_loops() {
        let mut bytes = vec![0, 0];
        for target in 0..100_u8 {
            bytes.extend([0xc0, target.saturating_sub(1) * 2]);
        }
        let mut at = bytes.len() - 2;
        assert_eq!(read_name(&bytes, &mut at), Err(LOOPS));
    }
}
