//! Rows of flows: who opened them, how they went and ended.
use crate::frames::{ACK, FIN, RST, SYN, echo, ipv4, tcp, udp, udp_body};
use crate::seen::{CLIENT, SERVER, STEP, each, last, numbers, run, run_with, settings, texts};
use arrow_array::cast::AsArray;
use arrow_array::types::{UInt16Type, UInt64Type};
use packets::engine::Settings;

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
fn a_full_table_evicts_the_longest_idle() {
    let frames: Vec<_> = (0..5)
        .map(|at| (i64::from(at), udp((at, 40_000), (100, 53), b"xx")))
        .collect();
    let settings = Settings {
        max_flows: 3,
        full: usize::MAX,
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
