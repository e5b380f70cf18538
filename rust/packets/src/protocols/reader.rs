//! A cursor over bytes that answers `None` at the end, so that no parser indexes or adds by itself.

/// Reads from the front of a slice; a read that does not fit takes nothing.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A cursor at the first byte.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were taken so far.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether all bytes were taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Everything not yet taken, without taking it.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.rest().get(..count)?;
        self.at = self.at.checked_add(count)?;
        Some(taken)
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// One byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Two bytes, big-endian.
    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// Three bytes, big-endian.
    pub fn u24(&mut self) -> Option<u32> {
        self.array()
            .map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    /// Four bytes, big-endian.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Two bytes, little-endian.
    pub fn le16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// Four bytes, little-endian.
    pub fn le32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Bytes whose count stands before them in one byte.
    pub fn block8(&mut self) -> Option<&'a [u8]> {
        let mut ahead = self.clone();
        let count = ahead.u8()?;
        let block = ahead.take(usize::from(count))?;
        *self = ahead;
        Some(block)
    }

    /// Bytes whose count stands before them in two bytes, big-endian.
    pub fn block16(&mut self) -> Option<&'a [u8]> {
        let mut ahead = self.clone();
        let count = ahead.u16()?;
        let block = ahead.take(usize::from(count))?;
        *self = ahead;
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_does_not_fit_takes_nothing() {
        let mut reader = Reader::new(&[0, 5, 1]);
        assert_eq!(reader.block16(), None);
        assert_eq!(reader.u32(), None);
        assert_eq!(reader.u24(), Some(0x501));
        assert!(reader.is_empty());
        assert_eq!(reader.u8(), None);
    }
}
