//! Who follows a connection whose protocol is known: what it is given, and what it answers.
use super::stream::Stream;
use super::{Known, Talk};
use crate::damage::Parsed;
use crate::output::Output;

/// A segment with payload.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// Number of its first byte.
    pub sequence: u32,
    /// What was captured of it.
    pub payload: &'a [u8],
    /// Its length on the wire.
    pub length: u32,
}

/// Whether there is more to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hear {
    /// There may be.
    More,
    /// All that matters was said.
    Enough,
}

/// One side's bytes, and where to put what they say.
pub struct Hearing<'a> {
    /// Which side speaks.
    pub side: usize,
    /// Its bytes in order.
    pub stream: &'a mut Stream,
    /// Who speaks to whom.
    pub talk: &'a Talk,
    /// What is known of the flow.
    pub known: &'a mut Known,
    /// Rows and sightings.
    pub out: &'a mut Output,
}

/// Follows a connection whose protocol is known.
pub trait Speaker: Send {
    /// Puts a segment into the stream of its side; returns whether there is something new to hear.
    fn take(&mut self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> bool {
        hearing
            .stream
            .accept(segment.sequence, segment.payload, segment.length)
    }

    /// Hears what is new.
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear;

    /// That side sends nothing behind that number.
    fn ends(&mut self, _sequence: u32, _hearing: &mut Hearing<'_>) {}

    /// Whether it holds something of that side that came before its turn.
    fn waits(&self, _side: usize) -> bool {
        false
    }

    /// The receiver of the side has got all before that number: what is missing before it comes no more. Returns
    /// whether there is something new to hear.
    fn acknowledged(&mut self, _number: u32, _hearing: &mut Hearing<'_>) -> bool {
        false
    }

    /// Whether another protocol may begin within this one.
    fn may_turn(&self) -> bool {
        true
    }

    /// Bytes of memory beside the streams that count against the bound.
    fn size(&self) -> usize {
        0
    }

    /// The connection ended, or nobody listens any longer; `talk` is of a message of the opener.
    fn finish(&mut self, _talk: &Talk, _out: &mut Output) {}
}

/// What an unfinished, foreign or damaged message means for the hearing.
pub fn unread<T>(parsed: &Parsed<T>, hearing: &mut Hearing<'_>) -> Hear {
    if matches!(parsed, Parsed::More(_)) && !hearing.stream.is_stuck() {
        return Hear::More;
    }
    super::is_ours(parsed, hearing.out);
    Hear::Enough
}
