//! Damaged captures through the whole engine: whatever the bytes, it ends, counts every packet and never panics.
//!
//! A few hundred captures by default; for as many seconds as `CORDON_FUZZ_SECONDS` says when that is set.
mod frames;

use std::io::Cursor;
use std::time::{Duration, Instant};

use frames::{ACK, End, FIN, RST, SECOND, SYN, echo, ethernet, ipv4, tcp, udp, udp_body};
use packets::capture::{Capture, Frame};
use packets::engine::{Engine, Settings};

const FEW: usize = 300;
/// Damage counted when a connection is not followed for want of room.
const SHED: &str = "engine: connection not looked into";
/// With 8 KiB each they hold more than the 80 MiB there are for all.
const CONNECTIONS: u16 = 12_000;
const CLIENT: End = (9, 40_000);

/// A small deterministic generator (xorshift, Marsaglia 2003), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// One connection in which each side says something.
fn connection(port: u16, said: &[u8], answered: &[u8]) -> Vec<Vec<u8>> {
    let server = (1, port);
    vec![
        tcp(CLIENT, server, SYN, 0, b""),
        tcp(server, CLIENT, SYN | ACK, 0, b""),
        tcp(CLIENT, server, ACK, 1, said),
        tcp(server, CLIENT, ACK, 1, answered),
        tcp(CLIENT, server, ACK | FIN, 1 + said.len() as u32, b""),
    ]
}

const HELLO: &[u8] = b"\x03\x03abcdefghijklmnopqrstuvwxyzabcdef\0\0\x02\x13\x01\x01\0\0\x0c\0\0\0\x08\0\x06\0\0\x03cam";
const QUIC: &[u8] = b"\xc3\0\0\0\x01\x08abcdefgh\0\0\x40\x20abcdefghijklmnopqrstuvwxyzabcdef";

/// A handshake record with that message.
fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let size = body.len() as u8;
    [&[22, 3, 3, 0, size + 4, kind, 0, 0, size], body].concat()
}

/// A server's hello and a certificate, of which the names can be read.
fn flight() -> Vec<u8> {
    let chosen = b"\x03\x03abcdefghijklmnopqrstuvwxyzabcdef\0\xc0\x2f\0";
    let name = b"\x30\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03cam";
    let span = b"\x30\x1e\x17\x0d240101000000Z\x17\x0d340101000000Z";
    let key = b"\x30\x0a\x30\x05\x06\x03\x2b\x65\x70\x03\x01\0";
    let signed = [
        &b"\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70"[..],
        name,
        span,
        name,
        key,
    ]
    .concat();
    let size = signed.len() as u8;
    let shown = [
        &[
            0,
            0,
            size + 9,
            0,
            0,
            size + 6,
            0x30,
            0x81,
            size + 3,
            0x30,
            0x81,
            size,
        ],
        &signed[..],
    ]
    .concat();
    [handshake(2, chosen), handshake(11, &shown)].concat()
}

/// Protocols of plants.
fn plants() -> Vec<Vec<u8>> {
    let mut frames = vec![
        udp(
            (9, 47808),
            CLIENT,
            b"\x81\x0a\0\x17\x01\0\x30\x07\x0c\x0c\0\0\0\x03\x19\x55\x3e\x44\x41\xa4\0\0\x3f",
        ),
        udp(
            (9, 3671),
            CLIENT,
            b"\x06\x10\x05\x30\0\x11\x29\0\xbc\xe0\x11\x05\x0a\x03\x01\0\0",
        ),
        ethernet(
            9,
            1,
            0x8892,
            b"\xfe\xff\x05\x01\0\0\0\x07\0\0\0\x0c\x02\x02\0\x07\0\0press\0",
        ),
    ];
    frames.extend(connection(
        502,
        b"\0\x01\0\0\0\x06\x11\x03\0\x6b\0\x03",
        b"\0\x01\0\0\0\x09\x11\x03\x06\x02\x2b\0\0\0\x64",
    ));
    frames.extend(connection(
        102,
        b"\x03\0\0\x1f\x02\xf0\x80\x32\x01\0\0\0\x05\0\x0e\0\0\x04\x01\x12\x0a\x10\x04\0\x02\0\x01\x84\0\0\x20",
        b"\x03\0\0\x1d\x02\xf0\x80\x32\x03\0\0\0\x05\0\x02\0\x08\0\0\x04\x01\xff\x04\0\x20\0\x07\x01\0",
    ));
    frames.extend(connection(
        44818,
        b"\x6f\0\x18\0\x01\0\0\0\0\0\0\0abcdefgh\0\0\0\0\0\0\0\0\x05\0\x02\0\0\0\0\0\xb2\0\x08\0\x0e\x03\x20\x01\x24\x01\x30\x07",
        b"\x6f\0\x1a\0\x01\0\0\0\0\0\0\0abcdefgh\0\0\0\0\0\0\0\0\x05\0\x02\0\0\0\0\0\xb2\0\x0a\0\x8e\0\0\0\x05Logix",
    ));
    frames.extend(connection(
        2404,
        b"\x68\x0e\x02\0\x02\0\x2d\x01\x06\0\x01\0\xe9\x03\0\x01",
        b"\x68\x17\x04\0\x04\0\x0d\x82\x03\0\x01\0\x07\0\0\0\0\x20\x41\0\0\0\xc0\xbf\0",
    ));
    frames.extend(connection(
        4840,
        b"MSGF\x24\0\0\0\x07\0\0\0\x01\0\0\0\x02\0\0\0\x09\0\0\0\x01\0\xac\x01\0\0\0\0\0\0\0\0",
        b"ACKF\x1c\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0",
    ));
    frames
}

