//! The front of one body, gathered as far as it comes in order.

/// Bytes of a body from its first on.
pub struct Front {
    bytes: Vec<u8>,
    /// Number of the next byte.
    next: u32,
    most: usize,
    is_over: bool,
}

impl Front {
    /// Begins with `first`; `next` is the number of the byte behind it. No more than `most` bytes are kept.
    pub fn begin(first: &[u8], next: u32, most: usize) -> Self {
        let mut front = Self {
            bytes: Vec::new(),
            next,
            most,
            is_over: false,
        };
        front.push(first);
        front
    }

    /// Takes what a segment adds; a gap that the bound lies before ends it.
    pub fn take(&mut self, sequence: u32, payload: &[u8]) {
        let known = self.next.wrapping_sub(sequence) as usize;
        match payload.get(known..) {
            Some(fresh) => {
                self.next = self.next.wrapping_add(fresh.len() as u32);
                self.push(fresh);
            }
            None => self.is_over |= known > self.most, // something is missing before it
        }
    }

    /// What has come.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether no more is taken.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    fn push(&mut self, fresh: &[u8]) {
        let room = self.most.saturating_sub(self.bytes.len());
        self.bytes
            .extend_from_slice(fresh.get(..room).unwrap_or(fresh));
        self.is_over |= fresh.len() >= room;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_come_more_than_once_and_a_gap_ends_it() {
        let mut front = Front::begin(b"", 100, 50);
        front.take(100, b"abc");
        front.take(100, b"abcd");
        front.take(99, b"xabcd");
        assert_eq!((front.bytes(), front.is_over()), (&b"abcd"[..], false));
        front.take(105, b"f");
        assert!(front.is_over());
    }

    #[test]
    fn no_more_than_the_bound_is_held() {
        let mut front = Front::begin(&[b' '; 9000], 100, 8192);
        assert!(front.is_over());
        front.take(100, b"more");
        assert_eq!(front.bytes().len(), 8192);
    }
}
