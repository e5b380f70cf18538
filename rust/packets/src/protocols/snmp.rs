//! Network management, versions 1 and 2c (RFC 1157, RFC 3416), in as much of BER as it needs.

use super::ber::{INTEGER, SEQUENCE, STRING, element};
use super::reader::Reader;
use super::text::{one_line, trimmed};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "snmp";
/// The most variables looked through.
const MAX_VARIABLES: usize = 64;
/// The object that describes a system (RFC 3418), as BER writes it.
const SYSTEM_DESCRIPTION: [u8; 8] = [0x2b, 6, 1, 2, 1, 1, 1, 0];

const OBJECT: u8 = 6;
const CUT: Damage = Damage("snmp: cut short");

/// A question or an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// `1`, `2c`, or `3` (whose content is not read).
    pub version: &'static str,
    /// The community: a password in the clear.
    pub community: String,
    /// get, getnext, response, set, trap, getbulk, inform, report; empty for version 3.
    pub operation: &'static str,
    pub variables: usize,
    /// The description of the system, when an answer holds it.
    pub description: String,
}

/// Whether the bytes begin a message of a known version whose length is that of the datagram.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    let Some((SEQUENCE, content)) = element(&mut reader) else {
        return false;
    };
    reader.is_empty()
        && matches!(
            element(&mut Reader::new(content)),
            Some((INTEGER, [0 | 1 | 3]))
        )
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !matches!(
        bytes,
        [SEQUENCE, 0x80..=0xff, ..] | [SEQUENCE, _, INTEGER, 1, 0 | 1 | 3, ..]
    ) {
        return Parsed::Foreign;
    }
    let mut reader = Reader::new(bytes);
    match element(&mut reader) {
        Some((_, content)) => match read_message(content) {
            Some(result) => Parsed::from_result(result, reader.at()),
            None => Parsed::Foreign,
        },
        None => Parsed::Damaged(CUT),
    }
}

/// `None` when no version stands where it must.
fn read_message(content: &[u8]) -> Option<Result<Message, Damage>> {
    let mut reader = Reader::new(content);
    let version = match element(&mut reader)? {
        (INTEGER, [0]) => "1",
        (INTEGER, [1]) => "2c",
        (INTEGER, [3]) => {
            return Some(Ok(Message {
                version: "3",
                ..Message::default()
            }));
        }
        _ => return None,
    };
    Some(read_rest(&mut reader, version).ok_or(CUT))
}

fn read_rest(reader: &mut Reader, version: &'static str) -> Option<Message> {
    let (STRING, community) = element(reader)? else {
        return None;
    };
    let (tag, content) = element(reader)?;
    let mut message = Message {
        version,
        community: trimmed(community),
        operation: operation(tag),
        ..Message::default()
    };
    if tag == 0xa4 {
        // Traps of version 1 have fields of their own and describe nothing.
        return Some(message);
    }
    let mut parts = Reader::new(content);
    // Request id, error status, error index; then the variables.
    for _ in 0..3 {
        let (INTEGER, _) = element(&mut parts)? else {
            return None;
        };
    }
    let (SEQUENCE, list) = element(&mut parts)? else {
        return None;
    };
    let mut variables = Reader::new(list);
    while !variables.is_empty() && message.variables < MAX_VARIABLES {
        let (SEQUENCE, variable) = element(&mut variables)? else {
            return None;
        };
        message.variables = message.variables.saturating_add(1);
        let mut pair = Reader::new(variable);
        let (OBJECT, object) = element(&mut pair)? else {
            return None;
        };
        if let (true, (STRING, value)) = (object == SYSTEM_DESCRIPTION, element(&mut pair)?) {
            message.description = one_line(value);
        }
    }
    Some(message)
}

fn operation(tag: u8) -> &'static str {
    const NAMES: [&str; 9] = [
        "get", "getnext", "response", "set", "trap", "getbulk", "inform", "trap", "report",
    ];
    tag.checked_sub(0xa0)
        .and_then(|index| NAMES.get(usize::from(index)))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const GET: &[u8] = b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x05\0";
    const RESPONSE: &[u8] = b"\x30\x2b\x02\x01\0\x04\x06public\xa2\x1e\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x13\x30\x11\x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x04\x05AP 12";

    #[test]
    fn a_question_tells_version_community_and_operation() {
        let message = done(parse(GET));
        assert_eq!(
            (message.version, message.community.as_str()),
            ("2c", "public")
        );
        assert_eq!((message.operation, message.variables), ("get", 1));
        assert!(looks_like(GET) && message.description.is_empty());
    }

    #[test]
    fn an_answer_tells_what_the_system_is() {
        let message = done(parse(RESPONSE));
        assert_eq!((message.version, message.operation), ("1", "response"));
        assert_eq!(message.description, "AP 12");
    }

    #[test]
    fn version_3_is_known_and_not_read() {
        assert_eq!(done(parse(b"\x30\x05\x02\x01\x03\x30\0")).version, "3");
    }

    #[test]
    fn what_is_cut_is_damage_and_other_datagrams_are_foreign() {
        assert_eq!(damage(parse(&GET[..20])), "snmp: cut short");
        let mut wrong = GET.to_vec();
        wrong[14] = 0x7f;
        assert_eq!(damage(parse(&wrong)), "snmp: cut short");
        assert_eq!(parse(b"\x30\x05\x02\x01\x09\x30\0"), Parsed::Foreign);
        assert_eq!(parse(b"hello"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[GET, RESPONSE], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