/// Traffic of most kinds the engine looks into.
fn traffic() -> Vec<Vec<u8>> {
    let question = b"\0\x07\x01\0\0\x01\0\0\0\0\0\0\x03cam\x05local\0\0\x01\0\x01";
    let asked = udp(CLIENT, (1, 53), question);
    let overlay = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &asked].concat();
    let body = udp_body(40_000, 5353, question);
    let snmp = b"\x30\x2b\x02\x01\0\x04\x06public\xa2\x1e\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x13\x30\x11\x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x04\x05AP 12";
    let lldp = b"\x02\x04\x07abc\x04\x02\x07p\x06\x02\0\x78\x0c\x03Box\x0e\x04\0\x24\0\x24\0\0";
    let found = b"<a:Envelope><a:Hello><a:Types>b:Printer</a:Types></a:Hello></a:Envelope>";
    let mut lease = vec![1, 1, 6, 0, 0, 0, 0, 9];
    lease.extend([0; 228]);
    lease.extend([
        0x63, 0x82, 0x53, 0x63, 53, 1, 3, 12, 3, b'c', b'a', b'm', 255,
    ]);
    let mut frames = vec![
        udp((20, 5000), (21, 4789), &overlay),
        ipv4(20, 21, 4, 0, &asked[14..]),
        ipv4(
            20,
            21,
            47,
            0,
            &[&[0x20, 0, 8, 0, 0, 0, 0, 1][..], &asked[14..]].concat(),
        ),
        ipv4(9, 1, 17, 0x2000, &body[..16]),
        ipv4(9, 1, 17, 2, &body[16..]),
        ethernet(9, 1, 0x8847, &[&[0, 1, 1, 64][..], &asked[14..]].concat()),
        ethernet(
            9,
            1,
            0x8864,
            &[&[0x11, 0, 0, 7, 0, 99, 0, 0x21][..], &asked[14..]].concat(),
        ),
        ethernet(9, 1, 0x8100, &[&[0, 12, 8, 0][..], &asked[14..]].concat()),
        ethernet(9, 1, 0x88cc, lldp),
        ethernet(9, 1, 0x888e, &[1, 0, 0, 5, 2, 1, 0, 5, 1]),
        udp((9, 161), CLIENT, snmp),
        udp((9, 3702), CLIENT, found),
        udp((9, 68), (1, 67), &lease),
        udp(
            (9, 5683),
            CLIENT,
            b"\x42\x01\x12\x34ab\x60\x5b.well-known\x04core",
        ),
        udp(
            (9, 5060),
            CLIENT,
            b"OPTIONS sip:a SIP/2.0\r\nUser-Agent: Door 1.2\r\n\r\n",
        ),
        udp(
            (9, 1900),
            CLIENT,
            b"NOTIFY * HTTP/1.1\r\nNT: a\r\nUSN: b\r\n\r\n",
        ),
        ipv4(9, 1, 2, 0, &[0x16, 0, 0, 0, 239, 255, 255, 250]),
        echo(9, 1, 8),
        tcp((1, 81), CLIENT, RST | ACK, 0, b""),
    ];
    let head = b"GET /x HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YTpi\r\n\r\n";
    frames.extend(connection(
        80,
        head,
        b"HTTP/1.1 401 No\r\nServer: s\r\n\r\n",
    ));
    frames.extend(connection(
        21,
        b"USER a\r\nPASS b\r\n",
        b"220 ftp\r\n331\r\n530\r\n",
    ));
    frames.extend(connection(
        23,
        b"root\r\n1234\r\n",
        b"\xff\xfd\x01login: Password: ",
    ));
    frames.extend(connection(22, b"SSH-2.0-a\r\n", b"SSH-2.0-b\r\n"));
    frames.extend(connection(443, &handshake(1, HELLO), &flight()));
    frames.push(udp(CLIENT, (1, 443), QUIC));
    frames.extend(connection(
        1883,
        b"\x10\x0d\0\x04MQTT\x04\0\0\x3c\0\x01a",
        b"\x20\x02\0\0",
    ));
    frames.extend(plants());
    frames.extend(connection(445, b"\0\0\0\x40\xfeSMB", &[0; 40]));
    frames
}

