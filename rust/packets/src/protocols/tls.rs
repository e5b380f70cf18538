//! TLS hellos (RFC 8446, RFC 5246, SNI RFC 6066, ALPN RFC 7301), and what of SSL 2 and 3 still begins the same way.

use super::ja4::{self, is_grease};
use super::reader::Reader;
use super::ssl2;
use super::text::printable;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "tls";
/// The most bytes of one hello; with post-quantum shares real ones have under 4,000.
const MAX_HELLO: usize = 32 * 1024;
/// The most records one hello is spread over.
const MAX_RECORDS: usize = 64;
/// The most bytes of one record (RFC 5246 section 6.2.3).
const MAX_RECORD: usize = (1 << 14) + 2048;
/// The most extensions read of one hello.
const MAX_EXTENSIONS: usize = 256;
/// Length of a record's header.
const RECORD_HEADER: usize = 5;
/// Length of a handshake message's header.
const HANDSHAKE_HEADER: usize = 4;

const CUT: Damage = Damage("tls: cut short");
const LONG: Damage = Damage("tls: hello too long");
const RECORD: Damage = Damage("tls: hello broken by another record");

/// What opens a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Client(ClientHello),
    Server(ServerHello),
}

/// What a client offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// The version field of the hello, which TLS 1.3 freezes at 1.2.
    pub legacy_version: u16,
    /// Of the extension, as offered.
    pub supported_versions: Vec<u16>,
    pub ciphers: Vec<u16>,
    /// The types, in their order.
    pub extensions: Vec<u16>,
    /// The server name asked for, lower case.
    pub sni: String,
    /// The protocols offered.
    pub alpn: Vec<Vec<u8>>,
    pub signature_algorithms: Vec<u16>,
    /// Sent in the form of SSL 2; it has no JA4.
    pub is_ssl2_form: bool,
}

impl ClientHello {
    /// The highest version offered.
    #[must_use]
    pub fn version(&self) -> u16 {
        let offered = self
            .supported_versions
            .iter()
            .copied()
            .filter(|version| !is_grease(*version));
        offered.max().unwrap_or(self.legacy_version)
    }

    /// The highest version offered, as the `version` column wants it.
    #[must_use]
    pub fn version_text(&self) -> &'static str {
        version_name(self.version())
    }

    /// The first protocol offered, or empty.
    #[must_use]
    pub fn first_alpn(&self) -> String {
        self.alpn
            .first()
            .map(|name| printable(name))
            .unwrap_or_default()
    }

    /// The JA4 fingerprint; empty for a hello in the form of SSL 2.
    #[must_use]
    pub fn ja4(&self) -> String {
        if self.is_ssl2_form {
            String::new()
        } else {
            ja4::fingerprint(self, 't')
        }
    }
}

/// What a server chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerHello {
    pub version: u16,
    pub cipher: u16,
    pub extensions: Vec<u16>,
}

impl ServerHello {
    /// The version chosen, as text.
    #[must_use]
    pub fn version_text(&self) -> &'static str {
        version_name(self.version)
    }
}

/// SSL2, SSL3, TLS1.0 … TLS1.3; empty for what is none of them.
#[must_use]
pub fn version_name(version: u16) -> &'static str {
    match version {
        0x0002 => "SSL2",
        0x0300 => "SSL3",
        0x0301 => "TLS1.0",
        0x0302 => "TLS1.1",
        0x0303 => "TLS1.2",
        0x0304 | 0x7f00..=0x7fff => "TLS1.3",
        _ => "",
    }
}

/// Whether the bytes begin a handshake record with a hello, or a hello in the form of SSL 2.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let hello = matches!(bytes, [22, 3, 0..=4, _, _, 1 | 2, ..]) && record_size(bytes).is_some();
    hello || ssl2::looks_like(bytes)
}

/// Whether the bytes begin with a client's hello for certain: where another protocol was spoken before.
#[must_use]
pub fn is_client_hello(bytes: &[u8]) -> bool {
    matches!(bytes, [22, 3, _, _, _, 1, 0, _, _, 3, 0..=4, ..]) && looks_like(bytes)
}

/// The hello a side begins with, joined over as many records as it takes.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if ssl2::looks_like(bytes) {
        return ssl2::parse(bytes).map(Message::Client);
    }
    if !begins_record(bytes) {
        return Parsed::Foreign;
    }
    match gather(bytes) {
        Parsed::Done(hello, taken) => match hello.first() {
            Some(1) => Parsed::from_result(client(&hello).map(Message::Client), taken),
            Some(2) => Parsed::from_result(server(&hello).map(Message::Server), taken),
            _ => Parsed::Foreign,
        },
        Parsed::More(more) => Parsed::More(more),
        Parsed::Foreign => Parsed::Foreign,
        Parsed::Damaged(damage) => Parsed::Damaged(damage),
    }
}

