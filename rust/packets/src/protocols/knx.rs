//! KNXnet/IP (ISO 22510): who a device is, and telegrams through tunnels and routers.

pub use super::plant::Message;
use super::plant::{Asked, Name, OK, Operation, READ, WRITE, hex, label, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "knx";
/// The usual port.
pub const PORT: u16 = 3671;
/// The most blocks read of a description.
const MAX_BLOCKS: usize = 16;

const SHORT: Damage = Damage("knx: cut short");

/// Services that are told; requests for a tunnel, telegrams and routed ones are read further.
const SERVICES: [(u16, &str); 12] = [
    (0x0201, "search request"),
    (0x0202, "search response"),
    (0x0203, "description request"),
    (0x0204, "description response"),
    (0x0205, "connect request"),
    (0x0206, "connect response"),
    (0x0209, "disconnect request"),
    (0x020a, "disconnect response"),
    (0x020b, "search request extended"),
    (0x020c, "search response extended"),
    (0x0420, "tunnelling request"),
    (0x0530, "routing indication"),
];

const MEDIA: [(u8, &str); 4] = [(2, "TP"), (4, "PL110"), (0x10, "RF"), (0x20, "IP")];

/// Whether this is a whole message of version 1.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [6, 0x10, 2..=9, _, high, low, ..] if usize::from(u16::from_be_bytes([*high, *low])) == bytes.len())
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    Parsed::from_result(read(bytes).ok_or(SHORT), bytes.len())
}

/// A whole datagram; no answer needs its question.
pub fn hear(bytes: &[u8], _flow: u64, _asked: &mut Asked) -> Parsed<Message> {
    parse(bytes)
}

fn read(bytes: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    reader.u16()?;
    let service = reader.u16()?;
    reader.u16()?;
    let Some(name) = named(&SERVICES, service) else {
        return Some(Message::default()); // keeps a tunnel open, acknowledges
    };
    let is_response = matches!(service, 0x0202 | 0x0204 | 0x0206 | 0x020a | 0x020c);
    let mut message = Message::of(Operation {
        is_response,
        function: i64::from(service),
        name: name.into(),
        result: if is_response {
            OK.into()
        } else {
            Name::default()
        },
        ..Operation::default()
    });
    match service {
        0x0202 | 0x020c => {
            reader.take(8)?; // where it wants to be spoken to
            description(&mut reader, &mut message)?;
        }
        0x0204 => description(&mut reader, &mut message)?,
        0x0206 => {
            reader.u8()?;
            let status = reader.u8()?;
            if status != 0 {
                message.operations.first_mut()?.result = format!("error 0x{status:02x}").into();
            }
        }
        _ => {}
    }
    if matches!(service, 0x0420 | 0x0530) {
        // Before that of a tunnel stands a header of four bytes.
        let telegram = if service == 0x0420 {
            bytes.get(10..)?
        } else {
            reader.rest()
        };
        message.is_by_server = self::telegram(telegram, message.operations.first_mut()?)?;
    }
    Some(message)
}

/// What a device tells of itself.
fn description(reader: &mut Reader, message: &mut Message) -> Option<()> {
    for _ in 0..MAX_BLOCKS {
        if reader.is_empty() {
            break;
        }
        let [length, kind] = reader.array()?;
        let mut block = Reader::new(reader.take(usize::from(length).checked_sub(2)?)?);
        if kind != 1 {
            continue;
        }
        let (medium, _status, address) = (block.u8()?, block.u8()?, block.u16()?);
        block.u16()?; // project
        let serial = block.take(6)?;
        block.take(4 + 6)?; // multicast and hardware address
        message.sight("knx.name", label(block.take(30)?));
        message.sight("knx.address", individual(address));
        message.sight("knx.medium", named(&MEDIA, medium).unwrap_or_default());
        message.sight("knx.serial", hex(serial));
        message.operations.first_mut()?.unit = individual(address);
    }
    message.tell_sightings();
    Some(())
}

