//! What datagrams carry: by content, with the port where the content has no mark of its own.
use super::{Talk, dhcp, names};
use crate::address::write_ip;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::{coap, dhcpv6, dns, llmnr, mdns, nbns, ntp, sip, snmp, ssdp, tftp};

type LooksLike = fn(&[u8]) -> bool;

/// Services of which no more is told than their name: the usual port, and how the content looks.
const NAMED_ONLY: [(u16, LooksLike, &str); 5] = [
    (161, snmp::looks_like, snmp::NAME),
    (162, snmp::looks_like, snmp::NAME),
    (69, tftp::looks_like, tftp::NAME),
    (5060, sip::looks_like, sip::NAME),
    (5683, coap::looks_like, coap::NAME),
];

/// Reads a datagram; returns the service it belongs to.
pub fn see(talk: &Talk, payload: &[u8], out: &mut Output) -> Option<&'static str> {
    let has = |port| talk.has_port(port);
    if has(53) {
        return names::see_dns(talk, payload, out).then_some(dns::NAME);
    }
    if has(5353) {
        return names::see_mdns(talk, payload, out).then_some(mdns::NAME);
    }
    if has(5355) {
        return names::see_llmnr(talk, payload, out).then_some(llmnr::NAME);
    }
    if has(137) {
        return names::see_nbns(talk, payload, out).then_some(nbns::NAME);
    }
    if has(67) || has(68) || has(546) || has(547) {
        return dhcp::see(talk, payload, out).then_some(dhcpv6::NAME);
    }
    if has(123) {
        return see_ntp(talk, payload, out).then_some(ntp::NAME);
    }
    if ssdp::looks_like(payload) {
        return see_ssdp(talk, payload, out).then_some(ssdp::NAME);
    }
    NAMED_ONLY
        .iter()
        .find(|(port, looks_like, _)| has(*port) && looks_like(payload))
        .map(|named| named.2)
}

fn see_ntp(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    match ntp::parse(payload) {
        Parsed::Done(message, _) => {
            if message.mode == ntp::Mode::Client {
                let mut server = String::new();
                write_ip(talk.to.ip, &mut server);
                talk.sight(out, "ntp.client", &server);
            }
            true
        }
        other => super::is_ours(&other, out),
    }
}

fn see_ssdp(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    match ssdp::parse(payload) {
        Parsed::Done(message, _) => {
            for (field, value) in message.sightings() {
                talk.sight(out, field, value);
            }
            true
        }
        other => super::is_ours(&other, out),
    }
}
