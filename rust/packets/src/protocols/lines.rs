//! Cuts one side of a conversation into lines, however its bytes come.

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