/// Whether the bytes, as far as they go, begin a handshake record of a known version.
fn begins_record(bytes: &[u8]) -> bool {
    matches!(bytes, [] | [22] | [22, 3] | [22, 3, 0..=4, ..])
}

fn record_size(bytes: &[u8]) -> Option<usize> {
    let size = bytes
        .get(3..5)?
        .try_into()
        .ok()
        .map(u16::from_be_bytes)
        .map(usize::from)?;
    (1..=MAX_RECORD).contains(&size).then_some(size)
}

/// The first handshake message, header and all, and how many bytes its records took.
fn gather(bytes: &[u8]) -> Parsed<Vec<u8>> {
    let mut message = Vec::new();
    let mut reader = Reader::new(bytes);
    for _ in 0..MAX_RECORDS {
        let rest = reader.rest();
        if rest.len() < RECORD_HEADER {
            return Parsed::More(RECORD_HEADER.saturating_sub(rest.len()));
        }
        if !matches!(rest, [22, 3, ..]) {
            return Parsed::Damaged(RECORD);
        }
        let Some(size) = record_size(rest) else {
            return Parsed::Damaged(Damage("tls: record of no or too great length"));
        };
        let whole = size.saturating_add(RECORD_HEADER);
        let here = rest.get(RECORD_HEADER..).unwrap_or_default();
        message.extend_from_slice(here.get(..size).unwrap_or(here));
        match hello_size(&message) {
            Some(wanted) if wanted > MAX_HELLO => return Parsed::Damaged(LONG),
            Some(wanted) if message.len() >= wanted => {
                message.truncate(wanted);
                // The last record may hold further messages; they are not ours to take apart.
                return Parsed::Done(message, reader.at().saturating_add(whole).min(bytes.len()));
            }
            _ => {}
        }
        if message.first().is_some_and(|kind| !matches!(kind, 1 | 2)) {
            return Parsed::Foreign;
        }
        if reader.take(whole).is_none() {
            return Parsed::More(whole.saturating_sub(rest.len()));
        }
    }
    Parsed::Damaged(Damage("tls: hello in too many records"))
}

fn hello_size(message: &[u8]) -> Option<usize> {
    let mut reader = Reader::new(message);
    reader.u8()?;
    let size = usize::try_from(reader.u24()?).ok()?;
    size.checked_add(HANDSHAKE_HEADER)
}

fn client(message: &[u8]) -> Result<ClientHello, Damage> {
    let mut reader = Reader::new(message.get(HANDSHAKE_HEADER..).unwrap_or_default());
    let mut hello = ClientHello {
        legacy_version: reader.u16().ok_or(CUT)?,
        ..ClientHello::default()
    };
    reader.take(32).ok_or(CUT)?;
    reader.block8().ok_or(CUT)?;
    hello.ciphers = words(reader.block16().ok_or(CUT)?);
    reader.block8().ok_or(CUT)?;
    if reader.is_empty() {
        return Ok(hello);
    }
    let mut extensions = Reader::new(reader.block16().ok_or(CUT)?);
    while !extensions.is_empty() && hello.extensions.len() < MAX_EXTENSIONS {
        let kind = extensions.u16().ok_or(CUT)?;
        let value = extensions.block16().ok_or(CUT)?;
        hello.extensions.push(kind);
        read_extension(&mut hello, kind, value)?;
    }
    Ok(hello)
}

fn read_extension(hello: &mut ClientHello, kind: u16, value: &[u8]) -> Result<(), Damage> {
    let mut reader = Reader::new(value);
    match kind {
        0 if !value.is_empty() => {
            let mut names = Reader::new(reader.block16().ok_or(CUT)?);
            if names.u8() == Some(0) {
                hello.sni = printable(names.block16().ok_or(CUT)?).to_lowercase();
            }
        }
        13 => hello.signature_algorithms = words(reader.block16().ok_or(CUT)?),
        16 => {
            let mut names = Reader::new(reader.block16().ok_or(CUT)?);
            while !names.is_empty() && hello.alpn.len() < MAX_EXTENSIONS {
                hello.alpn.push(names.block8().ok_or(CUT)?.to_vec());
            }
        }
        43 => hello.supported_versions = words(reader.block8().ok_or(CUT)?),
        _ => {}
    }
    Ok(())
}

