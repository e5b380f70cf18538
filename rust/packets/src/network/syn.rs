//! How a host opens and grants connections: what it puts into its SYN tells its system (RFC 9293, RFC 7323).
use std::fmt::Write;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::address::Mac;
use crate::bytes::be16;
use crate::network::ip::{Packet, proto};
use crate::output::{At, Output};
use crate::transport::{ACK, RST, SYN};

/// How many fingerprints are remembered as told, so that a scan does not write the same text for each of its ports.
const REMEMBERED: usize = 256;
/// Fingerprints told of one sender's frames in one step, whatever addresses they are from: a flood of forged ones has
/// no more. Senders share their room with others by chance, one in `REMEMBERED`.
const MOST_TOLD: u16 = 512;
/// The most options a header has room for.
const MOST_OPTIONS: usize = 40;

/// Tells fingerprints once.
pub struct Syns {
    told: Box<[u64]>,
    step: i64,
    counts: Box<[u16]>,
    hasher: FixedState,
}

impl Default for Syns {
    fn default() -> Self {
        Self {
            told: vec![0; REMEMBERED].into(),
            step: 0,
            counts: vec![0; REMEMBERED].into(),
            hasher: FixedState::default(),
        }
    }
}

impl Syns {
    /// Adds the sighting `tcp.syn` or `tcp.synack` of the sender, if the packet is one.
    pub fn see(&mut self, at: At, sender: Mac, packet: &Packet<'_>, out: &mut Output) {
        if packet.proto != proto::TCP || packet.piece.is_some() {
            return;
        }
        let Some(flags) = packet.payload.get(13).filter(|flags| **flags & SYN != 0) else {
            return;
        };
        let field = match flags & (ACK | RST) {
            0 => "tcp.syn",
            ACK => "tcp.synack",
            _ => return,
        };
        let Some(header) = header(packet.payload) else {
            return;
        };
        let what = (out.step_of(at.time), at.vlan, sender, packet.src);
        let shape = Shape::of(packet.ttl, header);
        let hash = self.hasher.hash_one((what, field, shape));
        let told = &mut self.told[hash as usize % REMEMBERED];
        if std::mem::replace(told, hash) != hash && self.has_room(what.0, sender) {
            out.sight(at, sender, Some(packet.src), field, &shape.text());
        }
    }

    /// Counts another fingerprint of a sender; returns whether it is still to be told.
    fn has_room(&mut self, step: i64, sender: Mac) -> bool {
        if self.step != step {
            self.step = step;
            self.counts.fill(0);
        }
        let place = self.hasher.hash_one(sender) as usize % REMEMBERED;
        self.counts[place] = self.counts[place].saturating_add(1);
        self.counts[place] <= MOST_TOLD
    }
}

/// The header with its options, if all of it was captured.
fn header(payload: &[u8]) -> Option<&[u8]> {
    let size = usize::from(payload.get(12)? >> 4) * 4;
    payload.get(..size).filter(|header| header.len() >= 20)
}

/// What systems differ in; values that change from one connection to the next are not in it.
#[derive(Clone, Copy, Hash)]
struct Shape {
    ttl: u8,
    window: u16,
    mss: Option<u16>,
    scale: Option<u8>,
    /// The options in their order; those not there are 255, which is no option (IANA).
    kinds: [u8; MOST_OPTIONS],
}

impl Shape {
    fn of(ttl: u8, header: &[u8]) -> Self {
        let mut shape = Self {
            ttl: initial(ttl),
            window: be16(header, 14).unwrap_or(0),
            mss: None,
            scale: None,
            kinds: [255; MOST_OPTIONS],
        };
        let mut rest = header.get(20..).unwrap_or_default();
        for place in &mut shape.kinds {
            let Some(kind) = rest.first().copied() else {
                break;
            };
            *place = kind;
            let size = match kind {
                0 => break, // the end; padding follows
                1 => 1,
                _ => rest.get(1).map_or(0, |size| usize::from(*size)),
            };
            match (kind, size) {
                (2, 4) => shape.mss = be16(rest, 2),
                (3, 3) => shape.scale = rest.get(2).copied(),
                (1, _) | (_, 2..) => {}
                _ => break,
            }
            rest = rest.get(size..).unwrap_or_default();
        }
        shape
    }

