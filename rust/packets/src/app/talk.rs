//! Who speaks to whom when a message is read.
use std::net::IpAddr;

use crate::address::Mac;
use crate::flow::{Flow, OUT};
use crate::output::{At, Output};

/// One end of a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Party {
    /// Hardware address.
    pub mac: Mac,
    /// IP address.
    pub ip: IpAddr,
    /// TCP or UDP port.
    pub port: u16,
}

/// The circumstances of one message.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    /// Packet time and broadcast domain.
    pub at: At,
    /// Id of the flow.
    pub flow: u64,
    /// Who sent the message.
    pub from: Party,
    /// Whom it was sent to.
    pub to: Party,
}

impl Talk {
    /// The circumstances of a message sent from that side of the flow.
    #[must_use]
    pub fn of(flow: &Flow, side: usize, time: i64) -> Self {
        let (src, dst) = flow.key.addresses(flow.low_opened());
        let (src_port, dst_port) = flow.key.ports(flow.low_opened());
        let [src_mac, dst_mac] = flow.macs;
        let opener = Party {
            mac: src_mac,
            ip: src,
            port: src_port,
        };
        let other = Party {
            mac: dst_mac,
            ip: dst,
            port: dst_port,
        };
        let (from, to) = if side == OUT {
            (opener, other)
        } else {
            (other, opener)
        };
        Self {
            at: At {
                time,
                vlan: flow.key.vlan(),
            },
            flow: flow.id,
            from,
            to,
        }
    }

    /// The circumstances with the hardware addresses that this very message bore.
    #[must_use]
    pub fn between(mut self, (from, to): (Mac, Mac)) -> Self {
        (self.from.mac, self.to.mac) = (from, to);
        self
    }

    /// The circumstances of an answer at the same time.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            from: self.to,
            to: self.from,
            ..*self
        }
    }

    /// Whether either end has that port.
    #[must_use]
    pub fn has_port(&self, port: u16) -> bool {
        self.from.port == port || self.to.port == port
    }

    /// Client and server, where the message is known to be the one's or the other's.
    #[must_use]
    pub fn roles(&self, is_by_server: bool) -> (Party, Party) {
        if is_by_server {
            (self.to, self.from)
        } else {
            (self.from, self.to)
        }
    }

    /// Adds a sighting of the sender, unless there is nothing to say.
    pub fn sight(&self, out: &mut Output, field: &'static str, value: &str) {
        if !value.is_empty() {
            out.sight(self.at, self.from.mac, Some(self.from.ip), field, value);
        }
    }
}
