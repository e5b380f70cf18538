//! How fast the engine reads captures, and whether it still brings out the same: prints packets for each second of one
//! core's time, and a digest of all tables.
//!
//! ```text
//! cargo run --release -p packets --example speed -- CAPTURE ...    all files are read as one stream
//! cargo run --release -p packets --example speed -- --each CAPTURE ...    each for itself
//! ```
//! Time is that of this thread as Linux tells it, spent in the engine alone: the digest is not counted.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt8Type, UInt16Type, UInt64Type};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::DataType;
use packets::engine::Settings;
use packets::reader::Reader;
use sha2::{Digest, Sha256};

/// The allocator that the Python module has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECOND: i64 = 1_000_000;

/// What reading brought out and took.
#[derive(Default)]
struct Outcome {
    packets: u64,
    rows: usize,
    nanoseconds: u64,
    digest: Sha256,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_each = arguments.first().is_some_and(|first| first == "--each");
    if is_each {
        arguments.remove(0);
    }
    let paths: Vec<PathBuf> = arguments.into_iter().map(PathBuf::from).collect();
    let mut outcome = Outcome::default();
    let length = if is_each { 1 } else { paths.len().max(1) };
    for paths in paths.chunks(length) {
        read(paths.to_vec(), &mut outcome)?;
    }
    let speed = outcome.packets * 1_000_000_000 / outcome.nanoseconds.max(1);
    let Outcome { packets, rows, .. } = outcome;
    print!("{packets} packets, {rows} rows, {speed} packets/s, ");
    for byte in outcome.digest.finalize() {
        print!("{byte:02x}");
    }
    println!();
    Ok(())
}

fn read(paths: Vec<PathBuf>, outcome: &mut Outcome) -> Result<(), Box<dyn Error>> {
    let settings = Settings {
        window: 60 * SECOND,
        step: 10 * SECOND,
        segment: "lan".to_owned(),
        secret_key: vec![7; 32],
        max_flows: 1 << 17,
        full: usize::MAX,
    };
    let opened = Reader::open(paths, &settings);
    let mut reader = opened.map_err(|error| format!("{error:?}"))?;
    loop {
        let began = spent()?;
        let window = reader.next_window()?;
        outcome.nanoseconds += spent()? - began;
        let Some(window) = window else { break };
        let span = [window.begin, window.end, window.more.into()];
        for number in span {
            outcome.digest.update(number.to_le_bytes());
        }
        for (name, batch) in &window.tables {
            outcome.rows += batch.num_rows();
            outcome.digest.update(name);
            for column in batch.columns() {
                add(column, &mut outcome.digest);
            }
        }
    }
    outcome.packets += reader.stats().packets;
    let said = format!("{:?} {:?}", reader.stats(), reader.damaged());
    outcome.digest.update(said);
    Ok(())
}

/// Nanoseconds that this thread was on a core.
fn spent() -> Result<u64, Box<dyn Error>> {
    let told = fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = told.split(' ').next().unwrap_or_default();
    Ok(first.parse()?)
}

/// Adds the values of a column, however they are kept.
fn add(column: &dyn Array, digest: &mut Sha256) {
    match column.data_type() {
        DataType::Int64 => add_numbers::<Int64Type>(column, digest),
        DataType::Int32 => add_numbers::<Int32Type>(column, digest),
        DataType::UInt64 => add_numbers::<UInt64Type>(column, digest),
        DataType::UInt16 => add_numbers::<UInt16Type>(column, digest),
        DataType::UInt8 => add_numbers::<UInt8Type>(column, digest),
        DataType::Boolean => {
            let flags = column.as_boolean().values().iter();
            flags.for_each(|flag| digest.update([u8::from(flag)]));
        }
        DataType::Utf8View => {
            for text in column.as_string_view().iter().flatten() {
                digest.update((text.len() as u64).to_le_bytes());
                digest.update(text);
            }
        }
        DataType::List(_) => {
            let lists = column.as_list::<i32>();
            let ends = lists.value_offsets().iter();
            ends.for_each(|end| digest.update(end.to_le_bytes()));
            add(lists.values(), digest);
        }
        other => panic!("a table has a column of {other}"),
    }
}

fn add_numbers<T: ArrowPrimitiveType>(column: &dyn Array, digest: &mut Sha256) {
    digest.update(column.as_primitive::<T>().values().inner().as_slice());
}
