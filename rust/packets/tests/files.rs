//! Files transferred in clear, seen in the rows the engine gives.
mod frames;

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use frames::{ACK, End, FIN, SECOND, SYN, tcp, udp};
use packets::capture::Frame;
use packets::engine::{Engine, Settings, Window};
use sha2::{Digest, Sha256};

const CLIENT: End = (9, 40_000);
const SERVER: End = (1, 80);

fn run(frames: &[Vec<u8>]) -> Vec<Window> {
    let mut engine = Engine::new(&Settings {
        window: 10 * SECOND,
        step: 10 * SECOND,
        segment: "lan".to_owned(),
        secret_key: vec![7; 32],
        max_flows: 1000,
        full: usize::MAX,
    });
    for (time, data) in (0..).zip(frames) {
        let frame = Frame {
            time,
            wire: data.len() as u32,
            link: 1,
            data,
        };
        engine.take(&frame, time == 0);
    }
    engine.finish();
    std::iter::from_fn(|| engine.ready()).collect()
}

/// Name, kind, size and hash of each file; a hash where it is whole.
fn files(frames: &[Vec<u8>]) -> Vec<(String, String, i64, String)> {
    let mut rows = Vec::new();
    for (name, batch) in run(frames).iter().flat_map(|window| &window.tables) {
        if *name != "files" {
            continue;
        }
        let column = |name| batch.column_by_name(name).unwrap();
        let text = |name, row| column(name).as_string_view().value(row).to_owned();
        let sizes = column("size").as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let is_whole = column("is_whole").as_boolean().value(row);
            assert_eq!(is_whole, !text("sha256", row).is_empty());
            assert_eq!(text("client", row), "10.0.0.9");
            rows.push((
                text("name", row),
                text("kind", row),
                sizes.value(row),
                text("sha256", row),
            ));
        }
    }
    rows
}

fn paths(frames: &[Vec<u8>]) -> Vec<String> {
    let windows = run(frames);
    let batches = windows.iter().flat_map(|window| &window.tables);
    let http = batches.filter(|(name, _)| *name == "http");
    http.flat_map(|(_, batch)| {
        let paths = batch.column_by_name("path").unwrap().as_string_view();
        paths
            .iter()
            .map(|path| path.unwrap().to_owned())
            .collect::<Vec<_>>()
    })
    .collect()
}

fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// A connection that is asked `request` and answered in these pieces, one behind the other, and closed if so.
fn talk(request: &[u8], pieces: &[&[u8]], is_closed: bool) -> Vec<Vec<u8>> {
    let mut frames = vec![
        tcp(CLIENT, SERVER, SYN, 0, b""),
        tcp(SERVER, CLIENT, SYN | ACK, 0, b""),
        tcp(CLIENT, SERVER, ACK, 1, request),
    ];
    let mut at = 1;
    for piece in pieces {
        frames.push(tcp(SERVER, CLIENT, ACK, at, piece));
        at += piece.len() as u32;
    }
    if is_closed {
        frames.push(tcp(SERVER, CLIENT, ACK | FIN, at, b""));
    }
    frames
}

fn program(size: usize) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x01\x01\x01".to_vec();
    bytes.extend((bytes.len()..size).map(|place| (place % 251) as u8));
    bytes[18..20].copy_from_slice(&[40, 0]);
    bytes
}

const GET: &[u8] = b"GET /bins/arm7?x=y HTTP/1.1\r\nHost: h\r\n\r\n";
const ARM: &str = "application/x-executable; machine=arm";

