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

fn tell(talk: &Talk, message: &dhcp::Message, out: &mut Output) {
    let at = talk.at;
    let sender_mac = talk.from.mac;
    let mac = message.chaddr.map_or(Mac::NONE, Mac);
    let ip = message.ip().map(IpAddr::V4);
    let router = message.routers.first().copied().map(IpAddr::V4);
    let step = out.step_of(at.time);
    out.tables.dhcp.push(DhcpRow {
        step,
        time: at.time,
        segment: out.segments.name(at.vlan),
        mac,
        sender_mac,
        message: message.message,
        ip,
        server: message.server().map(IpAddr::V4),
        router,
        dns: &joined(&message.dns),
    });
    if message.is_reply {
        let mut value = String::new();
        if let Some(router) = router {
            crate::address::write_ip(router, &mut value);
        }
        if matches!(message.message, "offer" | "ack") {
            out.sight(at, sender_mac, Some(talk.from.ip), "dhcp.serves", &value);
        }
        if message.message == "ack" && ip.is_some() {
            out.sight(at, mac, ip, "ip", "dhcp");
        }
        return;
    }
    for (field, value) in [
        ("dhcp.hostname", message.host_name.as_str()),
        ("dhcp.vendor", &message.vendor_class),
        ("dhcp.params", &message.params_text()),
    ] {
        if !value.is_empty() {
            out.sight(at, mac, None, field, value);
        }
    }
}

fn tell_v6(talk: &Talk, message: &dhcpv6::Message, out: &mut Output) {
    let at = talk.at;
    let is_reply = message.is_reply();
    let told = message.mac.map(Mac);
    let direct = if is_reply { talk.to.mac } else { talk.from.mac };
    let mac = told.unwrap_or(if message.relays == 0 {
        direct
    } else {
        Mac::NONE
    });
    let ip = message.addresses.first().copied().map(IpAddr::V6);
    let step = out.step_of(at.time);
    out.tables.dhcp.push(DhcpRow {
        step,
        time: at.time,
        segment: out.segments.name(at.vlan),
        mac,
        sender_mac: talk.from.mac,
        message: message.message,
        ip,
        server: is_reply.then_some(talk.from.ip),
        router: None,
        dns: &joined(&message.dns),
    });
    if is_reply {
        out.sight(at, talk.from.mac, Some(talk.from.ip), "dhcp.serves", "");
        if message.message == "reply" && ip.is_some() {
            out.sight(at, mac, ip, "ip", "dhcp");
        }
        return;
    }
    for (field, value) in [
        ("dhcp.hostname", message.fqdn.as_str()),
        ("dhcp.vendor", &message.vendor_class),
        ("dhcp.params", &message.params_text()),
    ] {
        if !value.is_empty() {
            out.sight(at, mac, None, field, value);
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
