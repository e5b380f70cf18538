//! What flows carry: calls the parsers of `protocols` and turns their messages into rows and sightings.
mod announcements;
mod datagram;
mod dhcp;
mod heads;
mod hellos;
mod logins;
mod names;
mod ot;
mod session;
mod stream;
mod talk;
mod tcp;

pub use announcements::see as see_announcement;
pub use talk::{Party, Talk};

use crate::damage::Parsed;
use crate::flow::{Arrival, Flow, OUT};
use crate::network::ip::proto;
use crate::output::Output;
use crate::protocols::{igmp, mld};
use crate::transport::{Kind, SYN, Transport};
use tcp::{Segment, Tracking};

/// What is known of the protocol a flow carries.
pub struct App {
    known: Known,
    tracking: Tracking,
}

impl Default for App {
    fn default() -> Self {
        Self {
            known: Known::default(),
            tracking: Tracking::Fresh([None; 2]),
        }
    }
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

impl App {
    /// The service recognised so far, or empty.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.known.service
    }

    /// The name of the server asked for, as far as known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.known.named.as_ref().map_or("", |named| &named.name)
    }

    /// The fingerprint of the client, as far as known.
    #[must_use]
    pub fn ja4(&self) -> &str {
        self.known.named.as_ref().map_or("", |named| &named.ja4)
    }
}

/// Looks at what a packet carries.
pub fn see(flow: &mut Flow, side: usize, arrival: &Arrival<'_, '_>, out: &mut Output) {
    let packet = arrival.packet;
    match packet.kind {
        Kind::Udp if !packet.payload.is_empty() => {
            let talk = Talk::of(flow, side, arrival.time).between(arrival.macs);
            if let Some(service) = datagram::see(&talk, packet.payload, out) {
                flow.app.known.serve(service);
            }
        }
        Kind::Tcp(tcp) => {
            let is_syn = tcp.flags & SYN != 0;
            let sequence = tcp.sequence.wrapping_add(u32::from(is_syn));
            if is_syn {
                flow.app.tracking.begins(side, sequence);
            }
            if packet.payload.is_empty() || matches!(flow.app.tracking, Tracking::Over) {
                return;
            }
            let talk = Talk::of(flow, side, arrival.time).between(arrival.macs);
            let segment = Segment {
                sequence,
                payload: packet.payload,
                length: packet.length,
            };
            let App { known, tracking } = &mut flow.app;
            tracking.see(side, &segment, &talk, known, out);
        }
        Kind::Other | Kind::Control => {
            if let Some(service) = membership(packet, out) {
                flow.app.known.serve(service);
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
    if matches!(flow.app.tracking, Tracking::Following(_)) {
        let talk = Talk::of(flow, OUT, moment);
        flow.app.tracking.finish(&talk, out);
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
