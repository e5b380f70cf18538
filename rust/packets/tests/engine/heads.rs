//! Conversations in heads: pieces, bodies, what comes behind them.
use crate::frames::{ACK, SYN, tcp};
use crate::seen::{CLIENT, SERVER, STEP, answered, last, run, said, sighted, texts};

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

#[test]
fn a_port_that_a_router_opens_is_told_of_who_asked() {
    let body = "<s:Envelope xmlns:s=\"x\"><s:Body><u:AddPortMapping xmlns:u=\"urn\">\
        <NewExternalPort>8080</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>80</NewInternalPort>\
        <NewInternalClient>192.168.1.20</NewInternalClient></u:AddPortMapping></s:Body></s:Envelope>";
    let head = format!(
        "POST /ctl HTTP/1.1\r\nContent-Type: text/xml; charset=\"utf-8\"\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let (size, half) = (head.len() as u32, body.len() / 2);
    let asked = |answer: &[u8]| {
        let frames = [
            (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
            (1, tcp(CLIENT, SERVER, ACK, 1, head.as_bytes())),
            (
                2,
                tcp(CLIENT, SERVER, ACK, 1 + size, &body.as_bytes()[..half]),
            ),
            (
                3,
                tcp(
                    CLIENT,
                    SERVER,
                    ACK,
                    1 + size + half as u32,
                    &body.as_bytes()[half..],
                ),
            ),
            (4, tcp(SERVER, CLIENT, ACK, 1, answer)),
        ];
        sighted(&run(STEP, &frames), "upnp.mapping")
    };
    let granted = asked(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(granted, ["TCP 8080 to 192.168.1.20:80"]);
    assert!(asked(b"HTTP/1.1 500 Internal Server Error\r\n\r\n").is_empty());
}

#[test]
fn what_a_camera_answers_to_whoever_calls_is_told() {
    let call = |more: &str, answer: &[u8]| {
        let body = "<Envelope><Body><GetStreamUri xmlns=\"http://www.onvif.org/ver10/media/wsdl\"/></Body></Envelope>";
        let said = format!(
            "POST /onvif HTTP/1.1\r\nContent-Type: application/soap+xml\r\n{more}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        sighted(
            &run(STEP, &answered(said.as_bytes(), &[answer])),
            "onvif.access",
        )
    };
    let (good, bad) = (
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\n\r\n",
    );
    assert_eq!(call("", good), ["open:GetStreamUri"]);
    assert_eq!(call("", bad), ["guarded:GetStreamUri"]);
    assert!(call("Authorization: Digest username=\"a\"\r\n", good).is_empty());
}

#[test]
fn video_that_nobody_signs_in_for_is_told() {
    let play = |more: &str, answer: &[u8]| {
        let said = format!("PLAY rtsp://192.168.1.9/1 RTSP/1.0\r\nCSeq: 4\r\n{more}\r\n");
        sighted(
            &run(STEP, &answered(said.as_bytes(), &[answer])),
            "rtsp.access",
        )
    };
    let (good, bad) = (
        b"RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n",
        b"RTSP/1.0 401 Unauthorized\r\nCSeq: 4\r\n\r\n",
    );
    assert_eq!(play("", good), ["open"]);
    assert_eq!(play("", bad), ["guarded"]);
    assert!(play("Authorization: Basic YTpi\r\n", good).is_empty());
}
