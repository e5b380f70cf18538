//! One side of a TCP connection put in order, as far as parsers want to see it.

/// The most bytes held for a parser.
pub const MOST_HELD: usize = 8 * 1024;
const MOST_LATER: usize = 8;
const MOST_LATER_BYTES: usize = 8 * 1024;

/// The bytes of one side, from where it is followed.
#[derive(Debug, Default)]
pub struct Stream {
    next: Option<u32>,
    held: Vec<u8>,
    later: Vec<(u32, Vec<u8>)>,
    is_torn: bool,
    is_full: bool,
    /// How many bytes are missing between what is held and `next`.
    lost: u32,
}

impl Stream {
    /// A stream whose first byte has that number, if it is known.
    #[must_use]
    pub fn starting(next: Option<u32>) -> Self {
        Self {
            next,
            ..Self::default()
        }
    }

    /// What has come in order and was not taken.
    #[must_use]
    pub fn held(&self) -> &[u8] {
        &self.held
    }

    /// Number of the byte behind what has come, if it is known.
    #[must_use]
    pub fn next_number(&self) -> Option<u32> {
        self.next
    }

    /// Whether no more can be held, or bytes are missing behind what is held.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.is_full || self.is_torn
    }

    /// Bytes of memory that count against the bound.
    #[must_use]
    pub fn size(&self) -> usize {
        self.held.capacity()
            + self
                .later
                .iter()
                .map(|(_, bytes)| bytes.capacity())
                .sum::<usize>()
    }

    /// Whether something came before its turn.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !self.later.is_empty()
    }

    /// Takes the first `size` bytes held.
    pub fn take(&mut self, size: usize) {
        self.held.drain(..size.min(self.held.len()));
        self.is_full = false;
    }

    /// Gives away what is held, and what came before its turn with its numbers.
    pub fn leave(&mut self) -> (Vec<u8>, Vec<(u32, Vec<u8>)>) {
        let given = (
            std::mem::take(&mut self.held),
            std::mem::take(&mut self.later),
        );
        self.clear();
        given
    }

    /// Takes `size` bytes, of which those behind what is held are passed over once they come.
    pub fn skip(&mut self, size: usize) {
        let later = size.saturating_sub(self.held.len());
        self.take(size);
        let Some(later) = u32::try_from(later).ok().filter(|later| *later > 0) else {
            return;
        };
        self.is_torn = later < self.lost;
        let next = self.next.unwrap_or_default();
        self.next = Some(next.wrapping_add(later.saturating_sub(self.lost)));
        self.lost = self.lost.saturating_sub(later);
    }

    /// Forgets what is held.
    pub fn clear(&mut self) {
        self.lost = 0;
        self.held = Vec::new();
        self.later = Vec::new();
        self.is_full = false;
        self.is_torn = false;
    }

    /// Whether a segment lies before what has come already.
    #[must_use]
    pub fn is_old(&self, sequence: u32) -> bool {
        self.next.is_some_and(|next| distance(next, sequence) < 0)
    }

    /// Whether a segment follows right behind what has come.
    #[must_use]
    pub fn is_next(&self, sequence: u32) -> bool {
        self.next == Some(sequence)
    }

    /// Passes over a segment.
    pub fn pass(&mut self, sequence: u32, length: u32) {
        let after = sequence.wrapping_add(length);
        if self.next.is_none_or(|next| distance(next, after) > 0) {
            self.next = Some(after);
        }
    }

    /// Goes on from a segment, leaving out what should have come before it.
    pub fn jump(&mut self, sequence: u32) {
        self.clear();
        self.next = Some(sequence);
    }

    /// Takes a segment of `length` bytes, of which `payload` was captured; returns whether bytes came
    /// in order.
    pub fn accept(&mut self, sequence: u32, payload: &[u8], length: u32) -> bool {
        self.next.get_or_insert(sequence);
        if self.is_ahead(sequence) {
            if self.keep(sequence, payload) {
                return false;
            }
            self.jump_gap(sequence);
        }
        let mut came = self.catch_up();
        if self.is_ahead(sequence) {
            self.keep(sequence, payload);
        } else {
            came |= self.append(sequence, payload, length);
            came |= self.catch_up();
        }
        came
    }

    /// Goes on behind a gap whose bytes their receiver has acknowledged: they were not captured, and come no more.
    /// Returns whether bytes came into order by it.
    pub fn acknowledge(&mut self, number: u32) -> bool {
        let Some(next) = self.next.filter(|_| !self.later.is_empty()) else {
            return false; // nearly always
        };
        let ahead = self.later.iter().map(|(come, _)| distance(next, *come));
        if ahead
            .min()
            .is_none_or(|gap| gap <= 0 || distance(next, number) < gap)
        {
            return false;
        }
        let nearest = self.later.first().map_or(next, |(come, _)| *come);
        self.jump_gap(nearest);
        self.catch_up()
    }

    /// Goes on from the nearest segment that came, `sequence` included.
    fn jump_gap(&mut self, sequence: u32) {
        let next = self.next.unwrap_or(sequence);
        let come = self.later.iter().map(|(number, _)| *number);
        let nearest = come
            .chain([sequence])
            .min_by_key(|number| distance(next, *number));
        let later = std::mem::take(&mut self.later);
        self.jump(nearest.unwrap_or(sequence));
        self.later = later;
    }

    /// Appends what came too early and has its turn now.
    fn catch_up(&mut self) -> bool {
        let mut came = false;
        while let Some(place) = self
            .later
            .iter()
            .position(|(number, _)| !self.is_ahead(*number))
        {
            let (number, bytes) = self.later.swap_remove(place);
            came |= self.append(number, &bytes, bytes.len() as u32);
        }
        came
    }

    fn is_ahead(&self, sequence: u32) -> bool {
        self.next.is_some_and(|next| distance(next, sequence) > 0)
    }

    fn keep(&mut self, sequence: u32, payload: &[u8]) -> bool {
        let bytes: usize = self.later.iter().map(|(_, bytes)| bytes.len()).sum();
        let has_room = self.later.len() < MOST_LATER && bytes + payload.len() <= MOST_LATER_BYTES;
        if has_room && self.later.iter().all(|(number, _)| *number != sequence) {
            self.later.push((sequence, payload.to_vec()));
        }
        has_room
    }

    fn append(&mut self, sequence: u32, payload: &[u8], length: u32) -> bool {
        let next = self.next.unwrap_or(sequence);
        let known = next.wrapping_sub(sequence);
        if known >= length {
            return false;
        }
        self.next = Some(sequence.wrapping_add(length));
        if std::mem::take(&mut self.is_torn) {
            self.held.clear();
        }
        self.is_torn = (payload.len() as u32) < length;
        let fresh = payload.get(known as usize..).unwrap_or_default();
        let room = MOST_HELD - self.held.len().min(MOST_HELD);
        self.is_full = self.is_full || fresh.len() > room;
        let taken = fresh.len().min(room);
        self.held.extend_from_slice(&fresh[..taken]);
        let missing = (length - known).saturating_sub(taken as u32);
        self.lost = if self.is_full {
            self.lost.saturating_add(missing)
        } else {
            missing
        };
        !fresh.is_empty()
    }
}

