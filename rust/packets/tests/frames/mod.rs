//! Frames built by hand.
#![allow(dead_code)] // each test takes what it needs

pub const SYN: u8 = 2;
pub const ACK: u8 = 16;
pub const FIN: u8 = 1;
pub const RST: u8 = 4;
pub const SECOND: i64 = 1_000_000;

/// An end: its last byte is that of both its addresses.
pub type End = (u8, u16);

pub fn ethernet(from: u8, to: u8, ether: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from];
    frame.extend(ether.to_be_bytes());
    frame.extend(payload);
    frame
}

/// An IPv4 packet; `place` is the word of flags and offset.
pub fn ipv4(from: u8, to: u8, proto: u8, place: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0];
    packet.extend((20 + payload.len() as u16).to_be_bytes());
    packet.extend([0, 7]);
    packet.extend(place.to_be_bytes());
    packet.extend([64, proto, 0, 0, 10, 0, 0, from, 10, 0, 0, to]);
    packet.extend(payload);
    ethernet(from, to, 0x0800, &packet)
}

pub fn udp_body(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let mut body = [from.to_be_bytes(), to.to_be_bytes()].concat();
    body.extend((8 + payload.len() as u16).to_be_bytes());
    body.extend([0, 0]);
    body.extend(payload);
    body
}

pub fn udp(from: End, to: End, payload: &[u8]) -> Vec<u8> {
    ipv4(from.0, to.0, 17, 0, &udp_body(from.1, to.1, payload))
}

pub fn tcp(from: End, to: End, flags: u8, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut body = [from.1.to_be_bytes(), to.1.to_be_bytes()].concat();
    body.extend(sequence.to_be_bytes());
    body.extend([0, 0, 0, 0, 0x50, flags, 1, 0, 0, 0, 0, 0]);
    body.extend(payload);
    ipv4(from.0, to.0, 6, 0, &body)
}

pub fn echo(from: u8, to: u8, kind: u8) -> Vec<u8> {
    ipv4(from, to, 1, 0, &[kind, 0, 0, 0, 0, 9, 0, 1])
}