    /// `ttl_window_mss_scale_options`: the initial TTL, decimals, `-` for what is not there, the kinds of the options in
    /// their order with commas: `64_64240_1460_7_2,4,8,1,3`. Not one of the registered fingerprints: it has its own
    /// order and the TTL.
    fn text(&self) -> String {
        let mss = self
            .mss
            .map_or_else(|| "-".to_owned(), |mss| mss.to_string());
        let scale = self
            .scale
            .map_or_else(|| "-".to_owned(), |scale| scale.to_string());
        let mut text = format!("{}_{}_{mss}_{scale}_", self.ttl, self.window);
        let kinds = self.kinds.iter().take_while(|kind| **kind != 255);
        for (place, kind) in kinds.enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{kind}"); // writing to a String cannot fail
        }
        text
    }
}

/// What the sender has most likely begun to count down from.
fn initial(ttl: u8) -> u8 {
    [32, 64, 128]
        .into_iter()
        .find(|start| ttl <= *start)
        .unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Vlan;

    fn syn(port: u8, flags: u8, options: &[u8]) -> Vec<u8> {
        let size = ((20 + options.len()) as u8) << 2;
        let fixed = [
            0, port, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, size, flags, 0xfa, 0xf0, 0, 0, 0, 0,
        ];
        [&fixed[..], options].concat()
    }

    fn told(headers: &[Vec<u8>]) -> usize {
        let (mut syns, mut out) = (Syns::default(), Output::new(10, "lan", &[]));
        let at = At {
            time: 1,
            vlan: Vlan::default(),
        };
        for header in headers {
            let packet = Packet {
                src: std::net::IpAddr::from([10, 0, header[0], header[1]]),
                dst: "10.0.0.2".parse().unwrap(),
                proto: proto::TCP,
                ttl: 63,
                payload: header,
                length: header.len() as u32,
                piece: None,
                damage: None,
            };
            syns.see(at, Mac([2, 0, 0, 0, 0, 1]), &packet, &mut out);
        }
        out.tables.sightings.len()
    }

    const OPTIONS: &[u8] = &[
        2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7,
    ];

    fn text(ttl: u8, header: &[u8]) -> String {
        Shape::of(ttl, header).text()
    }

    #[test]
    fn the_text_has_what_systems_differ_in() {
        assert_eq!(text(57, &syn(1, SYN, OPTIONS)), "64_64240_1460_7_2,4,8,1,3");
        assert_eq!(text(128, &syn(1, SYN, &[])), "128_64240_-_-_");
        assert_eq!(
            text(129, &syn(1, SYN, &[1, 1, 0, 9])),
            "255_64240_-_-_1,1,0"
        );
        assert_eq!(text(5, &syn(1, SYN, &[9, 0, 2, 4])), "32_64240_-_-_9");
    }

    #[test]
    fn a_scan_has_one_fingerprint_and_an_answer_another() {
        let stamped = |stamp| {
            let mut header = syn(1, SYN, OPTIONS);
            header[31] = stamp; // of the timestamp option
            header
        };
        let mut scan: Vec<_> = (0..200).map(stamped).collect();
        assert_eq!(told(&scan), 1);
        scan.push(syn(1, SYN | ACK, OPTIONS));
        scan.push(syn(1, SYN | RST, OPTIONS));
        scan.push(syn(1, ACK, &[]));
        assert_eq!(told(&scan), 2);
    }

    #[test]
    fn a_flood_from_forged_addresses_is_bounded() {
        let flood = (0..4000_u32).map(|number| {
            let mut header = syn(1, SYN, OPTIONS);
            header[..2].copy_from_slice(&(number as u16).to_be_bytes());
            header
        });
        assert_eq!(told(&flood.collect::<Vec<_>>()), usize::from(MOST_TOLD));
    }

    #[test]
    fn what_is_cut_tells_nothing() {
        let whole = syn(1, SYN, OPTIONS);
        let cut: Vec<_> = (2..whole.len()).map(|end| whole[..end].to_vec()).collect();
        assert_eq!(told(&cut), 0);
    }

    #[test]
    fn options_of_any_kind_never_panic() {
        let mut dice = crate::protocols::testing::Dice::new();
        for _ in 0..3000 {
            let options: Vec<u8> = (0..40).map(|_| dice.byte()).collect();
            assert!(text(dice.byte(), &syn(1, SYN, &options)).len() < 200);
        }
    }
}
