//! The first packets of each sender, head by head: by them a device can be told that says nothing of itself.
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Envelope;
use crate::address::Mac;
use crate::bytes::be16;
use crate::link::{Carried, ether};
use crate::network::ip::proto;
use crate::output::Output;
use crate::tables::HeadRow;

/// Packets told of one sender.
const MOST: u16 = 256;
/// Senders that are remembered; of others nothing is told.
const MOST_SENDERS: usize = 1 << 16;
/// Senders of which all was told, found without a search; a power of two.
const DONE: usize = 1024;
/// So many bytes of a payload are weighed.
const WEIGHED: usize = 256;

/// How much was told of whom.
pub struct Heads {
    senders: HashMap<Mac, (u16, i64), RandomState>,
    done: Box<[u64]>,
}

impl Default for Heads {
    fn default() -> Self {
        Self {
            senders: HashMap::default(),
            done: vec![0; DONE].into(),
        }
    }
}

impl Heads {
    /// Tells a frame of `size` bytes, unless enough was told of its sender.
    pub fn see(&mut self, envelope: &Envelope<'_>, carried: &Carried<'_>, out: &mut Output) {
        let sender = envelope.macs.0;
        let word = sender.bits();
        let place = (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % DONE;
        if self.done[place] == word || !sender.is_unicast() {
            return;
        }
        if self.senders.len() >= MOST_SENDERS && !self.senders.contains_key(&sender) {
            return;
        }
        let (told, last) = self.senders.entry(sender).or_insert((0, envelope.time));
        if *told >= MOST {
            self.done[place] = word;
            return;
        }
        let gap = if *told == 0 {
            -1
        } else {
            envelope.time.saturating_sub(*last).max(0)
        };
        *told += 1;
        *last = envelope.time;
        let head = Head::of(carried);
        let step = out.step_of(envelope.time);
        let segment = out.segments.name(envelope.vlan);
        out.tables.heads.push(HeadRow {
            step,
            time: envelope.time,
            segment,
            mac: sender,
            gap,
            size: envelope.sizes.iter().map(|size| i64::from(*size)).sum(),
            cast: cast(envelope.macs.1),
            ether: carried.ether,
            proto: head.proto,
            ttl: head.ttl,
            options: head.options,
            src_port: head.ports.0,
            dst_port: head.ports.1,
            flags: head.flags,
            window: head.window,
            header: head.header,
            mss: head.mss,
            payload: i64::try_from(head.payload.len()).unwrap_or(i64::MAX),
            entropy: entropy(head.payload),
        });
    }
}

fn cast(to: Mac) -> &'static str {
    match to {
        Mac([255, 255, 255, 255, 255, 255]) => "broadcast",
        to if to.is_unicast() => "unicast",
        _ => "multicast",
    }
}

/// What of a packet does not change from one connection to the next: no address, number, identifier or checksum.
#[derive(Default)]
struct Head<'a> {
    proto: u8,
    ttl: u8,
    /// Bytes of options of IP.
    options: u8,
    ports: (u16, u16),
    flags: u8,
    window: u16,
    /// Bytes of the header of TCP.
    header: u8,
    mss: u16,
    payload: &'a [u8],
}

impl<'a> Head<'a> {
    fn of(carried: &Carried<'a>) -> Self {
        let data = carried.payload;
        let head = match carried.ether {
            ether::IPV4 => Self::of_v4(data),
            ether::IPV6 => Self::of_v6(data),
            _ => None,
        };
        head.unwrap_or(Self {
            payload: data,
            ..Self::default()
        })
    }

    fn of_v4(data: &'a [u8]) -> Option<Self> {
        let header = usize::from(data.first()? & 15) * 4;
        let total = usize::from(be16(data, 2)?);
        let end = if total == 0 {
            data.len()
        } else {
            total.min(data.len())
        };
        let head = Self {
            proto: *data.get(9)?,
            ttl: *data.get(8)?,
            options: header.saturating_sub(20) as u8,
            payload: data.get(header.max(20)..end)?,
            ..Self::default()
        };
        Some(head.within())
    }

    fn of_v6(data: &'a [u8]) -> Option<Self> {
        const HOP_BY_HOP: u8 = 0;
        let next = *data.get(6)?;
        let mut head = Self {
            proto: next,
            ttl: *data.get(7)?,
            payload: data.get(40..)?,
            ..Self::default()
        };
        if next == HOP_BY_HOP {
            let size = (usize::from(*head.payload.get(1)?) + 1) * 8;
            head.options = size.min(255) as u8;
            head.proto = *head.payload.first()?;
            head.payload = head.payload.get(size..)?;
        }
        Some(head.within())
    }

