//! Zstandard (RFC 8878): a file is any number of frames, one behind the other; programs append to their captures.
use std::io::{self, Read};

use ruzstd::decoding::StreamingDecoder;

use super::input::Input;

/// How a frame begins.
pub const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How a frame begins that is of no concern, but for the low half of its first byte.
const SKIPPED: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];

/// What all frames hold.
pub enum Frames {
    /// Between two frames.
    Between(Input),
    /// Within one.
    Within(Box<StreamingDecoder<Input, ruzstd::decoding::FrameDecoder>>),
    /// Nothing comes any more.
    Over,
}

impl Frames {
    /// Goes to the next frame that holds something; whether there is one.
    fn next_frame(&mut self) -> io::Result<bool> {
        let mut input = match std::mem::replace(self, Self::Over) {
            Self::Between(input) => input,
            Self::Within(decoder) => decoder.into_inner(),
            Self::Over => return Ok(false),
        };
        loop {
            let magic = input.peek(4)?;
            if magic == MAGIC {
                let decoder = StreamingDecoder::new(input).map_err(io::Error::other)?;
                *self = Self::Within(Box::new(decoder));
                return Ok(true);
            }
            let [first, rest @ ..] = magic else {
                return Ok(false);
            };
            if first & 0xf0 != SKIPPED[0] || rest != &SKIPPED[1..] {
                return Err(io::Error::other("no frame of zstd where one should begin"));
            }
            let &[_, _, _, _, a, b, c, d] = input.peek(8)? else {
                return Ok(false);
            };
            let size = u32::from_le_bytes([a, b, c, d]) as usize;
            input.skip(size.saturating_add(8))?; // each time bytes are taken, so this ends
        }
    }
}

impl Read for Frames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Self::Within(decoder) = self {
                let size = decoder.read(into)?;
                if size > 0 || into.is_empty() {
                    return Ok(size);
                }
            }
            if !self.next_frame()? {
                return Ok(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of one block that is not packed (RFC 8878 section 3.1.1).
    fn frame(content: &[u8]) -> Vec<u8> {
        let size = content.len() as u8;
        let header = u32::from(size) << 3 | 1; // the last block, raw
        let block = &header.to_le_bytes()[..3];
        [&MAGIC[..], &[0x20, size], block, content].concat()
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let input = Input::over(Box::new(io::Cursor::new(bytes)));
        Frames::Between(input).read_to_end(&mut all)?;
        Ok(all)
    }

    #[test]
    fn frames_are_read_one_behind_the_other() {
        let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        let bytes = [frame(b"abc"), skipped, frame(b""), frame(b"defg")].concat();
        assert_eq!(read(bytes).unwrap(), b"abcdefg");
        assert_eq!(read(Vec::new()).unwrap(), b"");
    }

    #[test]
    fn what_is_no_frame_is_an_error_and_no_end() {
        let bytes = [frame(b"abc"), b"rest of something".to_vec()].concat();
        assert!(read(bytes).is_err());
        let whole = [frame(b"abc"), frame(b"defg")].concat();
        for end in 0..whole.len() {
            let _ = read(whole[..end].to_vec()); // ends, one way or the other
        }
    }
}
