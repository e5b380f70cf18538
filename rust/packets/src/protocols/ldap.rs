//! Directories (LDAP 3, RFC 4511; asked over UDP by members of Windows domains, MS-ADTS 6.3.3).

use super::ber::{INTEGER, SEQUENCE, STRING, element, head};
use super::login::{Login, Outcome};
use super::ntlm;
use super::reader::Reader;
use super::text::{after, printable};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "ldap";
/// The most bytes of a message that are waited for; longer ones (results) are passed over.
const MAX_WAIT: usize = 4096;
/// The most parts of a filter looked through.
const MAX_PARTS: usize = 32;

const CUT: Damage = Damage("ldap: cut short");

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The user (empty when anonymous), the login, and the names within NTLM.
    Bind {
        user: String,
        login: Option<Login>,
        names: Option<ntlm::Message>,
    },
    /// How a bind ended; nothing while it goes on.
    Bound {
        outcome: Option<Outcome>,
        names: Option<ntlm::Message>,
    },
    /// Where is searched, and the host that a member of a domain says it is.
    Search { base: String, host: String },
    /// Everything else.
    Other,
}

/// Whether the bytes begin a message: a sequence of a small number and an operation.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    let Some((SEQUENCE, size)) = head(&mut reader) else {
        return false;
    };
    let Some((INTEGER, number)) = element(&mut reader) else {
        return false;
    };
    let operation = reader.u8();
    let is_known = matches!(operation, Some(0x42 | 0x4a | 0x50 | 0x60..=0x79));
    (5..1 << 24).contains(&size) && (1..=4).contains(&number.len()) && is_known
}

/// The message at the front; what is taken of one that is not waited for may be more than there is.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some((tag, size)) = head(&mut reader) else {
        let begins = matches!(bytes, [] | [SEQUENCE] | [SEQUENCE, 0x81..=0x84, ..]);
        return if begins && bytes.len() < 6 {
            Parsed::More(1)
        } else {
            Parsed::Foreign
        };
    };
    let held = reader.rest();
    if tag != SEQUENCE || held.len() >= 8 && !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let whole = reader.at().saturating_add(size);
    match held.get(..size) {
        Some(body) => Parsed::from_result(read(body).ok_or(CUT), whole),
        None if size > MAX_WAIT && held.len() >= 8 => Parsed::Done(Message::Other, whole),
        None => Parsed::More(size.saturating_sub(held.len())),
    }
}

fn read(body: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(body);
    let (INTEGER, _) = element(&mut reader)? else {
        return None;
    };
    let (operation, content) = element(&mut reader)?;
    match operation {
        0x60 => bind(content),
        0x61 => bound(content),
        0x63 => search(content),
        _ => Some(Message::Other),
    }
}

fn bind(content: &[u8]) -> Option<Message> {
    const SIMPLE: u8 = 0x80;
    let mut reader = Reader::new(content);
    element(&mut reader)?;
    let (STRING, name) = element(&mut reader)? else {
        return None;
    };
    let (kind, secret) = element(&mut reader)?;
    let login = kind == SIMPLE && !(name.is_empty() && secret.is_empty());
    Some(Message::Bind {
        user: printable(name),
        login: login.then(|| Login::new(name, Some(secret))),
        names: names(content),
    })
}

fn bound(content: &[u8]) -> Option<Message> {
    let (_, code) = element(&mut Reader::new(content))?;
    let outcome = match code {
        [0] => Some(Outcome::Success),
        [14] => None, // another step of SASL follows
        _ => Some(Outcome::Failure),
    };
    Some(Message::Bound {
        outcome,
        names: names(content),
    })
}

fn names(content: &[u8]) -> Option<ntlm::Message> {
    match ntlm::parse(content) {
        Parsed::Done(names, _) => Some(names),
        _ => None,
    }
}

fn search(content: &[u8]) -> Option<Message> {
    const AND: u8 = 0xa0;
    const EQUAL: u8 = 0xa3;
    let mut reader = Reader::new(content);
    let (STRING, base) = element(&mut reader)? else {
        return None;
    };
    // Scope, aliases, limits of size and time, types only; then the filter.
    for _ in 0..5 {
        element(&mut reader)?;
    }
    let mut host = String::new();
    if let (AND, parts) = element(&mut reader)? {
        let mut parts = Reader::new(parts);
        for _ in 0..MAX_PARTS {
            let Some((kind, part)) = element(&mut parts) else {
                break;
            };
            let mut pair = Reader::new(part);
            if let (EQUAL, Some((STRING, name))) = (kind, element(&mut pair))
                && after(name, b"Host").is_some_and(<[u8]>::is_empty)
            {
                host = element(&mut pair).map_or_else(String::new, |(_, value)| printable(value));
            }
        }
    }
    let base = printable(base);
    Some(Message::Search { base, host })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const BIND: &[u8] = b"\x30\x14\x02\x01\x01\x60\x0f\x02\x01\x03\x04\x04cn=a\x80\x04pass";
    const BOUND: &[u8] = b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x31\x04\0\x04\0";
    const SEARCH: &[u8] =
        b"\x30\x2d\x02\x01\x02\x63\x28\x04\x03o=x\x0a\x01\0\x0a\x01\0\x02\x01\0\x02\x01\0\
        \x01\x01\0\xa0\x12\xa3\x0b\x04\x04Host\x04\x03PC1\x87\x03abc";

    #[test]
    fn a_simple_bind_is_a_login() {
        let Message::Bind { user, login, names } = done(parse(BIND)) else {
            panic!("no bind");
        };
        assert_eq!((user.as_str(), names), ("cn=a", None));
        assert_eq!(login, Some(Login::new(b"cn=a", Some(b"pass"))));
        let Message::Bound { outcome, .. } = done(parse(BOUND)) else {
            panic!("no answer");
        };
        assert_eq!(outcome, Some(Outcome::Failure));
        assert!(looks_like(BIND) && looks_like(BOUND));
    }

    #[test]
    fn a_search_tells_its_base_and_who_asks() {
        let wanted = Message::Search {
            base: "o=x".to_owned(),
            host: "PC1".to_owned(),
        };
        assert_eq!(done(parse(SEARCH)), wanted);
    }

    #[test]
    fn long_results_are_not_waited_for() {
        let long = b"\x30\x82\x20\x00\x02\x01\x02\x64\x82\x1f\xf9\x04\x03o=x";
        assert_eq!(parse(long), Parsed::Done(Message::Other, 0x2004));
        assert_eq!(parse(&BIND[..9]), Parsed::More(13));
        assert_eq!(parse(b"\x30\x84"), Parsed::More(1));
    }

    #[test]
    fn lies_are_damage_and_other_protocols_foreign() {
        let mut lying = BIND.to_vec();
        lying[11] = 99;
        assert_eq!(damage(parse(&lying)), "ldap: cut short");
        assert_eq!(parse(b"GET / HTTP/1.1"), Parsed::Foreign);
        assert_eq!(
            parse(b"\x30\x0c\x02\x01\x01\x04\x07abcdefgh"),
            Parsed::Foreign
        );
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[BIND, BOUND, SEARCH], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
