//! What a message begins with (RFC 1035 section 4.1.1).
use crate::protocols::reader::Reader;

/// Its length, bytes.
pub const SIZE: usize = 12;

/// A header.
pub struct Header {
    /// The asker's number.
    pub id: u16,
    /// RFC 1035 section 4.1.1, from QR to RCODE.
    pub flags: u16,
    /// Questions, answers, authority, additional records.
    pub counts: [u16; 4],
}

impl Header {
    /// That of a message, if it is long enough.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (id, flags) = (reader.u16()?, reader.u16()?);
        let counts = [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
        Some(Self { id, flags, counts })
    }

    /// What kind of question it is about.
    pub fn opcode(&self) -> u8 {
        (self.flags >> 11 & 0xf) as u8
    }

    /// Whether a message of that size may begin so.
    pub fn is_plausible(&self, size: usize) -> bool {
        let plausible = matches!(self.opcode(), 0..=2 | 4 | 5) && self.flags & 0x40 == 0;
        // An inverse query gives the answer and asks for the question (RFC 1035 section 6.4).
        let is_inverse = self.opcode() == 1 && self.counts[1] > 0;
        let asks = self.flags & 0x8000 != 0 || self.counts[0] > 0 || is_inverse;
        plausible && asks && self.counts != [0; 4] && self.fits(size)
    }

    /// A question takes at least 5 bytes, a record 11.
    pub fn fits(&self, size: usize) -> bool {
        let [questions, records @ ..] = self.counts.map(usize::from);
        let least = questions
            .saturating_mul(5)
            .saturating_add(records.iter().sum::<usize>().saturating_mul(11));
        least.saturating_add(SIZE) <= size
    }
}

#[cfg(test)]
mod tests {
    use crate::protocols::dns::{looks_like, parse};
    use crate::protocols::testing::done;

    #[test]
    fn an_inverse_query_gives_the_answer_first() {
        let query =
            b"\x87\xee\x09\x80\0\0\0\x01\0\0\0\0\0\0\x01\0\x01\0\0\0\x09\0\x04\xc0\0\x02\x07";
        assert!(looks_like(query));
        let message = done(parse(query));
        assert_eq!((message.is_response, message.opcode), (false, 1));
        assert_eq!(message.answer_texts(), ["192.0.2.7"]);
        let asking_for_nothing = [&query[..2], &[1], &query[3..]].concat();
        assert!(!looks_like(&asking_for_nothing));
    }
}
