//! Walks a block of a `TPACKET_V3` ring: plain bytes in, frames out, every length checked against the block.
//!
//! Layout: `struct tpacket_block_desc`, `struct tpacket3_hdr` and `struct sockaddr_ll` of `linux/if_packet.h`,
//! explained in the kernel's `Documentation/networking/packet_mmap.rst`. Numbers are in the host's byte order.
#[cfg(test)]
pub mod testing;

use packets::capture::Frame;
use packets::damage::Damage;

/// Where the kernel and the reader say whose block it is.
pub const STATUS_AT: usize = 8;
const COUNT_AT: usize = 12;
const FIRST_AT: usize = 16;
/// `struct tpacket3_hdr`, aligned to 16; the sender's `sockaddr_ll` stands behind it.
const HEADER: usize = 48;
const HARDWARE_AT: usize = HEADER + 8;
const KIND_AT: usize = HEADER + 10;
const HEADER_AND_ADDRESS: usize = HEADER + 20;

const VLAN_VALID: u32 = 1 << 4;
const VLAN_TPID_VALID: u32 = 1 << 6;
const TAGGED: u16 = 0x8100;
/// Both addresses of an Ethernet frame; the tag the kernel took out stood behind them.
const ADDRESSES: usize = 12;

const OUTGOING: u8 = 4;
const LOOPBACK: u16 = 772;

/// Link types as registered for capture files.
mod link {
    pub const ETHERNET: u16 = 1;
    pub const RAW: u16 = 101;
    pub const UNKNOWN: u16 = u16::MAX;
}

/// What is wrong with a block; no kernel writes one, but nothing is believed unchecked.
pub const BROKEN: Damage = Damage("interface: ring block broken");

/// One packet of a block, before its tag is put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot<'a> {
    time: i64,
    wire: u32,
    hardware: u16,
    is_outgoing: bool,
    tag: Option<[u8; 4]>,
    data: &'a [u8],
}

/// Gives every frame of a block to `take`, in the order of their arrival.
///
/// `scratch` holds a frame whose VLAN tag is put back. The walk ends at the first header that does not fit
/// into the block, which is told as damage; frames before it were given.
pub fn walk(
    block: &[u8],
    scratch: &mut Vec<u8>,
    mut take: impl FnMut(&Frame<'_>),
) -> Result<(), Damage> {
    let count = word(block, COUNT_AT).ok_or(BROKEN)?;
    let mut at = word(block, FIRST_AT).ok_or(BROKEN)? as usize;
    // a header takes room, so a count beyond what the block can hold is cut by the block's end
    for left in (0..count).rev() {
        let (slot, next) = slot(block, at)?;
        // what is sent over the loopback interface is seen a second time as it arrives
        if !(slot.is_outgoing && slot.hardware == LOOPBACK) {
            take(&slot.frame(scratch));
        }
        if left > 0 {
            at = at
                .checked_add(next)
                .filter(|_| next >= HEADER)
                .ok_or(BROKEN)?;
        }
    }
    Ok(())
}

/// The packet whose header stands at `at`, and how far on the next one stands.
fn slot(block: &[u8], at: usize) -> Result<(Slot<'_>, usize), Damage> {
    let header = block.get(at..).ok_or(BROKEN)?;
    let header = header
        .get(..HEADER_AND_ADDRESS)
        .map(|_| header)
        .ok_or(BROKEN)?;
    let number = |at| word(header, at).ok_or(BROKEN);
    let (next, seconds, nanoseconds) = (number(0)?, number(4)?, number(8)?);
    let (held, wire, status) = (number(12)? as usize, number(16)?, number(20)?);
    let from = usize::from(half(header, 24).ok_or(BROKEN)?);
    let end = from.checked_add(held).ok_or(BROKEN)?;
    let data = header.get(from..end).ok_or(BROKEN)?;
    let slot = Slot {
        time: i64::from(seconds) * 1_000_000 + i64::from(nanoseconds / 1000),
        wire,
        hardware: half(header, HARDWARE_AT).ok_or(BROKEN)?,
        is_outgoing: header.get(KIND_AT) == Some(&OUTGOING),
        tag: tag(header, status),
        data,
    };
    Ok((slot, next as usize))
}

/// The VLAN tag the kernel took out of the frame, as it stood in it.
fn tag(header: &[u8], status: u32) -> Option<[u8; 4]> {
    let control = word(header, 32).filter(|_| status & VLAN_VALID != 0)? as u16;
    let kind = half(header, 36)
        .filter(|_| status & VLAN_TPID_VALID != 0)
        .unwrap_or(TAGGED);
    let ([a, b], [c, d]) = (kind.to_be_bytes(), control.to_be_bytes());
    Some([a, b, c, d])
}

impl<'a> Slot<'a> {
    /// The frame as it was on the wire.
    fn frame<'b>(&self, scratch: &'b mut Vec<u8>) -> Frame<'b>
    where
        'a: 'b,
    {
        let (time, link) = (self.time, link_type(self.hardware));
        let plain = (self.wire, self.data);
        let (wire, data) = match self.tag {
            Some(tag) if self.data.len() >= ADDRESSES => {
                scratch.clear();
                scratch.extend_from_slice(&self.data[..ADDRESSES]);
                scratch.extend_from_slice(&tag);
                scratch.extend_from_slice(&self.data[ADDRESSES..]);
                (self.wire.saturating_add(4), scratch.as_slice())
            }
            _ => plain,
        };
        Frame {
            time,
            wire,
            link,
            data,
        }
    }
}

