//! Domain names (RFC 1035; EDNS RFC 6891, SRV RFC 2782, SVCB and HTTPS RFC 9460); the core of mDNS, LLMNR and NBNS too.

pub mod codes;
mod header;

use std::borrow::Cow;

use super::reader::Reader;
use super::records::{read_question, read_record};
use crate::damage::{Damage, Parsed};

pub use super::domain::Name;
pub use super::records::{Data, Question, Record};
pub use codes::{kind_name, rcode_name};
use header::Header;

/// The service name of flows that speak this.
pub const NAME: &str = "dns";
/// The most records read of one message, over all sections; the rest is left unread.
const MAX_RECORDS: usize = 1024;

const CUT: Damage = Damage("dns: cut short");
const COUNTS: Damage = Damage("dns: counts more records than fit");

/// A question or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: u16,
    pub is_response: bool,
    pub opcode: u8,
    pub authoritative: bool,
    pub truncated: bool,
    /// The whole header word after the id, for NBNS and LLMNR, which use other bits.
    pub flags: u16,
    /// With the upper bits of an OPT record.
    pub rcode: u16,
    pub questions: Vec<Question>,
    pub answers: Vec<Record>,
    pub authority: Vec<Record>,
    pub additional: Vec<Record>,
    /// Of the message, bytes.
    pub size: usize,
    /// Why nothing behind the records told here could be read.
    pub fault: Option<Damage>,
}

impl Message {
    /// The name asked for; without a question (mDNS announcements) that of the first answer; else empty.
    #[must_use]
    pub fn name(&self) -> String {
        let asked = self.questions.first().map(|question| &question.name);
        asked
            .or(self.answers.first().map(|record| &record.name))
            .map(Name::text)
            .unwrap_or_default()
    }

    /// The type asked for; without a question that of the first answer; else empty.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        let asked = self.questions.first().map(|question| question.kind);
        asked
            .or(self.answers.first().map(|record| record.kind))
            .map(kind_name)
            .unwrap_or_default()
    }

    /// The name of the response code; empty in a question.
    #[must_use]
    pub fn rcode_text(&self) -> Cow<'static, str> {
        if self.is_response {
            rcode_name(self.rcode)
        } else {
            Cow::Borrowed("")
        }
    }

    /// Addresses and names answered, in their order.
    #[must_use]
    pub fn answer_texts(&self) -> Vec<String> {
        self.answers
            .iter()
            .filter_map(|record| record.data.answer())
            .collect()
    }

    /// The least time to live of the answers, seconds; 0 without answers.
    #[must_use]
    pub fn ttl(&self) -> u32 {
        self.answers
            .iter()
            .map(|record| record.ttl)
            .min()
            .unwrap_or(0)
    }

    /// All records of all sections.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.answers
            .iter()
            .chain(&self.authority)
            .chain(&self.additional)
    }
}

/// Whether the header could be one: a known opcode, the reserved bit clear, a section that is not empty, and no more
/// records counted than the bytes could hold; or, where it counts more, a sound question behind it.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    Header::read(bytes).is_some_and(|header| {
        header.is_plausible(bytes.len()) || header.is_plausible(usize::MAX) && asks(bytes, &header)
    })
}

/// Whether a question about a class in use stands behind the header.
fn asks(bytes: &[u8], header: &Header) -> bool {
    let mut at = header::SIZE;
    let question = read_question(bytes, &mut at);
    header.counts[0] > 0 && question.is_ok_and(|asked| matches!(asked.class, 1 | 3 | 4 | 255))
}

/// Whether the bytes begin a message over TCP; it need not have come whole.
#[must_use]
pub fn looks_like_tcp(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.u16().is_some_and(|size| {
        Header::read(reader.rest()).is_some_and(|header| header.is_plausible(usize::from(size)))
    })
}

