//! Dynamic host configuration for IPv6 (RFC 8415).

use std::net::Ipv6Addr;

use super::domain;
use super::reader::Reader;
use super::text::trimmed;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this; the same as for IPv4.
pub const NAME: &str = "dhcp";
/// The most relays unwrapped.
const MAX_RELAYS: usize = 2;
/// The most options read at one level.
const MAX_OPTIONS: usize = 128;
/// The most addresses kept of a list.
const MAX_ADDRESSES: usize = 16;

const CUT: Damage = Damage("dhcpv6: cut short");
const OPTION_CUT: Damage = Damage("dhcpv6: option cut short");
const NESTED: Damage = Damage("dhcpv6: too many relays");

/// A message of a client or a server; where relays wrapped it, the message within.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// solicit, advertise, request, …
    pub message: &'static str,
    pub transaction: u32,
    /// How many relays had wrapped it.
    pub relays: usize,
    /// Option 1, whole.
    pub client_duid: Vec<u8>,
    /// The hardware address within the client's DUID (types LLT and LL), or the one a relay saw (RFC 6939).
    pub mac: Option<[u8; 6]>,
    /// Option 2, whole.
    pub server_duid: Vec<u8>,
    /// Option 6, in its order.
    pub params: Vec<u16>,
    /// Option 16, its first class.
    pub vendor_class: String,
    /// Option 39, without a final dot.
    pub fqdn: String,
    /// Addresses within options 3 and 4.
    pub addresses: Vec<Ipv6Addr>,
    /// Option 23.
    pub dns: Vec<Ipv6Addr>,
}

impl Message {
    /// Option 6 with commas between.
    #[must_use]
    pub fn params_text(&self) -> String {
        let numbers: Vec<String> = self.params.iter().map(ToString::to_string).collect();
        numbers.join(",")
    }

    /// Whether a server sent it.
    #[must_use]
    pub fn is_reply(&self) -> bool {
        matches!(self.message, "advertise" | "reply" | "reconfigure")
    }
}

/// The name of a message type (RFC 8415 section 7.3), or empty.
#[must_use]
pub fn message_name(kind: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "",
        "solicit",
        "advertise",
        "request",
        "confirm",
        "renew",
        "rebind",
        "reply",
        "release",
        "decline",
        "reconfigure",
        "information-request",
        "relay-forward",
        "relay-reply",
    ];
    NAMES.get(usize::from(kind)).copied().unwrap_or_default()
}

/// Whether the type is known and the first option fits.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let first = match bytes.first() {
        Some(1..=11) => 4,
        Some(12 | 13) => 34,
        _ => return false,
    };
    bytes.get(first..).is_some_and(|options| {
        options.is_empty()
            || Options(Reader::new(options))
                .next()
                .is_some_and(|read| read.is_ok())
    })
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    match bytes.first() {
        Some(1..=13) => Parsed::from_result(read_message(bytes), bytes.len()),
        Some(_) => Parsed::Foreign,
        None => Parsed::Damaged(CUT),
    }
}

struct Options<'a>(Reader<'a>);

impl<'a> Iterator for Options<'a> {
    type Item = Result<(u16, &'a [u8]), Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let option = self
            .0
            .u16()
            .and_then(|code| Some((code, self.0.block16()?)));
        if option.is_none() {
            self.0 = Reader::new(&[]);
        }
        Some(option.ok_or(OPTION_CUT))
    }
}

fn options(bytes: &[u8]) -> impl Iterator<Item = Result<(u16, &[u8]), Damage>> {
    Options(Reader::new(bytes)).take(MAX_OPTIONS)
}

fn read_message(bytes: &[u8]) -> Result<Message, Damage> {
    let mut bytes = bytes;
    let mut relay_saw = None;
    for relays in 0..=MAX_RELAYS {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8().ok_or(CUT)?;
        if !matches!(kind, 12 | 13) {
            let transaction = reader.u24().ok_or(CUT)?;
            let mut message = Message {
                message: message_name(kind),
                transaction,
                relays,
                ..Message::default()
            };
            fill(&mut message, reader.rest())?;
            message.mac = message.mac.or(relay_saw);
            return Ok(message);
        }
        reader.take(33).ok_or(CUT)?;
        let mut within = None;
        for option in options(reader.rest()) {
            match option? {
                (9, message) => within = Some(message),
                (79, [0, 1, mac @ ..]) => relay_saw = mac.try_into().ok(),
                _ => {}
            }
        }
        bytes = within.ok_or(Damage("dhcpv6: relay holds no message"))?;
    }
    Err(NESTED)
}

