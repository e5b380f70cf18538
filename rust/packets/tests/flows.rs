//! What rows tell of the packets of flows, and that windows of many rows come in parts.
mod frames;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use frames::{ACK, End, SECOND, SYN, ipv4, tcp, udp, udp_body};
use packets::capture::Frame;
use packets::engine::{Engine, Settings, Window};

const CLIENT: End = (9, 40_000);
const SERVER: End = (1, 80);
const STEP: i64 = 10 * SECOND;

fn settings(max_flows: usize) -> Settings {
    Settings {
        window: STEP,
        step: STEP,
        segment: "lan".to_owned(),
        secret_key: Vec::new(),
        max_flows,
        full: usize::MAX,
    }
}

fn engine(max_flows: usize) -> Engine {
    Engine::new(&settings(max_flows))
}

fn give(engine: &mut Engine, time: i64, data: &[u8]) {
    let frame = Frame {
        time,
        wire: data.len() as u32,
        link: 1,
        data,
    };
    engine.take(&frame, false);
}

fn run(frames: &[(i64, Vec<u8>)]) -> Vec<Window> {
    let mut engine = engine(1000);
    for (time, data) in frames {
        give(&mut engine, *time, data);
    }
    engine.finish();
    std::iter::from_fn(|| engine.ready()).collect()
}

fn flows(windows: &[Window]) -> impl Iterator<Item = &RecordBatch> {
    let tables = windows.iter().flat_map(|window| &window.tables);
    tables.filter_map(|(name, batch)| (*name == "flows").then_some(batch))
}

fn numbers(windows: &[Window], column: &str) -> Vec<i64> {
    let of = |batch: &RecordBatch| {
        let column = batch.column_by_name(column).unwrap();
        column.as_primitive::<Int64Type>().values().to_vec()
    };
    flows(windows).flat_map(of).collect()
}

