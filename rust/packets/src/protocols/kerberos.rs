//! Kerberos 5 (RFC 4120): who asks a key distribution centre for tickets, as far as it stands in the clear.

use super::ber::{INTEGER, SEQUENCE, element, find, head, within};
use super::reader::Reader;
use super::text::{printable, trimmed};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "kerberos";
/// The most bytes of a message over TCP.
const MAX_MESSAGE: usize = 8 * 1024;
/// The most parts of a name, and the most addresses looked through.
const MAX_PARTS: usize = 8;

const CUT: Damage = Damage("kerberos: cut short");

/// A question or an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// as-req, as-rep, tgs-req, tgs-rep or error.
    pub kind: &'static str,
    /// The client, its parts with slashes; a name that ends in `$` is that of a computer.
    pub client: String,
    pub realm: String,
    /// The `NetBIOS` name among the client's addresses.
    pub host: String,
}

impl Message {
    /// Whether the centre speaks.
    #[must_use]
    pub fn is_response(&self) -> bool {
        !self.kind.ends_with("req")
    }

    /// What it says of the client.
    #[must_use]
    pub fn sightings(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let computer = self.client.strip_suffix('$');
        for host in [computer.unwrap_or_default(), &self.host] {
            if !host.is_empty() {
                found.push(("kerberos.host", host.to_owned()));
            }
        }
        if computer.is_none() && !self.client.is_empty() {
            found.push(("kerberos.user", format!("{}@{}", self.client, self.realm)));
        }
        found
    }
}

/// The kind of message that begins with that tag.
fn kind(tag: u8) -> Option<&'static str> {
    match tag {
        0x6a => Some("as-req"),
        0x6b => Some("as-rep"),
        0x6c => Some("tgs-req"),
        0x6d => Some("tgs-rep"),
        0x7e => Some("error"),
        _ => None,
    }
}

/// Whether a datagram begins as one of the messages and has its length.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    match head(&mut reader) {
        Some((tag, size)) => kind(tag).is_some() && size <= reader.rest().len(),
        None => false,
    }
}

/// Whether a stream begins with the length of a message, and as one.
#[must_use]
pub fn looks_like_tcp(bytes: &[u8]) -> bool {
    bytes.len() > 4 && !matches!(parse_tcp(bytes), Parsed::Foreign)
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some((tag, size)) = head(&mut reader) else {
        return Parsed::Foreign;
    };
    let Some(kind) = kind(tag) else {
        return Parsed::Foreign;
    };
    let body = reader.take(size);
    let message = body.and_then(|body| read(kind, body)).ok_or(CUT);
    Parsed::from_result(message, reader.at())
}

/// One message of a stream, behind its length.
pub fn parse_tcp(bytes: &[u8]) -> Parsed<Message> {
    let Some((size, rest)) = bytes.split_first_chunk() else {
        return Parsed::More(1);
    };
    let size = usize::try_from(u32::from_be_bytes(*size)).unwrap_or(usize::MAX);
    let is_ours = rest.first().is_none_or(|tag| kind(*tag).is_some());
    if !is_ours || size > MAX_MESSAGE {
        return Parsed::Foreign;
    }
    match (rest.get(..size).map(parse), size.saturating_add(4)) {
        (None, _) => Parsed::More(size.saturating_sub(rest.len())),
        (Some(Parsed::Done(message, _)), taken) => Parsed::Done(message, taken),
        (Some(other), _) => other,
    }
}

fn read(kind: &'static str, body: &[u8]) -> Option<Message> {
    let content = find(body, SEQUENCE)?;
    // Where the client, its realm and its addresses stand differs by message.
    let (inner, client, realm, addresses) = match kind {
        "as-req" | "tgs-req" => (within(content, &[0xa4, SEQUENCE])?, 0xa1, 0xa2, 0xa9),
        "error" => (content, 0xa8, 0xa7, 0),
        _ => (content, 0xa4, 0xa3, 0),
    };
    let realm = within(inner, &[realm, STRING]).unwrap_or_default();
    let host = within(inner, &[addresses, SEQUENCE]).and_then(netbios);
    Some(Message {
        kind,
        client: find(inner, client).map(name).unwrap_or_default(),
        realm: printable(realm),
        host: host.unwrap_or_default(),
    })
}

