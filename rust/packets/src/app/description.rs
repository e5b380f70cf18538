//! Descriptions of devices as they are fetched on the local network: the front of a body, until it tells enough.
use std::net::IpAddr;

use super::Talk;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::upnp::{self, MAX_DESCRIPTION};

/// The front of one body, as far as it has come in order.
pub struct Description {
    bytes: Vec<u8>,
    /// Number of the next byte.
    next: u32,
    is_whole: bool,
}

impl Description {
    /// Begins with a body of that type whose front is `first`; `next` is the number of the byte behind it. Nothing when
    /// it is no XML, or not from the local network.
    pub fn begin(talk: &Talk, kind: &str, first: &[u8], next: Option<u32>) -> Option<Box<Self>> {
        if !(kind.starts_with("text/xml") || kind.starts_with("application/xml"))
            || !is_local(talk.from.ip)
        {
            return None;
        }
        let mut description = Self {
            bytes: Vec::new(),
            next: next?,
            is_whole: false,
        };
        description.push(first);
        Some(Box::new(description))
    }

    /// Takes what a segment adds; a gap ends it. Returns whether it may tell now.
    pub fn take(&mut self, sequence: u32, payload: &[u8]) -> bool {
        let known = self.next.wrapping_sub(sequence) as usize;
        match payload.get(known..) {
            Some(fresh) => {
                self.next = self.next.wrapping_add(fresh.len() as u32);
                self.push(fresh);
            }
            None => self.is_whole |= known > MAX_DESCRIPTION, // something is missing before it
        }
        self.is_whole
    }

    fn push(&mut self, fresh: &[u8]) {
        let room = MAX_DESCRIPTION.saturating_sub(self.bytes.len());
        let fresh = fresh.get(..room).unwrap_or(fresh);
        self.bytes.extend_from_slice(fresh);
        let is_other = self.bytes.len() >= 1024 && !upnp::looks_like(&self.bytes);
        self.is_whole = is_other || fresh.len() == room || upnp::is_enough(&self.bytes);
    }

    /// Whether nothing that comes would tell more.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The sightings of the sender; `talk` is of a message of it.
    pub fn tell(&self, talk: &Talk, out: &mut Output) {
        match upnp::parse(&self.bytes) {
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
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Description {
        Description {
            bytes: Vec::new(),
            next: 100,
            is_whole: false,
        }
    }

    #[test]
    fn segments_come_more_than_once_and_a_gap_ends_it() {
        let mut description = begun();
        assert!(!description.take(100, b"abc") && !description.take(100, b"abcd"));
        assert!(!description.take(99, b"xabcd"));
        assert_eq!(description.bytes, b"abcd");
        assert!(description.take(105, b"f"));
    }

    #[test]
    fn no_more_than_the_bound_is_held() {
        let mut description = begun();
        assert!(description.take(100, &[b' '; 9000]));
        assert_eq!(description.bytes.len(), MAX_DESCRIPTION);
    }

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
