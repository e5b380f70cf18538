//! What devices tell their neighbours on the link, without IP: sightings of who they are.
use crate::address::Mac;
use crate::damage::Parsed;
use crate::link::ether;
use crate::output::{At, Output};
use crate::protocols::{cdp, eapol, lldp, profinet, stp};

/// Reads what a frame of that type announces of its sender, if it is an announcement.
pub fn see(at: At, sender: Mac, ether: u16, payload: &[u8], out: &mut Output) {
    let tell = |fields: &[(&'static str, &str)], out: &mut Output| {
        for (field, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            out.sight(at, sender, None, field, value);
        }
    };
    match ether {
        ether::LLDP => {
            if let Some(message) = whole(lldp::parse(payload), out) {
                tell(&message.sightings(), out);
            }
        }
        ether::CDP => {
            if let Some(message) = whole(cdp::parse(payload), out) {
                tell(&message.sightings(), out);
            }
        }
        ether::EAPOL => {
            if let Some(message) = whole(eapol::parse(payload), out) {
                tell(&[(eapol::NAME, message.role)], out);
            }
        }
        ether::STP => {
            if let Some(message) = whole(stp::parse(payload), out) {
                tell(&[(stp::NAME, message.role())], out);
            }
        }
        ether::PROFINET => {
            if let Some(message) = whole(profinet::parse(payload), out) {
                tell(&message.sightings(), out);
            }
        }
        _ => {}
    }
}

/// The message, if it could be read; damage is counted.
fn whole<T>(parsed: Parsed<T>, out: &mut Output) -> Option<T> {
    if let Parsed::Done(message, _) = parsed {
        return Some(message);
    }
    super::is_ours(&parsed, out);
    None
}
