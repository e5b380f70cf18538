//! A cursor over the elements of DER (X.690): what does not fit is nothing, and nothing is read by recursion.

use crate::protocols::reader::Reader;

pub const BIT_STRING: u8 = 0x03;
pub const INTEGER: u8 = 0x02;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its first byte; tags of several bytes are not read.
    pub tag: u8,
    /// What is in it.
    pub body: &'a [u8],
    /// All of it.
    pub whole: &'a [u8],
}

/// Reads one element after the other.
#[derive(Debug, Clone)]
pub struct Der<'a>(Reader<'a>);

impl<'a> Der<'a> {
    /// The elements that stand in these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Reader::new(bytes))
    }

    /// The next element; none at the end, or if it runs over it.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let rest = self.0.rest();
        let mut ahead = Reader::new(rest);
        let tag = ahead.u8().filter(|tag| tag & 0x1f != 0x1f)?;
        let size = match ahead.u8()? {
            short @ ..=0x7f => usize::from(short),
            0x81 => usize::from(ahead.u8()?),
            0x82 => usize::from(ahead.u16()?),
            0x83 => usize::try_from(ahead.u24()?).ok()?,
            _ => return None, // of no definite length, or longer than anything that is held
        };
        let body = ahead.take(size)?;
        let whole = self.0.take(ahead.at())?;
        Some(Element { tag, body, whole })
    }

    /// What is in the next element, which must have that tag.
    pub fn of(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = self.clone();
        let element = ahead.any().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element.body)
    }

    /// The elements in the next one, which must have that tag.
    pub fn within(&mut self, tag: u8) -> Option<Self> {
        self.of(tag).map(Self::new)
    }
}

/// The most numbers of an object identifier that are read.
const MAX_ARCS: usize = 32;

/// An object identifier as numbers with dots between; empty if it is none.
#[must_use]
pub fn oid(body: &[u8]) -> String {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc: u64 = 0;
    for byte in body {
        if arc >> 56 != 0 || arcs.len() >= MAX_ARCS {
            return String::new();
        }
        arc = arc << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if arcs.is_empty() {
            let first = (arc / 40).min(2);
            arcs.extend([first, arc.saturating_sub(first * 40)]);
        } else {
            arcs.push(arc);
        }
        arc = 0;
    }
    let arcs: Vec<String> = arcs.iter().map(u64::to_string).collect();
    arcs.join(".")
}

/// The bits of a positive number.
#[must_use]
pub fn bits(number: &[u8]) -> usize {
    let first = number.iter().position(|byte| *byte != 0);
    let Some((lead, rest)) = first.and_then(|at| number.get(at..)?.split_first()) else {
        return 0;
    };
    rest.len()
        .saturating_mul(8)
        .saturating_add(8 - lead.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_one_after_the_other() {
        let mut der = Der::new(b"\x02\x01\x05\x30\x81\x03\x02\x01\x07\x04\x09x");
        assert_eq!(der.of(SEQUENCE), None);
        assert_eq!(der.of(INTEGER), Some(&b"\x05"[..]));
        assert_eq!(
            der.within(SEQUENCE).unwrap().of(INTEGER),
            Some(&b"\x07"[..])
        );
        assert_eq!(der.any(), None);
        assert_eq!(Der::new(b"\x30\x80\0\0").any(), None);
        assert_eq!(Der::new(b"\x1f\x81\0").any(), None);
    }

    #[test]
    fn identifiers_and_sizes_of_numbers_are_told() {
        assert_eq!(
            oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"),
            "1.2.840.113549.1.1.11"
        );
        assert_eq!(oid(b"\x55\x04\x03"), "2.5.4.3");
        assert_eq!(oid(b"\x88\x37"), "2.999");
        assert_eq!(oid(&[0xff; 40]), "");
        assert_eq!((bits(b"\0\x80\0"), bits(b"\x01"), bits(b"\0")), (16, 1, 0));
    }
}
