//! Data connections that control connections announced.
use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;

use crate::app::{Party, Talk};
use crate::damage::Damage;
use crate::link::Vlan;
use crate::output::Output;
use crate::protocols::ftp::transfers::Carried;

/// Connections awaited at once, over all flows.
const MOST: usize = 4096;
/// How long one is awaited, µs: servers give up earlier.
const PATIENCE: i64 = 300_000_000;

/// Where a connection is awaited.
pub type Place = (Vlan, IpAddr, u16);

/// What is known of a connection before it comes.
#[derive(Debug, Clone)]
pub struct Awaited {
    /// The client of the control connection.
    pub client: Party,
    /// Its server.
    pub server: Party,
    /// What it carries; nothing known, or no file.
    pub carried: Option<Carried>,
    /// Not after that time.
    until: i64,
}

/// All that is awaited.
pub type Expectations = HashMap<Place, Awaited, RandomState>;

/// A connection will come to that place.
pub fn announce(place: Place, client: Party, server: Party, now: i64, out: &mut Output) {
    let awaited = &mut out.files.awaited;
    if awaited.len() >= MOST {
        awaited.retain(|_, one| one.until >= now);
    }
    if awaited.len() >= MOST {
        out.tally
            .count(Damage("files: too many connections awaited"));
        return;
    }
    let until = now.saturating_add(PATIENCE);
    let carried = None;
    awaited.insert(
        place,
        Awaited {
            client,
            server,
            carried,
            until,
        },
    );
}

/// The connection awaited there carries that.
pub fn carries(place: &Place, carried: Option<&Carried>, out: &mut Output) {
    if let Some(awaited) = out.files.awaited.get_mut(place) {
        awaited.carried = carried.cloned();
    }
}

/// The connection is not awaited any longer.
pub fn forget(place: &Place, out: &mut Output) {
    out.files.awaited.remove(place);
}

impl super::Files {
    /// What was announced of a connection that has come; asked once of each.
    pub fn announced(&mut self, talk: &Talk) -> Option<Awaited> {
        if self.awaited.is_empty() {
            return None;
        }
        let mut found = None;
        for end in [talk.to, talk.from] {
            found = found.or(self.awaited.remove(&(talk.at.vlan, end.ip, end.port)));
        }
        found.filter(|awaited| awaited.until >= talk.at.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::files::testing;

    #[test]
    fn a_connection_is_awaited_once_and_not_for_ever() {
        let mut out = Output::new(10, "lan", &[]);
        let mut talk = testing::talk();
        let place = (talk.at.vlan, talk.to.ip, talk.to.port);
        announce(place, talk.from, talk.to, 0, &mut out);
        assert!(out.files.announced(&talk.reversed()).is_some());
        assert!(out.files.announced(&talk).is_none());
        announce(place, talk.from, talk.to, 0, &mut out);
        talk.at.time = PATIENCE + 1;
        assert!(out.files.announced(&talk).is_none());
    }
}
