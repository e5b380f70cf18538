//! What makes packets one flow, and who of the two opened it.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::{Mac, is_group};
use crate::link::Vlan;
use crate::network::ip::proto;
use crate::transport::{Kind, Transport};

/// An address in words, the most significant first; of IPv4 only the last.
type Words = [u32; 4];

/// What all packets of a flow share, whichever way they go: the smaller end stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowKey {
    /// Of one without an address yet: its hardware address, for many of them send to the same group.
    low: Words,
    high: Words,
    low_port: u16,
    high_port: u16,
    vlan: Vlan,
    proto: u8,
    traits: u8,
}

const V6: u8 = 1;
/// ICMP that is no echo: the ports are type and code and belong to no end.
const TYPED: u8 = 2;
/// Sent without an address.
const NAMELESS: u8 = 4;

/// Whether a packet goes from the smaller end to the greater.
pub type FromLow = bool;

impl FlowKey {
    /// The key of a packet's flow, and the packet's direction.
    #[must_use]
    pub fn of(packet: &Transport<'_>, sender: Mac) -> (Self, FromLow) {
        let (src, dst) = (words(packet.src), words(packet.dst));
        let typed = matches!(packet.kind, Kind::Control);
        let mut traits = u8::from(packet.src.is_ipv6()) * V6 + u8::from(typed) * TYPED;
        let (from, to) = if typed {
            (0, 0)
        } else {
            (packet.src_port, packet.dst_port)
        };
        let from_low = (src, from) <= (dst, to);
        let (mut low, high) = if from_low { (src, dst) } else { (dst, src) };
        let (low_port, high_port) = if from_low || typed {
            (packet.src_port, packet.dst_port)
        } else {
            (to, from)
        };
        if src == [0; 4] {
            traits |= NAMELESS;
            low = named(sender); // the unspecified address is the smaller
        }
        let key = Self {
            low,
            high,
            low_port,
            high_port,
            vlan: packet.vlan,
            proto: packet.proto,
            traits,
        };
        (key, from_low)
    }

    /// The broadcast domain.
    #[must_use]
    pub fn vlan(&self) -> Vlan {
        self.vlan
    }

    /// IANA protocol number.
    #[must_use]
    pub fn proto(&self) -> u8 {
        self.proto
    }

    /// Source and destination address when the smaller end opened, or when it did not.
    #[must_use]
    pub fn addresses(&self, low_opened: bool) -> (IpAddr, IpAddr) {
        let is_v6 = self.traits & V6 != 0;
        let (low, _) = self.low_and_name();
        let (low, high) = (address(low, is_v6), address(self.high, is_v6));
        if low_opened { (low, high) } else { (high, low) }
    }

    /// Source and destination port; for ICMP its type and code.
    #[must_use]
    pub fn ports(&self, low_opened: bool) -> (u16, u16) {
        if self.traits & TYPED != 0 {
            return (self.low_port, self.high_port);
        }
        match self.proto {
            proto::ICMP => (8, 0), // kept apart by the id of the echo, shown as its type
            proto::ICMPV6 => (128, 0),
            _ if low_opened => (self.low_port, self.high_port),
            _ => (self.high_port, self.low_port),
        }
    }

    /// The id of the flow with this key that began then: the same on every machine, in every run.
    #[must_use]
    pub fn id(&self, began: i64) -> u64 {
        let rest = u64::from(self.vlan.0) << 16
            | u64::from(self.proto) << 8
            | u64::from(self.traits & !NAMELESS);
        let ([low, name], high) = (self.low_and_name().into(), self.high);
        let words = [
            wide(low[2], low[3]),
            wide(low[0], low[1]),
            wide(high[2], high[3]),
            wide(high[0], high[1]),
            self.both_ports() << 32 | rest,
            wide(name[2], name[3]),
            began.cast_unsigned(),
        ];
        words
            .into_iter()
            .fold(0x9e37_79b9_7f4a_7c15, |state, word| mix(state ^ word))
    }

    /// The words by which keys differ; those of addresses beyond IPv4 only where one has them.
    pub(super) fn fold(&self, mut add: impl FnMut(usize, u32)) {
        add(0, self.low[3]);
        add(1, self.high[3]);
        add(2, self.both_ports() as u32);
        add(3, self.vlan.0);
        add(4, u32::from(self.proto) << 8 | u32::from(self.traits));
        if self.traits & (V6 | NAMELESS) != 0 {
            for (place, word) in self.low[..3].iter().chain(&self.high[..3]).enumerate() {
                add(5 + place, *word);
            }
        }
    }

    fn both_ports(&self) -> u64 {
        u64::from(self.low_port) << 16 | u64::from(self.high_port)
    }

    /// The smaller address, and the hardware address of one without an address.
    fn low_and_name(&self) -> (Words, Words) {
        if self.traits & NAMELESS == 0 {
            (self.low, [0; 4])
        } else {
            ([0; 4], self.low)
        }
    }
}

fn words(ip: IpAddr) -> Words {
    match ip {
        IpAddr::V4(ip) => [0, 0, 0, ip.to_bits()],
        IpAddr::V6(ip) => {
            let bits = ip.to_bits();
            [96, 64, 32, 0].map(|shift| (bits >> shift) as u32)
        }
    }
}

