//! Hellos and certificates of TLS.
use crate::frames::{ACK, SYN, tcp, udp};
use crate::seen::{CLIENT, SERVER, STEP, answered, last, run, run_with, settings, texts};

/// A handshake record with that message.
fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let size = (body.len() as u32).to_be_bytes();
    let message = [&[kind], &size[1..], body].concat();
    let size = (message.len() as u16).to_be_bytes();
    [&[22, 3, 3], &size[..], &message].concat()
}

fn client_hello() -> Vec<u8> {
    let name = b"\0\0\0\x08\0\x06\0\0\x03cam";
    let body = [
        &b"\x03\x03"[..],
        &[7; 32],
        b"\0\0\x02\x13\x01\x01\0\0\x0c",
        name,
    ]
    .concat();
    handshake(1, &body)
}

/// A server's hello with these random bytes; of TLS 1.3 or 1.2.
fn server_hello(random: &[u8; 32], is_new: bool) -> Vec<u8> {
    let version: &[u8] = if is_new {
        b"\0\x06\0\x2b\0\x02\x03\x04"
    } else {
        b""
    };
    handshake(
        2,
        &[&b"\x03\x03"[..], random, b"\0\x13\x01\0", version].concat(),
    )
}

const RETRY: [u8; 32] = *b"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c";

#[test]
fn what_a_server_chose_is_told_once_however_its_handshake_goes_on() {
    let (old, new) = (server_hello(&[1; 32], false), server_hello(&[1; 32], true));
    let retry = server_hello(&RETRY, true);
    let changed = b"\x14\x03\x03\0\x01\x01";
    let certificate = handshake(11, b"\0\0\x06\0\0\x03\x30\x81\x00");
    let warning = b"\x15\x03\x03\0\x02\x01\x70";
    let cases: [(&str, Vec<&[u8]>, &str); 7] = [
        ("warned", vec![warning, &new], "TLS1.3"),
        ("new", vec![&new, b"\x17\x03\x03\0\x10"], "TLS1.3"),
        ("retried", vec![&retry, changed, &new], "TLS1.3"),
        ("resumed", vec![&old, changed], "TLS1.2"),
        (
            "refused",
            vec![&old, b"\x15\x03\x03\0\x02\x02\x28"],
            "TLS1.2",
        ),
        ("ended", vec![&old], "TLS1.2"),
        (
            "in parts",
            vec![&old, &certificate[..7], &certificate[7..]],
            "TLS1.2",
        ),
    ];
    for (case, answers, version) in cases {
        let windows = run(STEP, &answered(&client_hello(), &answers));
        assert_eq!(
            texts(&windows, "tls", "version"),
            ["TLS1.2", version],
            "{case}"
        );
        assert_eq!(texts(&windows, "tls", "sni"), ["cam", "cam"], "{case}");
        let suites = texts(&windows, "tls", "cipher");
        assert_eq!(suites, ["", "TLS_AES_128_GCM_SHA256"], "{case}");
        let has_certificate = !texts(&windows, "tls", "certificate")[1].is_empty();
        assert_eq!(has_certificate, case == "in parts");
    }
    let silent = run(
        STEP,
        &answered(&client_hello(), &[b"\x15\x03\x03\0\x02\x02\x28"]),
    );
    assert_eq!(texts(&silent, "tls", "version"), ["TLS1.2"]);
}

#[test]
fn a_certificate_with_a_gap_is_not_told() {
    let certificate = handshake(
        11,
        &[&b"\0\x3e\x83\0\x3e\x80"[..], &[0x30; 16_000]].concat(),
    );
    let old = server_hello(&[1; 32], false);
    let parts: Vec<&[u8]> = certificate.chunks(1400).collect();
    let whole = [&[&old[..]], &parts[..]].concat();
    let mut frames = answered(&client_hello(), &whole);
    let told = texts(&run(STEP, &frames), "tls", "certificate");
    assert_eq!(told[1].len(), 64);
    frames.remove(6);
    assert_eq!(texts(&run(STEP, &frames), "tls", "certificate"), ["", ""]);
    // One long segment, as network cards join them.
    let joined = answered(&client_hello(), &[&old, &certificate]);
    assert_eq!(texts(&run(STEP, &joined), "tls", "certificate"), told);
}

#[test]
fn a_server_that_speaks_no_tls_answers_a_hello_in_clear() {
    let refused = b"HTTP/1.1 400 Bad Request\r\nServer: s\r\nContent-Length: 0\r\n\r\n";
    let windows = run(STEP, &answered(&client_hello(), &[refused]));
    assert_eq!(texts(&windows, "tls", "sni"), ["cam"]);
    assert_eq!(texts(&windows, "http", "server_name"), ["s"]);
    assert_eq!(last(&windows, "service"), "http");
}

#[test]
fn a_servers_hello_of_a_connection_without_its_beginning_is_read() {
    let answer = server_hello(&[1; 32], true);
    let frames = [
        (0, tcp(CLIENT, SERVER, ACK, 700, &client_hello())),
        (1, tcp(SERVER, CLIENT, ACK, 900, &answer)),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "tls", "version"), ["TLS1.2", "TLS1.3"]);
}

#[test]
fn a_hello_after_the_preamble_of_another_protocol_is_read() {
    let xmpp: [&[u8]; 2] = [
        b"<?xml version='1.0'?><stream:stream to='example.org'>",
        b"<stream:stream><stream:features><starttls/></stream:features>",
    ];
    let mysql: [&[u8]; 2] = [b"", b"\x4a\0\0\0\x0a8.0.36\0more than sixteen bytes"];
    let desktop: [&[u8]; 2] = [
        b"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0",
        b"\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\0\x08\0\x02\0\0\0",
    ];
    for (port, [asked, answered]) in [(5222, xmpp), (3306, mysql), (3389, desktop)] {
        let server = (1, port);
        let asks_again = b"an answer of more than sixteen bytes";
        let behind = 1 + asked.len() as u32;
        let frames = [
            (0, tcp(CLIENT, server, SYN, 0, b"")),
            (1, tcp(server, CLIENT, SYN | ACK, 0, b"")),
            (2, tcp(CLIENT, server, ACK, 1, asked)),
            (3, tcp(server, CLIENT, ACK, 1, answered)),
            (4, tcp(CLIENT, server, ACK, behind, asks_again)),
            (
                5,
                tcp(
                    CLIENT,
                    server,
                    ACK,
                    behind + asks_again.len() as u32,
                    &client_hello(),
                ),
            ),
        ];
        assert_eq!(texts(&run(STEP, &frames), "tls", "sni"), ["cam"], "{port}");
    }
}

#[test]
fn a_name_message_with_a_fault_tells_what_came_before_it_and_is_no_evidence() {
    let question = b"\0\x01\x81\x80\0\x01\0\x01\0\0\0\0\x01x\0\0\x01\0\x01";
    let looping = [&question[..], b"\xc0\x13\0\x01\0\x01\0\0\0\0\0\0"].concat();
    let frames = [(0, udp((1, 53), CLIENT, &looping))];
    let (windows, mut engine) = run_with(&settings(STEP), &frames);
    assert_eq!(texts(&windows, "dns", "name"), ["x"]);
    assert_eq!(engine.tally().of("dns: name loops"), 1);
    let told = texts(&windows, "sightings", "field");
    assert!(!told.iter().any(|field| field.starts_with("dns.")));
}
