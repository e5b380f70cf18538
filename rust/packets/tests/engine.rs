//! What the engine makes of frames, seen in the tables it gives.
mod frames;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt16Type, UInt64Type};
use frames::{ACK, End, FIN, RST, SECOND, SYN, echo, ipv4, tcp, udp, udp_body};
use packets::capture::Frame;
use packets::engine::{Engine, Settings, Window};

const CLIENT: End = (9, 40_000);
const SERVER: End = (1, 80);
const STEP: i64 = 10 * SECOND;

fn run_with(settings: &Settings, frames: &[(i64, Vec<u8>)]) -> (Vec<Window>, Engine) {
    let mut engine = Engine::new(settings);
    for (place, (time, data)) in frames.iter().enumerate() {
        let frame = Frame {
            time: *time,
            wire: data.len() as u32,
            link: 1,
            data,
        };
        engine.take(&frame, place == 0);
    }
    engine.finish();
    (std::iter::from_fn(|| engine.ready()).collect(), engine)
}

fn settings(window: i64) -> Settings {
    let segment = "lan".to_owned();
    Settings {
        window,
        step: STEP,
        segment,
        secret_key: vec![7; 32],
        max_flows: 1000,
    }
}

fn run(window: i64, frames: &[(i64, Vec<u8>)]) -> Vec<Window> {
    run_with(&settings(window), frames).0
}

fn numbers(windows: &[Window], table: &str, column: &str) -> Vec<i64> {
    each(windows, table, |batch| {
        batch
            .column_by_name(column)
            .unwrap()
            .as_primitive::<Int64Type>()
            .values()
            .to_vec()
    })
}

fn texts(windows: &[Window], table: &str, column: &str) -> Vec<String> {
    each(windows, table, |batch| {
        let column = batch.column_by_name(column).unwrap().as_string_view();
        column.iter().map(|text| text.unwrap().to_owned()).collect()
    })
}

fn flags(windows: &[Window], column: &str) -> Vec<bool> {
    each(windows, "flows", |batch| {
        let column = batch.column_by_name(column).unwrap().as_boolean();
        column.iter().map(Option::unwrap).collect()
    })
}

fn each<T>(
    windows: &[Window],
    table: &str,
    of: impl Fn(&arrow_array::RecordBatch) -> Vec<T>,
) -> Vec<T> {
    let batches = windows.iter().flat_map(|window| &window.tables);
    batches
        .filter(|(name, _)| *name == table)
        .flat_map(|(_, batch)| of(batch))
        .collect()
}

fn last(windows: &[Window], column: &str) -> String {
    texts(windows, "flows", column).pop().unwrap()
}

