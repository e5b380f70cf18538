//! File sharing of Windows and its kin (MS-CIFS, MS-SMB2), as far as versions and the names within NTLM.

use super::ntlm;
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "smb";
/// The most bytes of a message that are waited for.
const MAX_WAIT: usize = 4096;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `1`, `2` (which 3 writes too) or `3` (enciphered).
    pub version: &'static str,
    /// Whether it is an answer of the server; not known of an enciphered one.
    pub is_response: bool,
    /// Whether it is about the version, or begins a session.
    pub is_negotiation: bool,
    /// The names within, when it logs in with NTLM.
    pub names: Option<ntlm::Message>,
}

/// Whether the bytes begin a message behind its length.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [0, _, _, _, 0xfd..=0xff, b'S', b'M', b'B', ..])
}

/// One message.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some([0, high, middle, low]) = reader.array() else {
        let begins = bytes.len() < 4 && matches!(bytes, [] | [0, ..]);
        return if begins {
            Parsed::More(1)
        } else {
            Parsed::Foreign
        };
    };
    if bytes.len() < 8 {
        return Parsed::More(8_usize.saturating_sub(bytes.len()));
    }
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let size = u32::from_be_bytes([0, high, middle, low]);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let held = reader.rest();
    if held.len() < size.min(MAX_WAIT) {
        return Parsed::More(size.min(MAX_WAIT).saturating_sub(held.len()));
    }
    let body = held.get(..size).unwrap_or(held);
    let read = read_body(body).ok_or(Damage("smb: header short"));
    Parsed::from_result(read, size.saturating_add(4).min(bytes.len()))
}

fn read_body(body: &[u8]) -> Option<Message> {
    const ANSWERS: u8 = 0x80;
    let (version, is_response, command) = match body.first()? {
        0xff => ("1", body.get(9)? & ANSWERS != 0, *body.get(4)?),
        0xfe => ("2", body.get(16)? & 1 != 0, *body.get(12)?),
        _ => ("3", false, u8::MAX),
    };
    let (negotiates, begins) = match version {
        "1" => (command == 0x72, command == 0x73),
        _ => (command == 0, command == 1),
    };
    let names = match ntlm::parse(body) {
        Parsed::Done(names, _) if begins => Some(names),
        _ => None,
    };
    Some(Message {
        version,
        is_response,
        is_negotiation: negotiates || begins,
        names,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn second(command: u8, flags: u8, body: &[u8]) -> Vec<u8> {
        let mut message = b"\xfeSMB".to_vec();
        message.extend([0; 60]);
        (message[12], message[16]) = (command, flags);
        message.extend(body);
        let size = u32::try_from(message.len()).unwrap().to_be_bytes();
        [&size[..], &message].concat()
    }

    fn session() -> Vec<u8> {
        let names = b"NTLMSSP\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\x0c\0\x30\0\0\0\x01\0\x04\0N\0A\0\0\0\0\0";
        second(1, 1, names)
    }

    #[test]
    fn versions_and_directions_are_told() {
        let first = b"\0\0\0\x20\xffSMB\x72\0\0\0\0\x18\x53\xc8aaaaaaaaaaaaaaaaaaaa";
        let message = done(parse(first));
        assert_eq!((message.version, message.is_response), ("1", false));
        assert!(message.is_negotiation && looks_like(first));
        let message = done(parse(&second(0, 1, b"")));
        assert_eq!((message.version, message.is_response), ("2", true));
        assert!(!done(parse(&second(5, 0, b""))).is_negotiation);
    }

    #[test]
    fn the_challenge_of_a_session_names_the_server() {
        let names = done(parse(&session())).names.unwrap();
        assert_eq!((names.is_challenge, names.host.as_str()), (true, "NA"));
    }

    #[test]
    fn what_is_cut_is_waited_for_and_other_bytes_are_foreign() {
        assert_eq!(parse(&session()[..50]), Parsed::More(78));
        assert_eq!(parse(b"\0\0"), Parsed::More(1));
        assert_eq!(parse(b"GET / HTTP/1.1"), Parsed::Foreign);
        assert_eq!(damage(parse(b"\0\0\0\x05\xfeSMBx")), "smb: header short");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&session(), &second(0, 0, b"")], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