/// A telegram in the common message format; returns whether it comes from the bus.
fn telegram(bytes: &[u8], operation: &mut Operation) -> Option<bool> {
    let mut reader = Reader::new(bytes);
    let code = reader.u8()?;
    reader.block8()?; // additional information
    if !matches!(code, 0x11 | 0x29 | 0x2e) {
        return Some(false);
    }
    let [_, control] = reader.array()?;
    let (source, target) = (reader.u16()?, reader.u16()?);
    operation.unit = individual(source);
    operation.address = if control & 0x80 == 0 {
        individual(target)
    } else {
        group(target)
    };
    let length = usize::from(reader.u8()?);
    let data = reader.take(length.checked_add(1)?)?;
    if let [high, low, rest @ ..] = data {
        let (service, access) = match u16::from_be_bytes([*high & 3, *low & 0xc0]) {
            0x000 => ("read", READ),
            0x040 => ("response", READ),
            0x080 => ("write", WRITE),
            _ => ("", ""),
        };
        operation.access = access;
        operation.quantity = 1;
        if !service.is_empty() && control & 0x80 != 0 {
            operation.name = format!("{}: group {service}", operation.name).into();
        }
        if access == WRITE || service == "response" {
            operation.value = if rest.is_empty() {
                (low & 0x3f).to_string()
            } else {
                hex(rest)
            };
        }
    }
    Some(code == 0x29)
}

/// Area, line and device.
fn individual(address: u16) -> String {
    format!("{}.{}.{}", address >> 12, address >> 8 & 15, address & 255)
}

/// Main, middle and sub group.
fn group(address: u16) -> String {
    format!("{}/{}/{}", address >> 11, address >> 8 & 7, address & 255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics, only};

    /// Group 1/2/3 is written with 1.
    const WRITE_ONE: &[u8] =
        b"\x06\x10\x04\x20\0\x15\x04\x07\x09\0\x11\0\xbc\xe0\0\0\x0a\x03\x01\0\x81";
    const ROUTED: &[u8] = b"\x06\x10\x05\x30\0\x11\x29\0\xbc\xe0\x11\x05\x0a\x03\x01\0\0";

    fn described() -> Vec<u8> {
        let mut bytes =
            b"\x06\x10\x02\x04\0\x3c\x36\x01\x02\0\x11\x05\0\0\0\xc5\x01\x02\x03\x04\xe0\0\x17\x0c"
                .to_vec();
        bytes.extend([2, 0, 0, 0, 0, 9]);
        bytes.extend(b"IP Router\0");
        bytes.resize(60, 0);
        bytes
    }

    #[test]
    fn a_device_tells_who_it_is() {
        let message = done(parse(&described()));
        let expected = [
            ("knx.name", "IP Router"),
            ("knx.address", "1.1.5"),
            ("knx.medium", "TP"),
            ("knx.serial", "00c501020304"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
        assert!(message.is_by_server);
    }

    #[test]
    fn telegrams_tell_their_group() {
        let message = done(parse(WRITE_ONE));
        let told = only(&message);
        assert_eq!(
            (told.name.as_ref(), told.access),
            ("tunnelling request: group write", WRITE)
        );
        assert_eq!(
            (
                told.address.as_str(),
                told.value.as_str(),
                told.unit.as_str()
            ),
            ("1/2/3", "1", "0.0.0")
        );
        let message = done(parse(ROUTED));
        assert_eq!(
            (only(&message).access, only(&message).unit.as_str()),
            (READ, "1.1.5")
        );
        assert!(message.is_by_server);
    }

    #[test]
    fn broken_telegrams_are_damage_and_others_foreign() {
        assert_eq!(
            damage(parse(b"\x06\x10\x05\x30\0\x08\x29\0")),
            "knx: cut short"
        );
        assert_eq!(parse(b"\x06\x10\x05\x30\0\x09\x29\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[WRITE_ONE, ROUTED, &described()], |bytes| {
            let _ = (looks_like(bytes), parse(bytes));
        });
    }
}
