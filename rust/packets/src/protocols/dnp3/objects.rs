//! Objects within messages of DNP3: headers, points and their values (IEEE 1815-2012, clause 4.2.2.7 and annex A).

use crate::protocols::plant::{Values, hex, named};
use crate::protocols::reader::Reader;

/// The most headers of objects read of a message.
const MAX_HEADERS: usize = 32;
/// The most points read of a header.
const MAX_POINTS: usize = 256;

/// What the objects of a message tell.
#[derive(Debug, Default)]
pub struct Points {
    /// Of the first header: group, variation, and the range of points.
    pub address: String,
    /// Points of all headers.
    pub count: i64,
    /// Of the first points.
    pub values: String,
    /// Why a control was refused.
    pub refusal: Option<&'static str>,
}

const REFUSALS: [(u8, &str); 12] = [
    (1, "timeout"),
    (2, "no select"),
    (3, "format error"),
    (4, "not supported"),
    (5, "already active"),
    (6, "hardware error"),
    (7, "local"),
    (8, "too many operations"),
    (9, "not authorized"),
    (10, "automation inhibit"),
    (11, "processing limited"),
    (12, "out of range"),
];

/// Reads headers and, where the message has any, their points; stops where the objects are not known.
#[must_use]
pub fn read(bytes: &[u8], has_data: bool) -> Points {
    let mut reader = Reader::new(bytes);
    let mut points = Points::default();
    let mut values = Values::default();
    for _ in 0..MAX_HEADERS {
        if reader.is_empty() || header(&mut reader, has_data, &mut points, &mut values).is_none() {
            break;
        }
    }
    points.values = values.text();
    points
}

/// A header and its points.
fn header(
    reader: &mut Reader,
    has_data: bool,
    points: &mut Points,
    values: &mut Values,
) -> Option<()> {
    let (group, variation, qualifier) = (reader.u8()?, reader.u8()?, reader.u8()?);
    let (count, first) = range(reader, qualifier & 0x0f)?;
    let prefix = match qualifier >> 4 & 7 {
        0 => 0,
        1 | 4 => 1,
        2 | 5 => 2,
        3 | 6 => 4,
        _ => return None,
    };
    let is_sized = qualifier >> 4 & 7 >= 4;
    points.count = points.count.saturating_add(i64::from(count));
    let is_first = points.address.is_empty();
    if is_first {
        points.address = format!("g{group}v{variation}");
        match (first, count) {
            (Some(first), 1) => points.address.extend(["[", &first.to_string(), "]"]),
            (Some(first), 2..) => {
                let last = first.saturating_add(count.saturating_sub(1));
                points
                    .address
                    .extend(["[", &first.to_string(), "-", &last.to_string(), "]"]);
            }
            _ => {}
        }
    }
    if prefix == 0 && !has_data {
        return Some(());
    }
    if prefix == 0 && is_packed(group, variation) {
        let bits = reader.take(usize::try_from(count.div_ceil(8)).ok()?)?;
        let bits = bits
            .iter()
            .flat_map(|byte| (0..8).map(move |place| byte >> place & 1));
        for bit in bits.take(usize::try_from(count).ok()?).take(MAX_POINTS) {
            if !values.add(if bit == 0 { "0" } else { "1" }) {
                break;
            }
        }
        return Some(());
    }
    for place in 0..usize::try_from(count).ok()?.min(MAX_POINTS) {
        let number = number(reader.take(prefix)?);
        if is_first && place == 0 && prefix > 0 && !is_sized {
            let more = if count > 1 { ",…" } else { "" };
            points.address.extend(["[", &number.to_string(), more, "]"]);
        }
        let size = if is_sized {
            number as usize
        } else {
            size_of(group, variation)?
        };
        if has_data {
            point(reader.take(size)?, group, variation, points, values);
        }
    }
    Some(())
}

/// How many points a header is for, and the first of them where it says so.
fn range(reader: &mut Reader, kind: u8) -> Option<(u32, Option<u32>)> {
    let (first, last) = match kind {
        0 => (u32::from(reader.u8()?), u32::from(reader.u8()?)),
        1 => (u32::from(reader.le16()?), u32::from(reader.le16()?)),
        2 => (reader.le32()?, reader.le32()?),
        6 => return Some((0, None)), // all of them
        7 | 0xb => return Some((u32::from(reader.u8()?), None)),
        8 => return Some((u32::from(reader.le16()?), None)),
        9 => return Some((reader.le32()?, None)),
        _ => return None,
    };
    Some((last.checked_sub(first)?.saturating_add(1), Some(first)))
}

/// Little-endian, up to four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// Whether eight points share a byte.
fn is_packed(group: u8, variation: u8) -> bool {
    matches!((group, variation), (1 | 10 | 80, 1))
}

