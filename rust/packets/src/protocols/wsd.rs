//! Discovery of web services (OASIS WS-Discovery 1.1) as cameras (ONVIF Core), printers and scanners use it.

use super::text::{find, one_line};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "wsd";
/// The most elements looked through.
const MAX_ELEMENTS: usize = 256;

/// A search, an announcement or an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Hello, Bye, Probe, `ProbeMatches`, Resolve or `ResolveMatches`.
    pub kind: &'static str,
    /// What kind of service it is, with a blank between; prefixes as they stand.
    pub types: String,
    /// Where it belongs: addresses with a blank between.
    pub scopes: String,
}

impl Message {
    /// The `wsd.*` sightings of the sender with their values; none for a search or a farewell.
    #[must_use]
    pub fn sightings(&self) -> Vec<(&'static str, &str)> {
        if !matches!(self.kind, "Hello" | "ProbeMatches" | "ResolveMatches") {
            return Vec::new();
        }
        vec![("wsd.types", &self.types), ("wsd.scopes", &self.scopes)]
    }
}

/// Whether the bytes begin an envelope of XML.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begins = bytes.trim_ascii_start().first() == Some(&b'<');
    let head = bytes.get(..512).unwrap_or(bytes);
    begins && find(head, b"Envelope").is_some()
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    const KINDS: [&str; 6] = [
        "Hello",
        "Bye",
        "Probe",
        "ProbeMatches",
        "Resolve",
        "ResolveMatches",
    ];
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let mut message = Message::default();
    for (name, text) in Elements(bytes).take(MAX_ELEMENTS) {
        match name {
            b"Types" if message.types.is_empty() => message.types = one_line(text),
            b"Scopes" if message.scopes.is_empty() => message.scopes = one_line(text),
            _ if message.kind.is_empty() => {
                let kind = KINDS.iter().find(|kind| kind.as_bytes() == name);
                message.kind = kind.copied().unwrap_or_default();
            }
            _ => {}
        }
    }
    if message.kind.is_empty() {
        return Parsed::Damaged(Damage("wsd: nothing said"));
    }
    Parsed::Done(message, bytes.len())
}

/// The elements in the order in which they begin: the name without prefix, and the text up to the next mark.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self
                .0
                .iter()
                .position(|byte| *byte == b'<')?
                .checked_add(1)?;
            let rest = self.0.get(start..)?;
            let end = rest.iter().position(|byte| *byte == b'>')?;
            let (tag, behind) = rest.split_at_checked(end)?;
            self.0 = behind;
            if matches!(tag.first(), None | Some(b'/' | b'?' | b'!')) {
                continue;
            }
            let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
            let name = tag.split(is_end).next().unwrap_or_default();
            let name = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
            let text = behind.get(1..).unwrap_or_default();
            let text = text.split(|byte| *byte == b'<').next().unwrap_or_default();
            return Some((name, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const ANSWER: &[u8] = b"<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"x\"><s:Header/><s:Body>\
        <d:ProbeMatches><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter\n tds:Device</d:Types>\
        <d:Scopes a=\"b\">onvif://www.onvif.org/name/Acme  onvif://www.onvif.org/hardware/C1</d:Scopes>\
        </d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>";

    #[test]
    fn an_answer_tells_types_and_scopes() {
        let message = done(parse(ANSWER));
        let wanted = [
            ("wsd.types", "dn:NetworkVideoTransmitter tds:Device"),
            (
                "wsd.scopes",
                "onvif://www.onvif.org/name/Acme onvif://www.onvif.org/hardware/C1",
            ),
        ];
        assert_eq!(message.sightings(), wanted);
    }

    #[test]
    fn a_search_tells_nothing_of_its_sender() {
        let probe =
            b"<e:Envelope><e:Body><d:Probe><d:Types>a:B</d:Types></d:Probe></e:Body></e:Envelope>";
        let message = done(parse(probe));
        assert_eq!((message.kind, message.types.as_str()), ("Probe", "a:B"));
        assert!(message.sightings().is_empty());
    }

    #[test]
    fn an_envelope_without_message_is_damage_and_other_bytes_are_foreign() {
        assert_eq!(
            damage(parse(b"<a:Envelope></a:Envelope>")),
            "wsd: nothing said"
        );
        assert_eq!(parse(b"<html></html>"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[ANSWER], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
