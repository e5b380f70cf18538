//! The description of a device in XML (`UPnP` Device Architecture 2.0 section 2.3), without what it holds inside.
//!
//! No general reader of XML: nothing but the texts of known elements is taken, entities are never followed.

use super::text::{find, one_line};
use crate::damage::{Damage, Parsed};

/// What sightings of it begin with.
pub const NAME: &str = "upnp";
/// The most bytes of a description that are read; the device itself stands at its front.
pub const MAX_DESCRIPTION: usize = 8 * 1024;
/// The most bytes before the element that all else stands in.
const MAX_BEFORE: usize = 1024;
/// Where the texts stand, and the sightings they become.
const FIELDS: [(&str, &str); 6] = [
    ("deviceType", "upnp.type"),
    ("friendlyName", "upnp.name"),
    ("manufacturer", "upnp.maker"),
    ("modelName", "upnp.model"),
    ("modelNumber", "upnp.number"),
    ("serialNumber", "upnp.serial"),
];

/// Devices within the device, and its services, come behind what it says of itself.
const ENDS: [&[u8]; 3] = [b"<deviceList", b"<serviceList", b"</device>"];

/// What the root device says of itself: the `upnp.*` sightings with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub sightings: Vec<(&'static str, String)>,
}

/// Whether the bytes may begin a description.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let front = bytes.get(..MAX_BEFORE).unwrap_or(bytes);
    front.trim_ascii_start().starts_with(b"<")
        && find(front, b"urn:schemas-upnp-org:device-1-0").is_some()
}

/// A description, or the front of one.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let whole = bytes.get(..MAX_DESCRIPTION).unwrap_or(bytes);
    let Some(begin) = find(whole, b"<device>") else {
        return Parsed::Damaged(Damage("upnp: no device described"));
    };
    let device = whole.get(begin..).unwrap_or_default();
    let end = ENDS.iter().filter_map(|end| find(device, end)).min();
    let device = device
        .get(..end.unwrap_or(device.len()))
        .unwrap_or_default();
    let mut message = Message::default();
    for (element, field) in FIELDS {
        let text = text(device, element).map(unescaped).unwrap_or_default();
        if !text.is_empty() {
            message.sightings.push((field, text));
        }
    }
    Parsed::Done(message, bytes.len())
}

/// Whether what the root device says of itself has come to its end.
#[must_use]
pub fn is_enough(bytes: &[u8]) -> bool {
    let device = find(bytes, b"<device>").and_then(|begin| bytes.get(begin..));
    device.is_some_and(|device| ENDS.iter().any(|end| find(device, end).is_some()))
}

/// The text of the first element of that name, up to the next mark.
fn text<'a>(device: &'a [u8], element: &str) -> Option<&'a [u8]> {
    let mark = format!("<{element}>");
    let behind = device.get(find(device, mark.as_bytes())?.checked_add(mark.len())?..)?;
    let end = behind.iter().position(|byte| *byte == b'<')?;
    behind.get(..end)
}

/// With the five characters in place that stand for themselves nowhere (XML 1.0 section 4.6), in one line.
fn unescaped(text: &[u8]) -> String {
    const ENTITIES: [(&str, &str); 5] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let mut text = one_line(text);
    for (entity, character) in ENTITIES {
        text = text.replace(entity, character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const DESCRIPTION: &[u8] = b"<?xml version=\"1.0\"?>\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device>\
        <deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName> Hall &amp;\n lamp</friendlyName>\
        <manufacturer>Acme</manufacturer><modelName>L&lt;1&amp;lt;</modelName><modelNumber/>\
        <deviceList><device><serialNumber>7</serialNumber></device></deviceList></device></root>";

    #[test]
    fn a_device_is_described_without_what_it_holds() {
        let wanted = [
            ("upnp.type", "urn:schemas-upnp-org:device:Basic:1"),
            ("upnp.name", "Hall & lamp"),
            ("upnp.maker", "Acme"),
            ("upnp.model", "L<1&lt;"),
        ];
        let wanted = wanted.map(|(field, value)| (field, value.to_owned()));
        assert_eq!(done(parse(DESCRIPTION)).sightings, wanted);
    }

    #[test]
    fn entities_are_not_followed() {
        let bomb = b"<!DOCTYPE a [<!ENTITY b \"xx\"><!ENTITY c \"&b;&b;\">]>\
            <root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><modelName>&c;</modelName></device></root>";
        assert_eq!(
            done(parse(bomb)).sightings,
            [("upnp.model", "&c;".to_owned())]
        );
    }

    #[test]
    fn other_documents_are_foreign_and_an_empty_one_damage() {
        assert_eq!(parse(b"<html></html>"), Parsed::Foreign);
        let empty = b"<root xmlns=\"urn:schemas-upnp-org:device-1-0\"></root>";
        assert_eq!(damage(parse(empty)), "upnp: no device described");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[DESCRIPTION], |bytes| {
            let _ = (parse(bytes), looks_like(bytes), is_enough(bytes));
        });
    }
}
