//! What datagrams carry: by content, with the port where the content has no mark of its own.
use super::messages::{tell_kerberos, tell_ldap, tell_tplink};
use super::{Talk, dhcp, files, logins, names, ot};
use crate::address::write_ip;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::{
    coap, dhcpv6, dns, kerberos, ldap, llmnr, mdns, miio, nbns, ntp, sip, snmp, ssdp, tftp, tplink,
    tuya, wsd,
};

type LooksLike = fn(&[u8]) -> bool;

type See = fn(&Talk, &[u8], &mut Output) -> bool;

/// Services told by how the content looks at their usual port, and what reads them.
const BY_PORT: [(u16, LooksLike, See, &str); 15] = [
    (8053, dns::looks_like, names::see_dns, dns::NAME), // of servers that may not open port 53
    (161, snmp::looks_like, see_snmp, snmp::NAME),
    (162, snmp::looks_like, see_snmp, snmp::NAME),
    (69, tftp::looks_like, files::see_request, tftp::NAME),
    (3702, wsd::looks_like, see_wsd, wsd::NAME),
    (5060, sip::looks_like, see_sip, sip::NAME),
    (5683, coap::looks_like, super::coap::see, coap::NAME),
    (6666, tuya::looks_like, see_tuya, tuya::NAME),
    (6667, tuya::looks_like, see_tuya, tuya::NAME),
    (7000, tuya::looks_like, see_tuya, tuya::NAME),
    (9999, tplink::looks_like, see_tplink, tplink::NAME),
    (20002, tplink::looks_like, see_tplink, tplink::NAME),
    (54321, miio::looks_like, see_miio, miio::NAME),
    (88, kerberos::looks_like, see_kerberos, kerberos::NAME),
    (389, ldap::looks_like, see_ldap, ldap::NAME),
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

fn see_snmp(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(snmp::parse(payload), out, |message, out| {
        if message.operation == "response" {
            talk.sight(out, "snmp.description", &message.description);
            let community = logins::digest(&out.secret_key, b"", message.community.as_bytes());
            talk.sight(out, "snmp.community", &community.unwrap_or_default());
        }
        if talk.from.port == 161 {
            talk.sight(out, "snmp.version", message.version);
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

fn see_tuya(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(tuya::parse(payload), out, |message, out| {
        for (field, value) in message.sightings() {
            talk.sight(out, field, value);
        }
    })
}

fn see_tplink(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(tplink::parse(payload), out, |message, out| {
        tell_tplink(talk, message, out);
    })
}

fn see_miio(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(miio::parse(payload), out, |message, out| {
        if talk.from.port == 54321 && message.id > 0 {
            talk.sight(out, "miio.id", &message.id.to_string());
        }
    })
}

fn see_kerberos(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(kerberos::parse(payload), out, |message, out| {
        tell_kerberos(talk, message, out);
    })
}

fn see_ldap(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    tell(ldap::parse(payload), out, |message, out| {
        tell_ldap(talk, message, out);
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