/// A whole message, as it stands in a datagram. One that says it was truncated may end within a record; any other that
/// breaks behind a sound question or record tells what came before the fault, and the fault.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let Some(header) = Header::read(bytes) else {
        return Parsed::Damaged(CUT);
    };
    if !matches!(header.opcode(), 0..=2 | 4..=6) {
        return Parsed::Foreign;
    }
    Parsed::from_result(read_message(bytes, &header, false), bytes.len())
}

/// A whole message of NBNS, which has opcodes of its own, and a record type whose number is that of SRV.
pub(super) fn parse_netbios(bytes: &[u8]) -> Parsed<Message> {
    match Header::read(bytes) {
        Some(header) => Parsed::from_result(read_message(bytes, &header, true), bytes.len()),
        None => Parsed::Damaged(CUT),
    }
}

/// A message over TCP, with its length before it (RFC 1035 section 4.2.2).
pub fn parse_tcp(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some(size) = reader.u16().map(usize::from) else {
        return Parsed::More(2_usize.saturating_sub(bytes.len()));
    };
    let Some(message) = reader.take(size) else {
        return Parsed::More(size.saturating_sub(reader.rest().len()));
    };
    match parse(message) {
        Parsed::Done(message, _) => Parsed::Done(message, reader.at()),
        other => other,
    }
}

fn read_message(bytes: &[u8], header: &Header, netbios: bool) -> Result<Message, Damage> {
    let truncated = header.flags & 0x0200 != 0;
    let fits = truncated || header.fits(bytes.len());
    if !fits && netbios {
        return Err(COUNTS);
    }
    let mut message = Message {
        id: header.id,
        is_response: header.flags & 0x8000 != 0,
        opcode: header.opcode(),
        authoritative: header.flags & 0x0400 != 0,
        truncated,
        flags: header.flags,
        rcode: header.flags & 0xf,
        questions: Vec::new(),
        answers: Vec::new(),
        authority: Vec::new(),
        additional: Vec::new(),
        size: bytes.len(),
        fault: (!fits).then_some(COUNTS),
    };
    match read_sections(bytes, header, netbios, &mut message) {
        Err(damage) if !(truncated && damage == CUT) => {
            let is_empty = message.questions.is_empty() && message.answers.is_empty();
            let damage = message.fault.unwrap_or(damage);
            if netbios || is_empty {
                return Err(damage);
            }
            message.fault = Some(damage);
        }
        _ => {}
    }
    let extended = message.additional.iter().find(|record| record.kind == 41);
    message.rcode |= extended.map_or(0, |record| (record.ttl >> 20 & 0xff0) as u16);
    Ok(message)
}

