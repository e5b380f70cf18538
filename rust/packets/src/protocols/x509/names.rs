//! Distinguished names as text (RFC 4514), the most particular part first.

use super::der::{self, Der};
use crate::protocols::hex::hex;
use crate::protocols::text::{MAX_TEXT, printable};

/// The most parts of a name that are read.
const MAX_PARTS: usize = 64;

/// The short names of attributes: those of RFC 4514, and others that certificates bear.
const TYPES: [(&str, &str); 18] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.42", "GN"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// The name within the body of a `Name`; parts that cannot be read are left out.
#[must_use]
pub fn text(name: &[u8]) -> String {
    let mut parts = Vec::new();
    let mut sets = Der::new(name);
    while let Some(mut set) = sets.within(der::SET) {
        let mut together = Vec::new();
        while let Some(mut pair) = set.within(der::SEQUENCE) {
            together.extend(part(&mut pair));
            if together.len() >= MAX_PARTS {
                break;
            }
        }
        parts.push(together.join("+"));
        if parts.len() >= MAX_PARTS {
            break;
        }
    }
    parts.reverse();
    let mut text = parts.join(",");
    while text.len() > MAX_TEXT {
        text.pop();
    }
    text
}

fn part(pair: &mut Der<'_>) -> Option<String> {
    let kind = der::oid(pair.of(der::OID)?);
    let value = pair.any()?;
    let known = TYPES.iter().find(|(oid, _)| *oid == kind);
    let kind = known.map_or(kind.as_str(), |(_, short)| short);
    Some(match decoded(value.tag, value.body) {
        Some(value) => format!("{kind}={}", escaped(&value)),
        None => format!(
            "{kind}=#{}",
            hex(value.whole.get(..64).unwrap_or(value.whole))
        ),
    })
}

/// The text of a string of any kind.
fn decoded(tag: u8, body: &[u8]) -> Option<String> {
    match tag {
        // UTF-8, numeric, printable, IA5, visible
        12 | 18 | 19 | 22 | 26 => Some(printable(body)),
        // T.61, which is Latin 1 as it is used
        20 => {
            let text: String = body.iter().copied().map(char::from).collect();
            Some(printable(text.as_bytes()))
        }
        // BMP: two bytes for each character
        30 => {
            let units = body.as_chunks::<2>().0.iter();
            let units = units.map(|unit| u16::from_be_bytes(*unit));
            let text: String = char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            Some(printable(text.as_bytes()))
        }
        _ => None,
    }
}

/// The value with its special characters escaped (RFC 4514 section 2.4).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (place, character) in value.chars().enumerate() {
        let is_special = match character {
            '"' | '+' | ',' | ';' | '<' | '>' => true,
            '#' => place == 0,
            ' ' => place == 0 || place == last,
            _ => false,
        };
        if is_special {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, body: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(body.len()).unwrap()], body].concat()
    }

    fn pair(oid: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
        element(0x30, &[element(6, oid), element(tag, value)].concat())
    }

    #[test]
    fn the_last_part_stands_first_and_special_characters_are_escaped() {
        let name = [
            element(0x31, &pair(&[0x55, 4, 6], 19, b"DE")),
            element(0x31, &pair(&[0x55, 4, 10], 12, "Müller, Söhne ".as_bytes())),
            element(
                0x31,
                &[
                    pair(&[0x55, 4, 3], 30, b"\0c\0a\0m"),
                    pair(&[0x2a, 3, 4], 4, b"\x01"),
                ]
                .concat(),
            ),
        ]
        .concat();
        assert_eq!(
            text(&name),
            "CN=cam+1.2.3.4=#040101,O=Müller\\, Söhne\\ ,C=DE"
        );
        assert_eq!(text(&name[..20]), "C=DE");
    }
}