fn fill(message: &mut Message, bytes: &[u8]) -> Result<(), Damage> {
    for option in options(bytes) {
        let (code, value) = option?;
        match code {
            1 => {
                message.client_duid = value.to_vec();
                message.mac = duid_mac(value);
            }
            2 => message.server_duid = value.to_vec(),
            3 => read_addresses(message, value.get(12..).ok_or(OPTION_CUT)?)?,
            4 => read_addresses(message, value.get(4..).ok_or(OPTION_CUT)?)?,
            6 => message.params = words(value),
            16 => {
                let first = Reader::new(value.get(4..).unwrap_or_default()).block16();
                message.vendor_class = trimmed(first.unwrap_or_default());
            }
            23 => {
                let (whole, _) = value.as_chunks::<16>();
                message.dns = whole
                    .iter()
                    .take(MAX_ADDRESSES)
                    .map(|bytes| Ipv6Addr::from(*bytes))
                    .collect();
            }
            39 => message.fqdn = fqdn(value),
            _ => {}
        }
    }
    Ok(())
}

fn words(bytes: &[u8]) -> Vec<u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
        .collect()
}

fn read_addresses(message: &mut Message, bytes: &[u8]) -> Result<(), Damage> {
    for option in options(bytes) {
        if let (5, value) = option? {
            let address = Reader::new(value).array::<16>().ok_or(OPTION_CUT)?;
            if message.addresses.len() < MAX_ADDRESSES {
                message.addresses.push(Ipv6Addr::from(address));
            }
        }
    }
    Ok(())
}

/// The Ethernet address within a DUID of type LLT (1) or LL (3), RFC 8415 section 11.
fn duid_mac(duid: &[u8]) -> Option<[u8; 6]> {
    let ([0, 1, 0, 1, _, _, _, _, mac @ ..] | [0, 3, 0, 1, mac @ ..]) = duid else {
        return None;
    };
    mac.try_into().ok()
}

/// A name after one byte of flags (RFC 4704).
fn fqdn(value: &[u8]) -> String {
    let name = domain::read_plain_name(value.get(1..).unwrap_or_default());
    name.filter(|name| !name.is_root())
        .map(|name| name.text())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn solicit() -> Vec<u8> {
        let mut bytes = b"\x01\x12\x34\x56".to_vec();
        bytes.extend(b"\0\x01\0\x0e\0\x01\0\x01\x2a\x2b\x2c\x2d\x02\0\0\0\0\x07");
        bytes.extend(b"\0\x06\0\x04\0\x17\0\x18");
        bytes.extend(b"\0\x10\0\x09\0\0\0\x09\0\x03hub");
        bytes.extend(b"\0\x27\0\x06\x01\x04Lamp");
        bytes.extend(b"\0\x03\0\x28\0\0\0\x01\0\0\0\0\0\0\0\0\0\x05\0\x18\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\0");
        bytes
    }

    fn relayed(message: &[u8]) -> Vec<u8> {
        let mut bytes = vec![12];
        bytes.extend([0; 33]);
        bytes.extend(b"\0\x4f\0\x08\0\x01\x02\0\0\0\0\x08");
        bytes.extend([0, 9]);
        bytes.extend(u16::try_from(message.len()).unwrap().to_be_bytes());
        bytes.extend(message);
        bytes
    }

    #[test]
    fn a_solicit_tells_who_asks_and_for_what() {
        let message = done(parse(&solicit()));
        assert_eq!(
            (message.message, message.transaction),
            ("solicit", 0x12_3456)
        );
        assert_eq!(message.mac, Some([2, 0, 0, 0, 0, 7]));
        assert_eq!(message.params_text(), "23,24");
        assert_eq!(
            (message.vendor_class.as_str(), message.fqdn.as_str()),
            ("hub", "lamp")
        );
        assert_eq!(
            message.addresses,
            ["2001:db8::9".parse::<Ipv6Addr>().unwrap()]
        );
        assert!(looks_like(&solicit()));
    }

    #[test]
    fn two_relays_are_unwrapped_and_a_third_is_damage() {
        let twice = relayed(&relayed(&solicit()));
        assert_eq!(done(parse(&twice)).relays, 2);
        assert_eq!(damage(parse(&relayed(&twice))), "dhcpv6: too many relays");
    }

    #[test]
    fn a_relay_tells_the_address_the_client_kept_back() {
        let message = done(parse(&relayed(b"\x0b\0\0\x01\0\x01\0\x04\0\x02\0\0")));
        assert_eq!(
            (message.message, message.mac),
            ("information-request", Some([2, 0, 0, 0, 0, 8]))
        );
    }

    #[test]
    fn a_cut_option_is_damage_and_another_type_foreign() {
        assert_eq!(
            damage(parse(b"\x01\0\0\x01\0\x01\0\x09ab")),
            "dhcpv6: option cut short"
        );
        assert_eq!(parse(b"\x63\0\0\x01"), Parsed::Foreign);
        assert!(!looks_like(b"\x01\0\0\x01\0\x01\0\x09ab"));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&solicit(), &relayed(&solicit())], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