#[test]
fn rows_tell_sizes_gaps_and_what_was_resent() {
    let said = [b'x'; 46];
    let windows = run(&[
        (0, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (5, tcp(CLIENT, SERVER, SYN, 0, b"")),
        (15, tcp(SERVER, CLIENT, SYN | ACK, 7, b"")),
        (12, tcp(CLIENT, SERVER, ACK, 1, &said)),
        (32, tcp(CLIENT, SERVER, ACK, 1, &said)),
    ]);
    let of = |column| numbers(&windows, column);
    assert_eq!((of("resent_out"), of("resent_in")), (vec![2], vec![0]));
    assert_eq!((of("size_min"), of("size_max")), (vec![54], vec![100]));
    assert_eq!(of("size_squares"), [3 * 54 * 54 + 2 * 100 * 100]);
    assert_eq!((of("gap_min"), of("gap_max")), (vec![0], vec![20]));
    assert_eq!((of("gap_sum"), of("gap_squares")), (vec![35], vec![525]));
    let batch = flows(&windows).next().unwrap();
    let sizes = batch.column_by_name("sizes").unwrap().as_list::<i32>();
    let sizes = sizes.value(0).as_primitive::<Int32Type>().values().to_vec();
    assert_eq!(sizes, [54, 54, -54, 100, 100]);
    let gaps = batch.column_by_name("gaps").unwrap().as_list::<i32>();
    let gaps = gaps.value(0).as_primitive::<Int64Type>().values().to_vec();
    assert_eq!(gaps, [0, 5, 10, 0, 20]);
}

#[test]
fn a_gap_belongs_to_the_row_of_the_packet_behind_it() {
    let frames: Vec<_> = (0..20)
        .map(|at| (at * SECOND, udp(CLIENT, (1, 53), b"xx")))
        .collect();
    let windows = run(&frames);
    assert_eq!(numbers(&windows, "gap_sum"), [9 * SECOND, 10 * SECOND]);
    assert_eq!(numbers(&windows, "packets_out"), [10, 10]);
    let told = flows(&windows).map(|batch| {
        let sizes = batch.column_by_name("sizes").unwrap().as_list::<i32>();
        sizes.values().len()
    });
    assert_eq!(told.collect::<Vec<_>>(), [10, 6]);
}

#[test]
fn pieces_of_a_datagram_have_their_own_sizes() {
    let body = udp_body(40_000, 53, &[1; 24]);
    let windows = run(&[
        (0, ipv4(9, 1, 17, 0x2000, &body[..16])),
        (7, ipv4(9, 1, 17, 2, &body[16..])),
    ]);
    assert_eq!(numbers(&windows, "size_min"), [50]);
    assert_eq!(numbers(&windows, "size_squares"), [2 * 50 * 50]);
    assert_eq!(numbers(&windows, "gap_sum"), [0]);
}

#[test]
fn a_window_of_many_rows_comes_in_parts() {
    const FLOWS: usize = 70_000;
    let mut engine = engine(FLOWS);
    let mut windows = Vec::new();
    for at in 0..FLOWS {
        let from = (at / 50_000 + 1, at % 50_000 + 1000);
        let data = udp((from.0 as u8, from.1 as u16), (100, 9999), b"xx");
        give(&mut engine, 1, &data);
    }
    give(&mut engine, 70 * SECOND, &udp(CLIENT, (1, 53), b"xx"));
    windows.extend(std::iter::from_fn(|| engine.ready()));
    engine.finish();
    windows.extend(std::iter::from_fn(|| engine.ready()));
    let spans: Vec<_> = windows
        .iter()
        .map(|window| (window.begin / STEP, window.more))
        .collect();
    assert_eq!(
        spans,
        [(0, true), (0, false), (6, true), (6, false), (7, false)]
    );
    let rows = |begin| {
        let parts = windows
            .iter()
            .filter(move |window| window.begin == begin * STEP);
        parts
            .flat_map(|part| flows(std::slice::from_ref(part)))
            .map(RecordBatch::num_rows)
            .sum::<usize>()
    };
    assert_eq!((rows(0), rows(6), rows(7)), (FLOWS, FLOWS, 1));
}

#[test]
fn a_flow_lives_as_long_as_it_is_touched() {
    let mut frames: Vec<_> = (0..40)
        .map(|at| (at * 30 * SECOND, udp(CLIENT, (1, 53), b"xx")))
        .collect();
    frames.push((39 * 30 * SECOND + 61 * SECOND, udp(CLIENT, (1, 53), b"xx")));
    let windows = run(&frames);
    let ends = flows(&windows).flat_map(|batch| {
        let ends = batch.column_by_name("end").unwrap().as_string_view();
        ends.iter()
            .map(|end| end.unwrap().to_owned())
            .collect::<Vec<_>>()
    });
    let ends: Vec<_> = ends.filter(|end| !end.is_empty()).collect();
    assert_eq!(ends, ["idle", "finished"]);
}

#[test]
fn who_begins_with_nonsense_is_heard_later() {
    let question = b"\0\x07\x01\0\0\x01\0\0\0\0\0\0\x01x\0\0\x01\0\x01";
    let mut frames: Vec<_> = (0..100)
        .map(|at| (at, udp(CLIENT, (1, 53), b"nonsense")))
        .collect();
    frames.extend((100..140).map(|at| (at, udp(CLIENT, (1, 53), question))));
    let windows = run(&frames);
    let tables = windows.iter().flat_map(|window| &window.tables);
    let told: usize = tables
        .filter(|(name, _)| *name == "dns")
        .map(|(_, batch)| batch.num_rows())
        .sum();
    assert!((24..40).contains(&told), "{told}");
}

#[test]
fn a_full_window_ends_with_its_step_and_the_next_goes_on_from_there() {
    let told = |full| {
        let mut engine = Engine::new(&Settings {
            window: 360 * STEP,
            full,
            ..settings(1000)
        });
        for second in 0..100 {
            let time = 3600 * SECOND + second * SECOND;
            for client in 10..16 {
                give(&mut engine, time, &udp((client, 5000), SERVER, b"x"));
            }
        }
        engine.finish();
        std::iter::from_fn(|| engine.ready()).collect::<Vec<_>>()
    };
    let (whole, cut) = (told(usize::MAX), told(15));
    assert_eq!((whole.len(), whole[0].end), (1, 7200 * SECOND));
    assert!(cut.len() > 3);
    assert_eq!(cut[0].begin, whole[0].begin);
    assert_eq!(cut.last().map(|last| last.end), Some(whole[0].end));
    for pair in cut.windows(2) {
        assert_eq!(pair[0].end, pair[1].begin);
        assert_eq!(pair[0].end % STEP, 0);
    }
    let sorted = |windows: &[Window]| {
        let mut rows: Vec<_> = numbers(windows, "first")
            .into_iter()
            .zip(numbers(windows, "bytes_out"))
            .collect();
        rows.sort_unstable();
        rows
    };
    assert_eq!(sorted(&cut), sorted(&whole));
}
