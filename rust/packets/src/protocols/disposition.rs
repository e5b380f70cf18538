//! How bodies and their parts are called and cut: Content-Disposition (RFC 6266, 2183), boundaries (RFC 2046).

use super::head::{self, parameter};
use super::text::{after, printable};

/// The most bytes of a boundary (RFC 2046 section 5.1.1).
const MAX_BOUNDARY: usize = 70;

/// What the head of a part tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Of the file it is; empty where it is none.
    pub name: String,
    /// It holds parts itself, cut by this; else empty.
    pub boundary: Vec<u8>,
    pub is_base64: bool,
    /// It is written in another way that is not undone here (quoted-printable and rarer ones).
    pub is_encoded: bool,
}

/// Reads the head of a part, or of a letter.
#[must_use]
pub fn part(bytes: &[u8]) -> Part {
    let head = head::fields_of(bytes);
    let kind = head.field("content-type");
    let encoding = head.field("content-transfer-encoding").to_ascii_lowercase();
    let mut name = file_name(head.field("content-disposition"));
    if name.is_empty() {
        name = parameter(kind, "name")
            .map(|name| base_name(&name))
            .unwrap_or_default();
    }
    let plain: [&[u8]; 5] = [b"", b"7bit", b"8bit", b"binary", b"base64"];
    Part {
        name,
        boundary: boundary(kind),
        is_base64: encoding == b"base64",
        is_encoded: !plain.contains(&encoding.as_slice()),
    }
}

/// The name of a file in a Content-Disposition field, without folders; empty without one.
#[must_use]
pub fn file_name(field: &[u8]) -> String {
    if field.is_empty() {
        return String::new();
    }
    let extended = parameter(field, "filename*").and_then(|value| {
        // RFC 8187: character set, language, and the name with its bytes percent-encoded.
        let mut pieces = value.splitn(3, |byte| *byte == b'\'');
        pieces.nth(2).map(unescaped)
    });
    let name = extended.or_else(|| parameter(field, "filename"));
    name.map(|name| base_name(&name)).unwrap_or_default()
}

/// The boundary of a Content-Type that is a multipart one; else empty.
#[must_use]
pub fn boundary(content_type: &[u8]) -> Vec<u8> {
    after(content_type, b"multipart/")
        .and_then(|rest| parameter(rest, "boundary"))
        .filter(|boundary| boundary.len() <= MAX_BOUNDARY)
        .unwrap_or_default()
}

/// The last segment of a path, as it can be shown.
#[must_use]
pub fn base_name(path: &[u8]) -> String {
    let last = path.rsplit(|byte| matches!(byte, b'/' | b'\\')).next();
    printable(last.unwrap_or_default().trim_ascii())
}

/// With each `%XX` as the byte it stands for.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'%');
        let value = digits
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(value.unwrap_or(*first));
        rest = behind
            .get(if value.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    #[test]
    fn names_come_without_folders() {
        assert_eq!(
            file_name(b"attachment; filename=\"a b.bin\"; size=3"),
            "a b.bin"
        );
        assert_eq!(file_name(b"attachment; filename=fw.bin;x=y"), "fw.bin");
        assert_eq!(
            file_name(b"attachment; filename=x; filename*=UTF-8''K%C3%BCche.txt"),
            "Küche.txt"
        );
        assert_eq!(
            file_name(b"form-data; name=\"f\"; filename=\"../../etc/passwd\""),
            "passwd"
        );
        assert_eq!(file_name(b"inline"), "");
    }

    #[test]
    fn a_part_tells_its_file_and_its_writing() {
        let attached = part(b"Content-Type: application/pdf; name=\"r.pdf\"\r\nContent-Transfer-Encoding: BASE64\r\n\r\n");
        assert_eq!(
            (attached.name.as_str(), attached.is_base64),
            ("r.pdf", true)
        );
        let nested = part(b"Content-Type: multipart/mixed;\r\n boundary=\"a=b\"\r\n\r\n");
        assert_eq!(
            (nested.boundary.as_slice(), nested.is_encoded),
            (&b"a=b"[..], false)
        );
        assert_eq!(boundary(b"text/plain; boundary=x"), b"");
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[b"Content-Disposition: x; filename*=a'b'%c3%\r\n\r\n"],
            |bytes| {
                let _ = (part(bytes), file_name(bytes), boundary(bytes));
            },
        );
    }
}