/// The frames as a capture file (pcap, the low byte first, Ethernet).
fn capture(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend([0xff, 0xff, 0, 0, 1, 0, 0, 0]);
    for (second, frame) in frames.iter().enumerate() {
        let size = (frame.len() as u32).to_le_bytes();
        file.extend((second as u32).to_le_bytes());
        file.extend([0; 4]);
        file.extend([size, size].concat());
        file.extend(frame);
    }
    file
}

fn settings(max_flows: usize) -> Settings {
    Settings {
        window: 10 * SECOND,
        step: 10 * SECOND,
        segment: "lan".to_owned(),
        secret_key: vec![7; 32],
        max_flows,
        full: usize::MAX,
    }
}

fn take(engine: &mut Engine, frame: &[u8]) {
    let frame = Frame {
        time: SECOND,
        wire: frame.len() as u32,
        link: 1,
        data: frame,
    };
    engine.take(&frame, false);
}

/// Reads a capture to its end and says how many packets it held.
fn read(file: Vec<u8>) -> u64 {
    let source = Box::new(Cursor::new(file));
    let Ok(Ok(mut capture)) = Capture::from_source(source) else {
        return 0;
    };
    let mut engine = Engine::new(&settings(16));
    let mut taken = 0;
    while capture.advance(engine.tally()).expect("memory can be read") {
        if let Some(frame) = capture.frame() {
            engine.take(&frame, taken == 0);
            taken += 1;
        }
        while engine.ready().is_some() {}
    }
    engine.finish();
    assert_eq!(engine.stats().packets, taken);
    taken
}

fn damaged(sound: &[u8], dice: &mut Dice) -> Vec<u8> {
    const EDGES: [u8; 6] = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
    let mut file = sound.to_vec();
    for _ in 0..=dice.below(40) {
        let place = dice.below(file.len());
        file[place] = match dice.below(3) {
            0 => EDGES[dice.below(EDGES.len())],
            1 => file[place] ^ 1 << dice.below(8),
            _ => dice.below(256) as u8,
        };
    }
    if dice.below(8) == 0 {
        file.truncate(dice.below(file.len()));
    }
    file
}

#[test]
fn no_damage_to_a_capture_is_more_than_damage() {
    let frames = traffic();
    let sound = capture(&frames);
    assert_eq!(read(sound.clone()), frames.len() as u64);
    let seconds = std::env::var("CORDON_FUZZ_SECONDS").ok();
    let span = seconds
        .and_then(|text| text.parse().ok())
        .map(Duration::from_secs);
    let (began, mut dice) = (Instant::now(), Dice(0x9e37_79b9_7f4a_7c15));
    let mut read_so_far = 0;
    while span.map_or(read_so_far < FEW, |span| began.elapsed() < span) {
        read(damaged(&sound, &mut dice));
        read_so_far += 1;
    }
    println!("{read_so_far} damaged captures were read");
}

#[test]
fn connections_that_never_end_their_first_line_hold_no_more_than_the_bound() {
    let mut engine = Engine::new(&settings(1 << 14));
    let said = |engine: &mut Engine, sequence, text: &[u8]| {
        for port in 0..CONNECTIONS {
            let client = (9, 10_000 + port);
            take(engine, &tcp(client, (1, 80), ACK, sequence, text));
        }
    };
    said(&mut engine, 1, b"GET /");
    assert_eq!(engine.tally().of(SHED), 0);
    let line = [b'a'; 4000];
    for segment in 0..2_u32 {
        said(&mut engine, 6 + segment * 4000, &line);
    }
    let shed = engine.tally().of(SHED);
    assert!(
        shed > 0 && shed < u64::from(CONNECTIONS),
        "{shed} were shed"
    );
    engine.finish();
    assert_eq!(engine.stats().flows, u64::from(CONNECTIONS));
}
