//! What payloads of CoAP are: their media types (IANA, CoAP Content-Formats), and lists of resources (RFC 6690).

use crate::protocols::text::{MAX_TEXT, printable};

/// The media type of lists of resources.
pub(super) const LINKS: &str = "application/link-format";
/// The most resources taken from one list.
const MAX_LINKS: usize = 64;

const TYPES: [(u16, &str); 22] = [
    (0, "text/plain"),
    (40, LINKS),
    (41, "application/xml"),
    (42, "application/octet-stream"),
    (47, "application/exi"),
    (50, "application/json"),
    (51, "application/json-patch+json"),
    (52, "application/merge-patch+json"),
    (60, "application/cbor"),
    (61, "application/cwt"),
    (64, "application/link-format+cbor"),
    (96, "application/cose; cose-type=\"cose-encrypt\""),
    (110, "application/senml+json"),
    (111, "application/sensml+json"),
    (112, "application/senml+cbor"),
    (113, "application/sensml+cbor"),
    (256, "application/coap-group+json"),
    (310, "application/senml+xml"),
    (10000, "application/vnd.ocf+cbor"),
    (11542, "application/vnd.oma.lwm2m+tlv"),
    (11543, "application/vnd.oma.lwm2m+json"),
    (11544, "application/vnd.oma.lwm2m+cbor"),
];

/// The media type behind the number in an option, or the number where it has no name here.
pub(super) fn media_type(option: &[u8]) -> String {
    let shift = |sum: u16, byte: &u8| sum << 8 | u16::from(*byte);
    let number = option.iter().take(2).fold(0, shift);
    let named = TYPES.iter().find(|(known, _)| *known == number);
    named.map_or_else(|| number.to_string(), |(_, name)| (*name).to_owned())
}

/// The resources a list names, each as `path` or `path|type`.
pub(super) fn links(list: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = list;
    while found.len() < MAX_LINKS {
        let Some(begin) = rest.iter().position(|byte| *byte == b'<') else {
            break;
        };
        let link = rest.get(begin.saturating_add(1)..).unwrap_or_default();
        let Some(end) = link.iter().position(|byte| *byte == b'>') else {
            break;
        };
        let (path, said) = link.split_at(end);
        let (said, behind) = said.split_at(end_of_link(said));
        rest = behind;
        if path.len() <= MAX_TEXT / 4 {
            let kind = kind(said);
            let bar = if kind.is_empty() { "" } else { "|" };
            found.push(format!("{}{bar}{}", printable(path), printable(kind)));
        }
    }
    found
}

/// Where what is said of a link ends: at the next comma outside quotes.
fn end_of_link(said: &[u8]) -> usize {
    let mut is_quoted = false;
    let ends = |byte: &u8| {
        is_quoted ^= *byte == b'"';
        *byte == b',' && !is_quoted
    };
    said.iter().position(ends).unwrap_or(said.len())
}

/// The value of `rt`; empty without.
fn kind(said: &[u8]) -> &[u8] {
    let parts = said.split(|byte| *byte == b';');
    let mut kinds = parts.filter_map(|part| part.trim_ascii().strip_prefix(b"rt="));
    let kind = kinds.next().unwrap_or_default();
    let kind = kind.strip_prefix(b"\"").unwrap_or(kind);
    let end = kind.iter().position(|byte| *byte == b'"');
    let kind = kind.get(..end.unwrap_or(kind.len())).unwrap_or_default();
    kind.get(..MAX_TEXT / 4).unwrap_or(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    const LIST: &[u8] =
        b"</sensors>;ct=40;title=\"All, of them\",</t>;rt=\"temperature-c x\";if=\"sensor\",\n</p>;rt=p,</cut";

    #[test]
    fn each_resource_is_told_with_its_type() {
        assert_eq!(links(LIST), ["/sensors", "/t|temperature-c x", "/p|p"]);
        assert!(links(b"").is_empty() && links(b"title=\"cut off\"").is_empty());
        assert_eq!(links(&b"</a>,".repeat(500)).len(), MAX_LINKS);
    }

    #[test]
    fn formats_have_names_or_numbers() {
        assert_eq!(media_type(&[]), "text/plain");
        assert_eq!(media_type(&[0x2d, 0x16]), "application/vnd.oma.lwm2m+tlv");
        assert_eq!(media_type(&[0xff, 0xff]), "65535");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[LIST], |bytes| {
            let _ = (links(bytes), media_type(bytes));
        });
    }
}
