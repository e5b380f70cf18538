//! ARP over Ethernet, or another network of IEEE 802, and IPv4 (RFC 826, RFC 1042).
use std::net::Ipv4Addr;

use crate::address::Mac;
use crate::bytes::{array, be16};
use crate::damage::Damage;

/// One ARP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arp {
    /// `request` or `reply`.
    pub operation: &'static str,
    /// Whose binding is told.
    pub sender: (Mac, Ipv4Addr),
    /// Who is asked or answered.
    pub target: (Mac, Ipv4Addr),
}

/// Reads a message; nothing where it is about other addresses or operations (of reverse or inverse ARP).
pub fn read(data: &[u8]) -> Result<Option<Arp>, Damage> {
    let short = Damage("arp: message short");
    let kinds = array::<6>(data, 0).ok_or(short)?;
    let operation = match be16(data, 6).ok_or(short)? {
        1 => "request",
        2 => "reply",
        _ => return Ok(None),
    };
    // Ethernet, or another network of IEEE 802, which says so behind a SNAP header.
    if !matches!(kinds, [0, 1 | 6, 8, 0, 6, 4]) {
        return Ok(None);
    }
    let side = |at| {
        Some((
            Mac(array(data, at)?),
            Ipv4Addr::from(array::<4>(data, at + 6)?),
        ))
    };
    let sender = side(8).ok_or(short)?;
    let target = side(18).ok_or(short)?;
    Ok(Some(Arp {
        operation,
        sender,
        target,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_networks_of_ieee_802_are_read_and_other_addresses_are_not() {
        let of = |hardware, size| {
            let mut data = [0; 28];
            data[..8].copy_from_slice(&[0, hardware, 8, 0, size, 4, 0, 1]);
            read(&data).unwrap()
        };
        assert_eq!(of(6, 6).unwrap().operation, "request");
        assert_eq!((of(7, 6), of(1, 8)), (None, None));
    }

    #[test]
    fn a_reply_tells_a_binding() {
        let data = [
            0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2,
        ];
        let arp = read(&data).unwrap().unwrap();
        assert_eq!(arp.operation, "reply");
        assert_eq!(
            arp.sender,
            (Mac([2, 0, 0, 0, 0, 1]), Ipv4Addr::new(10, 0, 0, 1))
        );
        for end in 0..data.len() {
            assert!(read(&data[..end]).is_err());
        }
    }
}
