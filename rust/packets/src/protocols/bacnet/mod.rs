//! `BACnet` over IP (ANSI/ASHRAE 135: clause 6 network layer, 20 encoding, 21 services, annex J).

pub mod codes;
mod properties;
#[cfg(test)]
mod samples;
mod services;
pub mod tags;
mod values;

pub use super::plant::Message;
use super::plant::{Asked, hex};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use services::apdu;

/// The service name of flows that speak this.
pub const NAME: &str = "bacnet";
/// The usual port.
pub const PORT: u16 = 47808;
const SHORT: Damage = Damage("bacnet: cut short");

/// Whether this is a whole frame of BACnet/IP.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [0x81, function, _, _, rest @ ..] = bytes else {
        return false;
    };
    let version = match function {
        4 => rest.get(6),
        9..=11 => rest.first(),
        0..=12 => return length(bytes) == bytes.len(),
        _ => return false,
    };
    version == Some(&1)
}

/// What the frame says of its length.
fn length(bytes: &[u8]) -> usize {
    let length = bytes.get(2..4).and_then(|length| length.try_into().ok());
    length.map_or(0, |length| usize::from(u16::from_be_bytes(length)))
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    hear(bytes, 0, &mut Asked::default())
}

/// A whole datagram of that flow; answers learn from the questions asked before.
pub fn hear(bytes: &[u8], flow: u64, asked: &mut Asked) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    Parsed::from_result(link(bytes, flow, asked).ok_or(SHORT), bytes.len())
}

fn link(bytes: &[u8], flow: u64, asked: &mut Asked) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    let ([_, function], _) = (reader.array()?, reader.u16()?);
    match function {
        4 => reader.take(6).map(|_| ())?, // for whom it is forwarded
        9..=11 => {}
        _ => return Some(Message::default()),
    }
    reader.u8()?; // version
    let control = reader.u8()?;
    let target = if control & 0x20 == 0 {
        None
    } else {
        Some(station(&mut reader)?)
    };
    let source = if control & 8 == 0 {
        None
    } else {
        Some(station(&mut reader)?)
    };
    if target.is_some() {
        reader.u8()?; // hops left
    }
    if control & 0x80 != 0 {
        return Some(Message::default()); // between routers
    }
    let is_routed = source.is_some();
    let unit = source.or(target).unwrap_or_default();
    let mut message = apdu(&mut reader, unit, flow, asked)?;
    if length(bytes) > bytes.len() {
        message.damage = Some(Damage("bacnet: bad length"));
    }
    if is_routed || function == 4 {
        message.sightings.clear(); // they are of another device than the sender
    }
    Some(message)
}

/// Network and address of a station behind a router.
fn station(reader: &mut Reader) -> Option<String> {
    let (network, address) = (reader.u16()?, reader.block8()?);
    Some(format!("{network}:{}", hex(address)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::bacnet::samples::{I_AM, ONE, READ_ONE, RESTART, WHO_IS, several};
    use crate::protocols::plant::WRITE;
    use crate::protocols::testing::{damage, done, never_panics, only};

    /// Binary output 1 is set.
    const WRITE_ONE: &[u8] =
        b"\x81\x0a\0\x17\x01\x04\0\x05\x08\x0f\x0c\x01\0\0\x01\x19\x55\x3e\x91\x01\x3f\x39\x08";

    const DONE: &[u8] = b"\x81\x0a\0\x09\x01\0\x20\x08\x0f";

    const REFUSED: &[u8] = b"\x81\x0a\0\x0d\x01\0\x50\x08\x0f\x91\x02\x91\x28";

    #[test]
    fn answers_to_writing_know_what_was_written() {
        let mut asked = Asked::default();
        let message = done(hear(WRITE_ONE, 5, &mut asked));
        assert_eq!(
            (only(&message).access, only(&message).value.as_str()),
            (WRITE, "1")
        );
        let message = done(hear(REFUSED, 5, &mut asked));
        assert_eq!(only(&message).address, "binary-output:1 present-value");
        assert_eq!(
            (only(&message).result.as_ref(), only(&message).access),
            ("write-access-denied", WRITE)
        );
        done(hear(WRITE_ONE, 5, &mut asked));
        assert_eq!(only(&done(hear(DONE, 6, &mut asked))).address, "");
        assert_eq!(only(&done(hear(DONE, 5, &mut asked))).result, "ok");
    }

    #[test]
    fn what_lies_behind_a_router_is_not_said_of_the_router() {
        let routed = b"\x81\x0b\0\x19\x01\x08\0\x07\x01\x05\x10\0\xc4\x02\0\x04\xd2\x22\x05\xc4\x91\x03\x22\x01\x04";
        let message = done(parse(routed));
        assert!(message.sightings.is_empty());
        assert_eq!(only(&message).unit, "7:05");
    }

    #[test]
    fn broken_frames_are_damage_and_other_protocols_foreign() {
        assert_eq!(
            damage(parse(b"\x81\x0a\0\x07\x01\x04\0")),
            "bacnet: cut short"
        );
        let long = done(parse(b"\x81\x0a\0\x11\x01\0\x20\x08\x0f"));
        assert_eq!(long.damage, Some(Damage("bacnet: bad length")));
        assert_eq!(parse(b"\x82\x0a\0\x07\x01\x04\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        let several = several();
        let samples = [
            READ_ONE, ONE, WRITE_ONE, REFUSED, I_AM, WHO_IS, RESTART, &several,
        ];
        never_panics(&samples, |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
