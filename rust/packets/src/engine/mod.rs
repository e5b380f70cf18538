//! From frames to windows of tables: joins the layers; `windows` keeps the time.
mod heads;
mod settings;
mod windows;

use std::net::IpAddr;

use heads::Heads;
pub use settings::{Settings, Stats};
pub use windows::Window;
use windows::Windows;

use crate::address::{Mac, is_host};
use crate::app;
use crate::capture::Frame;
use crate::clock::{Clock, Verdict};
use crate::damage::Damage;
use crate::flow::{Arrival, FlowTable, OUT};
use crate::link::{self, Carried, Vlan, ether};
use crate::network::fragments::{Datagram, Fragments};
use crate::network::ip::{self, Packet, proto};
use crate::network::syn::Syns;
use crate::network::tunnel::Inner;
use crate::network::{arp, neighbours, tunnel};
use crate::output::{At, Output};
use crate::tables::ArpRow;
use crate::transport::{self, Ends, Kind, Transport};

/// So often it is asked whether a batch is full, packets.
const LOOK: u64 = 256;

/// Takes packets in the order in which they were captured and gives windows.
pub struct Engine {
    windows: Windows,
    clock: Clock,
    flows: FlowTable,
    fragments: Fragments,
    syns: Syns,
    heads: Heads,
    out: Output,
    stats: Stats,
}

/// What lies between the frame and the transport: when, how large, from and to which hardware.
#[derive(Clone, Copy)]
struct Envelope<'a> {
    time: i64,
    /// Of the frames it came in, bytes.
    sizes: &'a [u32],
    macs: (Mac, Mac),
    vlan: Vlan,
    /// How many packets it lies within.
    depth: u8,
}

impl Envelope<'_> {
    fn at(&self) -> At {
        At {
            time: self.time,
            vlan: self.vlan,
        }
    }
}

