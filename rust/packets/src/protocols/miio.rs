//! The protocol of Xiaomi's devices on the local network (miIO); of its enciphered content only the head is read.
//!
//! Known from devices' traffic: 0x2131, length, four bytes, device id, seconds since it was started, checksum.

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "miio";
/// Length of the head; a greeting is nothing else.
const HEAD: usize = 32;

/// A greeting, a question or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Of the device; 0 in the greeting of an app, which does not know it yet.
    pub id: u32,
    /// Nothing but a head: it looks for devices, or answers one who does.
    pub is_greeting: bool,
}

/// Whether the datagram begins with the mark and has the length it tells.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [0x21, 0x31, high, low, ..] = bytes else {
        return false;
    };
    let size = usize::from(u16::from_be_bytes([*high, *low]));
    size >= HEAD && size == bytes.len()
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !bytes.starts_with(b"\x21\x31") {
        return Parsed::Foreign;
    }
    if !looks_like(bytes) {
        return Parsed::Damaged(Damage("miio: bad length"));
    }
    let mut reader = Reader::new(bytes);
    let id = reader.take(8).and_then(|_| reader.u32());
    let message = id.map(|id| Message {
        id: if id == u32::MAX { 0 } else { id },
        is_greeting: bytes.len() == HEAD,
    });
    Parsed::from_result(message.ok_or(Damage("miio: bad length")), bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn greeting(id: [u8; 4]) -> Vec<u8> {
        [&b"\x21\x31\0\x20"[..], &[0; 4], &id, &[0; 20]].concat()
    }

    #[test]
    fn a_device_tells_its_id_and_an_app_none() {
        let message = done(parse(&greeting([0, 0, 1, 2])));
        assert_eq!((message.id, message.is_greeting), (258, true));
        assert_eq!(done(parse(&greeting([255; 4]))).id, 0);
    }

    #[test]
    fn a_wrong_length_is_damage_and_other_datagrams_foreign() {
        assert_eq!(damage(parse(&greeting([0; 4])[..30])), "miio: bad length");
        assert_eq!(parse(b"hello"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&greeting([1; 4])], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
