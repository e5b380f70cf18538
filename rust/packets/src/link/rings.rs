//! Networks older than Ethernet's reign or beside it that still carry IP behind a logical link: FDDI, token ring
//! (IEEE 802.5), and IP over Fibre Channel (RFC 2625).
use super::{Carried, bare, ether, logical};
use crate::address::Mac;
use crate::bytes::array;
use crate::damage::Damage;

const SHORT: Damage = Damage("ring: header short");

/// FDDI: a byte of control before the addresses.
pub fn fddi(data: &[u8]) -> Result<Carried<'_>, Damage> {
    const ASYNCHRONOUS: u8 = 0x50;
    let control = *data.first().ok_or(SHORT)?;
    let is_data = control & 0xf0 == ASYNCHRONOUS || control & 0x70 == ASYNCHRONOUS;
    linked(data, (1, 7), 13, is_data)
}

/// Token ring: two bytes of control before the addresses; a path through bridges may follow them.
pub fn token(data: &[u8]) -> Result<Carried<'_>, Damage> {
    const HAS_PATH: u8 = 0x80;
    const CARRIES: u8 = 0x40;
    let control = *data.get(1).ok_or(SHORT)?;
    let has_path = data.get(8).ok_or(SHORT)? & HAS_PATH != 0;
    let path = if has_path {
        usize::from(data.get(14).ok_or(SHORT)? & 0x1f)
    } else {
        0
    };
    let mut carried = linked(data, (2, 8), 14 + path, control & 0xc0 == CARRIES)?;
    carried.from.0[0] &= !HAS_PATH;
    Ok(carried)
}

/// IP over Fibre Channel: two names of eight bytes, which end with the hardware addresses.
pub fn fibre(data: &[u8]) -> Result<Carried<'_>, Damage> {
    linked(data, (2, 10), 16, true)
}

/// A frame with receiver and sender at these places, and behind that header a logical link if it carries anything.
fn linked(
    data: &[u8],
    (to, from): (usize, usize),
    header: usize,
    is_data: bool,
) -> Result<Carried<'_>, Damage> {
    let payload = data.get(header..).ok_or(SHORT)?;
    let carried = Carried {
        to: array(data, to).map(Mac).ok_or(SHORT)?,
        from: array(data, from).map(Mac).ok_or(SHORT)?,
        ..bare(ether::UNFOLLOWED, payload)
    };
    Ok(if is_data {
        logical(carried, payload.len())
    } else {
        carried
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::read as link;
    use crate::protocols::testing::never_panics;

    const ENDS: [u8; 12] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
    const IP: [u8; 9] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45];

    fn is_ip(kind: u16, data: &[u8]) {
        let carried = link(kind, data).unwrap();
        assert_eq!(carried.to, Mac([2, 0, 0, 0, 0, 1]));
        assert_eq!(carried.from, Mac([2, 0, 0, 0, 0, 2]));
        assert_eq!((carried.ether, carried.payload), (ether::IPV4, &[0x45][..]));
    }

    #[test]
    fn the_logical_link_is_found() {
        is_ip(10, &[&[0x50][..], &ENDS, &IP].concat());
        is_ip(6, &[&[0x10, 0x40][..], &ENDS, &IP].concat());
        let mut routed = [&[0x10, 0x40][..], &ENDS, &[4, 0, 9, 9], &IP].concat();
        routed[8] |= 0x80;
        is_ip(6, &routed);
        let names = [&[0x10, 0][..], &ENDS[..6], &[0x10, 0], &ENDS[6..], &IP].concat();
        is_ip(122, &names);
    }

    #[test]
    fn frames_of_the_ring_itself_carry_nothing() {
        let claim = [&[0xc3][..], &ENDS, &IP].concat();
        assert_eq!(link(10, &claim).unwrap().ether, ether::UNFOLLOWED);
    }

    #[test]
    fn it_never_panics() {
        let routed = [&[0x10, 0x40][..], &[0xff; 12], &[31, 0], &IP].concat();
        never_panics(&[&routed], |bytes| {
            for kind in [6, 10, 122] {
                let _ = link(kind, bytes);
            }
        });
    }
}
