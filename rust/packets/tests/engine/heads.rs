//! Conversations in heads: pieces, bodies, what comes behind them.
use crate::frames::{ACK, SYN, tcp};
use crate::seen::{CLIENT, SERVER, STEP, last, run, said, sighted, texts};

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
