//! What flows carry: calls the parsers of `protocols` and turns their messages into rows and sightings.
mod announcements;
mod call;
mod coap;
mod datagram;
mod description;
mod dhcp;
mod dns;
mod files;
mod front;
mod heads;
mod hellos;
mod logins;
mod messages;
mod mqtt;
mod names;
mod ot;
mod preamble;
mod proxied;
mod quic;
mod recognise;
mod session;
mod smb;
mod speaker;
mod ssh;
mod stream;
mod talk;
mod tcp;
mod tls;

pub use announcements::see as see_announcement;
pub use coap::Asked;
pub use files::Files;
pub use hellos::Hellos;
pub use talk::{Party, Talk};

use crate::damage::Parsed;
use crate::flow::{Arrival, Flow, OUT};
use crate::network::ip::proto;
use crate::output::Output;
use crate::protocols::{dtls, igmp, mld, tftp};
use crate::transport::{ACK, FIN, Kind, SYN, Transport};
use speaker::Segment;
use tcp::Tracking;

/// After so many datagrams of a flow that nobody knows, only one in as many is looked at.
const UNKNOWN_ENOUGH: u8 = 16;

/// What is known of the protocol a flow carries; nothing stands behind it until there is something to look into.
#[derive(Default)]
pub struct Content(Option<Box<App>>);

/// What is known of a flow that carries something.
#[derive(Default)]
pub struct App {
    known: Known,
    tracking: Tracking,
    /// Datagrams that nobody knew since the last one that somebody did.
    unknown: u8,
    /// The opening of a QUIC connection, while its hello is awaited.
    quic: Option<Box<quic::Quic>>,
}

/// What the flow's rows tell of its content.
#[derive(Default)]
pub struct Known {
    service: &'static str,
    named: Option<Box<Named>>,
}

#[derive(Default)]
struct Named {
    name: String,
    ja4: String,
}

impl Known {
    /// The flow belongs to that service, unless one was recognised before.
    pub fn serve(&mut self, service: &'static str) {
        if self.service.is_empty() {
            self.service = service;
        }
    }

    /// What was thought to be a service of its own carries another one.
    pub fn turn(&mut self, service: &'static str) {
        self.service = service;
    }

    /// The server's name and the client's fingerprint; those told first stay.
    pub fn name(&mut self, name: &str, ja4: &str) {
        if name.is_empty() && ja4.is_empty() {
            return;
        }
        let named = self.named.get_or_insert_default();
        if named.name.is_empty() {
            name.clone_into(&mut named.name);
        }
        if named.ja4.is_empty() {
            ja4.clone_into(&mut named.ja4);
        }
    }
}

impl Content {
    /// Whether nothing was looked into.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The connection carries something; each side's bytes begin there, if its SYN was seen.
    pub fn follow(&mut self, starts: [Option<u32>; 2]) {
        self.app().tracking = Tracking::Fresh(starts);
    }

    /// The service recognised so far, or empty.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.0.as_ref().map_or("", |app| app.known.service)
    }

    /// The name of the server asked for, as far as known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.named().map_or("", |named| &named.name)
    }

    /// The fingerprint of the client, as far as known.
    #[must_use]
    pub fn ja4(&self) -> &str {
        self.named().map_or("", |named| &named.ja4)
    }

    fn named(&self) -> Option<&Named> {
        self.0.as_ref()?.known.named.as_deref()
    }

    fn app(&mut self) -> &mut App {
        self.0.get_or_insert_default()
    }

    /// Whether a datagram need not be looked at: nobody knew the last ones. One in some is looked at all the same, for
    /// who begins with nonsense must not go unheard for ever.
    fn is_deaf(&mut self) -> bool {
        let Some(app) = &mut self.0 else { return false };
        if app.unknown < UNKNOWN_ENOUGH {
            return false;
        }
        app.unknown = app.unknown.checked_add(1).unwrap_or(UNKNOWN_ENOUGH);
        app.unknown % UNKNOWN_ENOUGH != 0
    }

    /// Reads a datagram that begins an enciphered conversation, or goes on beginning it; whether it is one.
    fn see_hello(&mut self, side: usize, talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
        let is_awaited = self.0.as_ref().is_some_and(|app| app.quic.is_some());
        if !is_awaited && !quic::looks_like(payload) && !dtls::looks_like(payload) {
            return false;
        }
        let App { known, quic, .. } = self.app();
        quic::see(quic, side, (talk, payload), known, out)
            || tls::see_datagram(talk, payload, known, out)
    }

    /// What came of looking at a datagram.
    fn heard(&mut self, service: Option<&'static str>) {
        let app = self.app();
        match service {
            Some(service) => {
                app.known.serve(service);
                app.unknown = 0;
            }
            None => app.unknown = app.unknown.saturating_add(1),
        }
    }
}

