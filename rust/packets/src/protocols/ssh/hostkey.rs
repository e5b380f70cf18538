//! The key by which a server of SSH is known, as it shows it in the exchange of keys (RFC 4253 section 8, RFC 4419,
//! RFC 5656): its kind, its size and its fingerprint.

use sha2::{Digest, Sha256};

use crate::damage::{Damage, Parsed};
use crate::protocols::hex::hex;
use crate::protocols::reader::Reader;

/// The most bytes of the packet: a reply with a large certificate.
const MAX_PACKET: usize = 16 * 1024;
/// Messages of the exchange of keys: what may bear the key comes as 31 or 33 (30 to 34 with what goes along).
const EXCHANGE: std::ops::RangeInclusive<u8> = 30..=34;
/// Messages that may stand between: disconnect, ignore, unimplemented, debug.
const MAY_PRECEDE: std::ops::RangeInclusive<u8> = 1..=4;
/// The longest name of a kind of key.
const MAX_NAME: usize = 64;

/// The key of a packet, if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`; empty where the packet bears none.
    pub kind: String,
    /// Of RSA and DSA: bits of the modulus or prime; else 0.
    pub bits: usize,
    /// SHA-256 of the key as it is sent, hex.
    pub fingerprint: String,
}

impl Message {
    /// `kind bits fingerprint`, or nothing.
    #[must_use]
    pub fn text(&self) -> String {
        if self.kind.is_empty() {
            String::new()
        } else {
            format!("{} {} {}", self.kind, self.bits, self.fingerprint)
        }
    }
}

/// Whether the bytes begin a packet of the exchange of keys.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, _, _, _, kind, ..] if EXCHANGE.contains(kind))
}

/// Reads the next packet of a server behind its offer; one that bears no key has an empty message.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some(size) = reader.u32().and_then(|size| usize::try_from(size).ok()) else {
        return Parsed::More(4_usize.saturating_sub(bytes.len()));
    };
    if !(2..=MAX_PACKET).contains(&size) {
        return Parsed::Foreign;
    }
    let Some(packet) = reader.take(size) else {
        return Parsed::More(size.saturating_sub(reader.rest().len()));
    };
    let mut reader = Reader::new(packet);
    let read = match (reader.u8(), reader.u8()) {
        (Some(_), Some(kind)) if EXCHANGE.contains(&kind) => string(&mut reader)
            .ok_or(Damage("ssh: exchange cut short"))
            .map(|key| key_of(key).unwrap_or_default()),
        (Some(_), Some(kind)) if MAY_PRECEDE.contains(&kind) => Ok(Message::default()),
        _ => return Parsed::Foreign,
    };
    Parsed::from_result(read, size.saturating_add(4))
}

/// The key, if the bytes are one; a group of numbers, which may stand in its place, is none.
fn key_of(key: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(key);
    let kind = string(&mut reader).filter(|name| (4..=MAX_NAME).contains(&name.len()))?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-@._".contains(byte);
    if !kind.iter().all(is_name) {
        return None;
    }
    let bits = match kind {
        b"ssh-rsa" => {
            string(&mut reader)?; // the exponent
            bits(string(&mut reader)?)
        }
        b"ssh-dss" => bits(string(&mut reader)?),
        _ => 0,
    };
    Some(Message {
        kind: String::from_utf8(kind.to_vec()).ok()?,
        bits,
        fingerprint: hex(&Sha256::digest(key)),
    })
}

fn string<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let size = usize::try_from(reader.u32()?).ok()?;
    reader.take(size)
}

/// Bits of a number without its leading noughts.
fn bits(number: &[u8]) -> usize {
    let begin = number.iter().position(|byte| *byte != 0);
    let number = begin.and_then(|begin| number.get(begin..)).unwrap_or(&[]);
    let idle = number.first().map_or(0, |first| first.leading_zeros());
    let all = number.len().saturating_mul(8);
    all.saturating_sub(usize::try_from(idle).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn text(bytes: &[u8]) -> Vec<u8> {
        let size = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        [&size[..], bytes].concat()
    }

    fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
        text(&[&[4, kind], body, &[0; 4]].concat())
    }

    fn rsa() -> Vec<u8> {
        let modulus = [&[0][..], &[0xc3; 128]].concat();
        [text(b"ssh-rsa"), text(&[1, 0, 1]), text(&modulus)].concat()
    }

    #[test]
    fn a_reply_shows_the_key_of_the_server() {
        let message = done(parse(&packet(31, &text(&rsa()))));
        assert_eq!((message.kind.as_str(), message.bits), ("ssh-rsa", 1024));
        assert_eq!(message.fingerprint, hex(&Sha256::digest(rsa())));
        assert_eq!(message.text().split(' ').count(), 3);
        let modern = [text(b"ssh-ed25519"), text(&[7; 32])].concat();
        let message = done(parse(&packet(33, &text(&modern))));
        assert_eq!((message.kind.as_str(), message.bits), ("ssh-ed25519", 0));
        assert!(looks_like(&packet(31, &text(&rsa()))));
    }

    #[test]
    fn a_group_of_numbers_is_no_key() {
        let group = [text(&[0, 0xff, 0xff, 0xff, 0xff]), text(&[2])].concat();
        assert_eq!(done(parse(&packet(31, &group))).text(), "");
        assert_eq!(done(parse(&packet(2, b""))).text(), "");
    }

    #[test]
    fn parts_ask_for_more_and_lies_are_damage() {
        let whole = packet(31, &text(&rsa()));
        assert_eq!(parse(&whole[..3]), Parsed::More(1));
        assert_eq!(parse(&whole[..whole.len() - 5]), Parsed::More(5));
        assert_eq!(parse(&packet(21, b"")), Parsed::Foreign);
        assert_eq!(
            damage(parse(&packet(31, &[0xff; 8]))),
            "ssh: exchange cut short"
        );
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&packet(31, &text(&rsa()))], |bytes| {
            let _ = parse(bytes);
        });
    }
}
