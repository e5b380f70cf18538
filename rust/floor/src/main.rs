//! How fast the packets of a capture can be gone over at all, on one core and out of mapped memory.
//!
//! ```text
//! floor headers CAPTURE    link, network and transport headers are read
//! floor flows CAPTURE      and counted by flow in a hash table
//! floor bytes CAPTURE      and every byte of payload is added up
//! ```
//! Prints packets, flows, a sum that keeps the compiler honest, and seconds. Knows microsecond pcap files of
//! Ethernet alone, as the lab writes them, and stops at a record that is cut off.

use std::collections::HashMap;
use std::env;
use std::fs::File;
use std::process::ExitCode;
use std::time::Instant;

use foldhash::fast::FixedState;
use memmap2::Mmap;

const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;
const MAGIC: u32 = 0xA1B2_C3D4;

/// The lower end's address and the higher one's, and both ports with the protocol. IPv4 fills the last four bytes.
#[derive(PartialEq, Eq, Hash, Clone, Copy, Default)]
struct Key {
    low: u128,
    high: u128,
    rest: u64,
}

/// A frame's flow and where its payload begins; none when it is not IP.
struct Head {
    key: Key,
    payload: usize,
}

type Flows = HashMap<Key, [u64; 4], FixedState>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [mode, path] = arguments.as_slice() else {
        return refuse("floor wants a mode (headers, flows, bytes) and a capture");
    };
    let walk: fn(&[u8]) -> [u64; 3] = match mode.as_str() {
        "headers" => headers,
        "flows" => |data| flows(data, false),
        "bytes" => |data| flows(data, true),
        _ => return refuse("the mode is headers, flows or bytes"),
    };
    // SAFETY: the capture was written before and nobody changes it while it is measured.
    let Ok(data) = File::open(path).and_then(|file| unsafe { Mmap::map(&file) }) else {
        return refuse("the capture cannot be read");
    };
    if data.len() < FILE_HEADER || word(&data, 0) != MAGIC {
        return refuse("the capture is no microsecond pcap file");
    }
    let began = Instant::now();
    let [packets, flows, sum] = walk(&data[FILE_HEADER..]);
    println!(
        "{packets} {flows} {sum} {:.6}",
        began.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}.");
    ExitCode::from(2)
}

fn word(data: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]])
}

fn short(data: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([data[at], data[at + 1]])
}

/// The frames of a capture, one slice each.
fn frames(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if data.len() < RECORD_HEADER {
            return None;
        }
        let length = word(data, 8) as usize;
        let frame = data.get(RECORD_HEADER..RECORD_HEADER + length)?;
        data = &data[RECORD_HEADER + length..];
        Some(frame)
    })
}

fn head(frame: &[u8]) -> Option<Head> {
    match frame.get(12..14)? {
        [0x08, 0x00] if frame.len() >= 38 => {
            let start = 14 + usize::from(frame[14] & 15) * 4;
            let end = |at: usize| {
                u128::from(u32::from_be_bytes([
                    frame[at],
                    frame[at + 1],
                    frame[at + 2],
                    frame[at + 3],
                ]))
            };
            Some(transport(frame, frame[23], start, [end(26), end(30)]))
        }
        [0x86, 0xDD] if frame.len() >= 58 => {
            let end =
                |at: usize| u128::from_be_bytes(frame[at..at + 16].try_into().unwrap_or_default());
            Some(transport(frame, frame[20], 54, [end(22), end(38)]))
        }
        _ => None,
    }
}

fn transport(frame: &[u8], protocol: u8, start: usize, ends: [u128; 2]) -> Head {
    let (ports, payload) = match protocol {
        6 if frame.len() >= start + 20 => (
            [short(frame, start), short(frame, start + 2)],
            start + usize::from(frame[start + 12] >> 4) * 4,
        ),
        17 if frame.len() >= start + 8 => {
            ([short(frame, start), short(frame, start + 2)], start + 8)
        }
        _ => ([0, 0], start),
    };
    let (one, other) = ((ends[0], ports[0]), (ends[1], ports[1]));
    let (low, high) = if one <= other {
        (one, other)
    } else {
        (other, one)
    };
    let rest = u64::from(protocol) << 32 | u64::from(low.1) << 16 | u64::from(high.1);
    Head {
        key: Key {
            low: low.0,
            high: high.0,
            rest,
        },
        payload,
    }
}

fn headers(data: &[u8]) -> [u64; 3] {
    let (mut packets, mut sum) = (0, 0u64);
    for frame in frames(data) {
        packets += 1;
        if let Some(head) = head(frame) {
            let Key { low, high, rest } = head.key;
            sum = sum.wrapping_add(low as u64 ^ high as u64 ^ rest);
        }
    }
    [packets, 0, sum]
}

fn flows(data: &[u8], touch: bool) -> [u64; 3] {
    let (mut packets, mut sum) = (0, 0u64);
    let mut table = Flows::with_hasher(FixedState::default());
    for frame in frames(data) {
        packets += 1;
        let Some(Head { key, payload }) = head(frame) else {
            continue;
        };
        let row = table.entry(key).or_default();
        row[0] += 1;
        row[1] += frame.len() as u64;
        if touch {
            sum = sum.wrapping_add(
                frame
                    .get(payload..)
                    .unwrap_or_default()
                    .iter()
                    .map(|&byte| u64::from(byte))
                    .sum(),
            );
        }
    }
    [packets, table.len() as u64, sum]
}

#[cfg(test)]
mod tests {
    use super::{flows, headers};

    /// A UDP packet of two payload bytes between two ends, with its record.
    fn packet(from: u8, to: u8) -> Vec<u8> {
        let mut frame = vec![0; 14];
        frame[12] = 8;
        frame.extend([
            0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, from, 10, 0, 0, to,
        ]);
        frame.extend([0, from, 0, to, 0, 10, 0, 0, 3, 4]);
        let mut record = vec![0; 8];
        record.extend([44, 0, 0, 0, 44, 0, 0, 0]);
        record.extend(frame);
        record
    }

    #[test]
    fn both_ways_are_one_flow_and_payload_is_added_up() {
        let data = [packet(1, 2), packet(2, 1), packet(1, 3)].concat();
        assert_eq!(flows(&data, true), [3, 2, 21]);
        assert_eq!(flows(&data, false), [3, 2, 0]);
    }

    #[test]
    fn a_record_that_is_cut_off_ends_the_walk() {
        let data = [packet(1, 2), packet(2, 1)].concat();
        assert_eq!(headers(&data)[0], 2);
        assert_eq!(headers(&data[..data.len() - 1])[0], 1);
        assert_eq!(headers(&data[..70])[0], 1);
    }
}
