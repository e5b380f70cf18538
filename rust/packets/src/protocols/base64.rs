//! Base64 (RFC 4648 section 4) as logins carry it.

/// The most characters decoded; longer text is refused.
const MAX_TEXT: usize = 4096;

/// The bytes, or `None` for what is not base64. Missing padding is forgiven.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let end = text
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last.saturating_add(1));
    let digits = text.get(..end)?;
    if text.len() > MAX_TEXT || text.len().saturating_sub(end) > 2 || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len());
    for group in digits.chunks(4) {
        let mut word: u32 = 0;
        for place in 0..4 {
            let digit = group.get(place).map_or(Some(0), |byte| value(*byte))?;
            word = word << 6 | digit;
        }
        let [_, whole @ ..] = word.to_be_bytes();
        bytes.extend(whole.get(..group.len().saturating_sub(1))?);
    }
    Some(bytes)
}

/// Base64 as letters carry it, in lines (RFC 2045 section 6.8), decoded as it comes.
#[derive(Debug, Default)]
pub struct Decoder {
    bits: u32,
    digits: u32,
    is_padded: bool,
    is_damaged: bool,
}

impl Decoder {
    /// The bytes that this text completes.
    pub fn decode(&mut self, text: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        for byte in text {
            let Some(digit) = value(*byte) else {
                self.is_padded |= *byte == b'=';
                self.is_damaged |= *byte != b'=' && !byte.is_ascii_whitespace();
                continue;
            };
            self.is_damaged |= self.is_padded;
            self.bits = self.bits << 6 | digit;
            self.digits = self.digits.wrapping_add(1);
            let unused = match self.digits % 4 {
                1 => continue,
                2 => 4,
                3 => 2,
                _ => 0,
            };
            bytes.extend((self.bits >> unused).to_be_bytes().last());
        }
        bytes
    }

    /// Whether all that came was base64, and whole.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.is_damaged && self.digits % 4 != 1
    }
}

fn value(byte: u8) -> Option<u32> {
    let base = match byte {
        b'A'..=b'Z' => 65,
        b'a'..=b'z' => 71,
        b'+' => return Some(62),
        b'/' => return Some(63),
        b'0'..=b'9' => {
            return byte
                .checked_sub(b'0')
                .map(|digit| u32::from(digit).saturating_add(52));
        }
        _ => return None,
    };
    u32::from(byte).checked_sub(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_come_out() {
        let vectors: [(&[u8], &[u8]); 7] = [
            (b"", b""),
            (b"Zg==", b"f"),
            (b"Zm8=", b"fo"),
            (b"Zm9v", b"foo"),
            (b"Zm9vYg==", b"foob"),
            (b"Zm9vYmE=", b"fooba"),
            (b"Zm9vYmFy", b"foobar"),
        ];
        for (text, bytes) in vectors {
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        assert_eq!(decode(b"+/+/"), Some(vec![0xfb, 0xff, 0xbf]));
    }

    #[test]
    fn lines_are_decoded_however_they_come() {
        let text = b"Zm9v\r\nYmFy\r\nZg==\r\n";
        for part in 1..text.len() {
            let mut decoder = Decoder::default();
            let bytes: Vec<u8> = text
                .chunks(part)
                .flat_map(|part| decoder.decode(part))
                .collect();
            assert_eq!(
                (bytes.as_slice(), decoder.is_sound()),
                (&b"foobarf"[..], true)
            );
        }
        let mut decoder = Decoder::default();
        decoder.decode(b"Zg==Zg");
        assert!(!decoder.is_sound());
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        assert_eq!(decode(b"Z"), None);
        assert_eq!(decode(b"Zm9*"), None);
        assert_eq!(decode(b"Z==="), None);
        assert_eq!(decode(&[b'A'; 5000]), None);
        assert_eq!(decode(b"Zm8"), Some(b"fo".to_vec()));
    }
}
