//! `NetBIOS` names (RFC 1002 section 4.2): DNS messages whose names are encoded by halves of bytes.

use std::net::Ipv4Addr;

use super::dns::{self, Data, Name};
use super::reader::Reader;
use super::text::trimmed;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "nbns";
/// The most names read of one status answer.
const MAX_NAMES: usize = 64;
/// Length of a `NetBIOS` name with its suffix.
const NAME_LENGTH: usize = 16;
/// Record type of addresses, and of a node's status.
const NB: u16 = 0x20;
const NBSTAT: u16 = 0x21;

/// A `NetBIOS` name; the suffix says what it stands for (0x00 workstation, 0x20 file server, 0x1c domain controllers).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetBiosName {
    pub name: String,
    pub suffix: u8,
    pub is_group: bool,
}

/// What is asked or done, by the opcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Query,
    Registration,
    Release,
    Wait,
    Refresh,
    Other(u8),
}

/// A question, a registration or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub is_response: bool,
    pub operation: Operation,
    /// The name asked for, registered or answered for.
    pub name: NetBiosName,
    /// `NB` or `NBSTAT`.
    pub kind: &'static str,
    pub addresses: Vec<Ipv4Addr>,
    /// The names a status answer lists as the node's own.
    pub listed: Vec<NetBiosName>,
    /// The message as it is on the wire, for the `dns` table.
    pub dns: dns::Message,
}

impl Message {
    /// Names the sender registers, refreshes, lists, or answers for; groups are nobody's own.
    #[must_use]
    pub fn own_names(&self) -> Vec<&str> {
        let claims = match self.operation {
            Operation::Registration | Operation::Refresh => !self.is_response,
            Operation::Query => self.is_response && !self.addresses.is_empty(),
            _ => false,
        };
        let claimed = claims.then_some(&self.name);
        let mut names: Vec<&str> = Vec::new();
        for name in claimed
            .into_iter()
            .chain(&self.listed)
            .filter(|name| !name.is_group)
        {
            if !name.name.is_empty() && !names.contains(&name.name.as_str()) {
                names.push(&name.name);
            }
        }
        names
    }
}

/// Whether the first question is an encoded name.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.get(12) == Some(&32)
        && bytes
            .get(13..45)
            .is_some_and(|name| name.iter().all(|byte| (b'A'..=b'P').contains(byte)))
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let is_cut = bytes.len() < 45 && bytes.get(12).is_none_or(|length| *length == 32);
    if !is_cut && !looks_like(bytes) {
        return Parsed::Foreign;
    }
    match dns::parse_netbios(bytes) {
        Parsed::Done(message, taken) => Parsed::from_result(understand(message), taken),
        Parsed::More(more) => Parsed::More(more),
        Parsed::Foreign => Parsed::Foreign,
        Parsed::Damaged(damage) => Parsed::Damaged(damage),
    }
}

fn understand(message: dns::Message) -> Result<Message, Damage> {
    let asked = message
        .questions
        .first()
        .map(|question| (&question.name, question.kind));
    let answered = message
        .answers
        .first()
        .map(|record| (&record.name, record.kind));
    let (name, kind) = asked.or(answered).ok_or(Damage("nbns: names nothing"))?;
    let mut name = decode(name).ok_or(Damage("nbns: name not encoded"))?;
    let kind = if kind == NBSTAT { "NBSTAT" } else { "NB" };
    let (mut addresses, mut listed) = (Vec::new(), Vec::new());
    for record in message.records() {
        let Data::Raw(raw) = &record.data else {
            continue;
        };
        match record.kind {
            NB => {
                for entry in raw.as_chunks::<6>().0 {
                    let [flags, _, address @ ..] = *entry;
                    name.is_group |= flags & 0x80 != 0;
                    addresses.push(Ipv4Addr::from(address));
                }
            }
            NBSTAT if listed.len() < MAX_NAMES => {
                listed.extend(status(raw).ok_or(Damage("nbns: status cut short"))?);
            }
            _ => {}
        }
    }
    let operation = match message.opcode & 0xf {
        0 => Operation::Query,
        5 => Operation::Registration,
        6 => Operation::Release,
        7 => Operation::Wait,
        8 | 9 | 15 => Operation::Refresh,
        other => Operation::Other(other),
    };
    Ok(Message {
        is_response: message.is_response,
        operation,
        name,
        kind,
        addresses,
        listed,
        dns: message,
    })
}

