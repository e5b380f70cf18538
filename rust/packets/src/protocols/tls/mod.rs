//! TLS as far as it is spoken in clear: hellos (RFC 8446, RFC 5246, SNI RFC 6066, ALPN RFC 7301) and, up to 1.2, the
//! certificate; and what of SSL 2 and 3 still begins the same way.

pub mod hello;
pub mod records;
#[cfg(test)]
pub(crate) mod samples;
pub mod suites;

pub use hello::{ClientHello, ServerHello};
pub use records::{Heard, Records};

use super::ssl2;
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "tls";

/// A handshake message in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Client(ClientHello),
    Server(ServerHello),
    /// The sender's certificate in DER; empty if it sent none.
    Certificate(Vec<u8>),
    /// Another one, by its type.
    Other(u8),
}

/// SSL2, SSL3, TLS1.0 … TLS1.3, DTLS1.0 … DTLS1.3; empty for what is none of them.
#[must_use]
pub fn version_name(version: u16) -> &'static str {
    match version {
        0x0002 => "SSL2",
        0x0300 => "SSL3",
        0x0301 => "TLS1.0",
        0x0302 => "TLS1.1",
        0x0303 => "TLS1.2",
        0x0304 | 0x7f00..=0x7fff => "TLS1.3",
        0xfeff => "DTLS1.0",
        0xfefd => "DTLS1.2",
        0xfefc => "DTLS1.3",
        _ => "",
    }
}

/// Whether the bytes begin a handshake record with a hello, or a hello in the form of SSL 2.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let hello = matches!(bytes, [22, 3, 0..=4, _, _, 1 | 2, ..]) && records::begins(bytes);
    hello || ssl2::looks_like(bytes)
}

/// Whether the bytes begin with a client's hello for certain: where another protocol was spoken before.
#[must_use]
pub fn is_client_hello(bytes: &[u8]) -> bool {
    matches!(bytes, [22, 3, _, _, _, 1, 0, _, _, 3, 0..=4, ..]) && looks_like(bytes)
}

/// The message a side begins with, joined over as many records as it takes; `Records` tells those that follow too.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut records = Records::default();
    records.push(bytes);
    match records.hear() {
        Some(Heard::Message(message)) => Parsed::Done(message, records.taken()),
        Some(Heard::Damaged(damage)) => Parsed::Damaged(damage),
        Some(_) => Parsed::Foreign,
        None => Parsed::More(records.wanted()),
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{client_body, handshake, record, server_body};
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn client_of(bytes: &[u8]) -> ClientHello {
        match done(parse(bytes)) {
            Message::Client(hello) => hello,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_hello_tells_name_versions_and_fingerprints() {
        let bytes = record(&handshake(1, &client_body()));
        let hello = client_of(&bytes);
        assert!(looks_like(&bytes) && is_client_hello(&bytes));
        assert_eq!(
            (hello.sni.as_str(), hello.first_alpn().as_str()),
            ("cam.example", "h2")
        );
        assert_eq!(hello.version_text(), "TLS1.3");
        assert!(
            hello.ja4('t').starts_with("t13d0206h2_"),
            "{}",
            hello.ja4('t')
        );
        assert_eq!(hello.ja3().len(), 32);
    }

    #[test]
    fn a_hello_over_several_records_is_joined() {
        let message = handshake(1, &client_body());
        let bytes: Vec<u8> = message.chunks(50).flat_map(record).collect();
        assert_eq!(client_of(&bytes), client_of(&record(&message)));
        assert!(matches!(parse(&bytes[..60]), Parsed::More(_)));
        assert!(matches!(parse(&bytes[..3]), Parsed::More(2)));
    }

    #[test]
    fn a_server_tells_version_suite_and_protocol() {
        let hello = |version| match done(parse(&record(&handshake(2, &server_body(version))))) {
            Message::Server(hello) => hello,
            other => panic!("{other:?}"),
        };
        let new = hello(0x0304);
        assert_eq!((new.version_text(), new.cipher), ("TLS1.3", 0xc02b));
        assert!(new.hides_the_rest() && !new.is_retry);
        let old = hello(0x0302);
        assert_eq!(
            (old.version_text(), old.alpn.as_str()),
            ("TLS1.1", "http/1.1")
        );
        assert!(!old.hides_the_rest());
    }

    #[test]
    fn what_is_broken_is_damage_and_what_is_other_is_foreign() {
        let mut wrong = client_body();
        wrong[35] = 0xff;
        assert_eq!(
            damage(parse(&record(&handshake(1, &wrong)))),
            "tls: cut short"
        );
        assert_eq!(
            damage(parse(b"\x16\x03\x01\0\0\x01")),
            "tls: record of no or too great length"
        );
        assert_eq!(
            damage(parse(b"\x16\x03\x01\0\x04\x01\x01\0\0")),
            "tls: message too long"
        );
        assert_eq!(parse(b"\x17\x03\x03\0\x10"), Parsed::Foreign);
        assert_eq!(parse(b"GET /"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        let ssl2 = b"\x80\x13\x01\0\x02\0\x06\0\0\0\x04\x01\0\x80\0\0\x2fABCD";
        let client = record(&handshake(1, &client_body()));
        let server = record(&handshake(2, &server_body(0x0304)));
        never_panics(&[&client, &server, ssl2], |bytes| {
            let _ = looks_like(bytes);
            if let Parsed::Done(Message::Client(hello), _) = parse(bytes) {
                let _ = (hello.ja4('t'), hello.ja3(), hello.version_text());
            }
        });
    }
}
