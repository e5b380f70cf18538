//! Certificates (X.509, RFC 5280) as far as they say whose they are, how long they hold, and how well they are made.

pub mod der;
mod keys;
mod names;
mod others;
mod times;

use der::{Der, INTEGER, SEQUENCE};
use sha2::{Digest, Sha256};

use crate::damage::{Damage, Parsed};
use crate::protocols::hex::hex;

/// What a certificate is called in the count of damage.
pub const NAME: &str = "x509";

/// What a certificate says; its signature is not verified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// As RFC 4514 writes names.
    pub subject: String,
    pub issuer: String,
    /// Microseconds since the epoch; 0 where it cannot be read.
    pub not_before: i64,
    pub not_after: i64,
    /// rsa, ec, ed25519, …; an object identifier where it has no name here.
    pub key_type: String,
    pub key_bits: i64,
    /// What it is signed with: sha256-rsa, sha1-rsa, …; an object identifier where it has no name here.
    pub signature: String,
    /// Subject and issuer are the same.
    pub self_signed: bool,
    /// The names and addresses it is for beside its subject, with commas (RFC 5280 section 4.2.1.6).
    pub names: String,
    /// SHA-256 of the public key with its kind, hex.
    pub key: String,
}

/// Whether the bytes begin a certificate.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [SEQUENCE, 0x81..=0x83, ..])
}

/// Reads a certificate in DER.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    Parsed::from_result(
        read(bytes).ok_or(Damage("x509: cannot be read")),
        bytes.len(),
    )
}

fn read(bytes: &[u8]) -> Option<Message> {
    let mut certificate = Der::new(bytes).within(SEQUENCE)?;
    let mut signed = certificate.within(SEQUENCE)?;
    let _version = signed.of(0xa0);
    signed.of(INTEGER)?;
    let algorithm = signed.of(SEQUENCE)?;
    let issuer = signed.of(SEQUENCE)?;
    let mut span = signed.within(SEQUENCE)?;
    let subject = signed.of(SEQUENCE)?;
    let public = signed.of(SEQUENCE)?;
    let (key_type, key_bits) = keys::read(Der::new(public))?;
    Some(Message {
        subject: names::text(subject),
        issuer: names::text(issuer),
        not_before: times::micros(span.any()?),
        not_after: times::micros(span.any()?),
        key_type,
        key_bits: i64::try_from(key_bits).ok()?,
        signature: keys::signature(algorithm),
        self_signed: subject == issuer,
        names: others::text(signed),
        key: hex(&Sha256::digest(public)),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let body = parts.concat();
        let size = u16::try_from(body.len()).unwrap().to_be_bytes();
        match body.len() {
            0..128 => [&[tag, size[1]], &body[..]].concat(),
            _ => [&[tag, 0x82, size[0], size[1]], &body[..]].concat(),
        }
    }

    fn name(common: &[u8]) -> Vec<u8> {
        let pair = element(0x30, &[b"\x06\x03\x55\x04\x03", &element(12, &[common])]);
        element(0x30, &[&element(0x31, &[&pair])])
    }

    /// A certificate of an RSA key of 1024 bits, signed with SHA-256, from 2024 to 2034.
    pub fn certificate(issuer: &[u8], subject: &[u8]) -> Vec<u8> {
        let algorithm = element(
            0x30,
            &[b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\0"],
        );
        let modulus = [&[0][..], &[0xc3; 128]].concat();
        let numbers = element(0x30, &[&element(2, &[&modulus]), b"\x02\x03\x01\0\x01"]);
        let of_rsa = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\0";
        let key = element(0x30, &[of_rsa, &element(3, &[&[0], &numbers])]);
        let span = element(
            0x30,
            &[
                &element(0x17, &[b"240101000000Z"]),
                &element(0x18, &[b"20340101000000Z"]),
            ],
        );
        let signed = element(
            0x30,
            &[
                b"\xa0\x03\x02\x01\x02\x02\x01\x05",
                &algorithm,
                &name(issuer),
                &span,
                &name(subject),
                &key,
            ],
        );
        element(0x30, &[&signed, &algorithm, b"\x03\x02\0\x01"])
    }

    #[test]
    fn a_certificate_says_whose_it_is_and_how_it_is_made() {
        let message = done(parse(&certificate(b"Maker CA", b"cam-1")));
        let expected = Message {
            subject: "CN=cam-1".to_owned(),
            issuer: "CN=Maker CA".to_owned(),
            not_before: 1_704_067_200_000_000,
            not_after: 2_019_686_400_000_000,
            key_type: "rsa".to_owned(),
            key_bits: 1024,
            signature: "sha256-rsa".to_owned(),
            self_signed: false,
            names: String::new(),
            key: message.key.clone(),
        };
        assert_eq!(message.key.len(), 64);
        assert_eq!(message, expected);
        assert!(done(parse(&certificate(b"a", b"a"))).self_signed);
    }

    #[test]
    fn what_is_broken_is_damage() {
        let whole = certificate(b"a", b"b");
        assert_eq!(damage(parse(&whole[..90])), "x509: cannot be read");
        assert_eq!(parse(b"GET /"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&certificate(b"Maker, CA", b"cam-1")], |bytes| {
            let _ = parse(bytes);
        });
    }
}
