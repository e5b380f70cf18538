//! One side's bytes taken apart into records, and these into handshake messages, however they are cut (RFC 5246).

use super::hello::CUT;
use super::{ClientHello, Message, ServerHello};
use crate::damage::{Damage, Parsed};
use crate::protocols::reader::Reader;
use crate::protocols::ssl2;

/// The most bytes of one hello; with post-quantum shares real ones have under 4,000.
const MAX_HELLO: usize = 32 * 1024;
/// The most bytes of any other handshake message; certificates are the longest.
const MAX_MESSAGE: usize = 64 * 1024;
/// The most bytes of one record (RFC 5246 section 6.2.3).
const MAX_RECORD: usize = (1 << 14) + 2048;
/// The most bytes held that were not looked at yet.
const MAX_RAW: usize = 128 * 1024;
/// The most records one side is followed through.
const MAX_RECORDS: usize = 1024;
/// Length of a record's header.
const RECORD_HEADER: usize = 5;
/// Length of a handshake message's header.
const HANDSHAKE_HEADER: usize = 4;

const LONG: Damage = Damage("tls: message too long");

/// What is heard of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A whole handshake message in clear.
    Message(Message),
    /// From here on it enciphers (`ChangeCipherSpec`).
    Changed,
    /// Application data, or what TLS 1.3 makes look so.
    Enciphered,
    /// An alert.
    Alert,
    /// Bytes that are no record.
    Foreign,
    /// A record or message that is broken; nothing behind it can be read.
    Damaged(Damage),
}

/// What came of beginning a record.
enum Begun {
    /// Its header is not there.
    NotYet,
    /// It holds handshake messages.
    Handshake,
    Told(Heard),
}

/// One side of a connection.
#[derive(Debug, Default)]
pub struct Records {
    raw: Vec<u8>,
    /// Bytes of `raw` that were looked at.
    taken: usize,
    /// Bytes still to come of the handshake record that began last.
    left: usize,
    /// Bytes still to come of a record of another kind, which are passed over.
    skip: usize,
    message: Vec<u8>,
    count: usize,
    has_begun: bool,
    is_torn: bool,
}

/// Why bytes are no record: damage, or those of another protocol.
type Broken = Option<Damage>;

/// Whether the bytes begin a record of a known version.
pub(super) fn begins(bytes: &[u8]) -> bool {
    record(bytes).is_ok_and(|(_, size)| size > 0)
}

fn record(bytes: &[u8]) -> Result<(u8, usize), Broken> {
    let [kind @ 20..=24, 3, 0..=4, high, low, ..] = *bytes else {
        return Err(None);
    };
    let size = usize::from(u16::from_be_bytes([high, low]));
    // Only data may come in empty records (RFC 8446 section 5.1).
    if size > MAX_RECORD || size == 0 && kind != 23 {
        return Err(Some(Damage("tls: record of no or too great length")));
    }
    Ok((kind, size))
}

impl Records {
    /// Bytes of memory that count against the bound.
    #[must_use]
    pub fn size(&self) -> usize {
        self.raw.capacity() + self.message.capacity()
    }

