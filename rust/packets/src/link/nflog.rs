//! Packets as Linux's packet filter logs them (`nflog`): a header, then fields one of which is the packet.
use super::{Carried, bare, ether};
use crate::address::Mac;
use crate::bytes::array;
use crate::damage::Damage;

/// The most fields of one packet.
const MOST_FIELDS: usize = 64;
const SHORT: Damage = Damage("nflog: header short");

/// The packet, and the hardware address of its sender where it is told.
pub fn read(data: &[u8]) -> Result<Carried<'_>, Damage> {
    // Lengths and types stand in the order of the capturing machine, which the packet does not say.
    let fields = |word: fn([u8; 2]) -> u16| {
        carried(data, word).filter(|carried| !carried.payload.is_empty())
    };
    fields(u16::from_le_bytes)
        .or_else(|| fields(u16::from_be_bytes))
        .ok_or(SHORT)
}

fn carried(data: &[u8], word: fn([u8; 2]) -> u16) -> Option<Carried<'_>> {
    const SENDER: u16 = 8;
    const PACKET: u16 = 9;
    let mut carried = bare(
        match data.first()? {
            2 => ether::IPV4,
            10 => ether::IPV6,
            _ => ether::UNFOLLOWED,
        },
        &[],
    );
    let mut rest = data.get(4..)?;
    for _ in 0..MOST_FIELDS {
        let (Some(size), Some(kind)) = (array(rest, 0).map(word), array(rest, 2).map(word)) else {
            break;
        };
        let size = usize::from(size);
        if size < 4 {
            return None;
        }
        let value = &rest[4..size.min(rest.len())];
        match kind & 0x7fff {
            SENDER => carried.from = array(value, 4).map_or(Mac::NONE, Mac),
            PACKET => carried.payload = value, // may be cut, as any packet
            _ => {}
        }
        rest = rest.get(size.next_multiple_of(4)..).unwrap_or_default();
    }
    Some(carried)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::read as link;
    use crate::protocols::testing::never_panics;

    const LITTLE: &[u8] = b"\x02\0\0\0\x10\0\x08\0\0\x06\0\0\x02\0\0\0\0\x09\0\0\x07\0\x01\0abc\0\x06\0\x09\0\x45\x01";
    const BIG: &[u8] = b"\x0a\0\0\0\0\x06\0\x09\x60\x01";

    #[test]
    fn the_packet_is_found_among_the_fields() {
        let carried = link(239, LITTLE).unwrap();
        assert_eq!(carried.from, Mac([2, 0, 0, 0, 0, 9]));
        assert_eq!(
            (carried.ether, carried.payload),
            (ether::IPV4, &[0x45, 1][..])
        );
        let carried = link(239, BIG).unwrap();
        assert_eq!(
            (carried.ether, carried.payload),
            (ether::IPV6, &[0x60, 1][..])
        );
    }

    #[test]
    fn without_a_packet_it_is_damage() {
        assert_eq!(link(239, &LITTLE[..20]), Err(SHORT));
        assert_eq!(link(239, b"\x02\0\0\0\0\0\0\0"), Err(SHORT));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[LITTLE, BIG], |bytes| {
            let _ = link(239, bytes);
        });
    }
}
