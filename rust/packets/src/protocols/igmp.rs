//! Membership of multicast groups in IPv4: IGMP versions 1 to 3 (RFC 1112, RFC 2236, RFC 9776).

use std::net::Ipv4Addr;

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "igmp";

/// A question or an answer about groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// query, report or leave.
    pub kind: &'static str,
    /// The group it is about; none in a general query, or where a report lists several.
    pub group: Option<Ipv4Addr>,
}

/// Whether the bytes begin a message of a known type.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|kind| named(*kind).is_some())
}

/// A whole packet.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some(kind) = reader.u8().and_then(named) else {
        return Parsed::Foreign;
    };
    let is_list = bytes.first() == Some(&0x22);
    let group = reader.take(3).and_then(|_| reader.array::<4>());
    let Some(group) = group.map(Ipv4Addr::from) else {
        return Parsed::Damaged(Damage("igmp: message short"));
    };
    let group = (!is_list && !group.is_unspecified()).then_some(group);
    Parsed::Done(Message { kind, group }, bytes.len())
}

fn named(kind: u8) -> Option<&'static str> {
    match kind {
        0x11 => Some("query"),
        0x12 | 0x16 | 0x22 => Some("report"),
        0x17 => Some("leave"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const REPORT: &[u8] = &[0x16, 0, 0, 0, 239, 255, 255, 250];

    #[test]
    fn a_report_names_its_group() {
        let message = done(parse(REPORT));
        assert_eq!(message.kind, "report");
        assert_eq!(message.group, Some(Ipv4Addr::new(239, 255, 255, 250)));
        assert_eq!(done(parse(&[0x11, 0, 0, 0, 0, 0, 0, 0])).group, None);
        assert_eq!(done(parse(&[0x22, 0, 0, 0, 0, 0, 0, 1])).group, None);
        assert!(looks_like(REPORT) && !looks_like(b"\x13"));
    }

    #[test]
    fn what_is_cut_is_damage_and_other_types_are_foreign() {
        assert_eq!(damage(parse(&REPORT[..7])), "igmp: message short");
        assert_eq!(parse(&[0x30; 8]), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[REPORT], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
