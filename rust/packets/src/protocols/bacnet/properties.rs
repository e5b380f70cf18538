//! Objects, properties and values within a message, as far as its service has them.

use super::tags::{Tag, Tags};
use super::values::{object, property_name, uint, value};
use crate::protocols::plant::{Message, Values, hex};
use crate::protocols::reader::Reader;
use std::fmt::Write;

/// The object type of a device.
const DEVICE: u32 = 8;

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
pub(super) fn read_items(
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

#[cfg(test)]
mod tests {
    use crate::protocols::bacnet::parse;
    use crate::protocols::bacnet::samples::{ONE, READ_ONE};
    use crate::protocols::plant::READ;
    use crate::protocols::testing::{done, only};

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
}
