//! Port authentication (IEEE 802.1X-2020 clause 11): who asks to be let in and who lets in; identities are left unread.

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// What frames that speak this are called.
pub const NAME: &str = "eapol";
/// Of the information of a key: the sender wants an answer, as only who lets in does.
const WANTS_ANSWER: u16 = 0x0080;

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// start, logoff, eap, key or other.
    pub kind: &'static str,
    /// supplicant or authenticator: what the sender is; empty when the frame does not tell.
    pub role: &'static str,
}

/// Whether the bytes begin with a version and a type that are known.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [1..=3, 0..=8, _, _, ..])
}

/// A whole frame without its link layer.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let mut reader = Reader::new(bytes);
    let read = read_frame(&mut reader).ok_or(Damage("eapol: frame short"));
    Parsed::from_result(read, reader.at())
}

fn read_frame(reader: &mut Reader) -> Option<Message> {
    let [_, kind] = reader.array()?;
    let mut body = Reader::new(reader.block16()?);
    let (kind, role) = match kind {
        0 => ("eap", eap_role(body.u8()?)),
        1 => ("start", "supplicant"),
        2 => ("logoff", "supplicant"),
        3 => {
            body.u8()?; // how the key is described
            let wants_answer = body.u16()? & WANTS_ANSWER != 0;
            let role = if wants_answer {
                "authenticator"
            } else {
                "supplicant"
            };
            ("key", role)
        }
        _ => ("other", ""),
    };
    Some(Message { kind, role })
}

fn eap_role(code: u8) -> &'static str {
    match code {
        1 | 3 | 4 => "authenticator", // request, success, failure
        2 => "supplicant",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const RESPONSE: &[u8] = b"\x01\0\0\x09\x02\x01\0\x09\x01user";

    #[test]
    fn each_frame_tells_what_its_sender_is() {
        let role = |bytes| done(parse(bytes)).role;
        assert_eq!(role(RESPONSE), "supplicant");
        assert_eq!(role(b"\x02\0\0\x04\x01\x01\0\x04"), "authenticator");
        assert_eq!(role(b"\x01\x01\0\0"), "supplicant");
        assert_eq!(role(b"\x02\x03\0\x03\x02\0\x8a"), "authenticator");
        assert_eq!(role(b"\x03\x05\0\0"), "");
    }

    #[test]
    fn what_is_cut_is_damage_and_other_versions_are_foreign() {
        assert_eq!(damage(parse(&RESPONSE[..8])), "eapol: frame short");
        assert_eq!(parse(b"\x09\0\0\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[RESPONSE, b"\x02\x03\0\x03\x02\0\x8a"], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
