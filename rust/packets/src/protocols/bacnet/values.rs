//! How objects, properties and values are written.

use super::codes::{OBJECTS, PROPERTIES};
use crate::protocols::plant::{hex, label, named};

pub(super) fn object(id: u32) -> String {
    let (kind, instance) = (id >> 22, id & 0x3f_ffff);
    let known = OBJECTS.get(kind as usize).filter(|name| !name.is_empty());
    known.map_or_else(
        || format!("type-{kind}:{instance}"),
        |name| format!("{name}:{instance}"),
    )
}

pub(super) fn property_name(property: u32) -> String {
    named(&PROPERTIES, property).map_or_else(|| format!("property-{property}"), str::to_owned)
}

/// The big-endian number of up to four bytes; the last four count.
pub(super) fn uint(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// A value of an application's tag as text (clause 20.2).
pub(super) fn value(kind: u8, bytes: &[u8]) -> String {
    match (kind, bytes) {
        (0, _) => "null".to_owned(),
        (2 | 9, _) if bytes.len() <= 4 => uint(bytes).to_string(),
        (3, [first, ..]) if bytes.len() <= 4 => {
            let sign = if first & 0x80 == 0 { 0 } else { u32::MAX };
            let number = bytes
                .iter()
                .fold(sign, |sum, byte| sum << 8 | u32::from(*byte));
            number.cast_signed().to_string()
        }
        (4, [a, b, c, d]) => f32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        (5, [_, _, _, _, _, _, _, _]) => {
            let bytes = bytes.try_into().unwrap_or_default();
            f64::from_be_bytes(bytes).to_string()
        }
        (7, [0, text @ ..]) => label(text),
        (8, [unused, bits @ ..]) => {
            let count = bits
                .len()
                .saturating_mul(8)
                .saturating_sub(usize::from(*unused & 7));
            let bits = bits
                .iter()
                .flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1));
            bits.take(count.min(64))
                .map(|bit| if bit == 0 { '0' } else { '1' })
                .collect()
        }
        (12, [_, _, _, _]) => object(uint(bytes)),
        _ => hex(bytes),
    }
}
