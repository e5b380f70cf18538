//! Damage in input is data, not an exception: every parser says what was wrong, the engine counts it by kind.

/// What a parser makes of the bytes it has.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed<T> {
    /// A whole message, and how many bytes it took.
    Done(T, usize),
    /// So far so good, but the message goes on: at least this many more bytes are needed.
    More(usize),
    /// These bytes are another protocol's.
    Foreign,
    /// The protocol is right and the message is not.
    Damaged(Damage),
}

/// A kind of damage; its name is what people see it counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Damage(pub &'static str);

impl<T> Parsed<T> {
    /// The same outcome with the message turned into another.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Parsed<U> {
        match self {
            Self::Done(message, taken) => Parsed::Done(turn(message), taken),
            Self::More(more) => Parsed::More(more),
            Self::Foreign => Parsed::Foreign,
            Self::Damaged(damage) => Parsed::Damaged(damage),
        }
    }

    /// The same outcome with the message turned into another, or found to be damaged.
    pub fn and<U>(self, turn: impl FnOnce(T) -> Result<U, Damage>) -> Parsed<U> {
        match self {
            Self::Done(message, taken) => Parsed::from_result(turn(message), taken),
            Self::More(more) => Parsed::More(more),
            Self::Foreign => Parsed::Foreign,
            Self::Damaged(damage) => Parsed::Damaged(damage),
        }
    }

    /// A message read to its end, or the damage found in it.
    pub fn from_result(read: Result<T, Damage>, taken: usize) -> Self {
        match read {
            Ok(message) => Self::Done(message, taken),
            Err(damage) => Self::Damaged(damage),
        }
    }
}
