//! The basic encoding rules of ASN.1 (ITU-T X.690), as much of them as network protocols need.

use super::reader::Reader;

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const INTEGER: u8 = 2;
pub(super) const STRING: u8 = 4;
/// The most elements of a sequence looked through for one.
const MAX_ELEMENTS: usize = 64;

/// Tag and content of the next element; lengths of more than four bytes and of unknown end are refused.
pub(super) fn element<'a>(reader: &mut Reader<'a>) -> Option<(u8, &'a [u8])> {
    let (tag, size) = head(reader)?;
    Some((tag, reader.take(size)?))
}

/// Tag and length of the next element, whose content need not have come.
pub(super) fn head(reader: &mut Reader) -> Option<(u8, usize)> {
    let tag = reader.u8()?;
    let first = reader.u8()?;
    let size = match first {
        0..=0x7f => usize::from(first),
        0x81 => usize::from(reader.u8()?),
        0x82 => usize::from(reader.u16()?),
        0x83 => usize::try_from(reader.u24()?).ok()?,
        0x84 => usize::try_from(reader.u32()?).ok()?,
        _ => return None,
    };
    Some((tag, size))
}

/// The content of the first element with that tag.
pub(super) fn find(content: &[u8], wanted: u8) -> Option<&[u8]> {
    let mut reader = Reader::new(content);
    for _ in 0..MAX_ELEMENTS {
        let (tag, content) = element(&mut reader)?;
        if tag == wanted {
            return Some(content);
        }
    }
    None
}

/// What the tags lead to, one within the other.
pub(super) fn within<'a>(content: &'a [u8], tags: &[u8]) -> Option<&'a [u8]> {
    tags.iter()
        .try_fold(content, |inner, tag| find(inner, *tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    const SAMPLE: &[u8] = b"\x30\x81\x08\x02\x01\x05\xa1\x03\x04\x01x";

    #[test]
    fn elements_are_found_one_within_the_other() {
        assert_eq!(within(SAMPLE, &[SEQUENCE, 0xa1, STRING]), Some(&b"x"[..]));
        assert_eq!(within(SAMPLE, &[SEQUENCE, 0xa2]), None);
        assert_eq!(element(&mut Reader::new(b"\x30\x80\0\0")), None);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[SAMPLE], |bytes| {
            let _ = within(bytes, &[SEQUENCE, 0xa1, STRING]);
        });
    }
}