fn read_sections(
    bytes: &[u8],
    header: &Header,
    netbios: bool,
    message: &mut Message,
) -> Result<(), Damage> {
    let mut at = header::SIZE;
    let mut budget = MAX_RECORDS;
    let [questions, answers, authority, additional] = header.counts;
    for _ in 0..questions {
        let Some(left) = budget.checked_sub(1) else {
            return Ok(());
        };
        budget = left;
        message.questions.push(read_question(bytes, &mut at)?);
    }
    let sections = [
        (answers, &mut message.answers),
        (authority, &mut message.authority),
        (additional, &mut message.additional),
    ];
    for (count, section) in sections {
        for _ in 0..count {
            let Some(left) = budget.checked_sub(1) else {
                return Ok(());
            };
            budget = left;
            section.push(read_record(bytes, &mut at, netbios)?);
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    /// A response to `www.Example.org`: a CNAME to `web` below the same domain, then its address.
    fn answer() -> Vec<u8> {
        let mut bytes =
            b"\x12\x34\x81\x80\0\x01\0\x02\0\0\0\x01\x03www\x07Example\x03org\0\0\x01\0\x01"
                .to_vec();
        bytes.extend(b"\xc0\x0c\0\x05\0\x01\0\0\x0e\x10\0\x06\x03web\xc0\x10");
        bytes.extend(b"\xc0\x2d\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x07");
        bytes.extend(b"\0\0\x29\x04\xd0\x01\0\0\0\0\0");
        bytes
    }

    #[test]
    fn a_compressed_answer_is_read_whole() {
        let message = done(parse(&answer()));
        assert!(message.is_response && looks_like(&answer()));
        assert_eq!(message.name(), "www.example.org");
        assert_eq!(message.kind(), "A");
        assert_eq!(message.answer_texts(), ["web.example.org", "192.0.2.7"]);
        assert_eq!(message.ttl(), 60);
        assert_eq!(message.questions[0].name.label(1), "Example");
        assert_eq!(message.additional[0].data, Data::Options { size: 1232 });
        assert_eq!(message.rcode, 16);
        assert_eq!(message.rcode_text(), "BADVERS");
    }

    #[test]
    fn unprintable_bytes_and_dots_within_labels_are_escaped() {
        let bytes = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x04A.\x07\xff\x01B\0\0\x10\0\x01";
        assert_eq!(done(parse(bytes)).name(), "a\\.\\007\\255.b");
        assert_eq!(done(parse(bytes)).kind(), "TXT");
        assert_eq!(kind_name(65280), "TYPE65280");
    }

    #[test]
    fn a_name_that_loops_or_jumps_ahead_is_damage() {
        let to_itself = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\xc0\x0c\0\x01\0\x01";
        assert_eq!(damage(parse(to_itself)), "dns: name loops");
        let through_a_label = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x01a\xc0\x0c\0\x01\0\x01";
        assert_eq!(damage(parse(through_a_label)), "dns: name loops");
        let of_reserved_type = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x81a\0\0\x01\0\x01";
        assert_eq!(damage(parse(of_reserved_type)), "dns: unknown label type");
    }

    #[test]
    fn a_name_beyond_255_bytes_is_damage() {
        let mut bytes = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0".to_vec();
        for _ in 0..5 {
            bytes.push(63);
            bytes.extend([b'x'; 63]);
        }
        bytes.extend(b"\0\0\x01\0\x01");
        assert_eq!(damage(parse(&bytes)), "dns: name too long");
    }

    #[test]
    fn a_fault_leaves_what_came_before_it() {
        let mut bytes = answer();
        bytes.truncate(bytes.len() - 16);
        let message = done(parse(&bytes));
        assert_eq!(message.answer_texts(), ["web.example.org"]);
        assert_eq!(message.fault, Some(CUT));
        bytes[2] |= 0x02; // truncated, so that nothing is wrong
        let message = done(parse(&bytes));
        assert_eq!(message.answer_texts(), ["web.example.org"]);
        assert_eq!(message.fault, None);
        assert_eq!(done(parse(&answer())).fault, None);
    }

    #[test]
    fn counts_beyond_the_message_leave_the_question() {
        let mut bytes = b"\0\x01\x81\x80\0\x01\xff\xff\0\0\0\0".to_vec();
        assert_eq!(damage(parse(&bytes)), "dns: counts more records than fit");
        assert!(!looks_like(&bytes));
        bytes.extend(b"\x01a\0\0\x01\0\x01");
        let message = done(parse(&bytes));
        assert_eq!(
            (message.name().as_str(), message.fault),
            ("a", Some(COUNTS))
        );
        assert!(looks_like(&bytes));
    }

    #[test]
    fn over_tcp_it_waits_for_the_length_it_was_told() {
        let mut stream = u16::try_from(answer().len())
            .unwrap()
            .to_be_bytes()
            .to_vec();
        stream.extend(answer());
        assert_eq!(parse_tcp(&stream[..1]), Parsed::More(1));
        assert_eq!(parse_tcp(&stream[..stream.len() - 3]), Parsed::More(3));
        assert!(matches!(parse_tcp(&stream), Parsed::Done(_, taken) if taken == stream.len()));
        assert!(looks_like_tcp(&stream[..20]) && !looks_like_tcp(&stream[..13]));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&answer()], |bytes| {
            let _ = (parse(bytes), parse_tcp(bytes), looks_like(bytes));
        });
    }
}
