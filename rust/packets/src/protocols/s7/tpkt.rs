//! TPKT (RFC 1006) and the transport of ISO 8073 within: what carries the messages of S7.

use super::SHORT;
use crate::damage::{Damage, Parsed};
use crate::protocols::reader::Reader;

/// The longest TPKT that is taken for one; sessions agree on far less.
const MAX_PACKET: usize = 8192;

/// One TPKT: what kind of transport message it holds, whether it is the last of its message, and its data.
pub(super) fn packet(bytes: &[u8]) -> Parsed<(u8, bool, &[u8])> {
    let mut reader = Reader::new(bytes);
    let (Some([version, _]), Some(length)) = (reader.array(), reader.u16()) else {
        let is_ours = bytes.first().is_none_or(|version| *version == 3);
        return if is_ours {
            Parsed::More(4_usize.saturating_sub(bytes.len()))
        } else {
            Parsed::Foreign
        };
    };
    let length = usize::from(length);
    if version != 3 {
        return Parsed::Foreign;
    }
    if !(7..=MAX_PACKET).contains(&length) {
        return Parsed::Damaged(Damage("s7comm: bad length"));
    }
    let Some(body) = reader.take(length.saturating_sub(4)) else {
        return Parsed::More(length.saturating_sub(bytes.len()));
    };
    Parsed::from_result(transport(body).ok_or(SHORT), length)
}

fn transport(body: &[u8]) -> Option<(u8, bool, &[u8])> {
    let mut reader = Reader::new(body);
    let header = reader.block8()?;
    let (kind, rest) = header.split_first()?;
    if kind & 0xf0 == 0xf0 {
        let is_last = rest.first()? & 0x80 != 0;
        return Some((0xf0, is_last, reader.rest()));
    }
    Some((kind & 0xf0, true, rest.get(5..).unwrap_or_default()))
}

/// Rack and slot in the called address (parameter 0xc2) of a connection request.
pub(super) fn place(parameters: &[u8]) -> Option<String> {
    let mut reader = Reader::new(parameters);
    while !reader.is_empty() {
        let (kind, value) = (reader.u8()?, reader.block8()?);
        if let (0xc2, [1..=3, place]) = (kind, value) {
            return Some(format!("rack {} slot {}", place >> 5, place & 0x1f));
        }
    }
    None
}
