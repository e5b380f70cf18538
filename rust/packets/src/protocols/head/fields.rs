//! Fields: their lines, which may be folded, and the parameters within their values.

use crate::protocols::base64;
use crate::protocols::login::Login;
use crate::protocols::text::{find, printable};

/// The most fields of a head; the rest is left unread.
const MAX_FIELDS: usize = 128;

/// A value; one folded over lines spans them, line ends and all.
pub(super) type Field<'a> = &'a [u8];

pub(super) fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |at| at.saturating_add(1));
    bytes.split_at_checked(end).unwrap_or_default()
}

/// Lines without a colon are passed over; a line that begins with a blank goes on with the value before it.
pub(super) fn read_fields(mut rest: &[u8]) -> Vec<(&[u8], Field<'_>)> {
    let mut fields = Vec::new();
    while !rest.is_empty() && fields.len() < MAX_FIELDS {
        let (mut field, mut behind) = split_line(rest);
        while matches!(behind.first(), Some(b' ' | b'\t')) {
            let (folded, next) = split_line(behind);
            field = rest
                .get(..field.len().saturating_add(folded.len()))
                .unwrap_or(field);
            behind = next;
        }
        if let Some(colon) = field.iter().position(|byte| *byte == b':') {
            let value = field.get(colon.saturating_add(1)..).unwrap_or_default();
            fields.push((
                field.get(..colon).unwrap_or_default().trim_ascii(),
                value.trim_ascii(),
            ));
        }
        rest = behind;
    }
    fields
}

pub(super) fn unfold(value: &[u8]) -> String {
    if !value.contains(&b'\n') {
        return printable(value);
    }
    let lines: Vec<&[u8]> = value
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .collect();
    printable(&lines.join(&b' '))
}

pub(super) fn basic(value: &[u8]) -> Option<Login> {
    let bytes = base64::decode(value)?;
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    Some(Login::new(
        bytes.get(..colon)?,
        Some(bytes.get(colon.saturating_add(1)..)?),
    ))
}

/// A parameter of a challenge or of credentials, its quotes and backslashes taken away.
pub fn parameter(value: &[u8], name: &str) -> Option<Vec<u8>> {
    let lower = value.to_ascii_lowercase();
    let at = find(&lower, format!("{name}=").as_bytes())?;
    let text = value.get(at.saturating_add(name.len()).saturating_add(1)..)?;
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text
            .iter()
            .position(|byte| matches!(byte, b',' | b';' | b' '))
            .unwrap_or(text.len());
        return text.get(..end).map(<[u8]>::to_vec);
    };
    let mut plain = Vec::new();
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => plain.extend(bytes.next()),
            _ => plain.push(*byte),
        }
    }
    Some(plain)
}
