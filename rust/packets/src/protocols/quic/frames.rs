//! The frames of first packets (RFC 9000 section 19), of which only those with pieces of the handshake matter.

use super::varint::varint;
use crate::protocols::reader::Reader;

/// The most frames of one packet; runs of padding count as one.
const MAX_FRAMES: usize = 1024;

const PADDING: u8 = 0;
const PING: u8 = 1;
const ACK: u8 = 2;
const ACK_WITH_MARKS: u8 = 3;
const CRYPTO: u8 = 6;

/// A piece of the handshake: where it lies, and its bytes.
pub type Piece<'a> = (usize, &'a [u8]);

/// The pieces in a packet's payload, up to the first frame that cannot be read.
pub fn pieces(payload: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut reader = Reader::new(payload);
    for _ in 0..MAX_FRAMES {
        let Some(found) = frame(&mut reader) else {
            break;
        };
        pieces.extend(found);
    }
    pieces
}

/// The piece in the next frame, which has none or one; none if there is no more that can be read.
fn frame<'a>(reader: &mut Reader<'a>) -> Option<Vec<Piece<'a>>> {
    match reader.u8()? {
        PADDING => {
            let run = reader.rest().iter().take_while(|byte| **byte == 0);
            let run = run.count();
            reader.take(run)?;
            Some(Vec::new())
        }
        PING => Some(Vec::new()),
        kind @ (ACK | ACK_WITH_MARKS) => acknowledged(reader, kind).map(|()| Vec::new()),
        CRYPTO => {
            let offset = usize::try_from(varint(reader)?).ok()?;
            let size = usize::try_from(varint(reader)?).ok()?;
            Some(vec![(offset, reader.take(size)?)])
        }
        _ => None,
    }
}

/// Passes over what a frame acknowledges; each range takes two bytes at least, so the packet's size is the bound.
fn acknowledged(reader: &mut Reader<'_>, kind: u8) -> Option<()> {
    let (_largest, _delay) = (varint(reader)?, varint(reader)?);
    let ranges = varint(reader)?;
    varint(reader)?;
    for _ in 0..ranges {
        let (_gap, _size) = (varint(reader)?, varint(reader)?);
    }
    if kind == ACK_WITH_MARKS {
        for _ in 0..3 {
            varint(reader)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    const PAYLOAD: &[u8] =
        b"\x01\x02\x05\x01\x01\x00\x02\x03\0\0\0\x06\x03\x02de\x06\0\x03abc\x06\x09\x09x";

    #[test]
    fn pieces_are_found_among_other_frames() {
        assert_eq!(pieces(PAYLOAD), [(3, &b"de"[..]), (0, &b"abc"[..])]);
        assert!(pieces(b"\x1c\0").is_empty());
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[PAYLOAD], |bytes| {
            let _ = pieces(bytes);
        });
    }
}
