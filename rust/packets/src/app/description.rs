//! Descriptions of devices as they are fetched on the local network: the front of a body, until it tells enough.
use std::net::IpAddr;

use super::Talk;
use super::front::Front;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::upnp::{self, MAX_DESCRIPTION};

/// The front of one body, as far as it has come in order.
pub struct Description(Front);

impl Description {
    /// Begins with a body of that type whose front is `first`; `next` is the number of the byte behind it. Nothing when
    /// it is no XML, or not from the local network.
    pub fn begin(talk: &Talk, kind: &str, first: &[u8], next: Option<u32>) -> Option<Box<Self>> {
        if !(kind.starts_with("text/xml") || kind.starts_with("application/xml"))
            || !is_local(talk.from.ip)
        {
            return None;
        }
        Some(Box::new(Self(Front::begin(first, next?, MAX_DESCRIPTION))))
    }

    /// Takes what a segment adds; a gap ends it. Returns whether it may tell now.
    pub fn take(&mut self, sequence: u32, payload: &[u8]) -> bool {
        self.0.take(sequence, payload);
        self.is_whole()
    }

    /// Whether nothing that comes would tell more.
    pub fn is_whole(&self) -> bool {
        let bytes = self.0.bytes();
        let is_other = bytes.len() >= 1024 && !upnp::looks_like(bytes);
        is_other || self.0.is_over() || upnp::is_enough(bytes)
    }

    /// The sightings of the sender; `talk` is of a message of it.
    pub fn tell(&self, talk: &Talk, out: &mut Output) {
        match upnp::parse(self.0.bytes()) {
            Parsed::Done(message, _) => {
                for (field, value) in &message.sightings {
                    talk.sight(out, field, value);
                }
            }
            other => {
                super::is_ours(&other, out);
            }
        }
    }
}

/// Whether the address is one of those that are used within a site only.
pub fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_sites_are_local() {
        let told = [
            "192.168.1.1",
            "fe80::1",
            "fd00::1",
            "8.8.8.8",
            "2001:db8::1",
        ]
        .map(|ip| is_local(ip.parse().unwrap()));
        assert_eq!(told, [true, true, true, false, false]);
    }
}