fn address(words: Words, is_v6: bool) -> IpAddr {
    if !is_v6 {
        return IpAddr::V4(Ipv4Addr::from_bits(words[3]));
    }
    let bits = words
        .into_iter()
        .fold(0, |bits, word| bits << 32 | u128::from(word));
    IpAddr::V6(Ipv6Addr::from_bits(bits))
}

fn named(mac: Mac) -> Words {
    let bits = mac.bits();
    [0, 0, (bits >> 32) as u32, bits as u32]
}

fn wide(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// A bijection that spreads every bit over the word (`SplitMix64`, Steele et al. 2014).
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Who opened a flow, judged by its first packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Whether its sender did.
    pub by_sender: bool,
    /// Whether that was seen, not guessed.
    pub known: bool,
}

impl Opening {
    /// Judges the first packet of a flow.
    #[must_use]
    pub fn of(packet: &Transport<'_>) -> Self {
        let seen = |by_sender| Self {
            by_sender,
            known: true,
        };
        let guessed = |by_sender| Self {
            by_sender,
            known: false,
        };
        match packet.kind {
            Kind::Tcp(tcp) if tcp.is_syn() => seen(true),
            Kind::Tcp(tcp) if tcp.is_syn_ack() => seen(false),
            Kind::Echo { is_reply: false } => seen(true),
            Kind::Echo { is_reply: true } => guessed(false),
            Kind::Control | Kind::Other => guessed(true),
            Kind::Tcp(_) => guessed(!serves(packet.src_port, packet.dst_port)),
            Kind::Udp if is_group(packet.dst) => seen(true),
            Kind::Udp if serves(packet.src_port, packet.dst_port) => guessed(false),
            Kind::Udp => Self {
                by_sender: true,
                known: serves(packet.dst_port, packet.src_port),
            },
        }
    }
}

/// Whether the first port looks like the side that serves the second.
fn serves(port: u16, other: u16) -> bool {
    let (known, other_known) = (is_known(port), is_known(other));
    known && (!other_known || port < other)
}

fn is_known(port: u16) -> bool {
    const ABOVE: [u16; 24] = [
        1194, 1883, 1900, 3478, 3702, 4500, 5060, 5353, 5355, 5540, 5683, 5684, 6666, 6667, 8000,
        8008, 8009, 8080, 8443, 8883, 9100, 20000, 47808, 51820,
    ];
    (1..1024).contains(&port) || ABOVE.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{ACK, SYN, Tcp};

    fn packet(kind: Kind, from: (&str, u16), to: (&str, u16)) -> Transport<'static> {
        let proto = if matches!(kind, Kind::Tcp(_)) {
            proto::TCP
        } else {
            proto::UDP
        };
        Transport {
            src: from.0.parse().unwrap(),
            dst: to.0.parse().unwrap(),
            src_port: from.1,
            dst_port: to.1,
            vlan: Vlan::default(),
            proto,
            kind,
            payload: &[],
            length: 0,
            damage: None,
        }
    }

    #[test]
    fn both_ways_are_one_flow() {
        let (a, b) = (("10.0.0.9", 1000), ("10.0.0.1", 53));
        let (there, from_low) = FlowKey::of(&packet(Kind::Udp, a, b), Mac::NONE);
        let (back, back_from_low) = FlowKey::of(&packet(Kind::Udp, b, a), Mac::NONE);
        assert_eq!(there, back);
        assert_ne!(from_low, back_from_low);
        assert_eq!(there.ports(from_low), (1000, 53));
        assert_eq!(there.id(7), back.id(7));
        assert_ne!(there.id(7), there.id(8));
    }

    #[test]
    fn those_without_an_address_are_told_apart() {
        let asking = packet(Kind::Udp, ("0.0.0.0", 68), ("255.255.255.255", 67));
        let of = |last| FlowKey::of(&asking, Mac([2, 0, 0, 0, 0, last])).0;
        assert_ne!(of(1), of(2));
        assert_ne!(of(1).id(7), of(2).id(7));
    }

    #[test]
    fn the_opener_is_seen_or_guessed() {
        let (client, server) = (("10.0.0.9", 40000), ("10.0.0.1", 443));
        let tcp = |flags| {
            Kind::Tcp(Tcp {
                flags,
                ..Tcp::default()
            })
        };
        let of = |kind, from, to| {
            let opening = Opening::of(&packet(kind, from, to));
            (opening.by_sender, opening.known)
        };
        assert_eq!(of(tcp(SYN), server, client), (true, true));
        assert_eq!(of(tcp(SYN | ACK), server, client), (false, true));
        assert_eq!(of(tcp(ACK), server, client), (false, false));
        assert_eq!(of(Kind::Udp, client, ("10.0.0.1", 53)), (true, true));
        assert_eq!(of(Kind::Udp, ("10.0.0.1", 53), client), (false, false));
        assert_eq!(of(Kind::Udp, client, ("10.0.0.1", 40001)), (true, false));
        assert_eq!(
            of(Kind::Udp, ("10.0.0.1", 5353), ("224.0.0.251", 5353)),
            (true, true)
        );
    }
}
