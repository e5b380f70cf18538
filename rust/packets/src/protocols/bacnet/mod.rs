//! `BACnet` over IP (ANSI/ASHRAE 135: clause 6 network layer, 20 encoding, 21 services, annex J).

pub mod codes;
pub mod tags;

use std::fmt::Write;

pub use super::plant::Message;
use super::plant::{Asked, Name, OK, Operation, Values, WRITE, hex, label, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};
use codes::{CONFIRMED, ERRORS, OBJECTS, PROPERTIES, UNCONFIRMED, VENDORS, access_of_confirmed};
use tags::{Tag, Tags};

/// The service name of flows that speak this.
pub const NAME: &str = "bacnet";
/// The usual port.
pub const PORT: u16 = 47808;
/// The object type of a device.
const DEVICE: u32 = 8;

/// The instance of a device that was given none.
const NO_INSTANCE: u32 = 0x3f_ffff;

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

fn apdu(reader: &mut Reader, unit: String, flow: u64, asked: &mut Asked) -> Option<Message> {
    let first = reader.u8()?;
    let (kind, is_segmented) = (first >> 4, first & 8 != 0);
    if kind == 1 {
        return unconfirmed(reader, unit);
    }
    if kind == 0 {
        reader.u8()?; // what the sender can take
    }
    let invoke = u64::from(reader.u8()?);
    let is_later = matches!(kind, 0 | 3) && is_segmented && reader.array::<2>()?[0] > 0;
    if kind == 4 || is_later {
        return Some(Message::default()); // a later part of a message, or that one came
    }
    if kind == 0 {
        let message = confirmed(reader, unit)?;
        asked.ask(flow, invoke, message.operations.first()?);
        return Some(message);
    }
    answer(reader, kind, asked.answered(flow, invoke), unit)
}