/// `KerberosString` (section 5.2.1).
const STRING: u8 = 0x1b;

/// The parts of a principal's name.
fn name(content: &[u8]) -> String {
    let Some(parts) = within(content, &[SEQUENCE, 0xa1, SEQUENCE]) else {
        return String::new();
    };
    let mut reader = Reader::new(parts);
    let mut found = Vec::new();
    while let (true, Some((STRING, part))) = (found.len() < MAX_PARTS, element(&mut reader)) {
        found.push(printable(part));
    }
    found.join("/")
}

/// The first address that is a `NetBIOS` name (section 7.5.3).
fn netbios(addresses: &[u8]) -> Option<String> {
    const NETBIOS: &[u8] = &[20];
    let mut reader = Reader::new(addresses);
    for _ in 0..MAX_PARTS {
        let (SEQUENCE, address) = element(&mut reader)? else {
            return None;
        };
        if within(address, &[0xa0, INTEGER])? == NETBIOS {
            let name = within(address, &[0xa1, super::ber::STRING])?;
            return Some(trimmed(name.get(..15).unwrap_or(name)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        [&[tag, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    }

    fn principal(tag: u8, part: &[u8]) -> Vec<u8> {
        let strings = wrap(SEQUENCE, &[&wrap(STRING, &[part])]);
        let kind = wrap(0xa0, &[&[2, 1, 1]]);
        wrap(tag, &[&wrap(SEQUENCE, &[&kind, &wrap(0xa1, &[&strings])])])
    }

    fn asked(client: &[u8]) -> Vec<u8> {
        let host = wrap(4, &[b"PC1            \x20"]);
        let address = wrap(SEQUENCE, &[b"\xa0\x03\x02\x01\x14", &wrap(0xa1, &[&host])]);
        let parts = [
            wrap(0xa0, &[b"\x03\x05\0\0\0\0\0"]),
            principal(0xa1, client),
            wrap(0xa2, &[&wrap(STRING, &[b"EX.ORG"])]),
            wrap(0xa9, &[&wrap(SEQUENCE, &[&address])]),
        ];
        let body = wrap(0xa4, &[&wrap(SEQUENCE, &[&parts.concat()])]);
        let all = wrap(
            SEQUENCE,
            &[b"\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\x0a", &body],
        );
        wrap(0x6a, &[&all])
    }

    #[test]
    fn who_asks_is_told() {
        let message = done(parse(&asked(b"ann")));
        assert_eq!((message.kind, message.is_response()), ("as-req", false));
        let wanted = [
            ("kerberos.host", "PC1".to_owned()),
            ("kerberos.user", "ann@EX.ORG".to_owned()),
        ];
        assert_eq!(message.sightings(), wanted);
        assert!(looks_like(&asked(b"ann")));
        let computer = done(parse(&asked(b"NAS$")));
        assert_eq!(computer.sightings()[0].1, "NAS");
    }

    #[test]
    fn a_stream_is_taken_message_by_message() {
        let body = asked(b"ann");
        let bytes = [&(body.len() as u32).to_be_bytes()[..], &body, b"x"].concat();
        assert!(matches!(parse_tcp(&bytes), Parsed::Done(_, taken) if taken == body.len() + 4));
        assert_eq!(parse_tcp(&bytes[..10]), Parsed::More(body.len() - 6));
        assert_eq!(parse_tcp(b"GET / HTTP"), Parsed::Foreign);
    }

    #[test]
    fn what_is_cut_is_damage_and_other_datagrams_foreign() {
        assert_eq!(damage(parse(&asked(b"ann")[..40])), "kerberos: cut short");
        assert_eq!(parse(b"hello"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&asked(b"ann"), &asked(b"NAS$")], |bytes| {
            let _ = (parse(bytes), parse_tcp(bytes), looks_like(bytes));
            let _ = parse(bytes).map(|message| message.sightings());
        });
    }
}
