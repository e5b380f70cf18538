//! Announcements of devices built on Tuya: in clear (protocol 3.1) and enciphered with a key that all of them share.
//!
//! Known from devices' traffic and the vendor's open firmware: frames begin with 0x000055aa (up to 3.4) or 0x00006699
//! (3.5); the key is the MD5 of a text that is in every app, so it hides nothing.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, Payload};
use serde_json::Value;

use super::text::printable;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "tuya";
/// The most bytes of an announcement.
const MAX_DATAGRAM: usize = 2048;
/// MD5 of `yGAdlopoPVldABfn`.
const KEY: [u8; 16] = [
    0x6c, 0x1e, 0xc8, 0xe2, 0xbb, 0x9b, 0xb5, 0x9a, 0xb5, 0x0b, 0x0d, 0xaf, 0x64, 0x9b, 0x41, 0x0a,
];
const OLD: &[u8] = b"\0\0\x55\xaa";
const NEW: &[u8] = b"\0\0\x66\x99";
/// Up to the content: prefix, number, command, length.
const OLD_HEAD: usize = 16;
/// Checksum and suffix.
const OLD_TAIL: usize = 8;
/// Prefix, version, number, command, length.
const NEW_HEAD: usize = 18;
const NONCE: usize = 12;
/// Suffix.
const NEW_TAIL: usize = 4;

/// What a device says of itself; all is empty when an app asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The id of the device.
    pub id: String,
    /// The key of its product.
    pub product: String,
    /// Of the protocol.
    pub version: String,
}

impl Message {
    /// The `tuya.*` sightings of the sender with their values.
    #[must_use]
    pub fn sightings(&self) -> [(&'static str, &str); 3] {
        [
            ("tuya.id", &self.id),
            ("tuya.product", &self.product),
            ("tuya.version", &self.version),
        ]
    }
}

/// Whether the bytes begin with one of the two marks.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(OLD) || bytes.starts_with(NEW)
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    if bytes.len() > MAX_DATAGRAM {
        return Parsed::Damaged(Damage("tuya: announcement too long"));
    }
    let content = if bytes.starts_with(OLD) {
        old(bytes)
    } else {
        new(bytes)
    };
    let message = content.and_then(|content| read(&content));
    Parsed::from_result(message.ok_or(Damage("tuya: not readable")), bytes.len())
}

/// The content of a frame up to 3.4: in clear, or enciphered block by block.
fn old(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = bytes.len().checked_sub(OLD_TAIL)?;
    let content = bytes.get(OLD_HEAD..end)?;
    // Devices put a return code before it, apps do not.
    let content = content.strip_prefix(&[0; 4]).unwrap_or(content);
    if content.starts_with(b"{") {
        return Some(content.to_vec());
    }
    let cipher = Aes128::new(&KEY.into());
    let mut clear = Vec::with_capacity(content.len());
    for chunk in content.as_chunks::<16>().0 {
        let mut block = (*chunk).into();
        cipher.decrypt_block(&mut block);
        clear.extend_from_slice(&block);
    }
    Some(clear)
}

/// The content of a frame of 3.5: enciphered and sealed.
fn new(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = bytes.get(OLD.len()..NEW_HEAD)?;
    let end = bytes.len().checked_sub(NEW_TAIL)?;
    let (nonce, sealed) = bytes.get(NEW_HEAD..end)?.split_first_chunk::<NONCE>()?;
    let payload = Payload {
        msg: sealed,
        aad: head,
    };
    Aes128Gcm::new(&KEY.into())
        .decrypt(&(*nonce).into(), payload)
        .ok()
}

/// What the object within says; a return code before it and padding behind it are left out.
fn read(content: &[u8]) -> Option<Message> {
    let begin = content.iter().position(|byte| *byte == b'{')?;
    let end = content.iter().rposition(|byte| *byte == b'}')?;
    let value: Value = serde_json::from_slice(content.get(begin..=end)?).ok()?;
    let text = |key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        printable(text.unwrap_or_default().as_bytes())
    };
    Some(Message {
        id: text("gwId"),
        product: text("productKey"),
        version: text("version"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};
    use aes::cipher::BlockCipherEncrypt;

    const SAID: &[u8] =
        b"{\"ip\":\"10.0.0.7\",\"gwId\":\"bf01\",\"productKey\":\"keyx\",\"version\":\"3.3\"}";

    fn framed(content: &[u8]) -> Vec<u8> {
        let head = [OLD, &[0, 0, 0, 1, 0, 0, 0, 0x13, 0, 0, 0, 99, 0, 0, 0, 0]].concat();
        [&head, content, &[1, 2, 3, 4, 0, 0, 0xaa, 0x55]].concat()
    }

    fn enciphered() -> Vec<u8> {
        let pad = 16 - SAID.len() % 16;
        let padded = [SAID, &vec![pad as u8; pad]].concat();
        let cipher = Aes128::new(&KEY.into());
        let mut sealed = Vec::new();
        for chunk in padded.as_chunks::<16>().0 {
            let mut block = (*chunk).into();
            cipher.encrypt_block(&mut block);
            sealed.extend_from_slice(&block);
        }
        framed(&sealed)
    }

    fn sealed() -> Vec<u8> {
        let head = [NEW, &[0; 2], &[0; 8], &[0, 0, 0, 120]].concat();
        let payload = Payload {
            msg: &[&[0; 4], SAID].concat(),
            aad: &head[4..],
        };
        let cipher = Aes128Gcm::new(&KEY.into());
        let sealed = cipher.encrypt(&[5; NONCE].into(), payload).unwrap();
        [&head, &[5; NONCE][..], &sealed, b"\0\0\x99\x66"].concat()
    }

    #[test]
    fn every_version_tells_device_and_product() {
        for bytes in [framed(SAID), enciphered(), sealed()] {
            let message = done(parse(&bytes));
            let told = message.sightings().map(|(_, value)| value.to_owned());
            assert_eq!(told, ["bf01", "keyx", "3.3"]);
        }
    }

    #[test]
    fn a_question_of_an_app_tells_nothing() {
        let message = done(parse(&framed(b"{\"from\":\"app\"}")));
        assert_eq!(message, Message::default());
    }

    #[test]
    fn what_does_not_open_is_damage_and_other_datagrams_foreign() {
        let mut changed = sealed();
        changed[40] ^= 1;
        assert_eq!(damage(parse(&changed)), "tuya: not readable");
        assert_eq!(damage(parse(&framed(&[7; 32]))), "tuya: not readable");
        let long = [OLD, &[0; 3000]].concat();
        assert_eq!(damage(parse(&long)), "tuya: announcement too long");
        assert_eq!(parse(b"M-SEARCH"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&framed(SAID), &enciphered(), &sealed()], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
