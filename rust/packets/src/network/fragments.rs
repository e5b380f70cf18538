//! Puts datagrams together that were sent in pieces; bounded in number, size and time.
use std::collections::VecDeque;
use std::net::IpAddr;

use super::ip::{Packet, Piece};
use crate::address::Mac;
use crate::link::Vlan;

const MOST_DATAGRAMS: usize = 128;
const MOST_PIECES: usize = 64;
/// Nobody sends a datagram in so many frames, not even those sent twice counted.
const MOST_FRAMES: usize = 4096;
const LARGEST: usize = 65_535;
/// Pieces of one datagram may overlap, but not hold more in all than it can.
const MOST_BYTES: usize = LARGEST;
const PATIENCE: i64 = 30_000_000; // RFC 8200 allows 60 s, hosts wait 30

/// What the pieces of one datagram share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    src: IpAddr,
    dst: IpAddr,
    proto: u8,
    id: u32,
    vlan: Vlan,
}

/// A datagram of which pieces have come.
#[derive(Debug)]
pub struct Datagram {
    key: Key,
    pieces: Vec<(u32, Vec<u8>)>,
    whole: Option<u32>,
    /// When the last piece came.
    pub time: i64,
    /// Of the frames it came in, bytes.
    pub sizes: Vec<u32>,
    /// Hardware addresses its first frame came from and went to.
    pub macs: (Mac, Mac),
}

/// What has come of a datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Its payload from the start, without gaps.
    pub payload: Vec<u8>,
    /// Length of the payload on the wire, as far as known.
    pub length: u32,
}

impl Datagram {
    /// Addresses and protocol.
    #[must_use]
    pub fn ends(&self) -> (IpAddr, IpAddr, u8, Vlan) {
        (self.key.src, self.key.dst, self.key.proto, self.key.vlan)
    }

    fn add(&mut self, packet: &Packet<'_>, piece: Piece) {
        if !piece.more {
            self.whole = Some(piece.offset.saturating_add(packet.length));
        }
        let end = (piece.offset as usize).saturating_add(packet.payload.len());
        let is_new = self
            .pieces
            .iter()
            .all(|(offset, _)| *offset != piece.offset);
        let held: usize = self.pieces.iter().map(|(_, bytes)| bytes.len()).sum();
        let has_room = held + packet.payload.len() <= MOST_BYTES && self.pieces.len() < MOST_PIECES;
        if end <= LARGEST && has_room && is_new {
            let place = self
                .pieces
                .partition_point(|(offset, _)| *offset < piece.offset);
            self.pieces
                .insert(place, (piece.offset, packet.payload.to_vec()));
        }
    }

    /// What there is from the start up to the first gap; where pieces overlap the earlier bytes stay.
    #[must_use]
    pub fn put(&self) -> Put {
        let mut payload = Vec::new();
        let mut length = 0_u32;
        for (offset, bytes) in &self.pieces {
            let at = *offset as usize;
            length = length.max(offset.saturating_add(bytes.len() as u32));
            if at > payload.len() {
                break;
            }
            payload.extend_from_slice(bytes.get(payload.len() - at..).unwrap_or_default());
        }
        Put {
            payload,
            length: self.whole.unwrap_or(length),
        }
    }

    /// Whether the first piece came, which says the ports.
    #[must_use]
    pub fn has_start(&self) -> bool {
        self.pieces.first().is_some_and(|(offset, _)| *offset == 0)
    }

    fn is_whole(&self) -> bool {
        let Some(whole) = self.whole else {
            return false;
        };
        let mut reached = 0_u32;
        for (offset, bytes) in &self.pieces {
            if *offset > reached {
                return false;
            }
            reached = reached.max(offset.saturating_add(bytes.len() as u32));
        }
        reached >= whole
    }
}

/// Datagrams of which not all pieces have come, oldest first.
#[derive(Debug, Default)]
pub struct Fragments {
    waiting: VecDeque<Datagram>,
}

