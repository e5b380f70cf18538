//! Hardware addresses, and the text of addresses as the tables hold it.
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// A hardware address; all zeros where the link has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// The address of a link without addresses; its text is empty.
    pub const NONE: Self = Self([0; 6]);

    /// Whether there is no address.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Whether this can be the address of one device.
    #[must_use]
    pub fn is_unicast(self) -> bool {
        self.0[0] & 1 == 0 && !self.is_none()
    }

    /// The address as a number, its first byte the most significant.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
            .into_iter()
            .fold(0, |bits, byte| bits << 8 | u64::from(byte))
    }

    /// Appends `aa:bb:cc:dd:ee:ff`, or nothing when there is no address.
    pub fn write(self, text: &mut String) {
        if self.is_none() {
            return;
        }
        for (place, byte) in self.0.into_iter().enumerate() {
            if place > 0 {
                text.push(':');
            }
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Appends the canonical text of an address (RFC 5952 for IPv6).
pub fn write_ip(ip: IpAddr, text: &mut String) {
    match ip {
        IpAddr::V4(ip) => write_ipv4(ip, text),
        IpAddr::V6(ip) => {
            let _ = write!(text, "{ip}"); // writing to a String cannot fail
        }
    }
}

fn write_ipv4(ip: Ipv4Addr, text: &mut String) {
    for (place, byte) in ip.octets().into_iter().enumerate() {
        if place > 0 {
            text.push('.');
        }
        if byte >= 100 {
            text.push(char::from(b'0' + byte / 100));
        }
        if byte >= 10 {
            text.push(char::from(b'0' + byte / 10 % 10));
        }
        text.push(char::from(b'0' + byte % 10));
    }
}

/// Whether this can be the address of one host.
#[must_use]
pub fn is_host(ip: IpAddr) -> bool {
    !ip.is_unspecified() && !is_group(ip)
}

/// Whether this address stands for many hosts: multicast, or the limited broadcast.
#[must_use]
pub fn is_group(ip: IpAddr) -> bool {
    ip.is_multicast() || ip == IpAddr::V4(Ipv4Addr::BROADCAST)
}

/// An address as a number, for compact keys.
#[must_use]
pub fn bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

/// The address of a number made by [`bits`].
#[must_use]
pub fn from_bits(bits: u128, is_v6: bool) -> IpAddr {
    if is_v6 {
        IpAddr::V6(Ipv6Addr::from_bits(bits))
    } else {
        IpAddr::V4(Ipv4Addr::from_bits(bits as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_in_their_canonical_text() {
        let mut text = String::new();
        Mac([0x00, 0x1b, 0xff, 0x0a, 0xb0, 0x09]).write(&mut text);
        assert_eq!(text, "00:1b:ff:0a:b0:09");
        for ip in ["0.0.0.0", "10.200.3.45", "255.255.255.255", "fe80::1", "::"] {
            text.clear();
            write_ip(ip.parse().unwrap(), &mut text);
            assert_eq!(text, ip);
        }
    }

    #[test]
    fn an_address_survives_its_number() {
        for ip in ["192.168.1.1", "2001:db8::7"] {
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!(from_bits(bits(ip), ip.is_ipv6()), ip);
        }
    }
}
