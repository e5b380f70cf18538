//! Questions and answers about names: DNS and its local kin share one table.
use super::Talk;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::{dns, llmnr, mdns, nbns};
use crate::tables::DnsRow;

/// Reads a DNS message of a datagram; returns whether it was one.
pub fn see_dns(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    if !dns::looks_like(payload) {
        return false;
    }
    match dns::parse(payload) {
        Parsed::Done(message, _) => tell_dns(talk, &message, out),
        other => return super::is_ours(&other, out),
    }
    true
}

/// Writes a DNS message down, however it was carried.
pub fn tell_dns(talk: &Talk, message: &dns::Message, out: &mut Output) {
    let name = message.name();
    tell(talk, dns::NAME, message, &name, out);
    if message.fault.is_some() {
        return; // a row, but no evidence
    }
    if message.is_response {
        out.sight(talk.at, talk.from.mac, Some(talk.from.ip), "dns.serves", "");
    } else {
        talk.sight(out, "dns.query", &name);
    }
}

/// Reads an mDNS message; returns whether it was one.
pub fn see_mdns(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    let message = match mdns::parse(payload) {
        Parsed::Done(message, _) => message,
        other => return super::is_ours(&other, out),
    };
    tell(talk, mdns::NAME, &message, &message.name(), out);
    if message.fault.is_some() {
        return true;
    }
    for announced in mdns::announced(&message) {
        let (field, value) = announced.sighting();
        talk.sight(out, field, value);
    }
    true
}

/// Reads an LLMNR message; returns whether it was one.
pub fn see_llmnr(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    let message = match llmnr::parse(payload) {
        Parsed::Done(message, _) => message,
        other => return super::is_ours(&other, out),
    };
    tell(talk, llmnr::NAME, &message, &message.name(), out);
    if let Some(name) = llmnr::answered_name(&message).filter(|_| message.fault.is_none()) {
        talk.sight(out, "llmnr.name", &name);
    }
    true
}

/// Reads an NBNS name service message; returns whether it was one.
pub fn see_nbns(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    let message = match nbns::parse(payload) {
        Parsed::Done(message, _) => message,
        other => return super::is_ours(&other, out),
    };
    tell(talk, nbns::NAME, &message.dns, &message.name.name, out);
    for name in message.own_names() {
        talk.sight(out, "nbns.name", name);
    }
    true
}

fn tell(
    talk: &Talk,
    transport: &'static str,
    message: &dns::Message,
    name: &str,
    out: &mut Output,
) {
    if let Some(fault) = message.fault {
        out.tally.count(fault);
    }
    let (client, server) = talk.roles(message.is_response);
    let step = out.step_of(talk.at.time);
    out.tables.dns.push(DnsRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: client.mac,
        client: Some(client.ip),
        server: Some(server.ip),
        transport,
        is_response: message.is_response,
        name,
        r#type: &message.kind(),
        rcode: &message.rcode_text(),
        answers: &message.answer_texts(),
        ttl: i64::from(message.ttl()),
        size: i64::try_from(message.size).unwrap_or(i64::MAX),
    });
}
