//! IPv6 neighbour discovery (RFC 4861): which hardware address claims which IPv6 address.
use std::net::Ipv6Addr;

use crate::address::Mac;
use crate::bytes::array;

const ROUTER_SOLICITATION: u8 = 133;
const ROUTER_ADVERTISEMENT: u8 = 134;
const SOLICITATION: u8 = 135;
const ADVERTISEMENT: u8 = 136;
const SOURCE_LINK: u8 = 1;
const TARGET_LINK: u8 = 2;
const MOST_OPTIONS: usize = 16;

/// The claim a message of ICMP for IPv6 makes, if it makes one.
#[must_use]
pub fn claim(source: Ipv6Addr, message: &[u8]) -> Option<(Mac, Ipv6Addr)> {
    let (address, option, options) = match *message.first()? {
        ROUTER_SOLICITATION => (source, SOURCE_LINK, 8),
        ROUTER_ADVERTISEMENT => (source, SOURCE_LINK, 16),
        SOLICITATION => (source, SOURCE_LINK, 24),
        ADVERTISEMENT => (Ipv6Addr::from(array::<16>(message, 8)?), TARGET_LINK, 24),
        _ => return None,
    };
    if address.is_unspecified() || address.is_multicast() {
        return None; // still asking whether the address is free
    }
    let mac = link_option(message.get(options..)?, option)?;
    mac.is_unicast().then_some((mac, address))
}

fn link_option(mut options: &[u8], wanted: u8) -> Option<Mac> {
    for _ in 0..MOST_OPTIONS {
        let [kind, eights, ..] = options else {
            return None;
        };
        if *kind == wanted {
            return array(options, 2).map(Mac);
        }
        if *eights == 0 {
            return None;
        }
        options = options.get(usize::from(*eights) * 8..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advertisement_claims_its_target() {
        let target: Ipv6Addr = "fe80::7".parse().unwrap();
        let mut message = vec![ADVERTISEMENT, 0, 0, 0, 0, 0, 0, 0];
        message.extend(target.octets());
        message.extend([TARGET_LINK, 1, 2, 0, 0, 0, 0, 7]);
        let source = "fe80::1".parse().unwrap();
        assert_eq!(
            claim(source, &message),
            Some((Mac([2, 0, 0, 0, 0, 7]), target))
        );
        for end in 0..message.len() {
            assert_eq!(claim(source, &message[..end]), None);
        }
    }

    #[test]
    fn asking_whether_an_address_is_free_claims_nothing() {
        let mut message = vec![SOLICITATION; 24];
        message.extend([SOURCE_LINK, 1, 2, 0, 0, 0, 0, 7]);
        assert_eq!(claim(Ipv6Addr::UNSPECIFIED, &message), None);
    }
}
