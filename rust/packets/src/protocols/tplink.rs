//! What devices of TP-Link (Kasa, Tapo) answer to apps on the local network.
//!
//! Known from devices' traffic: port 9999 carries JSON in which each byte is combined with the enciphered one before it,
//! over TCP behind a length of four bytes; port 20002 carries JSON in clear behind a head of 16 bytes.

use serde_json::Value;

use super::text::printable;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "tplink";
/// The most bytes of a message.
const MAX_MESSAGE: usize = 8 * 1024;
/// What the first byte is combined with.
const FIRST: u8 = 171;
/// How every object begins once it is enciphered: `{"`.
const MARK: &[u8] = b"\xd0\xf2";
/// The head of a message on port 20002.
const HEAD: usize = 16;

/// What a device says of itself; all is empty in questions and other answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    /// The name its owner gave it.
    pub alias: String,
    pub model: String,
    pub kind: String,
    pub hardware: String,
    pub firmware: String,
}

impl Message {
    /// The `tplink.*` sightings of the sender with their values.
    #[must_use]
    pub fn sightings(&self) -> [(&'static str, &str); 6] {
        [
            ("tplink.id", &self.id),
            ("tplink.alias", &self.alias),
            ("tplink.model", &self.model),
            ("tplink.type", &self.kind),
            ("tplink.hardware", &self.hardware),
            ("tplink.firmware", &self.firmware),
        ]
    }
}

/// Whether a datagram begins as one of the two.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK) || bytes.get(HEAD) == Some(&b'{') && bytes.first() == Some(&2)
}

/// Whether a stream begins with a message of plausible length.
#[must_use]
pub fn looks_like_tcp(bytes: &[u8]) -> bool {
    bytes.get(4..).is_some_and(|rest| rest.starts_with(MARK)) && bytes.starts_with(&[0, 0])
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let message = if bytes.starts_with(MARK) {
        read(&decipher(bytes))
    } else {
        read(bytes.get(HEAD..).unwrap_or_default())
    };
    Parsed::from_result(message, bytes.len())
}

/// One message of a stream.
pub fn parse_tcp(bytes: &[u8]) -> Parsed<Message> {
    let Some((size, rest)) = bytes.split_first_chunk() else {
        return Parsed::More(1);
    };
    let size = usize::try_from(u32::from_be_bytes(*size)).unwrap_or(usize::MAX);
    if rest.first().is_some_and(|first| *first != MARK[0]) || size > MAX_MESSAGE {
        return Parsed::Foreign;
    }
    match rest.get(..size) {
        Some(body) => Parsed::from_result(read(&decipher(body)), size.saturating_add(4)),
        None => Parsed::More(size.saturating_sub(rest.len())),
    }
}

fn decipher(bytes: &[u8]) -> Vec<u8> {
    let mut key = FIRST;
    let clear = |byte: &u8| *byte ^ std::mem::replace(&mut key, *byte);
    bytes.iter().take(MAX_MESSAGE).map(clear).collect()
}

fn read(object: &[u8]) -> Result<Message, Damage> {
    let object = object.get(..MAX_MESSAGE).unwrap_or(object).trim_ascii_end();
    let value: Value =
        serde_json::from_slice(object).map_err(|_| Damage("tplink: not readable"))?;
    let places = ["/system/get_sysinfo", "/result"];
    let said = places.iter().find_map(|place| value.pointer(place));
    let text = |keys: [&str; 2]| {
        let mut values = keys.iter().filter_map(|key| said?.get(key)?.as_str());
        printable(values.next().unwrap_or_default().as_bytes())
    };
    Ok(Message {
        id: text(["deviceId", "device_id"]),
        alias: text(["alias", "nickname"]),
        model: text(["model", "device_model"]),
        kind: text(["mic_type", "device_type"]),
        hardware: text(["hw_ver", "hw_version"]),
        firmware: text(["sw_ver", "firmware_version"]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const SAID: &[u8] =
        b"{\"system\":{\"get_sysinfo\":{\"alias\":\"Lamp\",\"model\":\"HS110(EU)\",\
        \"deviceId\":\"80A1\",\"hw_ver\":\"4.1\",\"sw_ver\":\"1.2.3\",\"mic_type\":\"IOT.PLUG\"}}}";
    const FOUND: &[u8] = b"\x02\0\0\x01\0\x40\x11\0aaaabbbb{\"result\":{\"device_id\":\"9\",\
        \"device_type\":\"SMART.TAPOBULB\",\"device_model\":\"L530\"},\"error_code\":0}";

    fn enciphered(text: &[u8]) -> Vec<u8> {
        let mut key = FIRST;
        let cipher = |byte: &u8| {
            key ^= byte;
            key
        };
        text.iter().map(cipher).collect()
    }

    #[test]
    fn an_answer_tells_what_the_device_is() {
        let message = done(parse(&enciphered(SAID)));
        let told = message.sightings().map(|(_, value)| value.to_owned());
        assert_eq!(
            told,
            ["80A1", "Lamp", "HS110(EU)", "IOT.PLUG", "4.1", "1.2.3"]
        );
        let found = done(parse(FOUND));
        assert_eq!(
            (found.model.as_str(), found.kind.as_str()),
            ("L530", "SMART.TAPOBULB")
        );
    }

    #[test]
    fn a_stream_is_taken_message_by_message() {
        let body = enciphered(b"{\"system\":{\"get_sysinfo\":null}}");
        let size = u32::try_from(body.len()).unwrap().to_be_bytes();
        let bytes = [&size[..], &body, b"\0"].concat();
        let taken = body.len() + 4;
        assert_eq!(parse_tcp(&bytes), Parsed::Done(Message::default(), taken));
        assert!(looks_like_tcp(&bytes));
        assert_eq!(parse_tcp(&bytes[..10]), Parsed::More(taken - 10));
        assert_eq!(parse_tcp(b"GET / HTTP"), Parsed::Foreign);
        assert_eq!(parse_tcp(b"\0\0"), Parsed::More(1));
    }

    #[test]
    fn what_is_no_object_is_damage_and_other_datagrams_foreign() {
        assert_eq!(damage(parse(b"\xd0\xf2\0")), "tplink: not readable");
        assert_eq!(parse(b"{\"a\":1}"), Parsed::Foreign);
        let deep = enciphered(&[b"{\"a\":".repeat(1000), b"1".to_vec()].concat());
        assert_eq!(damage(parse(&deep)), "tplink: not readable");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&enciphered(SAID), FOUND], |bytes| {
            let _ = (parse(bytes), parse_tcp(bytes), looks_like_tcp(bytes));
        });
    }
}