/// The capture files' number for the kernel's kind of hardware (`linux/if_arp.h`).
fn link_type(hardware: u16) -> u16 {
    match hardware {
        1 | LOOPBACK => link::ETHERNET,
        519 | 768 | 776 | 0xfffe => link::RAW, // raw IP, IP-in-IP, IPv6-in-IPv4, tunnels without a link layer
        _ => link::UNKNOWN,
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_ne_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::testing::{Packet, SECOND, block, set};
    use super::*;

    fn packet(size: usize) -> Packet {
        Packet {
            data: (0..size).map(|byte| byte as u8).collect(),
            wire: size as u32,
            ..Packet::default()
        }
    }

    type Seen = Vec<(i64, u32, u16, Vec<u8>)>;

    fn walked(block: &[u8]) -> (Seen, Result<(), Damage>) {
        let mut seen = Vec::new();
        let ended = walk(block, &mut Vec::new(), |frame| {
            seen.push((frame.time, frame.wire, frame.link, frame.data.to_vec()));
        });
        (seen, ended)
    }

    #[test]
    fn every_packet_comes_in_order() {
        let cut = Packet {
            wire: 1500,
            ..packet(96)
        };
        let (seen, ended) = walked(&block(&[packet(60), cut, packet(61)]));
        let start = i64::from(SECOND) * 1_000_000;
        assert_eq!(ended, Ok(()));
        assert_eq!(
            seen.iter().map(|seen| seen.0).collect::<Vec<_>>(),
            [start, start + 1, start + 2]
        );
        assert_eq!(
            seen.iter()
                .map(|seen| (seen.1, seen.3.len()))
                .collect::<Vec<_>>(),
            [(60, 60), (1500, 96), (61, 61)]
        );
        assert_eq!(seen[2].3, packet(61).data);
    }

    #[test]
    fn an_empty_block_gives_nothing() {
        assert_eq!(walked(&block(&[])), (vec![], Ok(())));
    }

    #[test]
    fn the_tag_the_kernel_took_is_put_back() {
        let tagged = |kind| Packet {
            tag: Some((kind, 0x600c)),
            ..packet(60)
        };
        let (seen, _) = walked(&block(&[tagged(0x8100), tagged(0x88a8)]));
        let whole = |kind: [u8; 2]| {
            [
                &packet(60).data[..12],
                &kind,
                &[0x60, 12],
                &packet(60).data[12..],
            ]
            .concat()
        };
        assert_eq!((seen[0].1, &seen[0].3), (64, &whole([0x81, 0])));
        assert_eq!((seen[1].1, &seen[1].3), (64, &whole([0x88, 0xa8])));
        let stub = Packet {
            tag: Some((0x8100, 12)),
            ..packet(5)
        };
        assert_eq!(walked(&block(&[stub])).0[0].3, packet(5).data);
    }

    #[test]
    fn what_the_loopback_sends_is_seen_once() {
        let on = |hardware, kind| Packet {
            hardware,
            kind,
            ..packet(60)
        };
        let packets = [on(LOOPBACK, OUTGOING), on(LOOPBACK, 0), on(1, OUTGOING)];
        assert_eq!(walked(&block(&packets)).0.len(), 2);
    }

    #[test]
    fn hardware_without_a_link_layer_is_raw_and_the_unknown_is_named_so() {
        let of = |hardware| Packet {
            hardware,
            ..packet(60)
        };
        let links = |packets: &[Packet]| {
            let seen = walked(&block(packets)).0;
            seen.iter().map(|seen| seen.2).collect::<Vec<_>>()
        };
        assert_eq!(links(&[of(1), of(0xfffe), of(803)]), [1, 101, u16::MAX]);
    }

    #[test]
    fn every_cut_is_damage_and_no_panic() {
        let whole = block(&[packet(60), packet(1000)]);
        let needed = whole.len() - whole.len() % 16 - 15;
        for end in 0..needed {
            assert_eq!(walked(&whole[..end]).1, Err(BROKEN), "cut at {end}");
        }
        assert_eq!(walked(&whole[..150]).0.len(), 0);
        assert_eq!(walked(&whole[..300]).0.len(), 1);
    }

    #[test]
    fn hostile_lengths_end_the_walk() {
        let fields = [(12, 4), (24, 2), (0, 4)]; // length held, where it starts, where the next header is
        for (at, size) in fields {
            for value in [u32::MAX, i32::MAX as u32, 0xffff, 4000, 1] {
                let mut bad = block(&[packet(60), packet(60)]);
                set(&mut bad, 48 + at, &value.to_ne_bytes()[..size]);
                let (seen, _) = walked(&bad);
                assert!(seen.len() <= 2 && seen.iter().all(|seen| seen.3.len() <= bad.len()));
            }
        }
        for at in [COUNT_AT, FIRST_AT] {
            for value in [u32::MAX, 4000, 0x8000_0000] {
                let mut bad = block(&[packet(60), packet(60)]);
                set(&mut bad, at, &value.to_ne_bytes());
                assert_eq!(walked(&bad).1, Err(BROKEN));
            }
        }
    }

    #[test]
    fn headers_that_point_at_themselves_do_not_hold_the_walk_up() {
        let mut bad = block(&[packet(60), packet(60)]);
        set(&mut bad, 48, &0_u32.to_ne_bytes());
        set(&mut bad, COUNT_AT, &u32::MAX.to_ne_bytes());
        let (seen, ended) = walked(&bad);
        assert_eq!((seen.len(), ended), (1, Err(BROKEN)));
    }
}