/// The length of a point without its prefix.
fn size_of(group: u8, variation: u8) -> Option<usize> {
    Some(match (group, variation) {
        (1 | 10, 2) | (2 | 11 | 13, 1) => 1,
        (20 | 31, 6) | (21, 6 | 10) | (30, 4) | (52, 1 | 2) => 2,
        (2, 3) | (20..=22 | 30..=32 | 40..=42, 2) => 3,
        (20 | 31, 5) | (21, 9) | (30, 3) => 4,
        (20..=22 | 30..=32 | 40..=42, 1) | (30 | 32 | 42, 5) | (31, 7) | (40 | 41, 3) => 5,
        (50 | 51, 1 | 2) | (50, 3) => 6,
        (2 | 11 | 13, 2) => 7,
        (22 | 30, 6) | (32 | 42, 4 | 6) | (31, 8) | (40 | 41, 4) => 9,
        (12, 1) | (21 | 22, 5) | (32 | 42, 3 | 7) | (50, 4) => 11,
        (32 | 42, 8) => 15,
        (110..=113, length) => usize::from(length),
        _ => return None,
    })
}

/// The value of a point.
fn point(bytes: &[u8], group: u8, variation: u8, points: &mut Points, values: &mut Values) {
    let value = match (group, bytes) {
        (12, [code, .., status]) => {
            points.refusal = points.refusal.or(named(&REFUSALS, *status));
            control(*code)
        }
        (41, [.., status]) => {
            points.refusal = points.refusal.or(named(&REFUSALS, *status));
            let is_float = variation >= 3;
            numeric(
                bytes.split_last().map_or(bytes, |(_, value)| value),
                is_float,
                true,
            )
        }
        (1 | 2 | 10 | 11, [flags, ..]) => (flags >> 7).to_string(),
        // Flags come first, the time of an event last.
        (20..=22, [_, value @ ..]) if matches!(variation, 1 | 2) => numeric(value, false, false),
        (30 | 31 | 32 | 40 | 42, [_, value @ ..]) if matches!(variation, 1 | 2) => {
            numeric(value, false, true)
        }
        (30 | 32 | 42, [_, value @ ..]) if matches!(variation, 5 | 6) => numeric(value, true, true),
        (30, value) if matches!(variation, 3 | 4) => numeric(value, false, true),
        (31, [_, value @ ..]) if matches!(variation, 7 | 8) => numeric(value, true, true),
        (40, [_, value @ ..]) if matches!(variation, 3 | 4) => numeric(value, true, true),
        (32 | 42, [_, a, b, c, d, ..]) if variation == 3 => numeric(&[*a, *b, *c, *d], false, true),
        (32 | 42, [_, a, b, ..]) if variation == 4 => numeric(&[*a, *b], false, true),
        (110..=113, text) => crate::protocols::plant::label(text),
        _ => hex(bytes),
    };
    values.add(&value);
}

fn numeric(bytes: &[u8], is_float: bool, is_signed: bool) -> String {
    match (bytes, is_float, is_signed) {
        ([a, b, c, d], true, _) => f32::from_le_bytes([*a, *b, *c, *d]).to_string(),
        ([_, _, _, _, _, _, _, _], true, _) => {
            let bytes = bytes.try_into().unwrap_or_default();
            f64::from_le_bytes(bytes).to_string()
        }
        ([a, b], _, true) => i16::from_le_bytes([*a, *b]).to_string(),
        ([_, _, _, _], _, true) => number(bytes).cast_signed().to_string(),
        ([_, _] | [_, _, _, _], ..) => number(bytes).to_string(),
        _ => hex(bytes),
    }
}

/// What a relay is told to do (group 12): operation, and whether to close or trip.
fn control(code: u8) -> String {
    let names = ["nul", "pulse on", "pulse off", "latch on", "latch off"];
    let operation = names
        .get(usize::from(code & 0x0f))
        .copied()
        .unwrap_or("undefined");
    match code >> 6 {
        1 => format!("{operation} close"),
        2 => format!("{operation} trip"),
        _ => operation.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    #[test]
    fn several_headers_add_up() {
        let points = read(
            b"\x3c\x02\x06\x01\x02\0\0\x01\x81\x01\x01\x01\0\x03\x0a\x05",
            true,
        );
        assert_eq!((points.address.as_str(), points.count), ("g60v2", 10));
        assert_eq!(points.values, "1,0,1,0,1,0,0,0,0,0");
    }

    #[test]
    fn relays_are_told_by_name() {
        assert_eq!(control(0x41), "pulse on close");
        assert_eq!(control(0x84), "latch off trip");
    }

    #[test]
    fn it_never_panics() {
        let sample = b"\x0c\x01\x28\x01\0\x07\0\x03\x01\x64\0\0\0\x64\0\0\0\0\x1e\x02\0\x05\x06";
        never_panics(&[sample], |bytes| {
            let _ = (read(bytes, true), read(bytes, false));
        });
    }
}
