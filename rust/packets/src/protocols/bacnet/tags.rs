//! Tags of `BACnet`: what a service's values are encoded in (ANSI/ASHRAE 135, clause 20.2).

use crate::protocols::reader::Reader;

/// The most tags read of a message.
const MAX_TAGS: usize = 256;
/// How deep tags may lie within each other.
const MAX_DEPTH: u8 = 8;

/// A tag and what it holds.
pub enum Tag<'a> {
    /// Number, how deep it lies, content.
    Context(u8, u8, &'a [u8]),
    /// Kind of the value, number of the tag around it, content.
    Application(u8, Option<u8>, &'a [u8]),
    /// The begin or end of tags within a tag.
    Edge,
}

impl<'a> Tag<'a> {
    /// Number and content of a tag of the service.
    #[must_use]
    pub fn context(&self) -> Option<(u8, &'a [u8])> {
        match self {
            Self::Context(number, _, bytes) => Some((*number, bytes)),
            _ => None,
        }
    }

    /// Kind and content of a value.
    #[must_use]
    pub fn application(&self) -> Option<(u8, &'a [u8])> {
        match self {
            Self::Application(kind, _, bytes) => Some((*kind, bytes)),
            _ => None,
        }
    }
}

/// Walks over tags in their order, those within others too; ends where they make no sense.
pub struct Tags<'a> {
    reader: Reader<'a>,
    around: Vec<u8>,
    left: usize,
}

impl<'a> Tags<'a> {
    /// The tags of a service.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            around: Vec::new(),
            left: MAX_TAGS,
        }
    }

    fn length(&mut self, short: u8) -> Option<usize> {
        if short < 5 {
            return Some(usize::from(short));
        }
        match self.reader.u8()? {
            254 => self.reader.u16().map(usize::from),
            255 => self
                .reader
                .u32()
                .and_then(|length| usize::try_from(length).ok()),
            length => Some(usize::from(length)),
        }
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        self.left = self.left.checked_sub(1)?;
        let first = self.reader.u8()?;
        let number = if first >> 4 == 15 {
            self.reader.u8()?
        } else {
            first >> 4
        };
        let (is_context, short) = (first & 8 != 0, first & 7);
        let depth = u8::try_from(self.around.len()).ok()?;
        match (is_context, short) {
            (true, 6) if depth < MAX_DEPTH => {
                self.around.push(number);
                Some(Tag::Edge)
            }
            (true, 7) => self.around.pop().map(|_| Tag::Edge),
            (true, 6) => None,
            (true, _) => {
                let length = self.length(short)?;
                Some(Tag::Context(number, depth, self.reader.take(length)?))
            }
            // The value of a boolean stands in its length.
            (false, _) if number == 1 => {
                let value: &[u8] = if short == 0 { &[0] } else { &[1] };
                Some(Tag::Application(2, self.around.last().copied(), value))
            }
            (false, _) => {
                let length = self.length(short)?;
                Some(Tag::Application(
                    number,
                    self.around.last().copied(),
                    self.reader.take(length)?,
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    #[test]
    fn values_know_the_tag_around_them() {
        let tags: Vec<Tag<'_>> = Tags::new(b"\x09\x05\x3e\x91\x01\x3f").collect();
        assert!(matches!(tags[0], Tag::Context(0, 0, [5])));
        assert!(matches!(tags[2], Tag::Application(9, Some(3), [1])));
        assert_eq!(tags.len(), 4);
    }

    #[test]
    fn tags_are_bounded_in_number_and_depth() {
        assert_eq!(Tags::new(&[0x10; 1000]).count(), MAX_TAGS);
        assert_eq!(Tags::new(&[0x0e; 1000]).count(), usize::from(MAX_DEPTH));
        never_panics(&[b"\xf9\x80\x05\xfe\x01\0\x0f"], |bytes| {
            let _ = Tags::new(bytes).count();
        });
    }
}
