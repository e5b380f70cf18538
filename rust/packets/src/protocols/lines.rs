//! Cuts one side of a conversation into lines, however its bytes come, and reads greetings of one line.

use super::text::printable;
use crate::damage::{Damage, Parsed};

/// The most bytes of a line; a longer one is dropped whole.
const MAX_LINE: usize = 1024;

/// The unfinished line of one side.
#[derive(Debug, Default)]
pub struct Lines {
    unfinished: Vec<u8>,
    is_overlong: bool,
}

impl Lines {
    /// The lines these bytes finish, without their ends.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut finished = Vec::new();
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.unfinished.len().saturating_add(part.len()) > MAX_LINE {
                self.is_overlong = true;
                self.unfinished.clear();
            } else {
                self.unfinished.extend_from_slice(part);
            }
            if part.ends_with(b"\n") {
                let mut line = std::mem::take(&mut self.unfinished);
                let ends = line
                    .iter()
                    .rev()
                    .take(2)
                    .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                    .count();
                line.truncate(line.len().saturating_sub(ends));
                if !std::mem::take(&mut self.is_overlong) {
                    finished.push(line);
                }
            }
        }
        finished
    }
}

/// The text of a greeting of one line that begins with one of `starts`: what follows the start.
pub(super) fn greeting(
    bytes: &[u8],
    starts: &[&[u8]],
    most: usize,
    too_long: Damage,
) -> Parsed<String> {
    let begins = |start: &&&[u8]| {
        let shorter = start.len().min(bytes.len());
        bytes.get(..shorter) == start.get(..shorter)
    };
    let Some(start) = starts.iter().find(begins) else {
        return Parsed::Foreign;
    };
    match bytes.iter().take(most).position(|byte| *byte == b'\n') {
        Some(end) => {
            let text = bytes.get(start.len()..end).unwrap_or_default();
            Parsed::Done(printable(text.trim_ascii()), end.saturating_add(1))
        }
        None if bytes.len() < most => Parsed::More(1),
        None => Parsed::Damaged(too_long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_out_the_same_however_they_come_in() {
        let bytes = b"one\r\ntwo\n\nthree";
        let mut lines = Lines::default();
        let at_once = lines.push(bytes);
        let mut lines = Lines::default();
        let by_bytes: Vec<Vec<u8>> = bytes.iter().flat_map(|byte| lines.push(&[*byte])).collect();
        assert_eq!(at_once, [b"one".to_vec(), b"two".to_vec(), Vec::new()]);
        assert_eq!(at_once, by_bytes);
    }

    #[test]
    fn an_overlong_line_is_dropped_and_the_next_is_not() {
        let mut lines = Lines::default();
        assert!(lines.push(&[b'a'; 3000]).is_empty());
        assert_eq!(lines.push(b"b\nc\n"), [b"c".to_vec()]);
    }
}