fn operation(table: &[(u8, &'static str)], service: u8, unit: String) -> Operation {
    Operation {
        function: i64::from(service),
        name: named(table, service).map_or_else(|| format!("service {service}").into(), Name::from),
        unit,
        ..Operation::default()
    }
}

fn confirmed(reader: &mut Reader, unit: String) -> Option<Message> {
    let service = reader.u8()?;
    let mut message = Message::of(Operation {
        access: access_of_confirmed(service),
        ..operation(&CONFIRMED, service, unit)
    });
    // The device tells of a change or an event.
    message.is_by_server = matches!(service, 1 | 2 | 31);
    read_items(reader, service, false, &mut message)?;
    Some(message)
}

fn unconfirmed(reader: &mut Reader, unit: String) -> Option<Message> {
    let service = reader.u8()?;
    let mut message = Message::of(Operation {
        access: if matches!(service, 6 | 9 | 10) {
            WRITE
        } else {
            ""
        },
        ..operation(&UNCONFIRMED, service, unit)
    });
    message.is_by_server = matches!(service, 0..=3 | 11);
    match service {
        0 => i_am(reader, &mut message)?,
        1 | 2 | 7 => read_items(reader, 1, false, &mut message)?,
        8 => {
            let bounds = Tags::new(reader.rest())
                .filter_map(|tag| tag.context().map(|(_, value)| uint(value)));
            let bounds: Vec<String> = bounds.take(2).map(|bound| bound.to_string()).collect();
            message.operations.first_mut()?.address = bounds.join("-");
        }
        _ => {}
    }
    Some(message)
}

/// A device tells its instance and who made it.
fn i_am(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let values: Vec<(u8, &[u8])> = Tags::new(reader.rest())
        .filter_map(|tag| tag.application())
        .take(4)
        .collect();
    let [(12, device), (2, _), (9, _), (2, vendor)] = values[..] else {
        return None;
    };
    let (device, vendor) = (uint(device), uint(vendor));
    let operation = message.operations.first_mut()?;
    operation.address = object(device);
    operation.value = vendor.to_string();
    let instance = device & 0x3f_ffff;
    if instance != NO_INSTANCE {
        message.sight("bacnet.device", instance.to_string());
    }
    message.sight("bacnet.vendor", vendor_name(vendor));
    Some(())
}

fn vendor_name(vendor: u32) -> String {
    let known = u16::try_from(vendor)
        .ok()
        .and_then(|vendor| named(&VENDORS, vendor));
    known.map_or_else(|| format!("vendor {vendor}"), str::to_owned)
}

fn answer(
    reader: &mut Reader,
    kind: u8,
    question: Option<Operation>,
    unit: String,
) -> Option<Message> {
    let question = question.unwrap_or_default();
    let service = match kind {
        2 | 3 | 5 => reader.u8()?,
        6 | 7 => u8::try_from(question.function).ok()?, // what is refused is known from the question alone
        _ => return None,
    };
    let unit = if unit.is_empty() {
        question.unit.clone()
    } else {
        unit
    };
    let mut message = Message::of(Operation {
        is_response: true,
        access: access_of_confirmed(service),
        result: OK.into(),
        ..operation(&CONFIRMED, service, unit)
    });
    // Notifications are answered by who asked for them.
    message.is_by_server = !matches!(service, 1 | 2 | 31);
    if kind == 3 {
        read_items(reader, service, true, &mut message)?;
    }
    let told = message.operations.first_mut()?;
    match kind {
        5 => told.result = error(reader),
        6 => told.result = format!("reject {}", reader.u8()?).into(),
        7 => told.result = format!("abort {}", reader.u8()?).into(),
        _ => {}
    }
    if matches!(kind, 6 | 7) && question == Operation::default() {
        (told.name, told.access, told.function) = ("".into(), "", 0);
        told.name = if kind == 6 { "reject" } else { "abort" }.into();
    }
    told.complete(&question);
    Some(message)
}

/// Class and code of an error, the latter by its name.
fn error(reader: &mut Reader) -> Name {
    let codes: Vec<u32> = Tags::new(reader.rest())
        .filter_map(|tag| tag.application())
        .take(2)
        .map(|(_, value)| uint(value))
        .collect();
    let code = codes.get(1).copied().unwrap_or(0);
    named(&ERRORS, code).map_or_else(|| format!("error {code}").into(), Name::from)
}

/// Objects, properties and values of a message, as far as its service has them.
#[derive(Default)]
struct Items {
    object: Option<u32>,
    property: Option<u32>,
    first: String,
    count: i64,
    values: Values,
    sightings: Vec<(&'static str, String)>,
    has_errors: bool,
}

impl Items {
    fn named(&mut self, property: u32) {
        self.property = Some(property);
        self.count = self.count.saturating_add(1);
        if self.first.is_empty() {
            let object = self.object.map(object).unwrap_or_default();
            self.first = format!("{object} {}", property_name(property));
        }
    }

    fn index(&mut self, index: u32) {
        if self.count == 1 {
            let _ = write!(self.first, "[{index}]"); // writing to a String cannot fail
        }
    }

    fn value(&mut self, kind: u8, bytes: &[u8]) {
        let text = value(kind, bytes);
        self.values.add(&text);
        let is_device = self.object.is_some_and(|object| object >> 22 == DEVICE);
        let field = match self.property {
            Some(44) if is_device => "bacnet.firmware",
            Some(70) if is_device => "bacnet.model",
            Some(77) if is_device => "bacnet.name",
            Some(121) if is_device => "bacnet.vendor",
            _ => return,
        };
        if kind == 7 && !text.is_empty() {
            self.sightings.push((field, text));
        }
    }
}

/// Reads properties and values: of a question, or of an answer to one.
fn read_items(
    reader: &mut Reader,
    service: u8,
    is_response: bool,
    message: &mut Message,
) -> Option<()> {
    // The tags that name object, property, index and value; within a list the last three lie a level deeper.
    let (property, index, value, depth) = match (service, is_response) {
        (12, _) | (15, false) => (1, 2, 3, 0),
        (14, false) => (0, 1, 255, 1),
        (14, true) => (2, 3, 4, 1),
        (16, false) => (0, 1, 2, 1),
        (26, _) => (1, 2, 5, 0),
        (5 | 28, false) => (4, 255, 255, 0),
        (1, false) => return notification(reader, message),
        _ => return other(reader, service, is_response, message),
    };
    let mut items = Items::default();
    for tag in Tags::new(reader.rest()) {
        match tag {
            Tag::Context(0, at, bytes) if at == 0 && bytes.len() == 4 => {
                items.object = Some(uint(bytes));
            }
            Tag::Context(1, at, bytes) if at == 0 && matches!(service, 5 | 28) => {
                items.object = Some(uint(bytes));
            }
            Tag::Context(number, at, bytes) if at == depth && number == property => {
                items.named(uint(bytes));
            }
            Tag::Context(number, at, bytes) if at == depth && number == index => {
                items.index(uint(bytes));
            }
            Tag::Application(kind, within, bytes) if within == Some(value) => {
                items.value(kind, bytes);
            }
            Tag::Application(..) if is_response && service == 14 => items.has_errors = true,
            _ => {}
        }
    }
    let object = items.object?;
    let operation = message.operations.first_mut()?;
    operation.address = if items.first.is_empty() {
        self::object(object)
    } else {
        items.first
    };
    operation.quantity = items.count.max(1);
    operation.value = items.values.text();
    if is_response && items.has_errors && operation.value.is_empty() {
        operation.result = "error".into();
    }
    if is_response {
        message.sightings = items.sightings;
    }
    Some(())
}

/// A change that a device tells: the object, and its values.
fn notification(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let operation = message.operations.first_mut()?;
    let mut values = Values::default();
    for tag in Tags::new(reader.rest()) {
        match tag {
            Tag::Context(1 | 2, 0, bytes) if bytes.len() == 4 && operation.address.is_empty() => {
                operation.address = object(uint(bytes));
            }
            Tag::Application(kind, Some(2), bytes) => {
                values.add(&value(kind, bytes));
            }
            // Of the device and the object the latter counts.
            Tag::Context(2, 0, bytes) if bytes.len() == 4 => {
                operation.address = object(uint(bytes));
            }
            Tag::Context(0, 1, _) => operation.quantity = operation.quantity.saturating_add(1),
            Tag::Application(12, None, bytes) => operation.address = object(uint(bytes)),
            _ => {}
        }
    }
    operation.value = values.text();
    Some(())
}

/// How far a device is silenced (`deviceCommunicationControl`).
const SILENCES: [&str; 3] = ["enable", "disable", "disable-initiation"];

/// How a device is restarted (`reinitializeDevice`).
const RESTARTS: [&str; 7] = [
    "coldstart",
    "warmstart",
    "startbackup",
    "endbackup",
    "startrestore",
    "endrestore",
    "abortrestore",
];

fn chosen(names: &[&str], number: &[u8]) -> String {
    names
        .get(uint(number) as usize)
        .map_or_else(|| hex(number), |name| (*name).to_owned())
}

/// Services of which only what stands in front is told.
fn other(reader: &mut Reader, service: u8, is_response: bool, message: &mut Message) -> Option<()> {
    let operation = message.operations.first_mut()?;
    for tag in Tags::new(reader.rest()).take(4) {
        match (service, tag) {
            // What becomes of the device: silenced, restarted.
            (17, Tag::Context(1, 0, state)) if !is_response => {
                operation.value = chosen(&SILENCES, state);
            }
            (20, Tag::Context(0, 0, state)) if !is_response => {
                operation.value = chosen(&RESTARTS, state);
            }
            (6 | 7 | 11 | 10, Tag::Application(12, _, bytes)) if operation.address.is_empty() => {
                operation.address = object(uint(bytes));
                operation.quantity = 1;
            }
            (8 | 9, Tag::Context(0, 0, bytes)) if operation.address.is_empty() => {
                operation.address = object(uint(bytes));
                operation.quantity = 1;
            }
            _ => {}
        }
    }
    Some(())
}

fn object(id: u32) -> String {
    let (kind, instance) = (id >> 22, id & 0x3f_ffff);
    let known = OBJECTS.get(kind as usize).filter(|name| !name.is_empty());
    known.map_or_else(
        || format!("type-{kind}:{instance}"),
        |name| format!("{name}:{instance}"),
    )
}

fn property_name(property: u32) -> String {
    named(&PROPERTIES, property).map_or_else(|| format!("property-{property}"), str::to_owned)
}

/// The big-endian number of up to four bytes; the last four count.
fn uint(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// A value of an application's tag as text (clause 20.2).
fn value(kind: u8, bytes: &[u8]) -> String {
    match (kind, bytes) {
        (0, _) => "null".to_owned(),
        (2 | 9, _) if bytes.len() <= 4 => uint(bytes).to_string(),
        (3, [first, ..]) if bytes.len() <= 4 => {
            let sign = if first & 0x80 == 0 { 0 } else { u32::MAX };
            let number = bytes
                .iter()
                .fold(sign, |sum, byte| sum << 8 | u32::from(*byte));
            number.cast_signed().to_string()
        }
        (4, [a, b, c, d]) => f32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        (5, [_, _, _, _, _, _, _, _]) => {
            let bytes = bytes.try_into().unwrap_or_default();
            f64::from_be_bytes(bytes).to_string()
        }
        (7, [0, text @ ..]) => label(text),
        (8, [unused, bits @ ..]) => {
            let count = bits
                .len()
                .saturating_mul(8)
                .saturating_sub(usize::from(*unused & 7));
            let bits = bits
                .iter()
                .flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1));
            bits.take(count.min(64))
                .map(|bit| if bit == 0 { '0' } else { '1' })
                .collect()
        }
        (12, [_, _, _, _]) => object(uint(bytes)),
        _ => hex(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::{CONTROL, READ};
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    /// The present value of analog input 3.
    const READ_ONE: &[u8] = b"\x81\x0a\0\x11\x01\x04\0\x05\x07\x0c\x0c\0\0\0\x03\x19\x55";
    const ONE: &[u8] =
        b"\x81\x0a\0\x17\x01\0\x30\x07\x0c\x0c\0\0\0\x03\x19\x55\x3e\x44\x41\xa4\0\0\x3f";
    /// Binary output 1 is set.
    const WRITE_ONE: &[u8] =
        b"\x81\x0a\0\x17\x01\x04\0\x05\x08\x0f\x0c\x01\0\0\x01\x19\x55\x3e\x91\x01\x3f\x39\x08";
    const DONE: &[u8] = b"\x81\x0a\0\x09\x01\0\x20\x08\x0f";
    const REFUSED: &[u8] = b"\x81\x0a\0\x0d\x01\0\x50\x08\x0f\x91\x02\x91\x28";
    const I_AM: &[u8] = b"\x81\x0b\0\x19\x01\x20\xff\xff\0\xff\x10\0\xc4\x02\0\x04\xd2\x22\x05\xc4\x91\x03\x22\x01\x04";
    const WHO_IS: &[u8] = b"\x81\x0b\0\x0c\x01\x20\xff\xff\0\xff\x10\x08";
    const RESTART: &[u8] = b"\x81\x0a\0\x0c\x01\x04\0\x05\x09\x14\x09\x01";

    /// Vendor, model and an error for a third property.
    fn several() -> Vec<u8> {
        let mut bytes = b"\x81\x0a\0\0\x01\0\x30\x07\x0e\x0c\x02\0\x04\xd2\x1e".to_vec();
        bytes.extend(b"\x29\x79\x4e\x75\x05\0Acme\x4f");
        bytes.extend(b"\x29\x46\x4e\x73\0B7\x4f");
        bytes.extend(b"\x29\x2c\x5e\x91\x02\x91\x20\x5f\x1f");
        bytes[3] = bytes.len() as u8;
        bytes
    }

    fn only(message: &Message) -> &Operation {
        assert_eq!(message.operations.len(), 1);
        &message.operations[0]
    }

    #[test]
    fn properties_are_read() {
        let message = done(parse(READ_ONE));
        let read = only(&message);
        assert_eq!(
            (read.name.as_ref(), read.access, read.function),
            ("readProperty", READ, 12)
        );
        assert_eq!(
            (read.address.as_str(), read.quantity),
            ("analog-input:3 present-value", 1)
        );
        let message = done(parse(ONE));
        let answer = only(&message);
        assert_eq!(
            (
                answer.value.as_str(),
                answer.result.as_ref(),
                answer.is_response
            ),
            ("20.5", "ok", true)
        );
        assert!(message.is_by_server && message.sightings.is_empty());
    }

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
    fn devices_tell_who_they_are() {
        let message = done(parse(I_AM));
        let expected = [("bacnet.device", "1234"), ("bacnet.vendor", "vendor 260")];
        assert_eq!(
            message.sightings[0],
            (expected[0].0, expected[0].1.to_owned())
        );
        assert_eq!(message.sightings[1].0, expected[1].0);
        assert!(message.is_by_server && !only(&message).is_response);
        let several = done(parse(&several()));
        let expected = [("bacnet.vendor", "Acme"), ("bacnet.model", "B7")];
        assert_eq!(
            several.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
        assert_eq!(
            (only(&several).address.as_str(), only(&several).quantity),
            ("device:1234 vendor-name", 3)
        );
        assert_eq!(only(&done(parse(WHO_IS))).name, "who-Is");
    }

    #[test]
    fn a_restart_is_control() {
        let message = done(parse(RESTART));
        assert_eq!(
            (only(&message).access, only(&message).value.as_str()),
            (CONTROL, "warmstart")
        );
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
