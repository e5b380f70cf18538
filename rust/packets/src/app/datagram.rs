//! What datagrams carry: by content, with the port where the content has no mark of its own.
use super::{Talk, dhcp, names, ot};
use crate::address::write_ip;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::{coap, dhcpv6, dns, llmnr, mdns, nbns, ntp, sip, snmp, ssdp, tftp, wsd};

type LooksLike = fn(&[u8]) -> bool;

type See = fn(&Talk, &[u8], &mut Output) -> bool;

/// Services told by how the content looks at their usual port, and what reads them.
const BY_PORT: [(u16, LooksLike, See, &str); 6] = [
    (161, snmp::looks_like, see_snmp, snmp::NAME),
    (162, snmp::looks_like, see_snmp, snmp::NAME),
    (69, tftp::looks_like, see_nothing, tftp::NAME),
    (3702, wsd::looks_like, see_wsd, wsd::NAME),
    (5060, sip::looks_like, see_sip, sip::NAME),
    (5683, coap::looks_like, see_coap, coap::NAME),
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
    BY_PORT
        .iter()
        .find(|(port, looks_like, ..)| has(*port) && looks_like(payload))
        .filter(|(_, _, see, _)| see(talk, payload, out))
        .map(|found| found.3)
        .or_else(|| ot::see(talk, payload, out))
}

/// Of some services no more is told than their name.
fn see_nothing(_: &Talk, _: &[u8], _: &mut Output) -> bool {
    true
}

fn see_snmp(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(snmp::parse(payload), out, |message, out| {
        if message.operation == "response" {
            talk.sight(out, "snmp.description", &message.description);
        }
    })
}

fn see_wsd(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(wsd::parse(payload), out, |message, out| {
        for (field, value) in message.sightings() {
            talk.sight(out, field, value);
        }
    })
}

fn see_sip(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(sip::parse(payload), out, |message, out| {
        talk.sight(out, "sip.agent", &message.agent);
    })
}

fn see_coap(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(coap::parse(payload), out, |message, out| {
        talk.sight(out, "coap.path", &message.path);
    })
}

/// Tells a message that could be read; returns whether it was one of the protocol.
fn tell<T>(parsed: Parsed<T>, out: &mut Output, say: impl FnOnce(&T, &mut Output)) -> bool {
    match parsed {
        Parsed::Done(message, _) => {
            say(&message, out);
            true
        }
        other => super::is_ours(&other, out),
    }
}

fn see_ntp(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(ntp::parse(payload), out, |message, out| {
        if message.mode == ntp::Mode::Client {
            let mut server = String::new();
            write_ip(talk.to.ip, &mut server);
            talk.sight(out, "ntp.client", &server);
        }
    })
}

fn see_ssdp(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(ssdp::parse(payload), out, |message, out| {
        for (field, value) in message.sightings() {
            talk.sight(out, field, value);
        }
    })
}
