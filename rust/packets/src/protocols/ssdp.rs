//! Simple service discovery (`UPnP` Device Architecture 1.1 section 1): heads of HTTP in datagrams.

use super::head::{self, First, Names, names};
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "ssdp";

const NAMES: Names = names!(b"HTTP", "ssdp");

/// What the datagram is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Search,
    /// An announcement; a farewell when `is_farewell`.
    Notify,
    /// An answer to a search.
    Answer,
}

/// A search, an announcement or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub kind: Kind,
    /// The NT or ST field: what is announced or searched for.
    pub target: String,
    /// The USN field.
    pub usn: String,
    /// The SERVER field.
    pub server: String,
    /// The LOCATION field.
    pub location: String,
    /// The USER-AGENT field of a search.
    pub agent: String,
    /// The NTS field says `ssdp:byebye`.
    pub is_farewell: bool,
}

impl Message {
    /// The `ssdp.*` sightings of the sender with their values; none for a search or a farewell.
    #[must_use]
    pub fn sightings(&self) -> Vec<(&'static str, &str)> {
        if self.kind == Kind::Search || self.is_farewell {
            return Vec::new();
        }
        let fields = [
            ("ssdp.server", self.server.as_str()),
            ("ssdp.type", self.target.as_str()),
            ("ssdp.usn", self.usn.as_str()),
            ("ssdp.location", self.location.as_str()),
        ];
        fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

/// Whether the datagram begins as one of the three.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    [
        &b"M-SEARCH * HTTP/1."[..],
        b"NOTIFY * HTTP/1.",
        b"HTTP/1.1 200",
        b"HTTP/1.0 200",
    ]
    .iter()
    .any(|start| bytes.starts_with(start))
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    head::parse_datagram(bytes, &NAMES).map(|head| {
        let kind = match head.first {
            First::Response { .. } => Kind::Answer,
            First::Request {
                method: b"NOTIFY", ..
            } => Kind::Notify,
            First::Request { .. } => Kind::Search,
        };
        Message {
            kind,
            target: head.text(if kind == Kind::Notify { "nt" } else { "st" }),
            usn: head.text("usn"),
            server: head.text("server"),
            location: head.text("location"),
            agent: head.text("user-agent"),
            is_farewell: head.field("nts").eq_ignore_ascii_case(b"ssdp:byebye"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{done, never_panics};

    const NOTIFY: &[u8] =
        b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\n\
        NTS: ssdp:alive\r\nUSN: uuid:1::upnp:rootdevice\r\nServer: Linux UPnP/1.0\r\n\
        Location: http://192.0.2.4/d.xml\r\n\r\n";

    #[test]
    fn an_announcement_tells_all_of_its_sender() {
        let message = done(parse(NOTIFY));
        assert_eq!(
            message.sightings(),
            [
                ("ssdp.server", "Linux UPnP/1.0"),
                ("ssdp.type", "upnp:rootdevice"),
                ("ssdp.usn", "uuid:1::upnp:rootdevice"),
                ("ssdp.location", "http://192.0.2.4/d.xml"),
            ]
        );
    }

    #[test]
    fn a_search_and_a_farewell_tell_nothing_of_their_sender() {
        let search = done(parse(
            b"M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: ssdp:all\r\n\r\n",
        ));
        assert_eq!(
            (search.kind, search.target.as_str()),
            (Kind::Search, "ssdp:all")
        );
        assert!(search.sightings().is_empty());
        let farewell = done(parse(
            b"NOTIFY * HTTP/1.1\r\nNT: x\r\nNTS: ssdp:byebye\r\n\r\n",
        ));
        assert!(farewell.is_farewell && farewell.sightings().is_empty());
    }

    #[test]
    fn an_answer_without_its_empty_line_is_read() {
        let answer = done(parse(b"HTTP/1.1 200 OK\r\nST: a\r\nUSN: b"));
        assert_eq!(
            (answer.kind, answer.target.as_str(), answer.usn.as_str()),
            (Kind::Answer, "a", "b")
        );
    }

    #[test]
    fn other_requests_are_foreign() {
        assert_eq!(parse(b"GET / HTTP/1.1\r\n\r\n"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[NOTIFY], |bytes| {
            let _ = parse(bytes).map(|message| message.sightings().len());
        });
    }
}
