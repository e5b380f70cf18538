//! Time: steps and windows, silence, packets that come late or from far ahead.
use crate::frames::{SECOND, udp};
use crate::seen::{CLIENT, STEP, each, numbers, run, run_with, settings, texts};
use arrow_array::cast::AsArray;
use packets::capture::Frame;
use packets::engine::{Engine, Window};

fn flags(windows: &[Window], column: &str) -> Vec<bool> {
    each(windows, "flows", |batch| {
        let column = batch.column_by_name(column).unwrap().as_boolean();
        column.iter().map(Option::unwrap).collect()
    })
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
fn two_packets_from_far_ahead_at_the_end_are_told() {
    let far = 90 * 24 * 3600 * SECOND;
    let frames = [
        (0, udp(CLIENT, (1, 53), b"xx")),
        (far, udp(CLIENT, (1, 5300), b"xx")),
        (far + 1, udp(CLIENT, (1, 5300), b"xx")),
    ];
    for window in [SECOND, STEP, 360 * STEP] {
        let windows = run(window, &frames);
        let counted = numbers(&windows, "flows", "packets_out");
        assert_eq!(counted.iter().sum::<i64>(), 3, "window {window}");
        assert_eq!(numbers(&windows, "flows", "first").pop(), Some(far));
    }
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
