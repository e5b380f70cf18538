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
    fn what_is_not_base64_is_refused() {
        assert_eq!(decode(b"Z"), None);
        assert_eq!(decode(b"Zm9*"), None);
        assert_eq!(decode(b"Z==="), None);
        assert_eq!(decode(&[b'A'; 5000]), None);
        assert_eq!(decode(b"Zm8"), Some(b"fo".to_vec()));
    }
}
