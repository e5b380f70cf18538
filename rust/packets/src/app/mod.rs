//! What flows carry: calls the parsers of `protocols` and turns their messages into rows and sightings.
mod dhcp;
mod talk;

pub use talk::Talk;

use crate::damage::Parsed;
use crate::flow::Flow;
use crate::output::Output;
use crate::transport::{Kind, Transport};

/// What is known of the protocol a flow carries.
#[derive(Default)]
pub struct App {
    service: &'static str,
    named: Option<Box<Named>>,
}

#[derive(Default)]
struct Named {
    name: String,
    ja4: String,
}

impl App {
    /// The service recognised so far, or empty.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The name of the server asked for, as far as known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.named.as_ref().map_or("", |named| &named.name)
    }

    /// The fingerprint of the client, as far as known.
    #[must_use]
    pub fn ja4(&self) -> &str {
        self.named.as_ref().map_or("", |named| &named.ja4)
    }

    /// Gives back what was held of the stream.
    pub fn release(&mut self, out: &mut Output) {
        let _ = out;
    }
}

/// Looks at what a packet carries.
pub fn see(flow: &mut Flow, side: usize, packet: &Transport<'_>, time: i64, out: &mut Output) {
    if packet.payload.is_empty() {
        return;
    }
    if packet.kind == Kind::Udp {
        let talk = Talk::of(flow, side, time);
        let is_dhcp = match talk.port() {
            67 | 68 | 546 | 547 => dhcp::see(&talk, packet.payload, out),
            _ => false,
        };
        if is_dhcp {
            flow.app.service = "dhcp";
        }
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