impl Engine {
    /// An engine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            windows: Windows::new(settings),
            clock: Clock::default(),
            flows: FlowTable::new(settings.max_flows),
            fragments: Fragments::default(),
            syns: Syns::default(),
            heads: Heads::default(),
            out: Output::new(
                settings.step.max(1),
                &settings.segment,
                &settings.secret_key,
            ),
            stats: Stats::default(),
        }
    }

    /// What was counted so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let (flows, evicted) = self.flows.counts();
        Stats {
            flows,
            evicted,
            ..self.stats
        }
    }

    /// Where damage is counted; what reads the input counts there too.
    pub fn tally(&mut self) -> &mut crate::tally::Tally {
        &mut self.out.tally
    }

    /// Takes a packet.
    pub fn take(&mut self, frame: &Frame<'_>, is_first_of_file: bool) {
        self.settle();
        self.stats.packets = self.stats.packets.saturating_add(1);
        self.stats.bytes = self.stats.bytes.saturating_add(u64::from(frame.wire));
        match self
            .clock
            .judge(frame, is_first_of_file, &mut self.out.tally)
        {
            Verdict::Take => self.believe(frame),
            Verdict::Wait => {}
            Verdict::Leap(held) => {
                for held in held {
                    self.settle();
                    self.believe(&held.frame());
                }
            }
        }
        if self.stats.packets.is_multiple_of(LOOK) {
            self.hand_out_batch();
        }
    }

    fn read(&mut self, frame: &Frame<'_>) {
        let (first, last) = self.stats.times.unwrap_or((frame.time, frame.time));
        self.stats.times = Some((first.min(frame.time), last.max(frame.time)));
        match link::read(frame.link, frame.data) {
            Ok(carried) => {
                let headers = (frame.data.len() - carried.payload.len()) as u32;
                let envelope = Envelope {
                    time: frame.time,
                    sizes: &[frame.wire],
                    macs: (carried.from, carried.to),
                    vlan: carried.vlan,
                    depth: 0,
                };
                let wire = frame.wire.saturating_sub(headers);
                self.heads.see(&envelope, &carried, &mut self.out);
                self.carried(&envelope, &carried, wire);
            }
            Err(damage) => self.out.tally.count(damage),
        }
    }

    /// Takes what a link carries, `wire` bytes of it on the wire.
    fn carried(&mut self, envelope: &Envelope<'_>, carried: &Carried<'_>, wire: u32) {
        let payload = carried.payload;
        let wire = wire.max(payload.len() as u32);
        let packet = match carried.ether {
            ether::IPV4 => ip::read_v4(payload, wire),
            ether::IPV6 => ip::read_v6(payload, wire),
            ether::ARP => {
                self.sight_sender(envelope, None);
                return self.arp(envelope, payload);
            }
            _ => {
                self.sight_sender(envelope, None);
                let (at, sender) = (envelope.at(), envelope.macs.0);
                return app::see_announcement(at, sender, carried.ether, payload, &mut self.out);
            }
        };
        match packet {
            Ok(packet) => self.packet(envelope, &packet),
            Err(damage) => {
                self.sight_sender(envelope, None);
                self.out.tally.count(damage);
            }
        }
    }

    /// Takes what a tunnel carries in place of the tunnel; the hardware addresses within count where there are any.
    fn tunnelled(&mut self, outer: &Envelope<'_>, src: IpAddr, inner: &Inner<'_>, length: u32) {
        self.sight_sender(outer, Some(src));
        let carried = &inner.carried;
        let mut envelope = Envelope {
            vlan: outer.vlan.around(carried.vlan),
            depth: outer.depth + 1,
            ..*outer
        };
        if !carried.from.is_none() {
            envelope.macs = (carried.from, carried.to);
        }
        self.carried(&envelope, carried, length.saturating_sub(inner.header));
    }

    fn note(&mut self, damage: Option<Damage>) {
        if let Some(damage) = damage {
            self.out.tally.count(damage);
        }
    }

    fn sight_sender(&mut self, envelope: &Envelope<'_>, ip: Option<IpAddr>) {
        let at = envelope.at();
        self.out.sight(at, envelope.macs.0, None, "mac", "");
        if let Some(ip) = ip.filter(|ip| is_host(*ip)) {
            self.out
                .sight(at, envelope.macs.0, Some(ip), "ip.source", "");
        }
    }

    fn arp(&mut self, envelope: &Envelope<'_>, payload: &[u8]) {
        let message = match arp::read(payload) {
            Ok(Some(message)) => message,
            Ok(None) => return,
            Err(damage) => return self.out.tally.count(damage),
        };
        let (sender_mac, sender_ip) = (message.sender.0, IpAddr::V4(message.sender.1));
        let step = self.out.step_of(envelope.time);
        let segment = self.out.segments.name(envelope.vlan);
        self.out.tables.arp.push(ArpRow {
            step,
            time: envelope.time,
            segment,
            mac: envelope.macs.0,
            operation: message.operation,
            sender_mac,
            sender_ip: Some(sender_ip),
            target_mac: message.target.0,
            target_ip: Some(IpAddr::V4(message.target.1)),
        });
        if is_host(sender_ip) {
            let at = envelope.at();
            self.out.sight(at, sender_mac, Some(sender_ip), "ip", "arp");
        }
    }

    fn packet(&mut self, envelope: &Envelope<'_>, packet: &Packet<'_>) {
        self.note(packet.damage);
        let at = At {
            time: envelope.time,
            vlan: envelope.vlan,
        };
        let sender = envelope.macs.0;
        self.syns.see(at, sender, packet, &mut self.out);
        let Some(piece) = packet.piece else {
            let ends = (packet.src, packet.dst, packet.proto, envelope.vlan);
            return self.whole(envelope, ends, packet.payload, packet.length);
        };
        self.sight_sender(envelope, Some(packet.src));
        while let Some(datagram) = self.fragments.overdue(envelope.time) {
            self.incomplete(datagram, envelope.depth);
        }
        let cost = (envelope.time, envelope.sizes, envelope.macs);
        if let Some(datagram) = self.fragments.add(packet, piece, envelope.vlan, cost) {
            self.datagram(&datagram, envelope.depth);
        }
    }

    /// A datagram whose pieces did not all come still counts by what its first one tells.
    ///
    /// It is told at the time at which it was given up, for rows of the time before may be out already.
    fn incomplete(&mut self, mut datagram: Datagram, depth: u8) {
        self.out.tally.count(Damage("fragments: not complete"));
        if datagram.has_start() {
            datagram.time = self.clock.now().unwrap_or(datagram.time);
            self.datagram(&datagram, depth);
        }
    }

    fn datagram(&mut self, datagram: &Datagram, depth: u8) {
        let put = datagram.put();
        let ends = datagram.ends();
        let envelope = Envelope {
            time: datagram.time,
            sizes: &datagram.sizes,
            macs: datagram.macs,
            vlan: ends.3,
            depth,
        };
        self.whole(&envelope, ends, &put.payload, put.length);
    }

    /// Takes a packet that is in one piece: what it carries when it is a tunnel, else itself.
    fn whole(&mut self, envelope: &Envelope<'_>, ends: Ends, data: &[u8], length: u32) {
        let packet = match transport::read(ends, data, length) {
            Ok(packet) => packet,
            Err(damage) => {
                self.sight_sender(envelope, Some(ends.0));
                return self.out.tally.count(damage);
            }
        };
        let (inner, length) = if packet.kind == Kind::Udp {
            let inner = tunnel::within_datagram(packet.dst_port, packet.payload);
            (inner, packet.length)
        } else {
            (tunnel::within(packet.proto, data), length)
        };
        match inner {
            Ok(None) => self.count(envelope, &packet),
            Ok(Some(inner)) if envelope.depth < tunnel::DEEPEST => {
                self.tunnelled(envelope, packet.src, &inner, length);
            }
            Ok(Some(_)) => {
                self.out.tally.count(Damage("tunnel: too deep"));
                self.count(envelope, &packet);
            }
            Err(damage) => {
                self.out.tally.count(damage);
                self.count(envelope, &packet);
            }
        }
    }

    /// Counts a packet to its flow and looks at what it carries.
    fn count(&mut self, envelope: &Envelope<'_>, packet: &Transport<'_>) {
        let src = packet.src;
        self.note(packet.damage);
        let &Envelope {
            time,
            sizes,
            macs,
            vlan,
            ..
        } = envelope;
        let now = self.clock.reach(time);
        let arrival = Arrival {
            packet,
            macs,
            time,
            now,
            sizes,
        };
        let (flow, side, is_new) = self.flows.arrive(&arrival, &mut self.out);
        let at = At { time, vlan };
        if is_new {
            self.out.sight(at, macs.0, None, "mac", "");
            if is_host(src) {
                self.out.sight(at, macs.0, Some(src), "ip.source", "");
                neighbours::sight_maker(at, macs.0, src, &mut self.out);
            }
        }
        match packet.kind {
            Kind::Tcp(tcp) if tcp.is_syn_ack() && side != OUT => {
                let port = packet.src_port;
                self.out
                    .sight_number(at, macs.0, Some(src), "tcp.serves", port);
            }
            Kind::Control if packet.proto == proto::ICMPV6 => {
                let IpAddr::V6(source) = src else { return };
                if let Some((mac, ip)) = neighbours::claim(source, packet.payload) {
                    self.out.sight(at, mac, Some(IpAddr::V6(ip)), "ip", "nd");
                }
            }
            _ => {}
        }
        app::see(flow, side, &arrival, &mut self.out);
    }
}