#[test]
fn a_connection_tells_its_opener_its_state_and_its_end() {
    let frames = [
        (0, tcp(CLIENT, SERVER, SYN, 1, b"")),
        (1, tcp(SERVER, CLIENT, SYN | ACK, 1, b"")),
        (2, tcp(CLIENT, SERVER, ACK, 2, b"hello")),
        (3, tcp(CLIENT, SERVER, ACK | FIN, 7, b"")),
        (4, tcp(SERVER, CLIENT, ACK | FIN, 2, b"")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(last(&windows, "src"), "10.0.0.9");
    assert_eq!(last(&windows, "dst_mac"), "02:00:00:00:00:01");
    assert_eq!(
        (last(&windows, "state"), last(&windows, "end")),
        ("closed".into(), "closed".into())
    );
    assert_eq!(numbers(&windows, "flows", "packets_out"), [3]);
    assert_eq!(numbers(&windows, "flows", "packets_in"), [2]);
    assert_eq!(numbers(&windows, "flows", "payload_out"), [5]);
    assert!(texts(&windows, "sightings", "field").contains(&"tcp.serves".to_owned()));
}

#[test]
fn a_refused_connection_can_be_tried_again() {
    let once = |time| {
        let syn = tcp(CLIENT, SERVER, SYN, 1, b"");
        [
            (time, syn),
            (time + 1, tcp(SERVER, CLIENT, RST | ACK, 0, b"")),
        ]
    };
    let (windows, engine) = run_with(&settings(STEP), &[once(0), once(100), once(200)].concat());
    assert_eq!(engine.stats().flows, 3);
    assert_eq!(texts(&windows, "flows", "state"), ["refused"; 3]);
    let ids = each(&windows, "flows", |batch| {
        batch
            .column_by_name("flow")
            .unwrap()
            .as_primitive::<UInt64Type>()
            .values()
            .to_vec()
    });
    assert_eq!(
        ids.iter().collect::<std::collections::BTreeSet<_>>().len(),
        3
    );
}

#[test]
fn rows_are_cut_at_steps_however_long_the_window() {
    let frames: Vec<_> = (0..300)
        .map(|at| (at * SECOND / 4, udp(CLIENT, (1, 53), b"xx")))
        .collect();
    for (window, rows) in [(STEP, 8), (6 * STEP, 8), (SECOND, 75)] {
        let windows = run(window, &frames);
        assert_eq!(
            numbers(&windows, "flows", "packets_out")
                .iter()
                .sum::<i64>(),
            300
        );
        let counted = numbers(&windows, "flows", "packets_out")
            .iter()
            .filter(|count| **count > 0)
            .count();
        assert_eq!(counted, rows, "window {window}");
        assert_eq!(
            flags(&windows, "is_first")
                .iter()
                .filter(|first| **first)
                .count(),
            1
        );
        assert_eq!(
            flags(&windows, "is_last")
                .iter()
                .filter(|last| **last)
                .count(),
            1
        );
        let steps = numbers(&windows, "flows", "step");
        let begun = numbers(&windows, "flows", "first");
        assert!(
            steps
                .iter()
                .zip(begun)
                .all(|(step, first)| *step == first - first % STEP)
        );
    }
}

#[test]
fn a_silent_flow_ends_in_the_moment_its_time_is_over() {
    let frames = [
        (0, udp(CLIENT, (1, 53), b"xx")),
        (2000 * SECOND, udp((8, 40_000), (1, 53), b"xx")),
    ];
    for window in [SECOND, STEP, 6 * STEP] {
        let windows = run(window, &frames);
        assert_eq!(texts(&windows, "flows", "end")[..2], ["", "idle"]);
        assert_eq!(numbers(&windows, "flows", "step")[1], 60 * SECOND);
        assert_eq!(numbers(&windows, "flows", "packets_out")[1], 0);
        let spans: Vec<_> = windows.iter().map(|window| window.begin).collect();
        assert_eq!(
            spans,
            [0, 60 * SECOND, 2000 * SECOND - 2000 * SECOND % window]
        );
    }
}

#[test]
fn a_full_table_evicts_the_longest_idle() {
    let frames: Vec<_> = (0..5)
        .map(|at| (i64::from(at), udp((at, 40_000), (100, 53), b"xx")))
        .collect();
    let settings = Settings {
        max_flows: 3,
        ..settings(STEP)
    };
    let (windows, engine) = run_with(&settings, &frames);
    assert_eq!(engine.stats().evicted, 2);
    assert_eq!(texts(&windows, "flows", "end")[..2], ["evicted", "evicted"]);
    assert_eq!(
        texts(&windows, "flows", "src")[..2],
        ["10.0.0.0", "10.0.0.1"]
    );
}

#[test]
fn pieces_count_as_frames_and_are_read_as_one() {
    let body = udp_body(40_000, 53, &[1; 24]);
    let frames = [
        (0, ipv4(9, 1, 17, 0x2000, &body[..16])),
        (1, ipv4(9, 1, 17, 2, &body[16..])),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(numbers(&windows, "flows", "packets_out"), [2]);
    assert_eq!(numbers(&windows, "flows", "payload_out"), [24]);
    let (windows, engine) = run_with(&settings(STEP), &frames[..1]);
    assert_eq!(numbers(&windows, "flows", "packets_out"), [1]);
    let mut engine = engine;
    assert_eq!(engine.tally().of("fragments: not complete"), 1);
}

#[test]
fn a_packet_from_far_ahead_does_not_move_time() {
    let question = || udp(CLIENT, (1, 53), b"xx");
    let frames = [
        (0, question()),
        (86_400 * SECOND * 99, question()),
        (1, question()),
    ];
    let (windows, mut engine) = run_with(&settings(STEP), &frames);
    assert_eq!(windows.len(), 1);
    assert_eq!(engine.tally().of("time: far ahead"), 1);
    assert_eq!(engine.stats().packets, 3);
    assert_eq!(engine.stats().times, Some((0, 1)));
}

#[test]
fn late_packets_keep_their_own_step() {
    let question = || udp(CLIENT, (1, 53), b"xx");
    let frames = [
        (15 * SECOND, question()),
        (5 * SECOND, question()),
        (16 * SECOND, question()),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(windows.len(), 1);
    assert_eq!(numbers(&windows, "flows", "step"), [STEP, 0, STEP]);
}

#[test]
fn echo_and_its_reply_are_one_flow() {
    let windows = run(STEP, &[(0, echo(9, 1, 8)), (1, echo(1, 9, 0))]);
    assert_eq!(numbers(&windows, "flows", "packets_out"), [1]);
    assert_eq!(numbers(&windows, "flows", "packets_in"), [1]);
    let kind = each(&windows, "flows", |batch| {
        batch
            .column_by_name("src_port")
            .unwrap()
            .as_primitive::<UInt16Type>()
            .values()
            .to_vec()
    });
    assert_eq!(kind, [8]);
}

#[test]
fn a_head_in_pieces_out_of_order_is_read() {
    let head =
        b"GET /x HTTP/1.1\r\nHost: cam.example:81\r\nAuthorization: Basic YWRtaW46c2VjcmV0\r\n\r\n";
    let frames = [
        (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (1, tcp(CLIENT, SERVER, ACK, 41, &head[40..])),
        (2, tcp(CLIENT, SERVER, ACK, 1, &head[..40])),
        (3, tcp(CLIENT, SERVER, ACK, 1, &head[..40])),
        (
            4,
            tcp(
                SERVER,
                CLIENT,
                ACK,
                1,
                b"HTTP/1.1 401 No\r\nServer: tiny\r\n\r\n",
            ),
        ),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "http", "host"), ["cam.example:81", ""]);
    assert_eq!(
        (last(&windows, "service"), last(&windows, "name")),
        ("http".into(), "cam.example".into())
    );
    assert_eq!(texts(&windows, "logins", "user"), ["admin"]);
    assert_eq!(texts(&windows, "logins", "outcome"), ["failure"]);
    assert_eq!(texts(&windows, "logins", "secret")[0].len(), 32);
    assert_eq!(texts(&windows, "logins", "mac"), ["02:00:00:00:00:09"]);
}

#[test]
fn later_heads_of_a_kept_connection_are_read() {
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n").into_bytes();
    let body = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
        &[b'x'; 1000][..],
    ]
    .concat();
    let (first, second) = (request("/1"), request("/2"));
    let frames = [
        (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (1, tcp(CLIENT, SERVER, ACK, 1, &first)),
        (2, tcp(SERVER, CLIENT, ACK, 1, &body)),
        (
            3,
            tcp(SERVER, CLIENT, ACK, 1 + body.len() as u32, &[b'x'; 1000]),
        ),
        (4, tcp(CLIENT, SERVER, ACK, 1 + first.len() as u32, &second)),
        (5, tcp(CLIENT, SERVER, ACK, 1 + first.len() as u32, &second)),
    ];
    assert_eq!(texts(&run(STEP, &frames), "http", "path"), ["/1", "", "/2"]);
}

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

/// A connection in which the client says the first, and then the server these.
fn answered(said: &[u8], answers: &[&[u8]]) -> Vec<(i64, Vec<u8>)> {
    let mut frames = vec![
        (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (1, tcp(SERVER, CLIENT, SYN | ACK, 0, b"")),
        (2, tcp(CLIENT, SERVER, ACK, 1, said)),
    ];
    let mut sequence = 1;
    for answer in answers {
        frames.push((3, tcp(SERVER, CLIENT, ACK, sequence, answer)));
        sequence += answer.len() as u32;
    }
    frames
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
fn both_sides_of_ssh_tell_what_they_offer() {
    let offer = |kex: &[u8]| {
        let mut body = vec![4, 20];
        body.extend([9; 16]);
        body.extend((kex.len() as u32).to_be_bytes());
        body.extend(kex);
        body.extend([0; 45]);
        [&(body.len() as u32).to_be_bytes()[..], &body].concat()
    };
    let said = [b"SSH-2.0-c\r\n".to_vec(), offer(b"curve")].concat();
    let answer = offer(b"group");
    let windows = run(
        STEP,
        &answered(&said, &[b"SSH-2.0-s\r\n", &answer[..9], &answer[9..]]),
    );
    let fields = texts(&windows, "sightings", "field");
    let values = texts(&windows, "sightings", "value");
    let told: Vec<&str> = fields
        .iter()
        .zip(&values)
        .filter(|(field, _)| *field == "ssh.hassh")
        .map(|(_, value)| &value[..7])
        .collect();
    assert_eq!(told, ["client:", "server:"]);
}

#[test]
fn a_question_over_tcp_may_come_in_pieces() {
    let server = (1, 53);
    let question = b"\x00\x13\0\x07\x01\0\0\x01\0\0\0\0\0\0\x01x\0\0\x01\0\x01";
    let frames = [
        (0, tcp(CLIENT, server, SYN, 0, b"")),
        (1, tcp(CLIENT, server, ACK, 1, &question[..15])),
        (2, tcp(CLIENT, server, ACK, 16, &question[15..])),
    ];
    assert_eq!(texts(&run(STEP, &frames), "dns", "name"), ["x"]);
}

#[test]
fn a_hello_after_connect_is_read() {
    let asked = b"CONNECT cam.example:443 HTTP/1.1\r\nHost: cam.example:443\r\n\r\n";
    let body = [&[3, 3][..], &[0; 32], b"\0\0\x02\x13\x01\x01\0"].concat();
    let hello = [
        &[22, 3, 1, 0, body.len() as u8 + 4, 1, 0, 0, body.len() as u8][..],
        &body,
    ]
    .concat();
    let behind = 1 + asked.len() as u32;
    let frames = [
        (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (1, tcp(CLIENT, SERVER, ACK, 1, asked)),
        (2, tcp(SERVER, CLIENT, ACK, 1, b"HTTP/1.1 200 OK\r\n\r\n")),
        (3, tcp(CLIENT, SERVER, ACK, behind, &hello[..20])),
        (4, tcp(CLIENT, SERVER, ACK, behind, &hello[..20])),
        (5, tcp(CLIENT, SERVER, ACK, behind + 20, &hello[20..])),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "http", "method"), ["CONNECT", ""]);
    assert_eq!(texts(&windows, "tls", "version"), ["TLS1.2"]);
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

#[test]
fn a_request_behind_chunks_is_read() {
    let both = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n\
        0\r\n\r\nGET /behind HTTP/1.1\r\n\r\n";
    let frames = [
        (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (1, tcp(CLIENT, SERVER, ACK, 1, both)),
    ];
    assert_eq!(texts(&run(STEP, &frames), "http", "path"), ["/", "/behind"]);
}

#[test]
fn text_in_a_body_is_no_head_and_what_follows_it_is_read() {
    let first = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n";
    let body = b"POST success";
    let second = b"HTTP/1.1 201 OK\r\nContent-Length: 14\r\n\r\nHTTP";
    let both = b"ends here.HTTP/1.1 202 OK\r\n\r\n";
    let mut behind = 1;
    let mut frames = vec![(0, tcp(CLIENT, SERVER, SYN, 0, b""))];
    for (time, said) in (1..).zip([&first[..], body, second, both]) {
        frames.push((time, tcp(SERVER, CLIENT, ACK, behind, said)));
        behind += said.len() as u32;
    }
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "http", "method"), ["", "", ""]);
}

#[test]
fn a_telnet_login_is_followed() {
    let server = (1, 23);
    let frames = [
        (0, tcp(CLIENT, server, SYN, 0, b"")),
        (1, tcp(server, CLIENT, SYN | ACK, 0, b"")),
        (2, tcp(server, CLIENT, ACK, 1, b"box login: ")),
        (3, tcp(CLIENT, server, ACK, 1, b"root\r\n")),
        (4, tcp(server, CLIENT, ACK, 12, b"Password: ")),
        (5, tcp(CLIENT, server, ACK, 7, b"12345\r\n")),
        (6, tcp(server, CLIENT, ACK, 22, b"\r\nLogin incorrect\r\n")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "logins", "service"), ["telnet"]);
    assert_eq!(texts(&windows, "logins", "user"), ["root"]);
    assert_eq!(texts(&windows, "logins", "outcome"), ["failure"]);
    assert!(texts(&windows, "sightings", "field").contains(&"telnet.banner".to_owned()));
}

#[test]
fn no_cut_of_any_frame_is_more_than_damage() {
    let whole = [
        udp(CLIENT, (1, 53), &[0; 30]),
        tcp(CLIENT, SERVER, SYN, 0, b"GET / HTTP/1.1\r\n\r\n"),
        echo(9, 1, 8),
    ];
    for frame in whole {
        let cuts: Vec<_> = (0..frame.len())
            .map(|end| (0, frame[..end].to_vec()))
            .collect();
        let (_, engine) = run_with(&settings(STEP), &cuts);
        assert_eq!(engine.stats().packets, cuts.len() as u64);
    }
}

#[test]
fn time_passes_without_packets() {
    let mut engine = Engine::new(&settings(STEP));
    assert_eq!(engine.told_until(), None);
    engine.pass(3 * SECOND);
    assert_eq!((engine.told_until(), engine.rows()), (Some(0), 0));
    let data = udp(CLIENT, (1, 53), &[0; 30]);
    let frame = Frame {
        time: 4 * SECOND,
        wire: data.len() as u32,
        link: 1,
        data: &data,
    };
    engine.take(&frame, false);
    engine.pass(STEP - 1);
    assert!(engine.ready().is_none() && engine.rows() > 0);
    engine.pass(STEP);
    let window = engine.ready().unwrap();
    assert_eq!((window.begin, window.end), (0, STEP));
    engine.pass(0);
    assert_eq!(engine.told_until(), Some(STEP));
    engine.pass(90 * SECOND);
    let last = engine.ready().unwrap();
    assert_eq!((last.begin, last.end), (6 * STEP, 7 * STEP));
    assert_eq!(texts(&[last], "flows", "end"), ["idle"]);
    assert_eq!(engine.told_until(), Some(9 * STEP));
}

/// What remains of a frame without its link layer.
fn packet_of(frame: &[u8]) -> &[u8] {
    &frame[14..]
}

#[test]
fn what_tunnels_carry_counts_and_the_tunnel_does_not() {
    let question = udp(CLIENT, (1, 53), b"xx");
    let packet = packet_of(&question);
    let gre = [&[0, 0, 8, 0][..], packet].concat();
    let overlay = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &question].concat();
    for (tunnel, mac) in [
        (ipv4(20, 21, 4, 0, packet), "02:00:00:00:00:14"),
        (ipv4(20, 21, 47, 0, &gre), "02:00:00:00:00:14"),
        (udp((20, 5000), (21, 4789), &overlay), "02:00:00:00:00:09"),
    ] {
        let size = i64::try_from(tunnel.len()).unwrap();
        let windows = run(STEP, &[(0, tunnel)]);
        assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.9"]);
        assert_eq!(texts(&windows, "flows", "src_mac"), [mac]);
        assert_eq!(numbers(&windows, "flows", "bytes_out"), [size]);
        assert_eq!(numbers(&windows, "flows", "payload_out"), [2]);
        let sighted = texts(&windows, "sightings", "ip");
        assert!(sighted.contains(&"10.0.0.20".to_owned()));
    }
}

#[test]
fn tunnels_in_pieces_and_in_tunnels_are_followed_to_a_depth() {
    let question = udp(CLIENT, (1, 53), b"xx");
    let mut packet = packet_of(&question).to_vec();
    let body = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &question].concat();
    let datagram = udp_body(5000, 4789, &body);
    let pieces = [
        (0, ipv4(20, 21, 17, 0x2000, &datagram[..32])),
        (1, ipv4(20, 21, 17, 4, &datagram[32..])),
    ];
    let windows = run(STEP, &pieces);
    assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.9"]);
    assert_eq!(numbers(&windows, "flows", "packets_out"), [2]);
    for _ in 0..5 {
        packet = packet_of(&ipv4(20, 21, 4, 0, &packet)).to_vec();
    }
    let (windows, mut engine) = run_with(&settings(STEP), &[(0, ipv4(22, 23, 4, 0, &packet))]);
    assert_eq!(engine.tally().of("tunnel: too deep"), 1);
    assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.20"]);
}

#[test]
fn a_tunnel_with_damage_within_is_counted_by_its_kind() {
    let (windows, mut engine) = run_with(
        &settings(STEP),
        &[(0, ipv4(20, 21, 47, 0, &[0x20, 0, 8, 0, 1]))],
    );
    assert_eq!(engine.tally().of("gre: header short"), 1);
    assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.20"]);
}

#[test]
fn reports_of_groups_are_recognised() {
    let report = [0x16, 0, 0, 0, 239, 255, 255, 250];
    let windows = run(STEP, &[(0, ipv4(9, 1, 2, 0, &report))]);
    assert_eq!(last(&windows, "service"), "igmp");
}

/// The values told of that field.
fn sighted(windows: &[Window], field: &str) -> Vec<String> {
    let fields = texts(windows, "sightings", "field");
    let values = texts(windows, "sightings", "value");
    let pairs = fields.into_iter().zip(values);
    pairs
        .filter(|(told, _)| told == field)
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn announcements_on_the_link_tell_of_their_sender() {
    let lldp = b"\x02\x04\x07abc\x04\x02\x07p\x06\x02\0\x78\x0c\x03Box\0\0";
    let logical = |body: &[u8]| frames::ethernet(9, 1, body.len() as u16, body);
    let cisco = b"\xaa\xaa\x03\0\0\x0c\x20\0\x02\xb4\0\0\0\x06\0\x06C1";
    let root = [
        &[0x42, 0x42, 3, 0, 0, 0, 0, 0][..],
        &[1; 8],
        &[0; 4],
        &[1; 8],
    ]
    .concat();
    let frames = [
        (0, frames::ethernet(9, 1, 0x88cc, lldp)),
        (1, logical(cisco)),
        (2, logical(&root)),
        (3, frames::ethernet(9, 1, 0x888e, &[1, 1, 0, 0])),
        (4, frames::ethernet(9, 1, 0x88cc, b"\x02\x04\x07")),
    ];
    let (windows, mut engine) = run_with(&settings(STEP), &frames);
    assert_eq!(sighted(&windows, "lldp.description"), ["Box"]);
    assert_eq!(sighted(&windows, "cdp.platform"), ["C1"]);
    assert_eq!(sighted(&windows, "stp"), ["root"]);
    assert_eq!(sighted(&windows, "eapol"), ["supplicant"]);
    assert_eq!(engine.tally().of("lldp: part cut short"), 1);
}

#[test]
fn answers_of_managed_and_found_devices_tell_what_they_are() {
    let managed = b"\x30\x2b\x02\x01\0\x04\x06public\xa2\x1e\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x13\x30\x11\x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x04\x05AP 12";
    let found = b"<a:Envelope><a:Hello><a:Types>b:Printer</a:Types></a:Hello></a:Envelope>";
    let called = b"OPTIONS sip:a SIP/2.0\r\nUser-Agent: Door 1.2\r\n\r\n";
    let frames = [
        (0, udp((9, 161), (1, 40_000), managed)),
        (1, udp((9, 3702), (1, 40_000), found)),
        (2, udp((9, 5060), (1, 5060), called)),
        (3, udp((9, 40_000), (1, 5683), b"\x40\x01\0\x01\xb5state")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(sighted(&windows, "snmp.description"), ["AP 12"]);
    assert_eq!(sighted(&windows, "wsd.types"), ["b:Printer"]);
    assert_eq!(sighted(&windows, "sip.agent"), ["Door 1.2"]);
    assert_eq!(sighted(&windows, "coap.path"), ["/state"]);
}

#[test]
fn a_session_of_file_sharing_names_its_server() {
    let mut setup = [&b"\0\0\0\x80\xfeSMB"[..], &[0; 60]].concat();
    (setup[16], setup[20]) = (1, 1);
    setup.extend(b"NTLMSSP\0\x02\0\0\0");
    setup.extend([0; 28]);
    setup.extend(b"\x10\0\x10\0\x30\0\0\0\x01\0\x04\0N\0A\0\x02\0\x04\0W\0G\0");
    let frames = [
        (0, tcp(CLIENT, (1, 445), SYN, 0, b"")),
        (1, tcp((1, 445), CLIENT, ACK, 1, &setup)),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(last(&windows, "service"), "smb");
    assert_eq!(sighted(&windows, "ntlm.host"), ["NA"]);
    assert_eq!(sighted(&windows, "ntlm.domain"), ["WG"]);
}

fn said(ends: [End; 2], parts: &[(usize, &[u8])]) -> Vec<(i64, Vec<u8>)> {
    let mut frames = vec![(0, tcp(ends[0], ends[1], SYN, 0, b""))];
    frames.push((1, tcp(ends[1], ends[0], SYN | ACK, 0, b"")));
    let mut next = [1, 1];
    for (time, (side, payload)) in (2..).zip(parts) {
        let (from, to) = (ends[*side], ends[1 - side]);
        let frame = tcp(from, to, ACK, next[*side], payload);
        frames.push((time, frame));
        next[*side] += payload.len() as u32;
    }
    frames
}

#[test]
fn a_connection_to_a_broker_is_followed_for_its_life() {
    let broker: End = (1, 1883);
    let large = [&b"\x30\xa3\x9c\x01\0\x01b"[..], &vec![7; 20_000]].concat();
    let mut parts: Vec<(usize, &[u8])> = vec![
        (0, b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03cam"),
        (1, b"\x20\x02\0\0"),
        (0, b"\x82\x06\0\x01\0\x01#\x01\x33\x07\0\x01a\0\x02hi\xc0\0"),
    ];
    parts.extend(large.chunks(1400).map(|part| (0, part)));
    parts.push((0, b"\x30\x05\0\x01cxy"));
    parts.push((1, b"\x30\x04\0\x01dz\xd0\0"));
    parts.push((0, b"\xe0\0"));
    let windows = run(STEP, &said([CLIENT, broker], &parts));
    let wanted = [
        "connect",
        "connack",
        "subscribe",
        "publish",
        "publish",
        "publish",
        "publish",
        "disconnect",
    ];
    assert_eq!(texts(&windows, "mqtt", "message"), wanted);
    assert_eq!(
        texts(&windows, "mqtt", "topic"),
        ["", "", "#", "a", "b", "c", "d", ""]
    );
    assert_eq!(
        numbers(&windows, "mqtt", "size"),
        [0, 0, 0, 2, 20_000, 2, 1, 0]
    );
    assert!(
        texts(&windows, "mqtt", "client_id")
            .iter()
            .all(|id| id == "cam")
    );
    assert!(
        texts(&windows, "mqtt", "client")
            .iter()
            .all(|ip| ip == "10.0.0.9")
    );
    assert_eq!(sighted(&windows, "mqtt.topic"), ["a", "b", "c"]);
}

#[test]
fn after_a_gap_a_connection_to_a_broker_is_followed_on() {
    let broker: End = (1, 1883);
    let connect = b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03cam";
    let mut frames = said([CLIENT, broker], &[(0, connect)]);
    for (place, topic) in (0_u32..).zip(b'a'..=b'z') {
        let sequence = 1000 + place * 5;
        let packet = [0x30, 3, 0, 1, topic];
        let frame = tcp(CLIENT, broker, ACK, sequence, &packet);
        frames.push((10 + i64::from(place), frame));
    }
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "mqtt", "topic").len(), 27);
    assert_eq!(sighted(&windows, "mqtt.topic").len(), 16);
}

#[test]
fn an_answer_tells_what_it_answers_wherever_it_comes_from() {
    let client: End = (9, 40_000);
    let frames = [
        (
            0,
            udp(
                client,
                (255, 5683),
                b"\x51\x01\0\x01t\xbb.well-known\x04core",
            ),
        ),
        (
            1,
            udp(
                (1, 5683),
                client,
                b"\x51\x45\0\x07t\xc1\x28\xff</a>;rt=\"x\"",
            ),
        ),
        (2, udp(client, (1, 5683), b"\x60\0\0\x07")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "coap", "code"), ["GET", "2.05", "0.00"]);
    let path = "/.well-known/core";
    assert_eq!(texts(&windows, "coap", "path"), [path, path, ""]);
    assert_eq!(texts(&windows, "coap", "client"), ["10.0.0.9"; 3]);
    assert_eq!(sighted(&windows, "coap.resource"), ["/a|x"]);
}

#[test]
fn servers_greet_and_connections_have_fingerprints() {
    let greeting: &[(usize, &[u8])] = &[(1, b"220 box FTP server ready\r\n"), (0, b"USER a\r\n")];
    let windows = run(STEP, &said([CLIENT, (1, 21)], greeting));
    assert_eq!(sighted(&windows, "ftp.banner"), ["box FTP server ready"]);
    assert_eq!(sighted(&windows, "tcp.syn"), ["64_256_-_-_"]);
    assert_eq!(sighted(&windows, "tcp.synack"), ["64_256_-_-_"]);
}

#[test]
fn a_device_is_described_over_several_segments() {
    let body = b"<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><manufacturer>Acme</manufacturer>\
        <modelName>L1</modelName></device></root>";
    let head =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 128\r\n\r\n";
    assert_eq!(body.len(), 128);
    let parts: &[(usize, &[u8])] = &[
        (0, b"GET /d.xml HTTP/1.1\r\nHost: lamp\r\n\r\n"),
        (1, &[&head[..], &body[..50]].concat()),
        (1, &body[50..100]),
        (1, &body[100..]),
        (0, b"GET /e HTTP/1.1\r\nHost: lamp\r\n\r\n"),
        (1, b"HTTP/1.1 404 no\r\nContent-Length: 0\r\n\r\n"),
    ];
    let windows = run(STEP, &said([CLIENT, SERVER], parts));
    assert_eq!(sighted(&windows, "upnp.maker"), ["Acme"]);
    assert_eq!(sighted(&windows, "upnp.model"), ["L1"]);
    assert_eq!(texts(&windows, "http", "path"), ["/d.xml", "", "/e", ""]);
}

#[test]
fn consumer_devices_tell_who_they_are() {
    let tuya =
        b"\0\0\x55\xaa\0\0\0\0\0\0\0\0\0\0\0\x20\0\0\0\0{\"gwId\":\"g1\"}\0\0\0\0\0\0\xaa\x55";
    let tapo = b"\x02\0\0\x01\0\x20\x11\0\0\0\0\0\0\0\0\0{\"result\":{\"device_model\":\"L530\"}}";
    let miio = [&b"\x21\x31\0\x20\0\0\0\0\0\0\x01\x02"[..], &[9; 20]].concat();
    let frames = [
        (0, udp((9, 6666), (255, 6666), tuya)),
        (1, udp((9, 20002), (1, 40_000), tapo)),
        (2, udp((9, 54321), (1, 40_000), &miio)),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(sighted(&windows, "tuya.id"), ["g1"]);
    assert_eq!(sighted(&windows, "tplink.model"), ["L530"]);
    assert_eq!(sighted(&windows, "miio.id"), ["258"]);
}

#[test]
fn a_directory_bound_in_clear_is_a_login() {
    let parts: &[(usize, &[u8])] = &[
        (
            0,
            b"\x30\x14\x02\x01\x01\x60\x0f\x02\x01\x03\x04\x04cn=a\x80\x04pass",
        ),
        (1, b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0"),
    ];
    let windows = run(STEP, &said([CLIENT, (1, 389)], parts));
    assert_eq!(texts(&windows, "logins", "service"), ["ldap"]);
    assert_eq!(texts(&windows, "logins", "outcome"), ["success"]);
    assert_eq!(sighted(&windows, "ldap.user"), ["cn=a"]);
}