impl Fragments {
    /// Takes the oldest datagram that will not be waited for any longer at `now`.
    pub fn overdue(&mut self, now: i64) -> Option<Datagram> {
        let is_late = now.saturating_sub(self.waiting.front()?.time) > PATIENCE;
        if is_late || self.waiting.len() > MOST_DATAGRAMS {
            self.waiting.pop_front()
        } else {
            None
        }
    }

    /// Takes the oldest datagram.
    pub fn any(&mut self) -> Option<Datagram> {
        self.waiting.pop_front()
    }

    /// Adds a piece; returns the datagram when this was the last one missing.
    pub fn add(
        &mut self,
        packet: &Packet<'_>,
        piece: Piece,
        vlan: Vlan,
        (time, sizes, macs): (i64, &[u32], (Mac, Mac)),
    ) -> Option<Datagram> {
        let key = Key {
            src: packet.src,
            dst: packet.dst,
            proto: packet.proto,
            id: piece.id,
            vlan,
        };
        // The piece of an IPv6 datagram that is not its first may name the next header differently.
        let place = self.waiting.iter().position(|datagram| datagram.key == key);
        let place = place.unwrap_or_else(|| {
            let pieces = Vec::new();
            self.waiting.push_back(Datagram {
                key,
                pieces,
                whole: None,
                time,
                sizes: Vec::new(),
                macs,
            });
            self.waiting.len() - 1
        });
        let datagram = self.waiting.get_mut(place)?;
        datagram.time = datagram.time.max(time);
        datagram.sizes.extend_from_slice(sizes);
        datagram.add(packet, piece);
        if datagram.is_whole() || datagram.sizes.len() >= MOST_FRAMES {
            self.waiting.remove(place)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(offset: u32, payload: &[u8], more: bool) -> (Packet<'_>, Piece) {
        let ip = |text: &str| text.parse().unwrap();
        let length = payload.len() as u32;
        let piece = Piece {
            id: 7,
            offset,
            more,
        };
        let (src, dst) = (ip("10.0.0.1"), ip("10.0.0.2"));
        (
            Packet {
                src,
                dst,
                ttl: 64,
                proto: 17,
                payload,
                length,
                piece: Some(piece),
                damage: None,
            },
            piece,
        )
    }

    #[test]
    fn pieces_in_any_order_make_the_datagram() {
        let mut fragments = Fragments::default();
        let mut add = |(packet, piece): (Packet<'_>, Piece), time| {
            fragments.add(
                &packet,
                piece,
                Vlan::default(),
                (time, &[60], Default::default()),
            )
        };
        assert!(add(piece(8, b"ijk", false), 1).is_none());
        let datagram = add(piece(0, b"abcdefgh", true), 2).unwrap();
        assert_eq!(
            datagram.put(),
            Put {
                payload: b"abcdefghijk".to_vec(),
                length: 11
            }
        );
        assert_eq!((&datagram.sizes[..], datagram.time), (&[60, 60][..], 2));
    }

    #[test]
    fn overlapping_pieces_hold_no_more_than_a_datagram_can() {
        let mut fragments = Fragments::default();
        let bytes = vec![7; 60_000];
        for place in 0..20 {
            let (packet, piece) = piece(place * 8, &bytes, true);
            fragments.add(
                &packet,
                piece,
                Vlan::default(),
                (0, &[60], Default::default()),
            );
        }
        let datagram = fragments.any().unwrap();
        assert_eq!(datagram.sizes.len(), 20);
        assert_eq!(datagram.pieces.len(), 1);
    }

    #[test]
    fn what_is_not_completed_is_given_up() {
        let mut fragments = Fragments::default();
        let (packet, piece) = piece(0, b"abcdefgh", true);
        fragments.add(
            &packet,
            piece,
            Vlan::default(),
            (0, &[60], Default::default()),
        );
        assert!(fragments.overdue(PATIENCE).is_none());
        let datagram = fragments.overdue(PATIENCE + 1).unwrap();
        assert!(datagram.has_start());
        assert_eq!(datagram.put().payload, b"abcdefgh");
    }
}
