//! DTLS hellos of clients (RFC 6347, RFC 9147): those of TLS, in datagrams.

use super::reader::Reader;
use super::tls::ClientHello;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "dtls";
/// The most bytes of one record (RFC 6347 section 4.1).
const MAX_RECORD: u16 = (1 << 14) + 2048;
/// The type of a record with a handshake message, and of that message.
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;

const CUT: Damage = Damage("dtls: cut short");

/// What a datagram begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Client(ClientHello),
    /// Another record, or a part of a hello that is spread over several.
    Other,
}

/// Whether the bytes begin a record: its type, its version, no epoch that cannot be.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=23, 0xfe, 0xff | 0xfd, 0, 0..=3, 0, ..]) && bytes.len() > 13
}

/// Whether the bytes begin with a client's hello, or a part of it.
#[must_use]
pub fn is_client_hello(bytes: &[u8]) -> bool {
    looks_like(bytes) && bytes.first() == Some(&HANDSHAKE) && bytes.get(13) == Some(&CLIENT_HELLO)
}

/// The message in the first record of a datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    if !is_client_hello(bytes) {
        return Parsed::Done(Message::Other, bytes.len());
    }
    Parsed::from_result(client(bytes), bytes.len())
}

fn client(bytes: &[u8]) -> Result<Message, Damage> {
    let mut record = Reader::new(bytes);
    record.take(11).ok_or(CUT)?;
    let size = record.u16().filter(|size| *size <= MAX_RECORD).ok_or(CUT)?;
    let mut message = Reader::new(record.take(usize::from(size)).ok_or(CUT)?);
    message.u8().ok_or(CUT)?;
    let whole = message.u24().ok_or(CUT)?;
    message.u16().ok_or(CUT)?; // the number of the message
    let (offset, here) = (message.u24().ok_or(CUT)?, message.u24().ok_or(CUT)?);
    if offset != 0 || here != whole {
        return Ok(Message::Other);
    }
    let body = message
        .take(usize::try_from(here).map_err(|_| CUT)?)
        .ok_or(CUT)?;
    ClientHello::read(body, true).map(Message::Client)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    /// A hello of DTLS 1.2 without extensions, with an empty cookie.
    fn hello() -> Vec<u8> {
        let body = [&b"\xfe\xfd"[..], &[7; 32], b"\0\0\0\x02\xc0\xae\x01\0"].concat();
        let size = u8::try_from(body.len()).unwrap();
        let message = [&[1, 0, 0, size, 0, 0, 0, 0, 0, 0, 0, size], &body[..]].concat();
        let size = u8::try_from(message.len()).unwrap();
        let head = [22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, size];
        [&head[..], &message].concat()
    }

    #[test]
    fn a_hello_is_read_behind_its_cookie() {
        let Message::Client(read) = done(parse(&hello())) else {
            panic!("a hello")
        };
        assert_eq!(
            (read.version_text(), &read.ciphers[..]),
            ("DTLS1.2", &[0xc0ae][..])
        );
        assert!(
            read.ja4('d').starts_with("dd2i010000_"),
            "{}",
            read.ja4('d')
        );
    }

    #[test]
    fn parts_are_no_hello_and_what_is_short_is_damage() {
        let mut part = hello();
        part[21] = 1;
        assert_eq!(done(parse(&part)), Message::Other);
        assert_eq!(damage(parse(&hello()[..40])), "dtls: cut short");
        assert_eq!(parse(b"\x16\x03\x01"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&hello()], |bytes| {
            let _ = parse(bytes);
        });
    }
}
