//! Spanning tree, plain and rapid (IEEE 802.1D-2004 clause 9): which bridges there are and which is the root.

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// What frames that speak this are called.
pub const NAME: &str = "stp";

/// One message between bridges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Message {
    /// Priority and address of the bridge taken for the root; none in a notice of change.
    pub root: Option<[u8; 8]>,
    /// Those of the sender.
    pub bridge: Option<[u8; 8]>,
}

impl Message {
    /// root when the sender takes itself for that, else bridge.
    #[must_use]
    pub fn role(&self) -> &'static str {
        if self.root.is_some() && self.root == self.bridge {
            "root"
        } else {
            "bridge"
        }
    }
}

/// Whether the bytes begin a message of a known version and type.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 0..=4, 0 | 2 | 0x80, ..])
}

/// A whole frame without its link layer.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    if bytes.get(3) == Some(&0x80) {
        return Parsed::Done(Message::default(), 4);
    }
    let mut reader = Reader::new(bytes);
    let read = read_rest(&mut reader).ok_or(Damage("stp: message short"));
    Parsed::from_result(read, reader.at())
}

fn read_rest(reader: &mut Reader) -> Option<Message> {
    reader.take(5)?; // protocol, version, type, flags
    let root = Some(reader.array()?);
    reader.u32()?; // cost of the path
    let bridge = Some(reader.array()?);
    Some(Message { root, bridge })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn message(root: u8, bridge: u8) -> Vec<u8> {
        [
            &[0, 0, 2, 2, 0x3c][..],
            &[root; 8],
            &[0; 4],
            &[bridge; 8],
            &[0; 10],
        ]
        .concat()
    }

    #[test]
    fn the_root_names_itself() {
        assert_eq!(done(parse(&message(1, 1))).role(), "root");
        assert_eq!(done(parse(&message(1, 2))).role(), "bridge");
        assert_eq!(done(parse(&[0, 0, 0, 0x80])).role(), "bridge");
    }

    #[test]
    fn what_is_cut_is_damage_and_other_types_are_foreign() {
        assert_eq!(damage(parse(&message(1, 1)[..20])), "stp: message short");
        assert_eq!(parse(&[0, 1, 0, 0]), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&message(1, 2)], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