fn by_length(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn a_program_is_told_whole_in_whatever_order_its_segments_come() {
    let body = program(5000);
    let both = [by_length(&body), by_length(b"<html>")].concat();
    let wanted = [("arm7".to_owned(), ARM.to_owned(), 5000, digest(&body))];
    for size in [50, 700, 1400, 5060] {
        let pieces: Vec<&[u8]> = both.chunks(size).collect();
        let mut frames = talk(&GET.repeat(2), &pieces, true);
        assert_eq!(files(&frames), wanted, "in pieces of {size}");
        assert_eq!(paths(&frames).len(), 4);
        let last = frames.len() - 1;
        frames[4..last].reverse();
        frames.push(frames[4].clone());
        assert_eq!(files(&frames), wanted, "in pieces of {size} backwards");
        assert_eq!(paths(&frames).len(), 4);
    }
}

#[test]
fn a_segment_larger_than_any_packet_is_read_whole() {
    let body = program(40_000);
    let frames = talk(GET, &[&by_length(&body)], false);
    assert_eq!(
        files(&frames),
        [("arm7".into(), ARM.into(), 40_000, digest(&body))]
    );
}

#[test]
fn a_gap_is_no_hash_and_the_next_head_is_still_found() {
    let both = [by_length(&program(5000)), by_length(b"")].concat();
    let pieces: Vec<&[u8]> = both.chunks(1000).collect();
    let mut frames = talk(GET, &pieces, false);
    frames.remove(5);
    let told = files(&frames);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].2, told[0].3.as_str()), (4000, ""));
}

#[test]
fn what_its_receiver_has_got_is_not_waited_for_within_a_body() {
    let both = [by_length(&program(5000)), by_length(b"")].concat();
    let pieces: Vec<&[u8]> = both.chunks(1000).collect();
    let mut frames = talk(GET, &pieces, false);
    frames.remove(5);
    assert_eq!(paths(&frames).len(), 2, "the gap may still be filled");
    let end = 1 + both.len() as u32;
    let mut got = tcp(CLIENT, SERVER, ACK, 1 + GET.len() as u32, b"");
    got[42..46].copy_from_slice(&end.to_be_bytes());
    frames.push(got);
    assert_eq!(paths(&frames).len(), 3);
    assert_eq!(files(&frames)[0].2, 4000);
}

#[test]
fn chunks_and_the_end_of_the_connection_end_a_file() {
    let body = program(300);
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n";
    let chunked = [
        head,
        &body[..100],
        b"\r\nc8\r\n",
        &body[100..],
        b"\r\n0\r\n\r\n",
        &by_length(b""),
    ]
    .concat();
    let until_end = [b"HTTP/1.0 200 OK\r\n\r\n", &body[..]].concat();
    let wanted = [("arm7".to_owned(), ARM.to_owned(), 300, digest(&body))];
    for size in [1, 2, 7, 100, 1000] {
        let frames = talk(
            &GET.repeat(2),
            &chunked.chunks(size).collect::<Vec<_>>(),
            false,
        );
        assert_eq!(files(&frames), wanted);
        assert_eq!(paths(&frames).len(), 4);
        let pieces: Vec<&[u8]> = until_end.chunks(size).collect();
        assert_eq!(files(&talk(GET, &pieces, true)), wanted);
        assert_eq!(files(&talk(GET, &pieces, false))[0].3, "");
    }
}

#[test]
fn pages_parts_and_answers_without_a_body_are_no_whole_files() {
    let page = by_length(b"<html>hello there</html>");
    assert_eq!(files(&talk(GET, &[&page], false)), []);
    let part = [
        &b"HTTP/1.1 206 Partial\r\nContent-Length: 40\r\n\r\n"[..],
        &program(40),
    ]
    .concat();
    assert_eq!(files(&talk(GET, &[&part], false))[0].3, "");
    let head = b"HEAD /a.bin HTTP/1.1\r\n\r\n";
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n";
    assert_eq!(files(&talk(head, &[answer, &by_length(b"")], false)), []);
}

