//! Dynamic host configuration for IPv4 (RFC 2131, options RFC 2132), and BOOTP before it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::reader::Reader;
use super::text::trimmed;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "dhcp";
/// What stands before the options (RFC 2131 section 3).
const COOKIE: [u8; 4] = [99, 130, 83, 99];
/// Where the cookie stands; before it the fixed fields.
const FIXED: usize = 236;
/// The most options read of one field.
const MAX_OPTIONS: usize = 256;
/// The most bytes kept of one option, over all its parts (RFC 3396).
const MAX_OPTION: usize = 1024;
/// The most addresses kept of a list.
const MAX_ADDRESSES: usize = 16;

const CUT: Damage = Damage("dhcp: cut short");
const OPTION_CUT: Damage = Damage("dhcp: option cut short");

/// A message of a client or a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// From a server (op 2).
    pub is_reply: bool,
    pub transaction: u32,
    /// discover, offer, request, …; empty for BOOTP.
    pub message: &'static str,
    /// The client's hardware address; `None` when it is no Ethernet address.
    pub chaddr: Option<[u8; 6]>,
    pub ciaddr: Ipv4Addr,
    pub yiaddr: Ipv4Addr,
    pub siaddr: Ipv4Addr,
    pub giaddr: Ipv4Addr,
    /// Option 12.
    pub host_name: String,
    /// Option 60.
    pub vendor_class: String,
    /// Option 55, in its order.
    pub params: Vec<u8>,
    /// Option 61, with its type byte.
    pub client_id: Vec<u8>,
    /// Option 50.
    pub requested: Option<Ipv4Addr>,
    /// Option 54.
    pub server_id: Option<Ipv4Addr>,
    /// Option 3.
    pub routers: Vec<Ipv4Addr>,
    /// Option 6.
    pub dns: Vec<Ipv4Addr>,
    /// Option 51, seconds.
    pub lease: Option<u32>,
    /// Option 15.
    pub domain: String,
}

impl Message {
    /// The address offered or leased, else requested, else the one the client has.
    #[must_use]
    pub fn ip(&self) -> Option<Ipv4Addr> {
        let candidates = [Some(self.yiaddr), self.requested, Some(self.ciaddr)];
        candidates
            .into_iter()
            .flatten()
            .find(|address| !address.is_unspecified())
    }

    /// The server that answers or is chosen, by option 54.
    #[must_use]
    pub fn server(&self) -> Option<Ipv4Addr> {
        self.server_id
    }

    /// Option 55 with commas between.
    #[must_use]
    pub fn params_text(&self) -> String {
        let numbers: Vec<String> = self.params.iter().map(ToString::to_string).collect();
        numbers.join(",")
    }
}

/// The name of a message type (option 53), or empty.
#[must_use]
pub fn message_name(kind: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "",
        "discover",
        "offer",
        "request",
        "decline",
        "ack",
        "nak",
        "release",
        "inform",
        "forcerenew",
        "leasequery",
        "leaseunassigned",
        "leaseunknown",
        "leaseactive",
    ];
    NAMES.get(usize::from(kind)).copied().unwrap_or_default()
}

/// Whether it has an op of 1 or 2 and the cookie in its place.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(1 | 2))
        && bytes
            .get(FIXED..)
            .is_some_and(|rest| rest.starts_with(&COOKIE))
}

/// A whole datagram. Without the cookie it is BOOTP of old and taken as foreign.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if bytes.len() < FIXED.saturating_add(COOKIE.len()) {
        let begins = matches!(bytes, [1 | 2, 1, 6, ..]);
        return if begins {
            Parsed::Damaged(CUT)
        } else {
            Parsed::Foreign
        };
    }
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    Parsed::from_result(read_message(bytes), bytes.len())
}

fn read_message(bytes: &[u8]) -> Result<Message, Damage> {
    let options = read_options(bytes)?;
    let mut reader = Reader::new(bytes);
    let [op, hardware, length, _] = reader.array::<4>().ok_or(CUT)?;
    let transaction = reader.u32().ok_or(CUT)?;
    reader.take(4).ok_or(CUT)?;
    let mut address = || reader.array::<4>().map(Ipv4Addr::from).ok_or(CUT);
    let (ciaddr, yiaddr, siaddr, giaddr) = (address()?, address()?, address()?, address()?);
    let hardware_address = reader.array::<6>().ok_or(CUT)?;
    let option = |code: u8| options.get(&code).map(Vec::as_slice).unwrap_or_default();
    let addresses = |code: u8| -> Vec<Ipv4Addr> {
        let (whole, _) = option(code).as_chunks::<4>();
        whole
            .iter()
            .take(MAX_ADDRESSES)
            .map(|bytes| Ipv4Addr::from(*bytes))
            .collect()
    };
    Ok(Message {
        is_reply: op == 2,
        transaction,
        message: option(53).first().map_or("", |kind| message_name(*kind)),
        chaddr: (matches!(hardware, 1 | 6) && length == 6).then_some(hardware_address),
        ciaddr,
        yiaddr,
        siaddr,
        giaddr,
        host_name: trimmed(option(12)),
        vendor_class: trimmed(option(60)),
        params: option(55).to_vec(),
        client_id: option(61).to_vec(),
        requested: addresses(50).first().copied(),
        server_id: addresses(54).first().copied(),
        routers: addresses(3),
        dns: addresses(6),
        lease: option(51).try_into().ok().map(u32::from_be_bytes),
        domain: trimmed(option(15)),
    })
}

