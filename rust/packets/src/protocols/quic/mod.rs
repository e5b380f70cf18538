//! QUIC's packets with long headers (RFC 8999, RFC 9000, RFC 9369), of which the first carry the client's hello under
//! keys that everybody can derive.

mod frames;
pub mod keys;
pub mod opening;
mod varint;

pub use opening::Opening;

use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use varint::varint;

/// The service name of flows that speak this.
pub const NAME: &str = "quic";
/// The most bytes of a connection's id (RFC 9000 section 17.2).
const MAX_ID: usize = 20;
/// The fewest bytes of the id that a client begins with (RFC 9000 section 7.2).
const MIN_FIRST_ID: u8 = 8;
/// Version 1.
pub const V1: u32 = 1;
/// Version 2.
pub const V2: u32 = 0x6b33_43cf;
/// The last draft of version 1.
const LAST_DRAFT: u32 = 0xff00_0022;

const CUT: Damage = Damage("quic: cut short");

/// What a packet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Initial,
    EarlyData,
    Handshake,
    Retry,
    /// The server's list of versions.
    Versions,
    /// Of a version whose packets are not known.
    Unknown,
}

/// The long header of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub kind: Kind,
    pub version: u32,
    /// The id of whom it is sent to.
    pub to: Vec<u8>,
    /// The id of who sent it.
    pub from: Vec<u8>,
    /// Where its number begins, which is enciphered; its end for kinds without one.
    pub number_at: usize,
}

/// Whether the datagram begins a client's connection.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [first @ 0xc0..=0xff, a, b, c, d, id_size, ..] = *bytes else {
        return false;
    };
    let version = u32::from_be_bytes([a, b, c, d]);
    match version {
        V1 | V2 | 0xff00_0017..=LAST_DRAFT => {
            let is_initial = kind_of(version, first) == Kind::Initial;
            is_initial && (MIN_FIRST_ID..=MAX_ID as u8).contains(&id_size)
        }
        // What Google's and Meta's own versions bear: Q046, T051; those of mvfst.
        _ => {
            matches!([a, b, c, d], [b'Q' | b'T', b'0', b'0'..=b'9', b'0'..=b'9'])
                || version >> 8 == 0x00fa_ceb0
        }
    }
}

/// A version by its name: 1, 2, draft-29; others as 0x51303436.
#[must_use]
pub fn version_name(version: u32) -> String {
    match version {
        V1 => "1".to_owned(),
        V2 => "2".to_owned(),
        0xff00_0001..=LAST_DRAFT => format!("draft-{}", version & 0xff),
        _ => format!("0x{version:08x}"),
    }
}

/// The header of the packet a datagram begins with, and how many bytes the packet takes.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let Some(first @ 0x80..=0xff) = bytes.first().copied() else {
        return Parsed::Foreign;
    };
    match header(first, bytes) {
        Some((message, end)) if end <= bytes.len() => Parsed::Done(message, end),
        _ => Parsed::Damaged(CUT),
    }
}

fn header(first: u8, bytes: &[u8]) -> Option<(Message, usize)> {
    let mut reader = Reader::new(bytes);
    reader.u8()?;
    let version = reader.u32()?;
    let kind = kind_of(version, first);
    let to = reader.block8().filter(|id| id.len() <= MAX_ID)?.to_vec();
    let from = reader.block8().filter(|id| id.len() <= MAX_ID)?.to_vec();
    let mut end = bytes.len();
    let mut number_at = end;
    if kind == Kind::Initial {
        let token = varint(&mut reader)?;
        reader.take(usize::try_from(token).ok()?)?;
    }
    if matches!(kind, Kind::Initial | Kind::EarlyData | Kind::Handshake) {
        let size = usize::try_from(varint(&mut reader)?).ok()?;
        number_at = reader.at();
        end = number_at.checked_add(size)?;
    }
    let message = Message {
        kind,
        version,
        to,
        from,
        number_at,
    };
    Some((message, end))
}

/// What the first byte says in that version.
fn kind_of(version: u32, first: u8) -> Kind {
    let kinds = [Kind::Initial, Kind::EarlyData, Kind::Handshake, Kind::Retry];
    let place = usize::from(first >> 4 & 3);
    match version {
        0 => Kind::Versions,
        // Version 2 numbers them from its Retry on (RFC 9369 section 3.2).
        V2 => kinds[(place + 3) % 4],
        V1 | 0xff00_0001..=LAST_DRAFT => kinds[place],
        _ => Kind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const HEADER: &[u8] = b"\xc3\0\0\0\x01\x08abcdefgh\x01z\0\x41\x00";

    fn packet() -> Vec<u8> {
        [HEADER, &[0; 256]].concat()
    }

    #[test]
    fn a_header_tells_version_ids_and_extent() {
        let message = done(parse(&packet()));
        assert_eq!((message.kind, message.version), (Kind::Initial, V1));
        assert_eq!(
            (&message.to[..], &message.from[..]),
            (&b"abcdefgh"[..], &b"z"[..])
        );
        assert_eq!(message.number_at, HEADER.len());
        assert!(looks_like(&packet()));
        assert_eq!(damage(parse(&packet()[..99])), "quic: cut short");
        assert_eq!(parse(b"\x40abc"), Parsed::Foreign);
    }

    #[test]
    fn versions_have_names_and_number_their_packets_in_their_own_way() {
        let names = [V1, V2, 0xff00_001d, 0x5130_3436].map(version_name);
        assert_eq!(names, ["1", "2", "draft-29", "0x51303436"]);
        assert_eq!(kind_of(V2, 0xd0), Kind::Initial);
        assert_eq!(kind_of(V2, 0xc0), Kind::Retry);
        assert_eq!(kind_of(0, 0xc0), Kind::Versions);
        assert!(looks_like(b"\xc3Q046\x50abcdefgh"));
        assert!(!looks_like(b"\xc0\0\0\0\x01\x04abcd"));
        assert!(!looks_like(b"\xe0\0\0\0\x01\x08abcdefgh"));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&packet()], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
