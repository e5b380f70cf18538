//! Heads of SIP requests and responses (RFC 3261), by which telephones and door stations call.

use super::head::{self, Names, names};
use super::login::Login;
use super::text::printable;
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "sip";

const NAMES: Names = names!(b"SIP", "sip");

/// What the head of a request or a response says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub is_response: bool,
    /// REGISTER, INVITE, …; empty in a response.
    pub method: String,
    /// The address called.
    pub target: String,
    /// 0 in a request.
    pub status: u16,
    pub from: String,
    pub to: String,
    /// The User-Agent field, or the Server field of a response.
    pub agent: String,
    /// Of a WWW-Authenticate field.
    pub realm: String,
    /// The user of an Authorization field.
    pub login: Option<Login>,
}

/// Whether the bytes begin a request or a response.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    const METHODS: [&[u8]; 9] = [
        b"REGISTER ",
        b"INVITE ",
        b"OPTIONS ",
        b"ACK ",
        b"BYE ",
        b"CANCEL ",
        b"SUBSCRIBE ",
        b"NOTIFY ",
        b"MESSAGE ",
    ];
    let method = METHODS.iter().any(|method| bytes.starts_with(method));
    bytes.starts_with(b"SIP/2.0 ")
        || method && bytes.contains(&b'\n') && head::may_begin(bytes, NAMES.protocol)
}

/// The head within a datagram; the body behind it is left where it is.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    head::parse_datagram(bytes, &NAMES).map(|head| {
        let either = |long: &str, short: &str| {
            if head.field(long).is_empty() {
                head.text(short)
            } else {
                head.text(long)
            }
        };
        Message {
            is_response: head.first.is_response(),
            method: head.first.method(),
            target: printable(head.first.target()),
            status: head.first.status(),
            from: either("from", "f"),
            to: either("to", "t"),
            agent: either("user-agent", "server"),
            realm: head.realm(),
            login: head.authorization().1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{done, never_panics};

    const REGISTER: &[u8] = b"REGISTER sip:pbx.example SIP/2.0\r\nf: <sip:door@pbx.example>\r\n\
        User-Agent: Door 1.2\r\nAuthorization: Digest username=\"door\", realm=\"pbx\"\r\n\r\n";

    #[test]
    fn a_registration_tells_who_and_with_what() {
        let message = done(parse(REGISTER));
        assert_eq!(
            (message.method.as_str(), message.target.as_str()),
            ("REGISTER", "sip:pbx.example")
        );
        assert_eq!(
            (message.from.as_str(), message.agent.as_str()),
            ("<sip:door@pbx.example>", "Door 1.2")
        );
        assert_eq!(message.login, Some(Login::new(b"door", None)));
        assert!(looks_like(REGISTER));
    }

    #[test]
    fn a_response_tells_status_and_realm() {
        let message = done(parse(
            b"SIP/2.0 401 No\r\nServer: pbx\r\nWWW-Authenticate: Digest realm=\"r\"\r\n\r\n",
        ));
        assert_eq!(
            (
                message.status,
                message.agent.as_str(),
                message.realm.as_str()
            ),
            (401, "pbx", "r")
        );
    }

    #[test]
    fn http_is_foreign() {
        assert_eq!(parse(b"OPTIONS * HTTP/1.1\r\n\r\n"), Parsed::Foreign);
        assert!(!looks_like(b"NOTIFY * HTTP/1.1\r\n"));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[REGISTER], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
