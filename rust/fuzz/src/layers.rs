//! What lies between the link and what a packet carries.
use std::hint::black_box;
use std::net::{Ipv4Addr, Ipv6Addr};

use packets::address::Mac;
use packets::link::{self, Vlan};
use packets::network::fragments::Fragments;
use packets::network::ip::{self, Packet, Piece};
use packets::network::{arp, neighbours, tunnel};
use packets::transport;

/// The kinds of links that are read (LINKTYPE numbers).
const LINKS: [u16; 10] = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276];

/// Every kind of link.
pub fn link(bytes: &[u8]) {
    for kind in LINKS {
        if let Ok(carried) = link::read(kind, bytes) {
            assert!(carried.payload.len() <= bytes.len());
        }
    }
}

/// ARP messages.
pub fn arp(bytes: &[u8]) {
    let _ = black_box(arp::read(bytes));
}

/// Both versions of IP, whole and with part of the packet not captured.
pub fn ip(bytes: &[u8]) {
    let wire = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    for wire in [wire, wire.saturating_add(40), 0] {
        for packet in [ip::read_v4(bytes, wire), ip::read_v6(bytes, wire)] {
            if let Ok(packet) = packet {
                assert!(packet.payload.len() <= bytes.len());
            }
        }
    }
}

/// What an IP packet carries: TCP, UDP, ICMP of both versions, and others.
pub fn transport(bytes: &[u8]) {
    let wire = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let v4 = Ipv4Addr::new(10, 0, 0, 1).into();
    let v6 = Ipv6Addr::LOCALHOST.into();
    for (host, proto) in [(v4, 6), (v4, 17), (v4, 1), (v6, 58), (v6, 89)] {
        for length in [wire, wire.saturating_add(9), wire / 2] {
            let _ = black_box(transport::read(
                (host, host, proto, Vlan::default()),
                bytes,
                length,
            ));
        }
    }
}

/// Packets within packets.
pub fn tunnel(bytes: &[u8]) {
    for proto in [4, 41, 47] {
        let _ = black_box(tunnel::within(proto, bytes));
    }
    let _ = black_box([4789, 6081, 4754].map(|port| tunnel::within_datagram(port, bytes).is_ok()));
}

/// Neighbour discovery of IPv6.
pub fn neighbours(bytes: &[u8]) {
    black_box(neighbours::claim(Ipv6Addr::LOCALHOST, bytes));
}

/// Pieces of datagrams in any order: each a head of five bytes (id and end, place, size, pause), then its bytes.
pub fn fragments(bytes: &[u8]) {
    const HEAD: usize = 5;
    let (mut fragments, mut rest, mut now) = (Fragments::default(), bytes, 0_i64);
    let cost = |now| (now, &[60][..], (Mac::NONE, Mac::NONE));
    while let [id, high, low, size, pause, ..] = *rest {
        let end = (HEAD + usize::from(size)).min(rest.len());
        let payload = &rest[HEAD..end];
        rest = &rest[end..];
        now += i64::from(pause) * 500_000;
        let piece = Piece {
            id: u32::from(id >> 1),
            offset: u32::from(u16::from_be_bytes([high, low]) & 0xfff8),
            more: id & 1 == 1,
        };
        let host = Ipv4Addr::new(10, 0, 0, 1).into();
        let packet = Packet {
            src: host,
            dst: host,
            proto: 17,
            ttl: 64,
            payload,
            length: payload.len() as u32,
            piece: Some(piece),
            damage: None,
        };
        while let Some(datagram) = fragments.overdue(now) {
            black_box(datagram.put());
        }
        if let Some(datagram) = fragments.add(&packet, piece, Vlan::default(), cost(now)) {
            assert!(datagram.has_start());
            black_box(datagram.put());
        }
    }
    while fragments.any().is_some() {}
}
