//! The hellos of both sides: what a client offers, and what the server chose of it.

use super::suites;
use super::version_name;
use crate::damage::Damage;
use crate::protocols::ja3;
use crate::protocols::ja4::{self, is_grease};
use crate::protocols::reader::Reader;
use crate::protocols::text::printable;

/// The most extensions read of one hello, and the most protocols it offers.
const MAX_EXTENSIONS: usize = 256;
/// The random bytes by which a server's hello is known for a request to try again (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

pub(super) const CUT: Damage = Damage("tls: cut short");

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
    /// The groups for the exchange of keys.
    pub groups: Vec<u16>,
    pub point_formats: Vec<u8>,
    /// Sent in the form of SSL 2; it has no fingerprints.
    pub is_ssl2_form: bool,
}

impl ClientHello {
    /// Reads the body of the handshake message; that of DTLS has a cookie behind the session (RFC 6347).
    pub fn read(body: &[u8], has_cookie: bool) -> Result<Self, Damage> {
        let mut reader = Reader::new(body);
        let mut hello = Self {
            legacy_version: reader.u16().ok_or(CUT)?,
            ..Self::default()
        };
        reader.take(32).ok_or(CUT)?;
        reader.block8().ok_or(CUT)?;
        if has_cookie {
            reader.block8().ok_or(CUT)?;
        }
        hello.ciphers = words(reader.block16().ok_or(CUT)?);
        reader.block8().ok_or(CUT)?;
        if reader.is_empty() {
            return Ok(hello);
        }
        let mut extensions = Reader::new(reader.block16().ok_or(CUT)?);
        while !extensions.is_empty() && hello.extensions.len() < MAX_EXTENSIONS {
            let (kind, value) = extension(&mut extensions)?;
            hello.extensions.push(kind);
            hello.extend(kind, value).ok_or(CUT)?;
        }
        Ok(hello)
    }

    fn extend(&mut self, kind: u16, value: &[u8]) -> Option<()> {
        let mut reader = Reader::new(value);
        match kind {
            0 if !value.is_empty() => {
                let mut names = Reader::new(reader.block16()?);
                if names.u8() == Some(0) {
                    self.sni = printable(names.block16()?).to_lowercase();
                }
            }
            10 => self.groups = words(reader.block16()?),
            11 => self.point_formats = reader.block8()?.to_vec(),
            13 => self.signature_algorithms = words(reader.block16()?),
            16 => {
                let mut names = Reader::new(reader.block16()?);
                while !names.is_empty() && self.alpn.len() < MAX_EXTENSIONS {
                    self.alpn.push(names.block8()?.to_vec());
                }
            }
            43 => self.supported_versions = words(reader.block8()?),
            _ => {}
        }
        Some(())
    }

    /// The highest version offered.
    #[must_use]
    pub fn version(&self) -> u16 {
        let offered = self
            .supported_versions
            .iter()
            .copied()
            .filter(|version| !is_grease(*version));
        // Versions of DTLS count downwards.
        let highest = if self.legacy_version >> 8 == 0xfe {
            offered.min()
        } else {
            offered.max()
        };
        highest.unwrap_or(self.legacy_version)
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

    /// The JA4 fingerprint; `transport` is `t` over TCP, `q` over QUIC, `d` for DTLS. Empty for the form of SSL 2.
    #[must_use]
    pub fn ja4(&self, transport: char) -> String {
        if self.is_ssl2_form {
            String::new()
        } else {
            ja4::fingerprint(self, transport)
        }
    }

    /// The JA3 fingerprint; empty for a hello in the form of SSL 2.
    #[must_use]
    pub fn ja3(&self) -> String {
        if self.is_ssl2_form {
            String::new()
        } else {
            ja3::fingerprint(self)
        }
    }
}

/// What a server chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerHello {
    pub version: u16,
    pub cipher: u16,
    pub extensions: Vec<u16>,
    /// The protocol chosen, where it is said in clear.
    pub alpn: String,
    /// Asks the client for another hello.
    pub is_retry: bool,
}

impl ServerHello {
    /// Reads the body of the handshake message.
    pub fn read(body: &[u8]) -> Result<Self, Damage> {
        let mut reader = Reader::new(body);
        let mut hello = Self {
            version: reader.u16().ok_or(CUT)?,
            ..Self::default()
        };
        hello.is_retry = reader.take(32).ok_or(CUT)? == RETRY;
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
            let (kind, value) = extension(&mut extensions)?;
            hello.extensions.push(kind);
            hello.extend(kind, value).ok_or(CUT)?;
        }
        Ok(hello)
    }

    fn extend(&mut self, kind: u16, value: &[u8]) -> Option<()> {
        let mut reader = Reader::new(value);
        match kind {
            16 => self.alpn = printable(Reader::new(reader.block16()?).block8()?),
            43 => self.version = reader.u16()?,
            _ => {}
        }
        Some(())
    }

    /// The version chosen, as text.
    #[must_use]
    pub fn version_text(&self) -> &'static str {
        version_name(self.version)
    }

    /// The suite chosen, as the `cipher` column wants it.
    #[must_use]
    pub fn cipher_text(&self) -> String {
        suites::name(self.cipher)
    }

    /// Whether what follows is enciphered, certificate and all.
    #[must_use]
    pub fn hides_the_rest(&self) -> bool {
        matches!(self.version, 0x0304 | 0x7f00..=0x7fff | 0xfefc)
    }
}

fn extension<'a>(reader: &mut Reader<'a>) -> Result<(u16, &'a [u8]), Damage> {
    let kind = reader.u16().ok_or(CUT)?;
    Ok((kind, reader.block16().ok_or(CUT)?))
}

fn words(bytes: &[u8]) -> Vec<u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
        .collect()
}
