//! Domain names (RFC 1035; EDNS RFC 6891, SRV RFC 2782, SVCB and HTTPS RFC 9460); the core of mDNS, LLMNR and NBNS too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::domain::read_name;
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

pub use super::dns_codes::{kind_name, rcode_name};
pub use super::domain::Name;

/// The service name of flows that speak this.
pub const NAME: &str = "dns";
/// Length of the header.
const HEADER: usize = 12;
/// The most records read of one message, over all sections; the rest is left unread.
const MAX_RECORDS: usize = 1024;
/// The most strings read of one TXT record.
const MAX_STRINGS: usize = 256;

const CUT: Damage = Damage("dns: cut short");
const COUNTS: Damage = Damage("dns: counts more records than fit");

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub name: Name,
    pub kind: u16,
    pub class: u16,
    /// In mDNS: the answer may come by unicast (RFC 6762 section 5.4).
    pub unicast: bool,
}

/// One resource record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub name: Name,
    pub kind: u16,
    pub class: u16,
    /// In mDNS: replaces what was known (RFC 6762 section 10.2).
    pub flush: bool,
    pub ttl: u32,
    pub data: Data,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// A, AAAA.
    Address(IpAddr),
    /// CNAME, PTR, NS.
    Name(Name),
    Exchange {
        preference: u16,
        name: Name,
    },
    Service {
        priority: u16,
        weight: u16,
        port: u16,
        target: Name,
    },
    Text(Vec<Vec<u8>>),
    /// HTTPS and SVCB, without their parameters.
    Binding {
        priority: u16,
        target: Name,
    },
    /// OPT: the size the sender takes over UDP.
    Options {
        size: u16,
    },
    /// NULL and every other type, as it stands.
    Raw(Vec<u8>),
}

impl Data {
    /// The address or name answered, as the `answers` column wants it; `None` for what is neither.
    #[must_use]
    pub fn answer(&self) -> Option<String> {
        match self {
            Self::Address(address) => Some(address.to_string()),
            Self::Name(name)
            | Self::Exchange { name, .. }
            | Self::Service { target: name, .. }
            | Self::Binding { target: name, .. } => Some(name.text()),
            Self::Text(_) | Self::Options { .. } | Self::Raw(_) => None,
        }
    }
}

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
    pub fn kind(&self) -> String {
        let asked = self.questions.first().map(|question| question.kind);
        asked
            .or(self.answers.first().map(|record| record.kind))
            .map(kind_name)
            .unwrap_or_default()
    }

    /// The name of the response code; empty in a question.
    #[must_use]
    pub fn rcode_text(&self) -> String {
        if self.is_response {
            rcode_name(self.rcode)
        } else {
            String::new()
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
/// records counted than the bytes could hold.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    Header::read(bytes).is_some_and(|header| {
        let plausible = matches!(header.opcode(), 0 | 2 | 4 | 5) && header.flags & 0x40 == 0;
        let asks = header.flags & 0x8000 != 0 || header.counts[0] > 0;
        plausible && asks && header.counts != [0; 4] && header.fits(bytes.len())
    })
}

struct Header {
    id: u16,
    flags: u16,
    counts: [u16; 4],
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (id, flags) = (reader.u16()?, reader.u16()?);
        let counts = [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
        Some(Self { id, flags, counts })
    }

    fn opcode(&self) -> u8 {
        (self.flags >> 11 & 0xf) as u8
    }

    /// A question takes at least 5 bytes, a record 11.
    fn fits(&self, size: usize) -> bool {
        let [questions, records @ ..] = self.counts.map(usize::from);
        let least = questions
            .saturating_mul(5)
            .saturating_add(records.iter().sum::<usize>().saturating_mul(11));
        least.saturating_add(HEADER) <= size
    }
}