#[test]
fn files_in_a_form_are_told_by_their_names() {
    let body = b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"fw.bin\"\r\n\r\nFIRMWARE\r\n--b--\r\n";
    let head = format!(
        "POST /up HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let request = [head.as_bytes(), body].concat();
    let wanted = [("fw.bin".to_owned(), String::new(), 8, digest(b"FIRMWARE"))];
    assert_eq!(files(&talk(&request, &[&by_length(b"")], false)), wanted);
}

/// The control connection of a client that announces a data connection and asks for, or offers, a file.
fn control(announced: (bool, &[u8]), command: &[u8]) -> Vec<Vec<u8>> {
    let server = (1, 21);
    let client = (9, 39_999);
    let greeting = b"220 ftp ready\r\n";
    let mut frames = vec![
        tcp(client, server, SYN, 0, b""),
        tcp(server, client, SYN | ACK, 0, b""),
        tcp(server, client, ACK, 1, greeting),
        tcp(client, server, ACK, 1, b"USER a\r\n"),
    ];
    let (is_by_server, line) = announced;
    let (mut next, mut answer) = (9, 1 + greeting.len() as u32);
    if is_by_server {
        frames.push(tcp(server, client, ACK, answer, line));
        answer += line.len() as u32;
    } else {
        frames.push(tcp(client, server, ACK, next, line));
        next += line.len() as u32;
    }
    frames.push(tcp(client, server, ACK, next, command));
    frames.push(tcp(server, client, ACK, answer, b"150 here\r\n"));
    frames
}

#[test]
fn a_file_by_ftp_has_the_name_its_command_gave() {
    let body = program(3000);
    let wanted = [("fw.bin".to_owned(), ARM.to_owned(), 3000, digest(&body))];
    let passive = (
        true,
        &b"227 Entering Passive Mode (10,0,0,1,195,80)\r\n"[..],
    );
    let active = (false, &b"PORT 10,0,0,9,195,80\r\n"[..]);
    let (to_server, to_client) = ((9, 50_100), (1, 20));
    for (announced, command, from, to) in [
        (
            passive,
            &b"RETR /pub/fw.bin\r\n"[..],
            (1, 50_000),
            to_server,
        ),
        (passive, b"STOR fw.bin\r\n", to_server, (1, 50_000)),
        (active, b"RETR fw.bin\r\n", to_client, (9, 50_000)),
    ] {
        let mut frames = control(announced, command);
        frames.push(tcp(from, to, SYN, 99, b""));
        for (place, piece) in body.chunks(1000).enumerate() {
            frames.push(tcp(from, to, ACK, 100 + 1000 * place as u32, piece));
        }
        frames.push(tcp(from, to, ACK | FIN, 3100, b""));
        assert_eq!(files(&frames), wanted);
    }
}

#[test]
fn a_listing_by_ftp_is_no_file() {
    let mut frames = control((true, b"229 Entering (|||50000|)\r\n"), b"LIST\r\n");
    frames.push(tcp((1, 50_000), (9, 50_100), SYN, 99, b""));
    frames.push(tcp((1, 50_000), (9, 50_100), ACK | FIN, 100, &program(50)));
    assert_eq!(files(&frames), []);
}

#[test]
fn a_file_by_tftp_is_told_with_its_last_short_block() {
    let (client, server) = ((9, 40_000), (1, 50_000));
    let body = program(700);
    let block =
        |number: u8, data: &[u8]| udp(server, client, &[&[0, 3, 0, number][..], data].concat());
    let mut frames = vec![
        udp(client, (1, 69), b"\0\x01/tftpboot/fw.bin\0octet\0"),
        block(1, &body[..512]),
        udp(client, server, b"\0\x04\0\x01"),
        block(1, &body[..512]),
        block(2, &body[512..]),
    ];
    let wanted = [("fw.bin".to_owned(), ARM.to_owned(), 700, digest(&body))];
    assert_eq!(files(&frames), wanted);
    frames.pop();
    assert_eq!(
        files(&frames),
        [("fw.bin".into(), ARM.into(), 512, String::new())]
    );
    frames.truncate(1);
    assert_eq!(files(&frames), []);
}
