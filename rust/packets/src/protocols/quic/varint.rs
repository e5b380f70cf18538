//! Numbers whose first two bits say how long they are (RFC 9000 section 16).

use crate::protocols::reader::Reader;

/// The next number.
pub fn varint(reader: &mut Reader<'_>) -> Option<u64> {
    let mut ahead = reader.clone();
    let first = ahead.u8()?;
    let rest = ahead.take((1 << (first >> 6)) - 1)?;
    *reader = ahead;
    let lead = u64::from(first & 0x3f);
    Some(
        rest.iter()
            .fold(lead, |value, byte| value << 8 | u64::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_come_out_as_published() {
        let of = |bytes: &[u8]| varint(&mut Reader::new(bytes));
        assert_eq!(
            of(b"\xc2\x19\x7c\x5e\xff\x14\xe8\x8c"),
            Some(151_288_809_941_952_652)
        );
        assert_eq!(of(b"\x9d\x7f\x3e\x7d"), Some(494_878_333));
        assert_eq!(of(b"\x7b\xbd"), Some(15_293));
        assert_eq!((of(b"\x25"), of(b"\x7b"), of(b"")), (Some(37), None, None));
    }
}
