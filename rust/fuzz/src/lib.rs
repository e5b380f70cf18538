//! What is fuzzed: one function for each family of parsers, and one for the whole engine.
use packets::capture::Capture;
use packets::engine::{Engine, Settings};
use packets::network::{arp, ip, tunnel};
use packets::protocols::login::Session;
use packets::protocols::{
    bacnet, cdp, coap, dhcp, dhcpv6, dnp3, dns, eapol, enip, ftp, http, iec104, igmp, imap, knx,
    lldp, llmnr, mdns, mld, modbus, mqtt, nbns, ntlm, ntp, opcua, plant, pop, profinet, rtsp, s7,
    sip, smb, smtp, snmp, ssdp, ssh, stp, telnet, tftp, tls, wsd,
};
use packets::{link, transport};

/// Every kind of link, and what lies between it and the transport.
pub fn link(bytes: &[u8]) {
    for kind in [0, 1, 12, 101, 108, 113, 228, 229, 276] {
        let _ = link::read(kind, bytes);
    }
    let wire = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let _ = (arp::read(bytes), tunnel::within_vxlan(bytes));
    for proto in [4, 41, 47] {
        let _ = tunnel::within(proto, bytes);
    }
    for packet in [ip::read_v4(bytes, wire), ip::read_v6(bytes, wire)] {
        if let Ok(packet) = packet {
            let ends = (packet.src, packet.dst, packet.proto, link::Vlan::default());
            let _ = transport::read(ends, packet.payload, packet.length);
        }
    }
}

/// Announcements to neighbours on the link.
pub fn neighbours(bytes: &[u8]) {
    let _ = (lldp::parse(bytes), cdp::parse(bytes), eapol::parse(bytes));
    let _ = (stp::parse(bytes), igmp::parse(bytes), mld::parse(bytes));
}

/// DNS and its local kin.
pub fn names(bytes: &[u8]) {
    let _ = (dns::parse(bytes), dns::parse_tcp(bytes), nbns::parse(bytes));
    let _ = llmnr::parse(bytes).map(|message| llmnr::answered_name(&message));
    let _ = mdns::parse(bytes).map(|message| mdns::announced(&message).len());
}

/// DHCP of both families.
pub fn leases(bytes: &[u8]) {
    let _ = dhcp::parse(bytes).map(|message| message.params_text());
    let _ = dhcpv6::parse(bytes).map(|message| message.params_text());
}

/// What opens a connection: TLS, SSH, MQTT.
pub fn hellos(bytes: &[u8]) {
    let _ = (tls::parse(bytes), ssh::parse(bytes), mqtt::parse(bytes));
}

/// Heads of HTTP and its kin, and the envelopes of WS-Discovery.
pub fn heads(bytes: &[u8]) {
    let _ = (http::parse(bytes), rtsp::parse(bytes), sip::parse(bytes));
    let _ = (ssdp::parse(bytes), wsd::parse(bytes));
}

/// Conversations in lines: each half of the bytes is one side.
pub fn logins(bytes: &[u8]) {
    let _ = (ftp::parse(bytes), smtp::parse(bytes), pop::parse(bytes));
    let _ = (imap::parse(bytes), telnet::parse(bytes));
    converse(&mut ftp::Session::default(), bytes);
    converse(&mut smtp::Session::default(), bytes);
    converse(&mut pop::Session::default(), bytes);
    converse(&mut imap::Session::default(), bytes);
    converse(&mut telnet::Session::default(), bytes);
}

/// Management, time, files and small devices.
pub fn management(bytes: &[u8]) {
    let _ = (snmp::parse(bytes), ntp::parse(bytes), tftp::parse(bytes));
    let _ = (coap::parse(bytes), smb::parse(bytes), ntlm::parse(bytes));
}

/// Protocols of plants: the bytes in parts said by both sides of a connection by turns, and whole as datagrams.
pub fn plants(bytes: &[u8]) {
    let sessions: [Box<dyn plant::Session>; 6] = [
        Box::<modbus::Session>::default(),
        Box::<s7::Session>::default(),
        Box::<enip::Session>::default(),
        Box::<dnp3::Session>::default(),
        Box::<iec104::Session>::default(),
        Box::<opcua::Session>::default(),
    ];
    for mut session in sessions {
        for (place, part) in bytes.chunks(64).enumerate() {
            let _ = session.hear(part, place % 2 != 0);
        }
        let _ = (session.hear(bytes, false), session.hear(bytes, true));
    }
    let mut asked = plant::Asked::default();
    let _ = (bacnet::hear(bytes, 1, &mut asked), enip::hear(bytes, 1, &mut asked));
    let _ = (dnp3::hear(bytes, 1, &mut asked), knx::parse(bytes));
    let _ = profinet::parse(bytes).map(|message| message.sightings().len());
}

/// A whole capture file through the whole engine.
pub fn engine(bytes: &[u8]) {
    let source = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let Ok(Ok(mut capture)) = Capture::from_source(source) else {
        return;
    };
    let mut engine = Engine::new(&Settings {
        window: 10_000_000,
        step: 10_000_000,
        segment: "lan".to_owned(),
        secret_key: vec![7; 32],
        max_flows: 64,
    });
    let mut is_first = true;
    while let Ok(true) = capture.advance(engine.tally()) {
        if let Some(frame) = capture.frame() {
            engine.take(&frame, std::mem::take(&mut is_first));
        }
        while engine.ready().is_some() {}
    }
    engine.finish();
}

/// Says the bytes in small parts to both sides by turns, and takes all that is told.
fn converse(session: &mut dyn Session, bytes: &[u8]) {
    for (place, part) in bytes.chunks(16).enumerate() {
        if place % 2 == 0 {
            session.from_client(part);
        } else {
            session.from_server(part);
        }
        while session.next_login().is_some() {}
    }
    while session.finish().is_some() {}
}