    /// Takes more bytes of the side.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.is_torn {
            return;
        }
        if self.taken > 0 {
            self.raw.drain(..self.taken);
            self.taken = 0;
        }
        let room = MAX_RAW.saturating_sub(self.raw.len());
        self.raw
            .extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    /// Bytes are missing behind what was pushed last: once what came before them was heard, there is nothing more.
    pub fn tear(&mut self) {
        self.is_torn = true;
    }

    /// How many bytes are wanted at least before there is something to hear.
    #[must_use]
    pub fn wanted(&self) -> usize {
        if self.left > 0 {
            self.left
        } else {
            RECORD_HEADER.saturating_sub(self.rest().len()).max(1)
        }
    }

    /// How many of the bytes pushed last were looked at.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// What is heard next, if it is there; after `Foreign` and `Damaged` there is nothing more to hear.
    pub fn hear(&mut self) -> Option<Heard> {
        let heard = self.hear_next();
        if heard.is_none() && self.is_torn {
            return Some(Heard::Foreign);
        }
        heard
    }

    fn hear_next(&mut self) -> Option<Heard> {
        if !self.has_begun && ssl2::looks_like(self.rest()) {
            return self.hear_ssl2();
        }
        loop {
            if let Some(heard) = self.whole_message() {
                return Some(heard);
            }
            let wanted = self.left.max(self.skip);
            if wanted > 0 {
                let here = wanted.min(self.rest().len());
                if here == 0 {
                    return None;
                }
                let end = self.taken.saturating_add(here);
                if self.left > 0 {
                    let bytes = self.raw.get(self.taken..end).unwrap_or_default();
                    self.message.extend_from_slice(bytes);
                    self.left = self.left.saturating_sub(here);
                } else {
                    self.skip = self.skip.saturating_sub(here);
                }
                self.taken = end;
            } else {
                match self.next_record() {
                    Begun::NotYet => return None,
                    Begun::Handshake => {}
                    Begun::Told(heard) => return Some(heard),
                }
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.raw.get(self.taken..).unwrap_or_default()
    }

    /// Begins a record, if its header is there.
    fn next_record(&mut self) -> Begun {
        let rest = self.rest();
        if rest.len() < RECORD_HEADER {
            // What cannot become a header is told at once.
            let is_other = !matches!(rest, [] | [20..=24] | [20..=24, 3, ..]);
            return if is_other {
                Begun::Told(Heard::Foreign)
            } else {
                Begun::NotYet
            };
        }
        self.count = self.count.saturating_add(1);
        if self.count > MAX_RECORDS {
            return Begun::Told(Heard::Damaged(Damage("tls: too many records")));
        }
        let (kind, size) = match record(self.rest()) {
            Ok(told) => told,
            Err(broken) => return Begun::Told(broken.map_or(Heard::Foreign, Heard::Damaged)),
        };
        if !self.message.is_empty() && kind != 22 {
            return Begun::Told(Heard::Damaged(Damage(
                "tls: message broken by another record",
            )));
        }
        self.has_begun = true;
        self.taken = self.taken.saturating_add(RECORD_HEADER);
        if kind == 22 {
            self.left = size;
            return Begun::Handshake;
        }
        self.skip = size;
        Begun::Told(match kind {
            20 => Heard::Changed,
            21 => Heard::Alert,
            _ => Heard::Enciphered,
        })
    }

    /// The first message of what was gathered, if it is whole.
    fn whole_message(&mut self) -> Option<Heard> {
        let mut reader = Reader::new(&self.message);
        let kind = reader.u8()?;
        let size = usize::try_from(reader.u24()?).ok()?;
        let most = if matches!(kind, 1 | 2) {
            MAX_HELLO
        } else {
            MAX_MESSAGE
        };
        if size > most {
            return Some(Heard::Damaged(LONG));
        }
        let body = reader.take(size)?;
        let read = read(kind, body);
        self.message.drain(..size.saturating_add(HANDSHAKE_HEADER));
        Some(read.map_or_else(Heard::Damaged, Heard::Message))
    }

    fn hear_ssl2(&mut self) -> Option<Heard> {
        match ssl2::parse(self.rest()) {
            Parsed::Done(hello, taken) => {
                self.has_begun = true;
                self.taken = self.taken.saturating_add(taken);
                Some(Heard::Message(Message::Client(hello)))
            }
            Parsed::More(_) => None,
            Parsed::Foreign => Some(Heard::Foreign),
            Parsed::Damaged(damage) => Some(Heard::Damaged(damage)),
        }
    }
}

fn read(kind: u8, body: &[u8]) -> Result<Message, Damage> {
    match kind {
        1 => ClientHello::read(body, false).map(Message::Client),
        2 => ServerHello::read(body).map(Message::Server),
        11 => first_certificate(body).ok_or(CUT).map(Message::Certificate),
        kind => Ok(Message::Other(kind)),
    }
}

/// The sender's own certificate, which stands first; empty if it sends none (RFC 5246 section 7.4.2).
fn first_certificate(body: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(body);
    let size = usize::try_from(reader.u24()?).ok()?;
    let mut chain = Reader::new(reader.take(size)?);
    if chain.is_empty() {
        return Some(Vec::new());
    }
    let size = usize::try_from(chain.u24()?).ok()?;
    chain.take(size).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{client_body, handshake, record, server_body};
    use super::*;
    use crate::protocols::testing::never_panics;

    fn flight() -> Vec<u8> {
        let certificate = [&b"\0\0\x08\0\0\x05"[..], b"hello"].concat();
        let messages = [
            handshake(2, &server_body(0x0303)),
            handshake(11, &certificate),
            handshake(14, b""),
        ]
        .concat();
        messages.chunks(33).flat_map(record).collect()
    }

    fn all(bytes: &[u8], part: usize) -> Vec<Heard> {
        let mut records = Records::default();
        let mut heard = Vec::new();
        for part in bytes.chunks(part) {
            records.push(part);
            while let Some(next) = records.hear() {
                let is_over = matches!(next, Heard::Foreign | Heard::Damaged(_));
                heard.push(next);
                if is_over {
                    return heard;
                }
            }
        }
        heard
    }

    #[test]
    fn messages_over_several_records_and_parts_are_the_same() {
        let bytes = [
            flight(),
            b"\x14\x03\x03\0\x01\x01\x17\x03\x03\0\x05".to_vec(),
        ]
        .concat();
        let whole = all(&bytes, bytes.len());
        assert_eq!(whole.len(), 5);
        assert_eq!(
            whole[1..],
            [
                Heard::Message(Message::Certificate(b"hello".to_vec())),
                Heard::Message(Message::Other(14)),
                Heard::Changed,
                Heard::Enciphered
            ]
        );
        for part in 1..40 {
            assert_eq!(all(&bytes, part), whole, "in parts of {part}");
        }
    }

    #[test]
    fn what_breaks_a_message_and_what_is_no_record_is_told() {
        let hello = record(&handshake(1, &client_body())[..20]);
        let broken = [hello, b"\x17\x03\x03\0\x01x".to_vec()].concat();
        assert!(matches!(all(&broken, 999)[..], [Heard::Damaged(_)]));
        assert_eq!(all(b"HTTP/1.1 400 No", 3), [Heard::Foreign]);
        let long = [&b"\x16\x03\x01\0\x04\x0b\x01\0\x01"[..]].concat();
        assert_eq!(all(&long, 4), [Heard::Damaged(LONG)]);
        assert_eq!(all(b"\x15\x03\x01\0\x02\x02\x28", 99)[0], Heard::Alert);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&flight()], |bytes| {
            let _ = (all(bytes, 7), all(bytes, bytes.len().max(1)));
        });
    }
}
