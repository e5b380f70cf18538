//! Damage in input is data, not an exception: every parser says what was wrong, the engine counts it by kind.

/// What a parser makes of the bytes it has.
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