/// All options by code; where option 52 says so, those in the `file` and `sname` fields too (RFC 2131 section 4.1).
fn read_options(bytes: &[u8]) -> Result<BTreeMap<u8, Vec<u8>>, Damage> {
    let mut options = BTreeMap::new();
    read_field(
        bytes
            .get(FIXED.saturating_add(COOKIE.len())..)
            .unwrap_or_default(),
        &mut options,
    )?;
    let overload = options
        .get(&52)
        .and_then(|value: &Vec<u8>| value.first().copied())
        .unwrap_or(0);
    if overload & 1 != 0 {
        read_field(bytes.get(108..236).unwrap_or_default(), &mut options)?;
    }
    if overload & 2 != 0 {
        read_field(bytes.get(44..108).unwrap_or_default(), &mut options)?;
    }
    Ok(options)
}

/// One field of options; the parts of an option that comes more than once are joined (RFC 3396).
fn read_field(field: &[u8], options: &mut BTreeMap<u8, Vec<u8>>) -> Result<(), Damage> {
    let mut reader = Reader::new(field);
    for _ in 0..MAX_OPTIONS {
        // A missing end option is forgiven; padding counts towards the limit only once.
        let padding = reader.rest().iter().take_while(|byte| **byte == 0).count();
        reader.take(padding).ok_or(OPTION_CUT)?;
        let Some(code) = reader.u8() else {
            return Ok(());
        };
        if code == 255 {
            return Ok(());
        }
        let part = reader.block8().ok_or(OPTION_CUT)?;
        let value = options.entry(code).or_default();
        if value.len() < MAX_OPTION {
            value.extend_from_slice(part);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn message(op: u8, yiaddr: [u8; 4], options: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; FIXED];
        bytes[..8].copy_from_slice(&[op, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
        bytes[16..20].copy_from_slice(&yiaddr);
        bytes[28..34].copy_from_slice(&[2, 0, 0, 0, 0, 7]);
        bytes.extend(COOKIE);
        bytes.extend(options);
        bytes
    }

    fn discover() -> Vec<u8> {
        message(
            1,
            [0; 4],
            b"\x35\x01\x01\0\0\x3d\x07\x01\x02\0\0\0\0\x07\x32\x04\xc0\0\x02\x09\x0c\x05plug\0\x3c\x05udhcp\x37\x03\x01\x79\x03\xff\0\0",
        )
    }

    #[test]
    fn a_discover_tells_who_asks_and_for_what() {
        let read = done(parse(&discover()));
        assert_eq!((read.message, read.is_reply), ("discover", false));
        assert_eq!(read.chaddr, Some([2, 0, 0, 0, 0, 7]));
        assert_eq!(
            (read.host_name.as_str(), read.vendor_class.as_str()),
            ("plug", "udhcp")
        );
        assert_eq!(read.params_text(), "1,121,3");
        assert_eq!(read.ip(), Some(Ipv4Addr::new(192, 0, 2, 9)));
        assert_eq!(read.client_id, [1, 2, 0, 0, 0, 0, 7]);
    }

    #[test]
    fn an_ack_tells_the_lease_and_who_serves() {
        let options = b"\x35\x01\x05\x36\x04\xc0\0\x02\x01\x33\x04\0\0\x0e\x10\x03\x04\xc0\0\x02\x01\x06\x08\xc0\0\x02\x01\xc0\0\x02\x02\xff";
        let read = done(parse(&message(2, [192, 0, 2, 50], options)));
        assert_eq!(
            (read.message, read.is_reply, read.lease),
            ("ack", true, Some(3600))
        );
        assert_eq!(read.ip(), Some(Ipv4Addr::new(192, 0, 2, 50)));
        assert_eq!(read.server(), Some(Ipv4Addr::new(192, 0, 2, 1)));
        assert_eq!((read.routers.len(), read.dns.len()), (1, 2));
    }

    #[test]
    fn options_may_go_on_in_the_fields_for_names_and_in_parts() {
        let mut bytes = message(1, [0; 4], b"\x35\x01\x03\x34\x01\x03\x0c\x02ca\xff");
        bytes[108..113].copy_from_slice(b"\x0c\x01m\xff\0");
        bytes[44..50].copy_from_slice(b"\x3c\x03cam\xff");
        let read = done(parse(&bytes));
        assert_eq!(
            (read.host_name.as_str(), read.vendor_class.as_str()),
            ("cam", "cam")
        );
    }

    #[test]
    fn what_is_cut_is_damage_and_what_lacks_the_cookie_is_foreign() {
        assert_eq!(
            damage(parse(&message(1, [0; 4], b"\x35\x01\x01\x0c\x09pl"))),
            "dhcp: option cut short"
        );
        assert_eq!(damage(parse(&discover()[..200])), "dhcp: cut short");
        let mut bytes = discover();
        bytes[FIXED] = 0;
        assert_eq!(parse(&bytes), Parsed::Foreign);
        assert_eq!(parse(b"GET / HTTP/1.1"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[&discover(), &message(1, [0; 4], b"\x34\x01\x03\xff")],
            |bytes| {
                let _ = parse(bytes).map(|message| (message.ip(), message.params_text()));
            },
        );
    }
}
