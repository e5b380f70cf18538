//! Questions and resource records of DNS (RFC 1035 sections 3.3 and 4.1; SRV RFC 2782, SVCB and HTTPS RFC 9460).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::domain::{Name, read_name};
use super::reader::Reader;
use crate::address::write_ip;
use crate::damage::Damage;

/// The most strings read of one TXT record.
const MAX_STRINGS: usize = 256;

const CUT: Damage = Damage("dns: cut short");

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
            Self::Address(address) => {
                let mut text = String::new();
                write_ip(*address, &mut text);
                Some(text)
            }
            Self::Name(name)
            | Self::Exchange { name, .. }
            | Self::Service { target: name, .. }
            | Self::Binding { target: name, .. } => Some(name.text()),
            Self::Text(_) | Self::Options { .. } | Self::Raw(_) => None,
        }
    }
}

/// One question at `at`, which moves behind it.
pub(super) fn read_question(bytes: &[u8], at: &mut usize) -> Result<Question, Damage> {
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

/// One record at `at`, which moves behind it; `netbios` leaves all data as it stands.
pub(super) fn read_record(bytes: &[u8], at: &mut usize, netbios: bool) -> Result<Record, Damage> {
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
mod tests {
    use super::*;
    use crate::protocols::dns::parse;
    use crate::protocols::testing::done;

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
    fn data_may_be_empty_but_not_beyond_the_end() {
        let whole = b"\x01a\0\0\x01\0\x01\0\0\0\x09\0\0";
        let record = read_record(whole, &mut 0, false).unwrap();
        assert_eq!(record.data, Data::Raw(Vec::new()));
        let lying = b"\x01a\0\0\x01\0\x01\0\0\0\x09\0\x05abcd";
        assert_eq!(read_record(lying, &mut 0, false), Err(CUT));
    }
}