/// Looks at what a packet carries.
pub fn see(flow: &mut Flow, side: usize, arrival: &Arrival<'_, '_>, out: &mut Output) {
    let packet = arrival.packet;
    match packet.kind {
        Kind::Udp if !packet.payload.is_empty() => {
            let talk = Talk::of(flow, side, arrival.time).between(arrival.macs);
            if out.files.has_transfers()
                && files::see_transfer(&talk, packet.payload, packet.length, out)
            {
                return flow.content.heard(Some(tftp::NAME));
            }
            if flow.content.is_deaf() || flow.content.see_hello(side, &talk, packet.payload, out) {
                return;
            }
            let service = datagram::see(&talk, packet.payload, out);
            if service.is_some() || flow.is_long() {
                flow.content.heard(service);
            }
        }
        Kind::Tcp(tcp) => {
            let Some(app) = &mut flow.content.0 else {
                return; // no payload yet
            };
            let is_syn = tcp.flags & SYN != 0;
            let sequence = tcp.sequence.wrapping_add(u32::from(is_syn));
            if is_syn {
                app.tracking.begins(side, sequence);
            }
            let is_last = tcp.flags & FIN != 0;
            let is_over = matches!(app.tracking, Tracking::Over);
            let is_awaited = app.tracking.waits(1 - side);
            if is_over || packet.payload.is_empty() && !is_last && !is_awaited {
                return;
            }
            let talk = Talk::of(flow, side, arrival.time).between(arrival.macs);
            let segment = Segment {
                sequence,
                payload: packet.payload,
                length: packet.length,
            };
            let App {
                known, tracking, ..
            } = flow.content.app();
            if is_awaited && tcp.flags & ACK != 0 {
                let talk = talk.reversed();
                tracking.acknowledged(1 - side, tcp.acknowledged, &talk, known, out);
            }
            if !segment.payload.is_empty() {
                tracking.see(side, &segment, &talk, known, out);
            }
            if is_last {
                let end = sequence.wrapping_add(packet.length);
                tracking.ends(side, end, &talk, known, out);
            }
        }
        Kind::Other | Kind::Control => {
            if let Some(service) = membership(packet, out) {
                flow.content.app().known.serve(service);
            }
        }
        _ => {}
    }
}

/// The service of a message about groups.
fn membership(packet: &Transport<'_>, out: &mut Output) -> Option<&'static str> {
    let (is_ours, name) = match packet.proto {
        proto::IGMP => (is_ours(&igmp::parse(packet.payload), out), igmp::NAME),
        proto::ICMPV6 => (is_ours(&mld::parse(packet.payload), out), mld::NAME),
        _ => return None,
    };
    is_ours.then_some(name)
}

/// The flow ended at that moment: tells what was still open and gives back what was held.
pub fn finish(flow: &mut Flow, moment: i64, out: &mut Output) {
    let Some(app) = &mut flow.content.0 else {
        return;
    };
    quic::finish(&mut app.quic, out);
    if matches!(app.tracking, Tracking::Following(_)) {
        let talk = Talk::of(flow, OUT, moment);
        flow.content.app().tracking.finish(&talk, out);
    } else if app.known.service == tftp::NAME {
        files::give_up(&Talk::of(flow, OUT, moment), out);
    }
}

/// Whether a message that could not be read whole was of the protocol; counts its damage.
fn is_ours<T>(parsed: &Parsed<T>, out: &mut Output) -> bool {
    match parsed {
        Parsed::Done(..) | Parsed::More(_) => true,
        Parsed::Foreign => false,
        Parsed::Damaged(damage) => {
            out.tally.count(*damage);
            true
        }
    }
}