fn server(message: &[u8]) -> Result<ServerHello, Damage> {
    let mut reader = Reader::new(message.get(HANDSHAKE_HEADER..).unwrap_or_default());
    let mut hello = ServerHello {
        version: reader.u16().ok_or(CUT)?,
        ..ServerHello::default()
    };
    reader.take(32).ok_or(CUT)?;
    // Early drafts of TLS 1.3 had neither a session nor a compression here.
    let is_draft = hello.version >> 8 == 0x7f;
    if !is_draft {
        reader.block8().ok_or(CUT)?;
    }
    hello.cipher = reader.u16().ok_or(CUT)?;
    if !is_draft {
        reader.u8().ok_or(CUT)?;
    }
    if reader.is_empty() {
        return Ok(hello);
    }
    let mut extensions = Reader::new(reader.block16().ok_or(CUT)?);
    while !extensions.is_empty() && hello.extensions.len() < MAX_EXTENSIONS {
        let kind = extensions.u16().ok_or(CUT)?;
        let value = extensions.block16().ok_or(CUT)?;
        hello.extensions.push(kind);
        if kind == 43 {
            hello.version = Reader::new(value).u16().ok_or(CUT)?;
        }
    }
    Ok(hello)
}

fn words(bytes: &[u8]) -> Vec<u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn extension(kind: u16, value: &[u8]) -> Vec<u8> {
        let size = u16::try_from(value.len()).unwrap();
        [&kind.to_be_bytes(), &size.to_be_bytes(), value].concat()
    }

    /// A hello with grease, server name `Cam.example`, ALPN h2, and TLS 1.3 among the versions.
    fn body() -> Vec<u8> {
        let extensions = [
            extension(0x1a1a, b""),
            extension(0, b"\0\x0e\0\0\x0bCam.example"),
            extension(16, b"\0\x0c\x02h2\x08http/1.1"),
            extension(13, b"\0\x04\x04\x03\x08\x04"),
            extension(43, b"\x06\x2a\x2a\x03\x04\x03\x03"),
        ]
        .concat();
        let mut body = b"\x03\x03".to_vec();
        body.extend([7; 32]);
        body.extend(b"\0\0\x06\x0a\x0a\x13\x01\xc0\x2b\x01\0");
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
        body
    }

    fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind], &size[1..], body].concat()
    }

    fn record(fragment: &[u8]) -> Vec<u8> {
        let size = u16::try_from(fragment.len()).unwrap().to_be_bytes();
        [&[22, 3, 1], &size[..], fragment].concat()
    }

    fn client_of(bytes: &[u8]) -> ClientHello {
        match done(parse(bytes)) {
            Message::Client(hello) => hello,
            Message::Server(hello) => panic!("{hello:?}"),
        }
    }

    #[test]
    fn a_hello_tells_name_versions_and_fingerprint() {
        let bytes = record(&handshake(1, &body()));
        let hello = client_of(&bytes);
        assert!(looks_like(&bytes));
        assert_eq!(
            (hello.sni.as_str(), hello.first_alpn().as_str()),
            ("cam.example", "h2")
        );
        assert_eq!(hello.version_text(), "TLS1.3");
        assert!(hello.ja4().starts_with("t13d0204h2_"), "{}", hello.ja4());
    }

    #[test]
    fn a_hello_over_several_records_is_joined() {
        let message = handshake(1, &body());
        let bytes: Vec<u8> = message.chunks(50).flat_map(record).collect();
        assert_eq!(client_of(&bytes), client_of(&record(&message)));
        assert!(matches!(parse(&bytes[..60]), Parsed::More(_)));
        assert!(matches!(parse(&bytes[..3]), Parsed::More(2)));
    }

    #[test]
    fn a_server_tells_version_and_suite() {
        let mut body = b"\x03\x03".to_vec();
        body.extend([9; 32]);
        body.extend(b"\0\x13\x02\0\0\x06\0\x2b\0\x02\x03\x04");
        let Message::Server(hello) = done(parse(&record(&handshake(2, &body)))) else {
            panic!("a server's")
        };
        assert_eq!((hello.version_text(), hello.cipher), ("TLS1.3", 0x1302));
    }

    #[test]
    fn what_is_broken_is_damage_and_what_is_other_is_foreign() {
        let mut wrong = body();
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
            "tls: hello too long"
        );
        assert_eq!(parse(b"\x17\x03\x03\0\x10"), Parsed::Foreign);
        assert_eq!(parse(b"GET /"), Parsed::Foreign);
        assert_eq!(parse(b"\x16\x03\x03\0\x10\x0b\0\0\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        let ssl2 = b"\x80\x13\x01\0\x02\0\x06\0\0\0\x04\x01\0\x80\0\0\x2fABCD";
        never_panics(&[&record(&handshake(1, &body())), ssl2], |bytes| {
            let _ = looks_like(bytes);
            if let Parsed::Done(Message::Client(hello), _) = parse(bytes) {
                let _ = (hello.ja4(), hello.version_text());
            }
        });
    }
}
