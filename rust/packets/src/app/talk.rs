//! Who speaks to whom when a message is read.
use std::net::IpAddr;

use crate::address::Mac;
use crate::flow::{Flow, OUT};
use crate::output::{At, Output};

/// A message's circumstances: client is who opened the flow, from is who sent the message.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    /// Packet time and broadcast domain.
    pub at: At,
    /// Id of the flow.
    pub flow: u64,
    /// Whether the client sent it.
    pub is_out: bool,
    /// The client.
    pub client: (Mac, IpAddr, u16),
    /// The other end.
    pub server: (Mac, IpAddr, u16),
    /// Who sent the message.
    pub from: IpAddr,
    /// Hardware address it came from.
    pub from_mac: Mac,
    /// Hardware address it went to.
    pub to_mac: Mac,
}

impl Talk {
    /// The circumstances of a packet of that flow, sent from that side.
    #[must_use]
    pub fn of(flow: &Flow, side: usize, time: i64) -> Self {
        let (src, dst) = flow.key.addresses(flow.low_opened);
        let (src_port, dst_port) = flow.key.ports(flow.low_opened);
        let [src_mac, dst_mac] = flow.macs;
        let is_out = side == OUT;
        Self {
            at: At {
                time,
                vlan: flow.key.vlan(),
            },
            flow: flow.id,
            is_out,
            client: (src_mac, src, src_port),
            server: (dst_mac, dst, dst_port),
            from: if is_out { src } else { dst },
            from_mac: if is_out { src_mac } else { dst_mac },
            to_mac: if is_out { dst_mac } else { src_mac },
        }
    }

    /// The port served.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.2
    }

    /// Whether either end has that port.
    #[must_use]
    pub fn has_port(&self, port: u16) -> bool {
        self.client.2 == port || self.server.2 == port
    }

    /// Adds a sighting of the sender, unless there is nothing to say.
    pub fn sight(&self, out: &mut Output, field: &'static str, value: &str) {
        if !value.is_empty() {
            out.sight(self.at, self.from_mac, Some(self.from), field, value);
        }
    }
}
