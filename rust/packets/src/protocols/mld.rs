//! Membership of multicast groups in IPv6: MLD versions 1 and 2 (RFC 2710, RFC 9777), which travels in `ICMPv6`.

use std::net::Ipv6Addr;

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "mld";

/// A question or an answer about groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// query, report or leave.
    pub kind: &'static str,
    /// The group it is about; none in a general query, or where a report lists several.
    pub group: Option<Ipv6Addr>,
}

/// Whether the `ICMPv6` message is of a type that is about groups.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|kind| named(*kind).is_some())
}

/// A whole `ICMPv6` message.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let short = Damage("mld: message short");
    let mut reader = Reader::new(bytes);
    let Some(kind) = reader.u8().and_then(named) else {
        return Parsed::Foreign;
    };
    if reader.take(7).is_none() {
        return Parsed::Damaged(short);
    }
    let mut group = None;
    if bytes.first() != Some(&143) {
        let Some(address) = reader.array::<16>().map(Ipv6Addr::from) else {
            return Parsed::Damaged(short);
        };
        group = (!address.is_unspecified()).then_some(address);
    }
    Parsed::Done(Message { kind, group }, bytes.len())
}

fn named(kind: u8) -> Option<&'static str> {
    match kind {
        130 => Some("query"),
        131 | 143 => Some("report"),
        132 => Some("leave"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const REPORT: &[u8] = b"\x83\0\0\0\0\0\0\0\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\xfb";

    #[test]
    fn a_report_names_its_group() {
        let message = done(parse(REPORT));
        assert_eq!(message.kind, "report");
        assert_eq!(message.group, "ff02::fb".parse().ok());
        assert_eq!(done(parse(&[143, 0, 0, 0, 0, 0, 0, 1])).group, None);
        assert!(looks_like(REPORT) && !looks_like(b"\x80"));
    }

    #[test]
    fn what_is_cut_is_damage_and_other_types_are_foreign() {
        assert_eq!(damage(parse(&REPORT[..7])), "mld: message short");
        assert_eq!(damage(parse(&REPORT[..23])), "mld: message short");
        assert_eq!(parse(&[135; 24]), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[REPORT], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
