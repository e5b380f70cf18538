//! The messages of NTLM (MS-NLMP section 2.2.1), within whatever carries them: the names of both ends, no secret.

use super::text::{find, trimmed};
use crate::damage::{Damage, Parsed};

/// What this is called.
pub const NAME: &str = "ntlm";
const SIGNATURE: &[u8] = b"NTLMSSP\0";
/// The most pairs of a target's description.
const MAX_PAIRS: usize = 16;
/// The most bytes looked through for the signature.
const MAX_SEARCH: usize = 4096;

/// A challenge or the answer to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The server's challenge; else it is of the client.
    pub is_challenge: bool,
    /// Of an answer that proves a password: 1 or 2; 0 where it proves none.
    pub version: u8,
    /// The sender's own name.
    pub host: String,
    /// The domain of the server, or of the client's user.
    pub domain: String,
}

/// Whether the bytes hold a message somewhere near their start.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    start(bytes).is_some()
}

fn start(bytes: &[u8]) -> Option<usize> {
    find(bytes.get(..MAX_SEARCH).unwrap_or(bytes), SIGNATURE)
}

/// The first message within the bytes; foreign when it is neither challenge nor answer.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let Some(start) = start(bytes) else {
        return Parsed::Foreign;
    };
    let message = bytes.get(start..).unwrap_or_default();
    let read = match message.get(8..12) {
        Some([2, 0, 0, 0]) => challenge(message),
        Some([3, 0, 0, 0]) => answer(message),
        Some(_) => return Parsed::Foreign,
        None => None,
    };
    Parsed::from_result(read.ok_or(Damage("ntlm: message cut short")), bytes.len())
}

fn challenge(message: &[u8]) -> Option<Message> {
    let mut found = Message {
        is_challenge: true,
        ..Message::default()
    };
    let mut pairs = block(message, 40)?;
    for _ in 0..MAX_PAIRS {
        let Some((kind, rest)) = little(pairs).filter(|(kind, _)| *kind != 0) else {
            break;
        };
        let (size, rest) = little(rest)?;
        let (value, rest) = rest.split_at_checked(usize::from(size))?;
        match kind {
            1 => found.host = wide(value),
            2 => found.domain = wide(value),
            _ => {}
        }
        pairs = rest;
    }
    Some(found)
}

fn answer(message: &[u8]) -> Option<Message> {
    const UNICODE: u8 = 1;
    let is_wide = message.get(60).is_none_or(|flags| flags & UNICODE != 0);
    let text = |bytes| if is_wide { wide(bytes) } else { trimmed(bytes) };
    Some(Message {
        is_challenge: false,
        version: proof(block(message, 20)?),
        domain: text(block(message, 28)?),
        host: text(block(message, 44)?),
    })
}

/// Which version an answer of that size is of (MS-NLMP 2.2.2.6, 2.2.2.8): the first always takes 24 bytes.
fn proof(answer: &[u8]) -> u8 {
    match answer.len() {
        24 => 1,
        25.. => 2,
        _ => 0,
    }
}

/// The bytes that the length and place at `at` speak of.
fn block(message: &[u8], at: usize) -> Option<&[u8]> {
    let (size, _) = little(message.get(at..)?)?;
    let place = message.get(at.checked_add(4)?..at.checked_add(8)?)?;
    let place = usize::try_from(u32::from_le_bytes(place.try_into().ok()?)).ok()?;
    message.get(place..place.checked_add(usize::from(size))?)
}

fn little(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u16::from_le_bytes(*number), rest))
}

/// UTF-16, the low byte first.
pub(super) fn wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).take(super::text::MAX_TEXT / 4);
    let units = units.filter_map(|unit| little(unit).map(|(unit, _)| unit));
    let text: String = char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    trimmed(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn a_challenge() -> Vec<u8> {
        let mut bytes = [
            SIGNATURE,
            &[2, 0, 0, 0],
            &[0; 28],
            &[20, 0, 20, 0, 48, 0, 0, 0],
        ]
        .concat();
        bytes.extend(b"\x02\0\x04\0W\0G\0\x01\0\x04\0N\0A\0\0\0\0\0");
        bytes
    }

    fn an_answer() -> Vec<u8> {
        let mut bytes = [SIGNATURE, &[3, 0, 0, 0], &[0; 52]].concat();
        bytes[28..36].copy_from_slice(&[4, 0, 4, 0, 64, 0, 0, 0]);
        bytes[44..52].copy_from_slice(&[6, 0, 6, 0, 68, 0, 0, 0]);
        bytes[60] = 1;
        bytes.extend(b"W\0G\0P\0C\x001\0");
        bytes
    }

    #[test]
    fn a_challenge_names_the_server() {
        let message = done(parse(&[b"junk", &a_challenge()[..]].concat()));
        assert!(message.is_challenge && looks_like(&a_challenge()));
        assert_eq!(
            (message.host.as_str(), message.domain.as_str()),
            ("NA", "WG")
        );
    }

    #[test]
    fn an_answer_names_the_client() {
        let message = done(parse(&an_answer()));
        assert_eq!(
            (message.host.as_str(), message.domain.as_str()),
            ("PC1", "WG")
        );
    }

    #[test]
    fn the_size_of_the_proof_tells_the_version() {
        let told = [0, 24, 54].map(|size: u8| {
            let mut bytes = an_answer();
            bytes[20..28].copy_from_slice(&[size, 0, size, 0, 74, 0, 0, 0]);
            bytes.extend(vec![7; usize::from(size)]);
            done(parse(&bytes)).version
        });
        assert_eq!(told, [0, 1, 2]);
    }

    #[test]
    fn what_is_cut_is_damage_and_other_messages_are_foreign() {
        assert_eq!(
            damage(parse(&a_challenge()[..50])),
            "ntlm: message cut short"
        );
        assert_eq!(damage(parse(SIGNATURE)), "ntlm: message cut short");
        assert_eq!(parse(b"NTLMSSP\0\x01\0\0\0"), Parsed::Foreign);
        assert_eq!(parse(b"NTLM"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&a_challenge(), &an_answer()], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