/// First-level encoding (RFC 1001 section 14.1): each half byte as a letter from A.
fn decode(name: &Name) -> Option<NetBiosName> {
    let label = name.labels().next()?;
    if label.len() != NAME_LENGTH.saturating_mul(2) {
        return None;
    }
    let half = |letter: u8| {
        letter
            .to_ascii_uppercase()
            .checked_sub(b'A')
            .filter(|half| *half < 16)
    };
    let mut bytes = Vec::with_capacity(NAME_LENGTH);
    for [high, low] in label.as_chunks::<2>().0 {
        bytes.push(half(*high)? << 4 | half(*low)?);
    }
    from_bytes(&bytes)
}

fn from_bytes(bytes: &[u8]) -> Option<NetBiosName> {
    let (suffix, name) = bytes.split_last()?;
    Some(NetBiosName {
        name: trimmed(name),
        suffix: *suffix,
        is_group: false,
    })
}

fn status(raw: &[u8]) -> Option<Vec<NetBiosName>> {
    let mut reader = Reader::new(raw);
    if raw.is_empty() {
        return Some(Vec::new());
    }
    let count = usize::from(reader.u8()?);
    let mut names = Vec::new();
    for _ in 0..count.min(MAX_NAMES) {
        let name = from_bytes(reader.take(NAME_LENGTH)?)?;
        let is_group = reader.u16()? & 0x8000 != 0;
        names.push(NetBiosName { is_group, ..name });
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    /// `CAM` padded with blanks, suffix 0x20.
    const CAM: &[u8] = b"\x20EDEBENCACACACACACACACACACACACACA\0";

    fn registration() -> Vec<u8> {
        let mut bytes = b"\x80\x01\x29\x10\0\x01\0\0\0\0\0\x01".to_vec();
        bytes.extend(CAM);
        bytes.extend(b"\0\x20\0\x01\xc0\x0c\0\x20\0\x01\0\0\0\0\0\x06\0\0\xc0\0\x02\x05");
        bytes
    }

    fn status_answer() -> Vec<u8> {
        let mut bytes = b"\x80\x02\x84\0\0\0\0\x01\0\0\0\0".to_vec();
        bytes.extend(CAM);
        bytes.extend(b"\0\x21\0\x01\0\0\0\0\0\x25\x02");
        bytes.extend(format!("{:15}\0\x04\0{:15}\0", "CAM1", "HOME").as_bytes());
        bytes.extend([0x84, 0]);
        bytes
    }

    #[test]
    fn a_registration_claims_its_name() {
        let message = done(parse(&registration()));
        assert_eq!(message.operation, Operation::Registration);
        assert_eq!(
            (message.name.name.as_str(), message.name.suffix),
            ("CAM", 0x20)
        );
        assert_eq!(message.own_names(), ["CAM"]);
        assert_eq!(message.addresses, [Ipv4Addr::new(192, 0, 2, 5)]);
    }

    #[test]
    fn a_status_answer_lists_names_and_groups_are_not_own() {
        let message = done(parse(&status_answer()));
        assert_eq!(message.kind, "NBSTAT");
        assert_eq!(message.listed.len(), 2);
        assert_eq!(message.own_names(), ["CAM1"]);
    }

    #[test]
    fn other_names_are_foreign_and_a_cut_status_is_damage() {
        let mut bytes = registration();
        bytes[20] = b'z';
        assert_eq!(parse(&bytes), Parsed::Foreign);
        let mut cut = status_answer();
        cut[56] = 3;
        assert_eq!(damage(parse(&cut)), "nbns: status cut short");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&registration(), &status_answer()], |bytes| {
            let _ = parse(bytes).map(|message| message.own_names().len());
        });
    }
}
