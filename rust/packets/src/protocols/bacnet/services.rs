//! Application messages (clause 21): which service is asked for or answered, and what devices tell of themselves.

use super::codes::{CONFIRMED, ERRORS, UNCONFIRMED, VENDORS, access_of_confirmed};
use super::properties::read_items;
use super::tags::Tags;
use super::values::{object, uint};
use crate::protocols::plant::{Asked, Message, Name, OK, Operation, WRITE, named};
use crate::protocols::reader::Reader;

/// The instance of a device that was given none.
const NO_INSTANCE: u32 = 0x3f_ffff;

pub(super) fn apdu(
    reader: &mut Reader,
    unit: String,
    flow: u64,
    asked: &mut Asked,
) -> Option<Message> {
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

#[cfg(test)]
mod tests {
    use crate::protocols::bacnet::parse;
    use crate::protocols::bacnet::samples::{I_AM, RESTART, WHO_IS, several};
    use crate::protocols::plant::CONTROL;
    use crate::protocols::testing::{done, only};

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
}
