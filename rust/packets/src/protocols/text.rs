//! Bytes from the wire as text that is safe to print and bounded in length.

use std::fmt::Write;

/// The most bytes of any one text that are kept; what is longer is cut.
pub const MAX_TEXT: usize = 1024;

/// UTF-8 as it stands; control characters and what is not UTF-8 as `\DDD` (decimal, RFC 1035 section 5.1).
#[must_use]
pub fn printable(bytes: &[u8]) -> String {
    let bytes = bytes.get(..MAX_TEXT).unwrap_or(bytes);
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && let Ok(plain) = std::str::from_utf8(bytes)
    {
        return plain.to_owned(); // nearly always
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                escape(&mut text, character.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                text.push(character);
            }
        }
        escape(&mut text, chunk.invalid());
    }
    text
}

/// Appends each byte as `\DDD`.
pub fn escape(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\\{byte:03}");
    }
}

/// Without leading and trailing blanks and final NULs, then as [`printable`].
#[must_use]
pub fn trimmed(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last.saturating_add(1));
    printable(bytes.get(..end).unwrap_or_default().trim_ascii())
}

/// As [`trimmed`], with line ends, tabs and runs of blanks as one blank each.
#[must_use]
pub fn one_line(bytes: &[u8]) -> String {
    let words: Vec<&[u8]> = bytes
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .collect();
    trimmed(&words.join(&b' '))
}

/// What follows `prefix`, whose letters match in either case.
#[must_use]
pub fn after<'a>(bytes: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (front, rest) = bytes.split_at_checked(prefix.len())?;
    front.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Where `needle` first stands in `bytes`.
#[must_use]
pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return None;
    }
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_print_is_escaped_and_the_rest_kept() {
        assert_eq!(printable("Küche\n".as_bytes()), "Küche\\010");
        assert_eq!(printable(b"a\xffb"), "a\\255b");
        assert_eq!(trimmed(b"  bulb \0\0"), "bulb");
        assert_eq!(printable(&[b'a'; 5000]).len(), MAX_TEXT);
    }

    #[test]
    fn prefixes_match_in_either_case() {
        assert_eq!(after(b"USER me", b"user "), Some(&b"me"[..]));
        assert_eq!(after(b"US", b"user "), None);
        assert_eq!(find(b"abcabc", b"ca"), Some(2));
        assert_eq!(find(b"abc", b""), None);
    }
}
