//! Runs the engine over frames, and takes what tests look at from the tables it gives.
use crate::frames::{ACK, End, SECOND, SYN, tcp};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use packets::capture::Frame;
use packets::engine::{Engine, Settings, Window};

pub const CLIENT: End = (9, 40_000);

pub const SERVER: End = (1, 80);

pub const STEP: i64 = 10 * SECOND;

pub fn run_with(settings: &Settings, frames: &[(i64, Vec<u8>)]) -> (Vec<Window>, Engine) {
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

pub fn settings(window: i64) -> Settings {
    let segment = "lan".to_owned();
    Settings {
        window,
        step: STEP,
        segment,
        secret_key: vec![7; 32],
        max_flows: 1000,
        full: usize::MAX,
    }
}

pub fn run(window: i64, frames: &[(i64, Vec<u8>)]) -> Vec<Window> {
    run_with(&settings(window), frames).0
}

pub fn numbers(windows: &[Window], table: &str, column: &str) -> Vec<i64> {
    each(windows, table, |batch| {
        batch
            .column_by_name(column)
            .unwrap()
            .as_primitive::<Int64Type>()
            .values()
            .to_vec()
    })
}

pub fn texts(windows: &[Window], table: &str, column: &str) -> Vec<String> {
    each(windows, table, |batch| {
        let column = batch.column_by_name(column).unwrap().as_string_view();
        column.iter().map(|text| text.unwrap().to_owned()).collect()
    })
}

pub fn each<T>(
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

pub fn last(windows: &[Window], column: &str) -> String {
    texts(windows, "flows", column).pop().unwrap()
}

/// A connection in which the client says the first, and then the server these.
pub fn answered(said: &[u8], answers: &[&[u8]]) -> Vec<(i64, Vec<u8>)> {
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

/// The values told of that field.
pub fn sighted(windows: &[Window], field: &str) -> Vec<String> {
    let fields = texts(windows, "sightings", "field");
    let values = texts(windows, "sightings", "value");
    let pairs = fields.into_iter().zip(values);
    pairs
        .filter(|(told, _)| told == field)
        .map(|(_, value)| value)
        .collect()
}

pub fn said(ends: [End; 2], parts: &[(usize, &[u8])]) -> Vec<(i64, Vec<u8>)> {
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