    /// What TCP and UDP say; of a later piece of a datagram that is by chance, as for any observer of single packets.
    fn within(mut self) -> Self {
        let data = self.payload;
        if !matches!(self.proto, proto::TCP | proto::UDP) {
            return self;
        }
        self.ports = (be16(data, 0).unwrap_or(0), be16(data, 2).unwrap_or(0));
        let header = if self.proto == proto::TCP {
            self.flags = data.get(13).copied().unwrap_or(0);
            self.window = be16(data, 14).unwrap_or(0);
            let header = usize::from(data.get(12).copied().unwrap_or(0) >> 4) * 4;
            self.header = header as u8;
            // The segment size stands first among the options of nearly all systems.
            if let Some([2, 4, high, low]) = data.get(20..24) {
                self.mss = u16::from_be_bytes([*high, *low]);
            }
            header.max(20)
        } else {
            8
        };
        self.payload = data.get(header..).unwrap_or_default();
        self
    }
}

/// Shannon's entropy of the first bytes, in thousandths of a bit for each byte.
#[expect(clippy::cast_sign_loss, reason = "an entropy is not negative")]
fn entropy(payload: &[u8]) -> u16 {
    let first = payload.get(..WEIGHED).unwrap_or(payload);
    if first.is_empty() {
        return 0;
    }
    let (mut counts, mut present) = ([0_u16; 256], [0_u64; 4]);
    for byte in first {
        counts[usize::from(*byte)] += 1;
        present[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    let all = f64::from(first.len() as u16);
    // Few counts differ: what each adds is worked out once.
    let mut parts = [f64::NAN; WEIGHED + 1];
    let mut bits = 0.0;
    for (counts, mut left) in counts.as_chunks::<64>().0.iter().zip(present) {
        while left != 0 {
            let count = counts[left.trailing_zeros() as usize];
            left &= left - 1;
            let part = &mut parts[usize::from(count)];
            if part.is_nan() {
                let share = f64::from(count) / all;
                *part = -share * share.log2();
            }
            bits += *part;
        }
    }
    (bits * 1000.0).round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_known_by_what_stays_the_same() {
        let tcp = [
            &[
                0x9c, 0x40, 1, 0xbb, 1, 2, 3, 4, 0, 0, 0, 0, 0x60, 2, 0x10, 0, 9, 9, 0, 0,
            ][..],
            &[2, 4, 5, 0xb4],
            b"hi",
        ]
        .concat();
        let ip = [
            &[
                0x45, 0, 0, 46, 7, 7, 0, 0, 64, 6, 1, 1, 10, 0, 0, 1, 10, 0, 0, 2,
            ][..],
            &tcp,
            b"padding",
        ]
        .concat();
        let head = Head::of(&crate::link::bare(ether::IPV4, &ip));
        assert_eq!((head.proto, head.ttl, head.options), (6, 64, 0));
        assert_eq!(
            (head.ports, head.flags, head.window),
            ((40000, 443), 2, 4096)
        );
        assert_eq!(
            (head.header, head.mss, head.payload),
            (24, 1460, &b"hi"[..])
        );
    }

    #[test]
    fn options_of_both_versions_are_passed_over() {
        let igmp = [
            &[0x46, 0, 0, 32, 0, 0, 0, 0, 1, 2, 0, 0][..],
            &[0; 8],
            &[0x94, 4, 0, 0],
            &[7; 8],
        ]
        .concat();
        let head = Head::of(&crate::link::bare(ether::IPV4, &igmp));
        assert_eq!(
            (head.proto, head.options, head.payload),
            (2, 4, &[7; 8][..])
        );
        let mld = [
            &[0x60, 0, 0, 0, 0, 16, 0, 1][..],
            &[0; 32],
            &[58, 0, 5, 2, 0, 0, 1, 0],
            &[7; 8],
        ]
        .concat();
        let head = Head::of(&crate::link::bare(ether::IPV6, &mld));
        assert_eq!(
            (head.proto, head.options, head.payload),
            (58, 8, &[7; 8][..])
        );
        for short in [&igmp[..10], &mld[..41], &[]] {
            let _ = Head::of(&crate::link::bare(ether::IPV4, short));
            let _ = Head::of(&crate::link::bare(ether::IPV6, short));
        }
    }

    #[test]
    fn entropy_tells_text_from_what_is_enciphered() {
        assert_eq!(entropy(&[]), 0);
        assert_eq!(entropy(&[5; 90]), 0);
        assert_eq!(entropy(&(0..=255).collect::<Vec<u8>>()), 8000);
    }
}
