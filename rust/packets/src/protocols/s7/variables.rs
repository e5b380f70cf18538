//! The items of reading and writing: where they lie, and their values by type.

use crate::protocols::plant::{Operation, Values, hex};
use crate::protocols::reader::Reader;

/// The most items read of a message.
const MAX_ITEMS: usize = 20;

/// The items of a question: the first one's address, and how many elements all have.
pub(super) fn variables(reader: &mut Reader, operation: &mut Operation) -> Option<()> {
    let count = usize::from(reader.u8()?);
    for place in 0..count.min(MAX_ITEMS) {
        reader.u8()?; // 0x12: an address follows
        let item = reader.block8()?;
        if !reader.at().is_multiple_of(2)
            && place.saturating_add(1) < count
            && reader.rest().first() == Some(&0)
        {
            reader.u8(); // filled up to an even length
        }
        let (address, coding, quantity) = variable(item)?;
        operation.quantity = operation.quantity.saturating_add(quantity);
        if place == 0 {
            (operation.address, operation.coding) = (address, coding);
        }
    }
    Some(())
}

/// Address, type and count of one item.
fn variable(item: &[u8]) -> Option<(String, u16, i64)> {
    let mut reader = Reader::new(item);
    match reader.u8()? {
        0x10 => {
            let (kind, count, block) = (reader.u8()?, reader.u16()?, reader.u16()?);
            let (area, at) = (reader.u8()?, reader.u24()?);
            let address = any_pointer(area, block, at);
            Some((address, u16::from(kind), i64::from(count)))
        }
        0xb2 => Some((format!("symbol {}", hex(reader.rest())), 0, 1)),
        syntax => Some((format!("syntax 0x{syntax:02x}"), 0, 1)),
    }
}

fn any_pointer(area: u8, block: u16, at: u32) -> String {
    let (byte, bit) = (at >> 3, at & 7);
    match area {
        0x1c => format!("C{at}"),
        0x1d => format!("T{at}"),
        0x80 => format!("P{byte}.{bit}"),
        0x81 => format!("I{byte}.{bit}"),
        0x82 => format!("Q{byte}.{bit}"),
        0x83 => format!("M{byte}.{bit}"),
        0x84 => format!("DB{block}.DBX{byte}.{bit}"),
        0x85 => format!("DI{block}.DIX{byte}.{bit}"),
        0x86 => format!("L{byte}.{bit}"),
        _ => format!("area 0x{area:02x} {byte}.{bit}"),
    }
}

/// The values of the first items; the type of the first is known from its address.
pub(super) fn values(data: &[u8], count: usize, coding: u16) -> String {
    let mut reader = Reader::new(data);
    let mut told = Values::default();
    for place in 0..count.min(MAX_ITEMS) {
        let (Some(_), Some(kind), Some(length)) = (reader.u8(), reader.u8(), reader.u16()) else {
            break;
        };
        // These kinds count bits.
        let length = usize::from(if matches!(kind, 3..=5) {
            length.div_ceil(8)
        } else {
            length
        });
        let Some(bytes) = reader.take(length.min(reader.rest().len())) else {
            break;
        };
        if length % 2 != 0 {
            reader.u8();
        }
        let coding = if place == 0 { coding } else { 0 };
        if !elements(bytes, coding, &mut told) {
            break;
        }
    }
    told.text()
}

/// One item's elements by its type; bytes whose type is not known as one number in hex.
fn elements(bytes: &[u8], coding: u16, told: &mut Values) -> bool {
    let size = match coding {
        1 | 2 => 1,
        4 | 5 => 2,
        6..=8 => 4,
        _ => return bytes.is_empty() || told.add(&hex(bytes)),
    };
    bytes
        .chunks_exact(size)
        .all(|element| told.add(&number(element, coding)))
}

fn number(element: &[u8], coding: u16) -> String {
    match (element, coding) {
        ([byte], _) => byte.to_string(),
        ([a, b], 5) => i16::from_be_bytes([*a, *b]).to_string(),
        ([a, b], _) => u16::from_be_bytes([*a, *b]).to_string(),
        ([a, b, c, d], 7) => i32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        ([a, b, c, d], 8) => f32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        ([a, b, c, d], _) => u32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        _ => hex(element),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::plant::joined;

    #[test]
    fn numbers_are_written_by_their_type() {
        assert_eq!(number(&[0xff, 0xff], 5), "-1");
        assert_eq!(number(&[0x40, 0x48, 0, 0], 8), "3.125");
        assert_eq!(joined([number(&[1, 0], 4), hex(&[0xab])]), "256,ab");
    }
}
