//! A capture file as a stream of bytes: unpacked as its first bytes ask for, in a buffer of bounded size.
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use super::zstd;

const BUFFER: usize = 256 * 1024;

/// Bytes to come, of which any number up to [`Input::LIMIT`] can be looked at without being taken.
pub struct Input {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    /// The most that can be looked at in one piece.
    pub const LIMIT: usize = 16 * 1024 * 1024;

    /// Opens a file; `read` grows by what is read of it, before unpacking.
    pub fn open(path: &Path, read: Arc<AtomicU64>) -> io::Result<Self> {
        let file = File::open(path)?;
        Self::over(Box::new(Counted { file, read })).unpacked()
    }

    /// What packed bytes hold; bytes that are not packed stay as they are.
    pub fn unpacked(mut self) -> io::Result<Self> {
        let magic = self.peek(4)?;
        if magic.starts_with(&[0x1f, 0x8b]) {
            return Ok(Self::over(Box::new(MultiGzDecoder::new(self))));
        }
        if magic == zstd::MAGIC {
            return Ok(Self::over(Box::new(zstd::Frames::Between(self))));
        }
        Ok(self)
    }

    /// Bytes from anywhere.
    #[must_use]
    pub fn over(source: Box<dyn Read + Send>) -> Self {
        Self {
            source,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
        }
    }

    /// The next `size` bytes, fewer only where the input ends; they stay until skipped.
    #[inline]
    pub fn peek(&mut self, size: usize) -> io::Result<&[u8]> {
        if size > self.end - self.start {
            self.fill(size)?;
        }
        Ok(&self.buffer[self.start..self.end.min(self.start.saturating_add(size))])
    }

    /// Reads until so many bytes are there, or the input ends.
    fn fill(&mut self, size: usize) -> io::Result<()> {
        let size = size.min(Self::LIMIT);
        while self.end - self.start < size {
            if self.start + size > self.buffer.len() {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
                self.buffer.resize(self.buffer.len().max(size), 0);
            }
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => break,
                Ok(more) => self.end += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What is in the buffer: at least what was looked at last and not skipped since.
    #[must_use]
    pub fn held(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Passes over that many bytes and says how many there were.
    pub fn skip(&mut self, size: usize) -> io::Result<usize> {
        if size <= self.end - self.start {
            self.start += size;
            return Ok(size);
        }
        let mut left = size;
        while left > 0 {
            let here = self.peek(left.min(BUFFER))?.len();
            if here == 0 {
                break;
            }
            self.start += here;
            left -= here;
        }
        Ok(size - left)
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
        let here = self.peek(1)?.len().min(1);
        if here == 0 {
            return Ok(0);
        }
        let size = into.len().min(self.end - self.start);
        into[..size].copy_from_slice(&self.buffer[self.start..self.start + size]);
        self.start += size;
        Ok(size)
    }
}

struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.file.read(into)?;
        self.read.fetch_add(size as u64, Ordering::Relaxed);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_takes_nothing_and_skipping_stops_at_the_end() {
        let mut input = Input::over(Box::new(&b"abcdef"[..]));
        assert_eq!(input.peek(3).unwrap(), b"abc");
        assert_eq!(input.skip(2).unwrap(), 2);
        assert_eq!(input.peek(9).unwrap(), b"cdef");
        assert_eq!(input.skip(9).unwrap(), 4);
        assert_eq!(input.peek(1).unwrap(), b"");
    }

    #[test]
    fn more_than_the_buffer_can_be_looked_at() {
        let mut input = Input::over(Box::new(io::repeat(7).take(1_000_000)));
        assert_eq!(input.peek(900_000).unwrap().len(), 900_000);
        assert_eq!(input.skip(2_000_000).unwrap(), 1_000_000);
    }
}
