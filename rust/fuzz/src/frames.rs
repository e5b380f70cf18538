//! Frames built of the input through the whole engine, which tells the same twice.
use packets::capture::Frame;
use packets::engine::{Engine, Settings, Window};

const SECOND: i64 = 1_000_000;
/// Few enough flows that some are evicted.
const MAX_FLOWS: usize = 8;
/// An engine that has little room.
#[must_use]
pub fn engine() -> Engine {
    Engine::new(&Settings {
        window: 10 * SECOND,
        step: 10 * SECOND,
        segment: "lan".to_owned(),
        secret_key: vec![7; 32],
        max_flows: MAX_FLOWS,
        full: usize::MAX,
    })
}

/// One frame of the input.
struct Cut<'a> {
    time: i64,
    link: u16,
    wire: u32,
    data: &'a [u8],
}

/// Frames one after another: each a head of four bytes (size in two, link, pause), then its bytes.
pub fn frames(bytes: &[u8]) {
    const LINKS: [u16; 8] = [1, 1, 1, 101, 113, 276, 0, 9999];
    let (mut cuts, mut rest, mut time) = (Vec::new(), bytes, 1_700_000_000 * SECOND);
    while let [high, low, link, pause, ..] = *rest {
        let size = usize::from(u16::from_be_bytes([high & 0x0f, low]));
        let end = (4 + size).min(rest.len());
        time += match pause {
            0..=127 => i64::from(pause) * 1000,
            128..=191 => i64::from(pause - 127) * SECOND,
            192..=223 => i64::from(pause - 191) * 600 * SECOND,
            _ => -i64::from(pause - 223) * 20 * SECOND,
        };
        let data = &rest[4..end];
        // the upper half tells how much of the frame was not captured
        let wire = data.len() as u32 + u32::from(high >> 4) * 100;
        cuts.push(Cut {
            time,
            link: LINKS[usize::from(link) % LINKS.len()],
            wire,
            data,
        });
        rest = &rest[end..];
    }
    told_twice(&cuts);
}

/// A conversation over one TCP connection: the port in two bytes, then segments, each a head of three bytes
/// (side and gap, size in fours, what of it is heard again), then its bytes.
pub fn connection(bytes: &[u8]) {
    let Some((port, mut rest)) = bytes.split_first_chunk() else {
        return;
    };
    let port = u16::from_be_bytes(*port);
    let mut next = [1_u32, 1];
    let mut said = vec![tcp(0, port, 2, 0, &[]), tcp(1, port, 18, 0, &[])];
    while let [head, size, again, ..] = *rest {
        let end = (3 + usize::from(size) * 4).min(rest.len());
        let (side, payload) = (usize::from(head & 1), &rest[3..end]);
        let gap = if head & 2 == 0 {
            0
        } else {
            u32::from(head >> 3)
        };
        let sequence = next[side]
            .wrapping_add(gap)
            .wrapping_sub(u32::from(again) % 8 * u32::from(head & 4 != 0));
        said.push(tcp(side, port, 24, sequence, payload));
        next[side] = sequence.wrapping_add(payload.len() as u32);
        rest = &rest[end..];
    }
    said.push(tcp(0, port, 17, next[0], &[]));
    said.push(tcp(1, port, 17, next[1], &[]));
    told_twice(&ethernet(&said));
}

/// Datagrams between two hosts: each a head of four bytes (port in two, side, size in fours), then its bytes.
pub fn datagrams(bytes: &[u8]) {
    let (mut said, mut rest) = (Vec::new(), bytes);
    while let [high, low, side, size, ..] = *rest {
        let end = (4 + usize::from(size) * 4).min(rest.len());
        let port = u16::from_be_bytes([high, low]);
        said.push(udp(usize::from(side & 1), port, &rest[4..end]));
        rest = &rest[end..];
    }
    told_twice(&ethernet(&said));
}

fn ethernet(packets: &[Vec<u8>]) -> Vec<Cut<'_>> {
    let begin = 1_700_000_000 * SECOND;
    let cuts = packets.iter().enumerate().map(|(place, data)| Cut {
        time: begin + place as i64 * 100_000,
        link: 1,
        wire: data.len() as u32,
        data,
    });
    cuts.collect()
}

fn ipv4(side: usize, proto: u8, body: &[u8]) -> Vec<u8> {
    let [from, to] = if side == 0 { [9, 1] } else { [1, 9] };
    let mut frame = vec![2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 8, 0, 0x45, 0];
    frame.extend((20 + body.len() as u16).to_be_bytes());
    frame.extend([0, 7, 0, 0, 64, proto, 0, 0, 10, 0, 0, from, 10, 0, 0, to]);
    frame.extend(body);
    frame
}

fn ports(side: usize, port: u16) -> [u8; 4] {
    let [client, server] = [40_000_u16.to_be_bytes(), port.to_be_bytes()];
    let [from, to] = if side == 0 {
        [client, server]
    } else {
        [server, client]
    };
    [from[0], from[1], to[0], to[1]]
}

fn tcp(side: usize, port: u16, flags: u8, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut body = ports(side, port).to_vec();
    body.extend(sequence.to_be_bytes());
    body.extend([0, 0, 0, 0, 0x50, flags, 1, 0, 0, 0, 0, 0]);
    body.extend(payload);
    ipv4(side, 6, &body)
}

fn udp(side: usize, port: u16, payload: &[u8]) -> Vec<u8> {
    let mut body = ports(side, port).to_vec();
    body.extend((8 + payload.len() as u16).to_be_bytes());
    body.extend([0, 0]);
    body.extend(payload);
    ipv4(side, 17, &body)
}

/// Two engines with different hash seeds tell the same of the same frames.
fn told_twice(cuts: &[Cut<'_>]) {
    let [one, other] = [told(cuts), told(cuts)];
    assert!(one.len() == other.len(), "windows differ");
    for (one, other) in one.iter().zip(&other) {
        assert!(one.tables == other.tables, "tables differ");
    }
}

fn told(cuts: &[Cut<'_>]) -> Vec<Window> {
    let (mut engine, mut windows) = (engine(), Vec::new());
    for (place, cut) in cuts.iter().enumerate() {
        let frame = Frame {
            time: cut.time,
            wire: cut.wire,
            link: cut.link,
            data: cut.data,
        };
        engine.take(&frame, place == 0);
        windows.extend(std::iter::from_fn(|| engine.ready()));
    }
    engine.finish();
    windows.extend(std::iter::from_fn(|| engine.ready()));
    windows
}
