//! Links from point to point: PPP (RFC 1661, RFC 1662), Cisco's HDLC, and Frame Relay (RFC 2427). They have no hardware
//! addresses.
use super::{Carried, bare, ether, logical, typed};
use crate::bytes::be16;
use crate::damage::Damage;

/// The most bytes of an address of Frame Relay (Q.922).
const MOST_ADDRESS: usize = 4;
const SHORT: Damage = Damage("serial: header short");

/// PPP, with the address and control bytes of HDLC or without; on serial lines also Cisco's HDLC.
pub fn ppp(data: &[u8]) -> Result<Carried<'_>, Damage> {
    match data {
        [0xff, 3, rest @ ..] => numbered(rest),
        [0x0f | 0x8f, 0, ..] => cisco(data),
        _ => numbered(data),
    }
}

/// PPP behind a byte for the direction.
pub fn directed(data: &[u8]) -> Result<Carried<'_>, Damage> {
    ppp(data.get(1..).ok_or(SHORT)?)
}

/// A session of PPP over Ethernet, without Ethernet.
pub fn session(data: &[u8]) -> Result<Carried<'_>, Damage> {
    typed(bare(0x8864, data))
}

/// Behind PPP's own number of a protocol; one byte of it may be left out (RFC 1661 section 6.5).
fn numbered(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let (number, payload) = match data {
        [low, rest @ ..] if low & 1 == 1 => (u16::from(*low), rest),
        [high, low, rest @ ..] => (u16::from_be_bytes([*high, *low]), rest),
        _ => return Err(SHORT),
    };
    match number {
        0x0021 => Ok(bare(ether::IPV4, payload)),
        0x0057 => Ok(bare(ether::IPV6, payload)),
        0x0281 => typed(bare(0x8847, payload)),
        _ => Ok(bare(ether::UNFOLLOWED, payload)),
    }
}

/// Cisco's HDLC: an address, a byte of control, and an ether type.
pub fn cisco(data: &[u8]) -> Result<Carried<'_>, Damage> {
    match be16(data, 2).ok_or(SHORT)? {
        0x8035 | 0..=1500 => Ok(bare(ether::UNFOLLOWED, &data[4..])), // its own control
        kind => typed(bare(kind, &data[4..])),
    }
}

/// Frame Relay: an address, a byte of control, and the number of a network protocol or a SNAP header.
pub fn frame_relay(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let ends = data
        .iter()
        .take(MOST_ADDRESS)
        .position(|byte| byte & 1 == 1);
    let address = ends.ok_or(SHORT)? + 1;
    match data.get(address..).unwrap_or_default() {
        [3, 0xcc, payload @ ..] => Ok(bare(ether::IPV4, payload)),
        [3, 0x8e, payload @ ..] => Ok(bare(ether::IPV6, payload)),
        [3, 0x80, rest @ ..] | [3, 0, 0x80, rest @ ..] => match rest {
            [0, 0x80, 0xc2, 0, 1 | 7, frame @ ..] => super::read(1, frame), // bridged Ethernet
            [0, 0, 0, high, low, payload @ ..] => {
                typed(bare(u16::from_be_bytes([*high, *low]), payload))
            }
            _ => Ok(bare(ether::UNFOLLOWED, rest)),
        },
        [] => Err(SHORT),
        // Cisco's own form: the ether type at once.
        [high @ 8..=0xff, low, payload @ ..] => {
            typed(bare(u16::from_be_bytes([*high, *low]), payload))
        }
        rest => Ok(bare(ether::UNFOLLOWED, rest)),
    }
}

/// A logical link and nothing before it, as on ATM (RFC 2684).
pub fn logical_link(data: &[u8]) -> Carried<'_> {
    logical(bare(ether::NONE, data), data.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::read as link;
    use crate::protocols::testing::never_panics;

    fn is_ip(kind: u16, data: &[u8]) {
        let carried = link(kind, data).unwrap();
        assert_eq!(
            (carried.ether, carried.payload),
            (ether::IPV4, &[0x45][..]),
            "{kind} {data:?}"
        );
    }

    #[test]
    fn ppp_is_read_in_its_forms() {
        is_ip(9, &[0xff, 3, 0, 0x21, 0x45]);
        is_ip(9, &[0, 0x21, 0x45]);
        is_ip(50, &[0xff, 3, 0x21, 0x45]);
        is_ip(50, &[0x0f, 0, 8, 0, 0x45]);
        is_ip(204, &[1, 0xff, 3, 0, 0x21, 0x45]);
        is_ip(51, &[0x11, 0, 0, 7, 0, 3, 0, 0x21, 0x45]);
        assert_eq!(link(9, &[0xc0, 0x21, 1]).unwrap().ether, ether::UNFOLLOWED);
    }

    #[test]
    fn lines_of_providers_are_read() {
        is_ip(104, &[0x0f, 0, 8, 0, 0x45]);
        is_ip(107, &[0x18, 0x41, 3, 0xcc, 0x45]);
        is_ip(107, &[0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0, 0x45]);
        is_ip(107, &[0x18, 0x41, 8, 0, 0x45]);
        is_ip(100, &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45]);
    }

    #[test]
    fn it_never_panics() {
        let samples: [&[u8]; 2] = [&[0xff, 3, 0, 0x21], &[0x18, 0x41, 3, 0x80, 0, 0, 0, 8, 0]];
        never_panics(&samples, |bytes| {
            for kind in [9, 50, 51, 100, 104, 107, 204] {
                let _ = link(kind, bytes);
            }
        });
    }
}
