//! The opening of a connection: the client's hello, put together from the first packets it sends.

use std::collections::BTreeMap;

use super::frames::pieces;
use super::keys::Keys;
use super::{Kind, Message, parse};
use crate::damage::{Damage, Parsed};
use crate::protocols::reader::Reader;
use crate::protocols::tls::ClientHello;

/// The most bytes of a hello.
const MAX_HELLO: usize = 32 * 1024;
/// The most pieces a hello comes in.
const MAX_PIECES: usize = 256;
/// The most datagrams of the client that are looked into.
const MAX_DATAGRAMS: usize = 16;
/// The most packets of one datagram.
const MAX_PACKETS: usize = 8;
/// The type of a client's hello.
const CLIENT_HELLO: u8 = 1;

/// What a datagram brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// The hello is not whole yet.
    Part,
    Hello(ClientHello),
    /// No hello will be read.
    Nothing,
    Damaged(Damage),
}

/// Follows the client of one connection until its hello is whole.
#[derive(Default)]
pub struct Opening {
    version: u32,
    keys: Option<Keys>,
    pieces: BTreeMap<usize, Vec<u8>>,
    datagrams: usize,
}

impl Opening {
    /// The version of the packets read last.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Bytes of memory that count against the bound.
    #[must_use]
    pub fn size(&self) -> usize {
        self.pieces.values().map(Vec::capacity).sum()
    }

    /// Takes a datagram of the client.
    pub fn take(&mut self, datagram: &[u8]) -> Brought {
        self.datagrams += 1;
        let mut rest = datagram;
        for _ in 0..MAX_PACKETS {
            match parse(rest) {
                Parsed::Done(message, size) => {
                    let (packet, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
                    if message.kind == Kind::Unknown {
                        self.version = message.version;
                        return Brought::Nothing;
                    }
                    if message.kind == Kind::Initial {
                        self.read(&message, packet);
                    }
                    rest = behind;
                }
                Parsed::Damaged(damage) if self.pieces.is_empty() => {
                    return Brought::Damaged(damage);
                }
                _ => break,
            }
        }
        match self.hello() {
            Some(Ok(hello)) => Brought::Hello(hello),
            Some(Err(damage)) => Brought::Damaged(damage),
            None if self.datagrams < MAX_DATAGRAMS => Brought::Part,
            None => Brought::Nothing,
        }
    }

    fn read(&mut self, message: &Message, packet: &[u8]) {
        if message.version != self.version {
            // The client begins anew with a version the server knows.
            *self = Self {
                version: message.version,
                datagrams: self.datagrams,
                ..Self::default()
            };
        }
        let known = self.keys.as_ref();
        let opened = known.and_then(|keys| keys.open(packet, message.number_at));
        let payload = opened.or_else(|| {
            // The first packet; or the server made the client try again, towards another id.
            let keys = Keys::of_client(message.version, &message.to)?;
            let payload = keys.open(packet, message.number_at)?;
            self.keys = Some(keys);
            self.pieces.clear();
            Some(payload)
        });
        for (offset, bytes) in payload.as_deref().map(pieces).unwrap_or_default() {
            self.keep(offset, bytes);
        }
    }

    fn keep(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset.saturating_add(bytes.len());
        if end > MAX_HELLO || self.pieces.len() >= MAX_PIECES {
            return;
        }
        let here = self.pieces.entry(offset).or_default();
        if here.len() < bytes.len() {
            *here = bytes.to_vec();
        }
    }

    /// The hello, once it is whole.
    fn hello(&self) -> Option<Result<ClientHello, Damage>> {
        let mut joined = Vec::new();
        for (offset, bytes) in &self.pieces {
            let Some(known) = joined.len().checked_sub(*offset) else {
                break; // what lies between is still to come
            };
            joined.extend_from_slice(bytes.get(known..).unwrap_or_default());
        }
        let mut reader = Reader::new(&joined);
        if reader.u8()? != CLIENT_HELLO {
            return Some(Err(Damage("quic: no hello")));
        }
        let size = usize::try_from(reader.u24()?).ok()?;
        if size > MAX_HELLO {
            return Some(Err(Damage("quic: hello too long")));
        }
        Some(ClientHello::read(reader.take(size)?, false))
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::tests::{ID, sealed};
    use super::super::{V1, V2};
    use super::*;
    use crate::protocols::testing::never_panics;
    use crate::protocols::tls::samples::{client_body, handshake};

    /// A client's first packet towards that id, with that piece of its hello.
    fn packet(version: u32, id: [u8; 8], number: u8, offset: u8, piece: &[u8]) -> Vec<u8> {
        let size = u8::try_from(piece.len()).unwrap();
        let mut payload = [&[6, offset, 0x40, size], piece].concat();
        payload.resize(300, 0);
        let first = if version == V2 { 0xd0 } else { 0xc0 };
        let mut header = vec![first];
        header.extend(version.to_be_bytes());
        header.push(8);
        header.extend(id);
        header.extend([0, 0, 0x41, 0x3d, number]);
        sealed(&Keys::of_client(version, &id).unwrap(), &header, &payload)
    }

    fn hello() -> Vec<u8> {
        handshake(1, &client_body())
    }

    fn name(brought: Brought) -> String {
        match brought {
            Brought::Hello(hello) => hello.sni,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_hello_in_one_datagram_is_read_in_both_versions() {
        for version in [V1, V2, 0xff00_001d, 0xff00_0022] {
            let mut opening = Opening::default();
            let brought = opening.take(&packet(version, ID, 0, 0, &hello()));
            assert_eq!(name(brought), "cam.example", "{version:x}");
            assert_eq!(opening.version(), version);
        }
    }

    #[test]
    fn pieces_in_several_datagrams_come_in_any_order() {
        let whole = hello();
        let (front, back) = whole.split_at(60);
        let mut opening = Opening::default();
        assert_eq!(opening.take(&packet(V1, ID, 1, 60, back)), Brought::Part);
        assert_eq!(opening.take(&packet(V1, ID, 1, 60, back)), Brought::Part);
        assert_eq!(
            name(opening.take(&packet(V1, ID, 0, 0, front))),
            "cam.example"
        );
    }

    #[test]
    fn a_client_that_must_try_again_begins_anew() {
        let whole = hello();
        let mut opening = Opening::default();
        assert_eq!(
            opening.take(&packet(V1, ID, 0, 0, &whole[..50])),
            Brought::Part
        );
        let (again, other) = (
            packet(V1, [7; 8], 1, 0, &whole),
            packet(V2, ID, 0, 0, &whole),
        );
        assert_eq!(name(opening.take(&again)), "cam.example");
        assert_eq!(name(opening.take(&other)), "cam.example");
    }

    #[test]
    fn what_cannot_be_opened_is_given_up_in_time() {
        let mut broken = packet(V1, ID, 0, 0, &hello());
        broken[100] ^= 1;
        let mut opening = Opening::default();
        let brought: Vec<Brought> = (0..MAX_DATAGRAMS).map(|_| opening.take(&broken)).collect();
        assert_eq!(
            brought[MAX_DATAGRAMS - 2..],
            [Brought::Part, Brought::Nothing]
        );
        assert_eq!(
            Opening::default().take(&broken[..90]),
            Brought::Damaged(Damage("quic: cut short"))
        );
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&packet(V1, ID, 0, 0, &hello())], |bytes| {
            let mut opening = Opening::default();
            let _ = (opening.take(bytes), opening.take(bytes), opening.size());
        });
    }
}
