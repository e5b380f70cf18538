//! What the protocols of plants have in common: operations on a device, what a device says of itself, and which answer
//! belongs to which question.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::text::trimmed;
use crate::damage::{Damage, Parsed};

/// The most values told of one message.
pub const MOST_VALUES: usize = 16;
/// The most bytes of their text.
pub const MOST_VALUE_TEXT: usize = 128;
/// The most questions of one connection that wait for their answer.
pub const MOST_ASKED: usize = 64;

/// Reads the device.
pub const READ: &str = "read";
/// Changes a value.
pub const WRITE: &str = "write";
/// Changes what the device does, or is.
pub const CONTROL: &str = "control";
/// What `result` says when nothing went wrong.
pub const OK: &str = "ok";

/// A name that is known, or one that is made of a number.
pub type Name = Cow<'static, str>;

/// One operation, as a row tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operation {
    pub is_response: bool,
    /// The protocol's number of it.
    pub function: i64,
    /// Its name in the protocol's terms.
    pub name: Name,
    /// [`READ`], [`WRITE`], [`CONTROL`] or empty.
    pub access: &'static str,
    /// What is addressed behind the server.
    pub unit: String,
    /// Of the first item.
    pub address: String,
    /// How many items.
    pub quantity: i64,
    /// The first values, with commas.
    pub value: String,
    /// Of an answer: [`OK`] or the name of the error.
    pub result: Name,
    /// How the values are to be read, in the protocol's own numbers.
    pub coding: u16,
}

/// What one message of such a protocol tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Whether the device sent it, and not who operates it.
    pub is_by_server: bool,
    /// What it does; mostly one thing.
    pub operations: Vec<Operation>,
    /// What the sender says of itself: field and value.
    pub sightings: Vec<(&'static str, String)>,
    /// What was wrong with a part of it that was passed over.
    pub damage: Option<Damage>,
}

impl Message {
    /// A message of one operation, sent by the device if it is an answer.
    #[must_use]
    pub fn of(operation: Operation) -> Self {
        Self {
            is_by_server: operation.is_response,
            operations: vec![operation],
            ..Self::default()
        }
    }

    /// Adds what the sender says of itself, unless it is empty.
    pub fn sight(&mut self, field: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.sightings.push((field, value));
        }
    }

    /// What the sender says of itself becomes the value of its operation too.
    pub fn tell_sightings(&mut self) {
        let texts = joined(self.sightings.iter().map(|(_, value)| value));
        if let Some(operation) = self.operations.first_mut() {
            operation.value = texts;
        }
    }
}

/// Takes the messages of both sides of a connection, one by one.
pub trait Session: Send {
    /// The name of the protocol, as soon as it is known.
    fn service(&self) -> &'static str;

    /// One message from the front of what a side has said. It may take more bytes than there are: then the rest of the
    /// message is of no interest.
    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message>;
}

/// Questions that wait for their answer; the oldest are forgotten first.
#[derive(Debug)]
pub struct Asked {
    open: VecDeque<(u64, u64, Operation)>,
    most: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self::up_to(MOST_ASKED)
    }
}

impl Asked {
    /// So many questions at most.
    #[must_use]
    pub fn up_to(most: usize) -> Self {
        Self {
            open: VecDeque::new(),
            most,
        }
    }

    /// Keeps a question under the flow and the number its answer will bear.
    pub fn ask(&mut self, flow: u64, number: u64, question: &Operation) {
        self.open
            .retain(|(of, key, _)| (*of, *key) != (flow, number));
        if self.open.len() >= self.most {
            self.open.pop_front();
        }
        let question = Operation {
            value: String::new(),
            ..question.clone()
        };
        self.open.push_back((flow, number, question));
    }

    /// The question of that number, which is answered now.
    pub fn answered(&mut self, flow: u64, number: u64) -> Option<Operation> {
        let place = self
            .open
            .iter()
            .rposition(|(of, key, _)| (*of, *key) == (flow, number))?;
        self.open.remove(place).map(|(_, _, question)| question)
    }
}

impl Operation {
    /// Fills in what only the question said.
    pub fn complete(&mut self, question: &Self) {
        if self.address.is_empty() {
            self.address.clone_from(&question.address);
            self.quantity = question.quantity;
        }
        if self.unit.is_empty() {
            self.unit.clone_from(&question.unit);
        }
        if self.access.is_empty() {
            self.access = question.access;
        }
    }
}

/// Values with commas between them, as many as are told.
#[derive(Debug, Default)]
pub struct Values {
    text: String,
    count: usize,
}

impl Values {
    /// Adds a value; returns whether there is room for another.
    pub fn add(&mut self, value: &str) -> bool {
        let room = MOST_VALUE_TEXT.saturating_sub(self.text.len());
        if self.count >= MOST_VALUES || room <= 1 {
            return false;
        }
        if self.count > 0 {
            self.text.push(',');
        }
        let room = MOST_VALUE_TEXT.saturating_sub(self.text.len());
        self.text.push_str(start_of(value, room));
        self.count = self.count.saturating_add(1);
        self.count < MOST_VALUES
    }

    /// All of them.
    #[must_use]
    pub fn text(self) -> String {
        self.text
    }
}

/// At most so many bytes of a text, cut between characters.
fn start_of(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// Values with commas between them.
pub fn joined<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    let mut told = Values::default();
    for value in values {
        if !told.add(&value.to_string()) {
            break;
        }
    }
    told.text()
}

/// Bytes as hex digits, as many as a value may have.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    let shown = bytes.iter().take(MOST_VALUE_TEXT / 2);
    shown
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The text a device gives of itself, no longer than a value may be.
#[must_use]
pub fn label(bytes: &[u8]) -> String {
    start_of(&trimmed(bytes), MOST_VALUE_TEXT).trim().to_owned()
}

/// The name of a number in a table sorted by number.
#[must_use]
pub fn named<N: Ord + Copy>(table: &[(N, &'static str)], number: N) -> Option<&'static str> {
    let place = table
        .binary_search_by_key(&number, |(number, _)| *number)
        .ok()?;
    table.get(place).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_learns_from_its_question_and_old_questions_are_forgotten() {
        let question = Operation {
            address: "7".to_owned(),
            quantity: 2,
            ..Operation::default()
        };
        let mut asked = Asked::up_to(2);
        for number in 1..=3 {
            asked.ask(9, number, &question);
        }
        assert!(asked.answered(9, 1).is_none() && asked.answered(8, 2).is_none());
        let mut answer = Operation::default();
        answer.complete(&asked.answered(9, 2).unwrap());
        assert_eq!((answer.address.as_str(), answer.quantity), ("7", 2));
        assert!(asked.answered(9, 2).is_none());
    }

    #[test]
    fn values_are_bounded_in_number_and_length() {
        assert_eq!(joined(0..99), "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15");
        assert_eq!(joined(["ü".repeat(200)]).len(), MOST_VALUE_TEXT);
        assert_eq!(hex(&[0xab; 500]).len(), MOST_VALUE_TEXT);
        assert_eq!(label(b" PLC \0"), "PLC");
    }
}