/// How far `to` lies after `from`, in the circle of sequence numbers.
fn distance(from: u32, to: u32) -> i32 {
    to.wrapping_sub(from).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(segments: &[(u32, &[u8])]) -> Stream {
        let mut stream = Stream::starting(Some(u32::MAX - 1));
        for (offset, payload) in segments {
            let sequence = (u32::MAX - 1).wrapping_add(*offset);
            stream.accept(sequence, payload, payload.len() as u32);
        }
        stream
    }

    #[test]
    fn segments_come_in_any_order_and_more_than_once() {
        let stream = stream(&[(3, b"def"), (0, b"ab"), (0, b"abc"), (6, b"g"), (3, b"def")]);
        assert_eq!(stream.held(), b"abcdefg");
    }

    #[test]
    fn a_gap_that_stays_is_passed_over() {
        let mut segments: Vec<(u32, &[u8])> = vec![(0, b"ab")];
        segments.extend((0..9).map(|place| (10 + place, &b"x"[..])));
        assert_eq!(stream(&segments).held(), b"xxxxxxxxx");
    }

    #[test]
    fn what_its_receiver_has_got_is_not_waited_for() {
        let mut stream = stream(&[(0, b"ab"), (6, b"g"), (4, b"ef")]);
        let number = |offset| (u32::MAX - 1_u32).wrapping_add(offset);
        assert!(
            !stream.acknowledge(number(3)),
            "the gap may still be filled"
        );
        assert!(stream.acknowledge(number(4)));
        assert_eq!(stream.held(), b"efg");
        assert!(!stream.acknowledge(number(90)), "there is no gap any more");
    }

    #[test]
    fn what_was_not_captured_tears_the_stream() {
        let mut stream = Stream::starting(Some(0));
        stream.accept(0, b"abc", 10);
        assert!(stream.is_stuck());
        stream.accept(10, b"xyz", 3);
        assert_eq!(stream.held(), b"xyz");
    }

    #[test]
    fn what_is_skipped_need_not_have_come() {
        let mut stream = Stream::starting(Some(0));
        stream.accept(0, b"ab", 2);
        stream.skip(5);
        assert!(!stream.accept(2, b"cd", 2));
        assert!(stream.accept(4, b"ef", 2));
        assert_eq!(stream.held(), b"f");
        stream.accept(6, b"g", 100);
        stream.skip(102);
        assert!(!stream.is_stuck());
        assert!(stream.accept(106, b"xy", 2));
        assert_eq!(stream.held(), b"y");
    }

    #[test]
    fn no_more_than_the_bound_is_held() {
        let mut stream = Stream::starting(None);
        stream.accept(0, &[7; 6000], 6000);
        stream.accept(6000, &[7; 6000], 6000);
        assert!(stream.is_stuck());
        assert_eq!(stream.held().len(), MOST_HELD);
    }
}