/// A whole message, as it stands in a datagram. One that says it was truncated may end within a record.
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
    if !truncated && !header.fits(bytes.len()) {
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
    };
    match read_sections(bytes, header, netbios, &mut message) {
        Err(damage) if !(truncated && damage == CUT) => return Err(damage),
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
    let mut at = HEADER;
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

fn read_question(bytes: &[u8], at: &mut usize) -> Result<Question, Damage> {
    let name = read_name(bytes, at)?;
    let mut reader = Reader::new(bytes.get(*at..).unwrap_or_default());
    let kind = reader.u16().ok_or(CUT)?;
    let class = reader.u16().ok_or(CUT)?;
    *at = at.saturating_add(reader.at());
    Ok(Question {
        name,
        kind,
        class: class & 0x7fff,
        unicast: class & 0x8000 != 0,
    })
}

fn read_record(bytes: &[u8], at: &mut usize, netbios: bool) -> Result<Record, Damage> {
    let name = read_name(bytes, at)?;
    let mut reader = Reader::new(bytes.get(*at..).unwrap_or_default());
    let kind = reader.u16().ok_or(CUT)?;
    let class = reader.u16().ok_or(CUT)?;
    let ttl = reader.u32().ok_or(CUT)?;
    let size = usize::from(reader.u16().ok_or(CUT)?);
    let start = at.saturating_add(reader.at());
    let end = start.saturating_add(size);
    // Names within the data may jump to before it, so what is read is the message up to the end of this data.
    let up_to = bytes.get(..end).ok_or(CUT)?;
    *at = end;
    if kind == 41 {
        return Ok(Record {
            name,
            kind,
            class,
            flush: false,
            ttl,
            data: Data::Options { size: class },
        });
    }
    let data = if netbios {
        Data::Raw(up_to.get(start..).unwrap_or_default().to_vec())
    } else {
        read_data(kind, up_to, start)?
    };
    Ok(Record {
        name,
        kind,
        class: class & 0x7fff,
        flush: class & 0x8000 != 0,
        ttl,
        data,
    })
}

fn read_data(kind: u16, up_to: &[u8], start: usize) -> Result<Data, Damage> {
    let raw = up_to.get(start..).unwrap_or_default();
    if raw.is_empty() {
        // Empty data is lawful where a record is deleted or required absent (RFC 2136).
        return Ok(Data::Raw(Vec::new()));
    }
    let mut reader = Reader::new(raw);
    let mut word = || reader.u16().ok_or(CUT);
    let name_after = |skipped: usize| read_name(up_to, &mut start.saturating_add(skipped));
    Ok(match kind {
        1 => Data::Address(IpAddr::V4(Ipv4Addr::from(reader.array::<4>().ok_or(CUT)?))),
        28 => Data::Address(IpAddr::V6(Ipv6Addr::from(reader.array::<16>().ok_or(CUT)?))),
        2 | 5 | 12 => Data::Name(name_after(0)?),
        15 => Data::Exchange {
            preference: word()?,
            name: name_after(2)?,
        },
        33 => Data::Service {
            priority: word()?,
            weight: word()?,
            port: word()?,
            target: name_after(6)?,
        },
        64 | 65 => Data::Binding {
            priority: word()?,
            target: name_after(2)?,
        },
        16 => Data::Text(read_strings(raw)?),
        _ => Data::Raw(raw.to_vec()),
    })
}

fn read_strings(raw: &[u8]) -> Result<Vec<Vec<u8>>, Damage> {
    let mut reader = Reader::new(raw);
    let mut strings = Vec::new();
    while !reader.is_empty() && strings.len() < MAX_STRINGS {
        strings.push(reader.block8().ok_or(CUT)?.to_vec());
    }
    Ok(strings)
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
    fn every_kind_of_data_is_told_apart() {
        let mut bytes = b"\0\x01\x84\0\0\0\0\x05\0\0\0\0".to_vec();
        bytes.extend(
            b"\x01a\0\0\x1c\0\x01\0\0\0\x09\0\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01",
        );
        bytes.extend(b"\xc0\x0c\0\x0f\0\x01\0\0\0\x09\0\x04\0\x0a\xc0\x0c");
        bytes.extend(b"\xc0\x0c\0\x21\0\x01\0\0\0\x09\0\x08\0\0\0\0\x1f\x90\xc0\x0c");
        bytes.extend(b"\xc0\x0c\0\x10\0\x01\0\0\0\x09\0\x06\x03k=v\x01\xff");
        bytes.extend(b"\xc0\x0c\0\x41\0\x01\0\0\0\x09\0\x03\0\x01\0");
        let message = done(parse(&bytes));
        assert_eq!(message.answer_texts(), ["2001:db8::1", "a", "a", "."]);
        assert_eq!(
            message.answers[3].data,
            Data::Text(vec![b"k=v".to_vec(), vec![0xff]])
        );
        assert!(matches!(
            message.answers[2].data,
            Data::Service { port: 8080, .. }
        ));
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
    fn a_cut_answer_is_damage_unless_it_says_it_was_truncated() {
        let mut bytes = answer();
        bytes.truncate(bytes.len() - 16);
        assert_eq!(damage(parse(&bytes)), "dns: cut short");
        bytes[2] |= 0x02;
        assert_eq!(done(parse(&bytes)).answer_texts(), ["web.example.org"]);
        assert_eq!(
            damage(parse(b"\0\x01\x81\x80\0\x01\xff\xff\0\0\0\0")),
            "dns: counts more records than fit"
        );
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
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&answer()], |bytes| {
            let _ = (parse(bytes), parse_tcp(bytes), looks_like(bytes));
        });
    }
}
