//! DHCP of both families: rows, leases, and what clients say of themselves.
use std::net::IpAddr;

use super::Talk;
use crate::address::Mac;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::{dhcp, dhcpv6};
use crate::tables::DhcpRow;

/// Reads a datagram between the DHCP ports; returns whether it was one.
pub fn see(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    if talk.has_port(67) || talk.has_port(68) {
        match dhcp::parse(payload) {
            Parsed::Done(message, _) => tell(talk, &message, out),
            other => return super::is_ours(&other, out),
        }
    } else {
        match dhcpv6::parse(payload) {
            Parsed::Done(message, _) => tell_v6(talk, &message, out),
            other => return super::is_ours(&other, out),
        }
    }
    true
}

/// What the messages of both families tell.
struct Told<'a> {
    mac: Mac,
    message: &'static str,
    ip: Option<IpAddr>,
    server: Option<IpAddr>,
    router: Option<IpAddr>,
    dns: String,
    /// What the client says of itself; nothing when the server speaks.
    words: [(&'static str, &'a str); 3],
}

fn tell(talk: &Talk, message: &dhcp::Message, out: &mut Output) {
    let router = message.routers.first().copied().map(IpAddr::V4);
    let told = Told {
        mac: message.chaddr.map_or(Mac::NONE, Mac),
        message: message.message,
        ip: message.ip().map(IpAddr::V4),
        server: message.server().map(IpAddr::V4),
        router,
        dns: joined(&message.dns),
        words: [
            ("dhcp.hostname", message.host_name.as_str()),
            ("dhcp.vendor", &message.vendor_class),
            ("dhcp.params", &message.params_text()),
        ],
    };
    let serves = message.is_reply && matches!(message.message, "offer" | "ack");
    let serves = serves.then(|| router.map_or_else(String::new, |ip| ip.to_string()));
    write(talk, &told, (message.is_reply, "ack", serves), out);
}

fn tell_v6(talk: &Talk, message: &dhcpv6::Message, out: &mut Output) {
    let is_reply = message.is_reply();
    let direct = if is_reply { talk.to.mac } else { talk.from.mac };
    let of_sender = if message.relays == 0 {
        direct
    } else {
        Mac::NONE
    };
    let told = Told {
        mac: message.mac.map_or(of_sender, Mac),
        message: message.message,
        ip: message.addresses.first().copied().map(IpAddr::V6),
        server: is_reply.then_some(talk.from.ip),
        router: None,
        dns: joined(&message.dns),
        words: [
            ("dhcp.hostname", message.fqdn.as_str()),
            ("dhcp.vendor", &message.vendor_class),
            ("dhcp.params", &message.params_text()),
        ],
    };
    let serves = is_reply.then(String::new);
    write(talk, &told, (is_reply, "reply", serves), out);
}

/// Writes a message down: whether the server speaks, what it grants a lease with, and what it serves as, if it does.
fn write(
    talk: &Talk,
    told: &Told<'_>,
    (is_reply, grant, serves): (bool, &str, Option<String>),
    out: &mut Output,
) {
    let at = talk.at;
    let step = out.step_of(at.time);
    out.tables.dhcp.push(DhcpRow {
        step,
        time: at.time,
        segment: out.segments.name(at.vlan),
        mac: told.mac,
        sender_mac: talk.from.mac,
        message: told.message,
        ip: told.ip,
        server: told.server,
        router: told.router,
        dns: &told.dns,
    });
    if let Some(value) = serves {
        out.sight(at, talk.from.mac, Some(talk.from.ip), "dhcp.serves", &value);
    }
    if is_reply {
        if told.message == grant && told.ip.is_some() {
            out.sight(at, told.mac, told.ip, "ip", "dhcp");
        }
        return;
    }
    for (field, value) in told.words {
        if !value.is_empty() {
            out.sight(at, told.mac, None, field, value);
        }
    }
}

fn joined(addresses: &[impl ToString]) -> String {
    addresses
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",")
}
