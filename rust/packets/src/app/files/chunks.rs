//! A body in chunks, followed as it comes (RFC 9112 section 7.1).

/// The most bytes of a line that tells a size, or of one behind the last chunk.
const MOST_LINE: usize = 1024;
/// The most lines behind the last chunk.
const MOST_TRAILERS: usize = 64;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The line of a size, its digits so far.
    Size {
        size: u64,
        digits: bool,
        is_ended: bool,
    },
    /// So many bytes of data.
    Data(u64),
    /// The end of the line behind data.
    Break,
    /// Fields behind the last chunk; whether their line has anything on it.
    Trailer { lines: usize, is_empty: bool },
    /// Nothing any longer.
    Over,
    /// What came was no chunk.
    Lost,
}

/// How far a body has come.
#[derive(Debug)]
pub struct Chunks {
    next: Next,
    line: usize,
}

const SIZE: Next = Next::Size {
    size: 0,
    digits: false,
    is_ended: false,
};

impl Chunks {
    /// At the first byte.
    pub fn begin() -> Self {
        Self {
            next: SIZE,
            line: 0,
        }
    }

    /// Takes bytes in order and gives the data among them to `data`; returns how many belong to the body.
    pub fn take(&mut self, bytes: &[u8], mut data: impl FnMut(&[u8])) -> usize {
        let mut at = 0;
        while at < bytes.len() && !self.is_over() && !self.is_lost() {
            if let Next::Data(left) = self.next {
                let here = usize::try_from(left)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len() - at);
                data(&bytes[at..at + here]);
                at += here;
                self.skip(here as u64);
            } else {
                self.step(bytes[at]);
                at += 1;
            }
        }
        at
    }

    /// Passes over bytes that were not seen; returns whether they lay within one chunk's data.
    pub fn skip(&mut self, size: u64) -> bool {
        match self.next {
            Next::Data(left) if size <= left => {
                self.next = if size == left {
                    Next::Break
                } else {
                    Next::Data(left - size)
                };
                true
            }
            _ => {
                self.next = Next::Lost;
                false
            }
        }
    }

    /// Whether its last byte was taken.
    pub fn is_over(&self) -> bool {
        self.next == Next::Over
    }

    /// Whether it cannot be followed further.
    pub fn is_lost(&self) -> bool {
        self.next == Next::Lost
    }

    fn step(&mut self, byte: u8) {
        self.line += 1;
        let before = self.next;
        self.next = match before {
            _ if self.line > MOST_LINE => Next::Lost,
            Next::Size {
                size,
                digits,
                is_ended,
            } => size_line(size, digits, is_ended, byte),
            Next::Break => match byte {
                b'\r' => Next::Break,
                b'\n' => SIZE,
                _ => Next::Lost,
            },
            Next::Trailer { lines, is_empty } => match byte {
                b'\n' if is_empty => Next::Over,
                b'\n' if lines >= MOST_TRAILERS => Next::Lost,
                b'\n' => Next::Trailer {
                    lines: lines + 1,
                    is_empty: true,
                },
                b'\r' => before,
                _ => Next::Trailer {
                    lines,
                    is_empty: false,
                },
            },
            Next::Data(_) | Next::Over | Next::Lost => before,
        };
        if byte == b'\n' {
            self.line = 0;
        }
    }
}

/// The line of a size goes on with that byte; extensions behind the digits say nothing.
fn size_line(size: u64, digits: bool, is_ended: bool, byte: u8) -> Next {
    let digit = char::from(byte).to_digit(16).filter(|_| !is_ended);
    match (byte, digit) {
        (_, Some(digit)) if size < 1 << 40 => Next::Size {
            size: size * 16 + u64::from(digit),
            digits: true,
            is_ended,
        },
        (b'\n', _) if !digits => Next::Lost,
        (b'\n', _) if size == 0 => Next::Trailer {
            lines: 0,
            is_empty: true,
        },
        (b'\n', _) => Next::Data(size),
        (b';' | b' ' | b'\t' | b'\r', _) => Next::Size {
            size,
            digits,
            is_ended: digits,
        },
        _ if is_ended => Next::Size {
            size,
            digits,
            is_ended,
        },
        _ => Next::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nHTTP/1.1";

    fn read(bytes: &[u8], part: usize) -> (Vec<u8>, usize, bool) {
        let (mut chunks, mut data, mut taken) = (Chunks::begin(), Vec::new(), 0);
        for part in bytes.chunks(part) {
            taken += chunks.take(part, |bytes| data.extend(bytes));
        }
        (data, taken, chunks.is_over())
    }

    #[test]
    fn data_comes_out_the_same_however_the_body_comes() {
        for part in 1..BODY.len() {
            assert_eq!(
                read(BODY, part),
                (b"abc0123456789".to_vec(), BODY.len() - 8, true)
            );
        }
    }

    #[test]
    fn what_is_no_chunk_is_lost() {
        for bad in [
            &b"xyz\r\n"[..],
            b"\r\n",
            b"3\r\nabcd\r\n",
            b"fffffffffffff\r\n",
        ] {
            let mut chunks = Chunks::begin();
            chunks.take(bad, |_| {});
            assert!(chunks.is_lost(), "{bad:?}");
        }
    }

    #[test]
    fn a_gap_within_data_is_passed_over_and_another_is_not() {
        let mut chunks = Chunks::begin();
        chunks.take(b"5\r\nab", |_| {});
        assert!(chunks.skip(3));
        chunks.take(b"\r\n0\r\n\r\n", |_| {});
        assert!(chunks.is_over());
        let mut chunks = Chunks::begin();
        chunks.take(b"5\r\nab", |_| {});
        assert!(!chunks.skip(4) && chunks.is_lost());
    }
}
