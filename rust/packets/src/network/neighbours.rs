//! IPv6 neighbour discovery (RFC 4861): which hardware address claims which IPv6 address.
use std::net::{IpAddr, Ipv6Addr};

use crate::address::Mac;
use crate::bytes::array;
use crate::output::{At, Output};

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

/// Adds the sighting `ip.eui64` when the address a packet came from holds a hardware address.
pub fn sight_maker(at: At, sender: Mac, source: IpAddr, out: &mut Output) {
    let IpAddr::V6(address) = source else { return };
    if let Some(mac) = within(address).filter(|mac| *mac == sender || mac.0[0] & 2 == 0) {
        let mut text = String::with_capacity(17);
        mac.write(&mut text);
        out.sight(at, sender, Some(source), "ip.eui64", &text);
    }
}

/// The hardware address an interface id was made from (RFC 4291 appendix A). A local one may as well be chance: ids
/// that are drawn by lot are marked as local (RFC 4941 section 3.2.1).
fn within(address: Ipv6Addr) -> Option<Mac> {
    let [first, second, third, 0xff, 0xfe, rest @ ..] = array::<8>(&address.octets(), 8)? else {
        return None;
    };
    let mac = Mac([first ^ 2, second, third, rest[0], rest[1], rest[2]]);
    mac.is_unicast().then_some(mac)
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
    use crate::link::Vlan;

    #[test]
    fn an_address_made_from_a_hardware_address_tells_it() {
        let mut out = Output::new(10, "lan", &[]);
        let at = At {
            time: 1,
            vlan: Vlan::default(),
        };
        let sender = Mac([2, 0, 0, 0, 0, 9]);
        for (source, told) in [
            ("2001:db8::21b:ffff:fe0a:b009", 1),
            ("fe80::ff:fe00:9", 2),
            ("fe80::ff:fe00:8", 2),
            ("2001:db8::7", 2),
            ("10.0.0.1", 2),
        ] {
            sight_maker(at, sender, source.parse().unwrap(), &mut out);
            assert_eq!(out.tables.sightings.len(), told, "{source}");
        }
        let mac = within("fe80::21b:ffff:fe0a:b009".parse().unwrap());
        assert_eq!(mac, Some(Mac([0x00, 0x1b, 0xff, 0x0a, 0xb0, 0x09])));
    }

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
