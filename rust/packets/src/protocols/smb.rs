//! File sharing of Windows and its kin (MS-CIFS, MS-SMB2), as far as versions and the names within NTLM.

use super::ntlm::{self, wide};
use super::reader::Reader;
use super::text::trimmed;
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
    /// System and server software of the sender as one that begins a session of version 1 tells them: `system|software`.
    pub system: String,
    /// The host whose share a client of version 2 connects to, as it calls it.
    pub server: String,
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
    let system = if begins && version == "1" {
        system(body, is_response)
    } else {
        None
    };
    Some(Message {
        version,
        is_response,
        is_negotiation: negotiates || begins,
        names,
        system: system.unwrap_or_default(),
        server: if version == "2" && command == 3 && !is_response {
            server(body).unwrap_or_default()
        } else {
            String::new()
        },
    })
}

/// The first part of the path in `TREE_CONNECT` (MS-SMB2 2.2.9): `\\server\share`.
fn server(body: &[u8]) -> Option<String> {
    let number = |at: usize| {
        let pair = body.get(at..)?.first_chunk()?;
        Some(usize::from(u16::from_le_bytes(*pair)))
    };
    let (begin, size) = (number(68)?, number(70)?);
    let path = wide(body.get(begin..begin.checked_add(size)?)?);
    let host = path.strip_prefix("\\\\")?.split('\\').next()?;
    Some(host.to_owned())
}

/// `NativeOS` and `NativeLanMan` of `SMB_COM_SESSION_SETUP_ANDX` (MS-CIFS 2.2.4.53, MS-SMB 2.2.4.6).
fn system(body: &[u8], is_response: bool) -> Option<String> {
    const UNICODE: u8 = 0x80;
    let is_wide = body.get(11)? & UNICODE != 0;
    let words = usize::from(*body.get(32)?);
    let word = |place: usize| {
        let low = body.get(33_usize.saturating_add(place.saturating_mul(2))..)?;
        Some(usize::from(u16::from_le_bytes([
            *low.first()?,
            *low.get(1)?,
        ])))
    };
    // What stands before the texts: passwords, or a token of GSS; and how many texts.
    let (before, skipped) = match (is_response, words) {
        (false, 13) => (word(7)?.saturating_add(word(8)?), 2),
        (false, 12) => (word(7)?, 0),
        (true, 4) => (word(3)?, 0),
        (true, 3) => (0, 0),
        _ => return None,
    };
    // Behind the words stands the count of the bytes.
    let mut at = words
        .saturating_mul(2)
        .saturating_add(35)
        .saturating_add(before);
    at = at.saturating_add(usize::from(is_wide && at % 2 == 1));
    let mut texts = Texts {
        bytes: body.get(at..)?,
        is_wide,
    };
    let (system, software) = (texts.nth(skipped)?, texts.next().unwrap_or_default());
    let all = format!("{system}|{software}");
    (all.len() > 1).then_some(all)
}

/// Texts one after the other, each ended by a zero.
struct Texts<'a> {
    bytes: &'a [u8],
    is_wide: bool,
}

impl Iterator for Texts<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let size = if self.is_wide { 2 } else { 1 };
        let mut units = self.bytes.chunks(size);
        let end = units.position(|unit| unit.iter().all(|byte| *byte == 0))?;
        let end = end.saturating_mul(size);
        let text = self.bytes.get(..end)?;
        self.bytes = self
            .bytes
            .get(end.saturating_add(size)..)
            .unwrap_or_default();
        Some(if self.is_wide {
            wide(text)
        } else {
            trimmed(text)
        })
    }
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
    fn who_connects_to_a_share_tells_the_name_of_its_server() {
        let path: Vec<u8> = b"\\\\NAS\\a".iter().flat_map(|byte| [*byte, 0]).collect();
        let message = second(3, 0, &[&[9, 0, 0, 0, 72, 0, 14, 0][..], &path].concat());
        assert_eq!(done(parse(&message)).server, "NAS");
        never_panics(&[&message], |bytes| {
            let _ = parse(bytes);
        });
    }

    #[test]
    fn a_session_of_version_1_tells_the_system() {
        let mut body = [b"\xffSMB\x73\0\0\0\0\x80\0\0".to_vec(), vec![0; 20]].concat();
        body.extend(b"\x03\xff\0\0\0\0\0\x0b\0Unix\0Samba 4\0WG\0");
        let size = u32::try_from(body.len()).unwrap().to_be_bytes();
        let message = [&size[..], &body].concat();
        assert_eq!(done(parse(&message)).system, "Unix|Samba 4");
        let mut asked = [b"\xffSMB\x73\0\0\0\0\0\0\x80".to_vec(), vec![0; 20]].concat();
        asked.push(12);
        asked.extend([&[0; 14][..], &[3, 0], &[0; 8], &[20, 0], b"tok"].concat());
        asked.extend(b"W\x001\0\0\0L\0\0\0");
        assert_eq!(system(&asked, false).unwrap(), "W1|L");
        never_panics(&[&body, &asked], |bytes| {
            let _ = (system(bytes, false), system(bytes, true));
        });
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
