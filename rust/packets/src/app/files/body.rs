//! What one side of a connection sends as a body: its segments in order, and where the body ends.
use super::chunks::Chunks;
use super::content::Content;
use super::file::Way;
use crate::app::speaker::Segment;
use crate::output::Output;

/// The most bytes that one body holds of segments that came before their turn.
const MOST_LATER: usize = 512 * 1024;
/// The most bytes that all bodies hold so.
const MOST_LATER_OF_ALL: usize = 32 * 1024 * 1024;

/// What tells where a body ends.
#[derive(Debug)]
pub enum Framing {
    /// So many bytes are still to come.
    Length(u64),
    /// Its last chunk.
    Chunks(Chunks),
    /// The end of the connection.
    Connection,
}

/// A body on its way.
pub struct Body {
    next: u32,
    later: Vec<(u32, Box<[u8]>)>,
    held: usize,
    framing: Framing,
    content: Content,
    /// The number behind the last byte of that side, once it said so.
    end: Option<u32>,
    is_over: bool,
    is_lost: bool,
}

impl Body {
    /// A body whose first byte has that number.
    pub fn begin(next: u32, framing: Framing, content: Content) -> Self {
        Self {
            next,
            later: Vec::new(),
            held: 0,
            is_over: matches!(framing, Framing::Length(0)),
            is_lost: false,
            framing,
            content,
            end: None,
        }
    }

    /// The number of the first byte that was not taken.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Nothing more belongs to it: it ended, or nobody can tell where it goes on.
    pub fn is_over(&self) -> bool {
        self.is_over || self.is_lost
    }

    /// What follows the last byte taken is the next message.
    pub fn is_exact(&self) -> bool {
        self.is_over && !self.is_lost
    }

    /// How many bytes are known to be still to come.
    pub fn left(&self) -> u64 {
        match self.framing {
            Framing::Length(left) => left,
            Framing::Chunks(_) | Framing::Connection => 0,
        }
    }

    /// Whether nothing of it has come.
    pub fn is_untouched(&self) -> bool {
        self.later.is_empty() && self.content.is_untouched()
    }

    /// Whether any of it is of interest still.
    pub fn is_followed(&self) -> bool {
        self.content.is_followed()
    }

    /// Takes a segment of its side.
    pub fn take(&mut self, segment: &Segment<'_>, way: &Way, out: &mut Output) {
        if self.is_ahead(segment.sequence) {
            if self.keep(segment, out) {
                return;
            }
            self.pass_gap(segment.sequence, way, out);
        }
        self.catch_up(way, out);
        if self.is_ahead(segment.sequence) {
            self.keep(segment, out);
            return;
        }
        self.append(segment.sequence, segment.payload, segment.length, way, out);
        self.catch_up(way, out);
        self.see_end();
    }

    /// Whether something came before its turn.
    pub fn waits(&self) -> bool {
        !self.later.is_empty()
    }

    /// Goes on behind a gap whose bytes their receiver has acknowledged; returns whether there was one.
    pub fn acknowledge(&mut self, number: u32, way: &Way, out: &mut Output) -> bool {
        let gaps = self
            .later
            .iter()
            .map(|(come, _)| (distance(self.next, *come), *come));
        let Some((gap, nearest)) = gaps.min() else {
            return false;
        };
        if self.is_over() || distance(self.next, number) < gap {
            return false;
        }
        self.pass_gap(nearest, way, out);
        self.catch_up(way, out);
        self.see_end();
        true
    }

    /// That side sends nothing behind that number.
    pub fn ends(&mut self, sequence: u32) {
        self.end = Some(sequence);
        self.see_end();
    }

    /// Tells what it held, at its end or where nothing more comes; gives back the segments not used.
    pub fn finish(mut self, way: &Way, out: &mut Output) -> Vec<(u32, Box<[u8]>)> {
        while let (false, Some((number, _))) = (self.is_over(), self.later.first()) {
            let number = *number; // what lies before it never came
            self.pass_gap(number, way, out);
            self.catch_up(way, out);
        }
        out.files.held = out.files.held.saturating_sub(self.held);
        let is_complete = self.is_exact();
        self.content.finish(is_complete, way, out);
        std::mem::take(&mut self.later)
    }

    fn see_end(&mut self) {
        let is_open_ended = matches!(self.framing, Framing::Connection);
        if is_open_ended && self.end == Some(self.next) {
            self.is_over = true;
        }
    }

    fn is_ahead(&self, sequence: u32) -> bool {
        distance(self.next, sequence) > 0
    }

    /// Keeps a segment until its turn; `false` where there is no room for it.
    fn keep(&mut self, segment: &Segment<'_>, out: &mut Output) -> bool {
        let size = segment.payload.len();
        let has_room = self.held + size <= MOST_LATER && out.files.held + size <= MOST_LATER_OF_ALL;
        let is_known = self
            .later
            .iter()
            .any(|(number, bytes)| *number == segment.sequence && bytes.len() >= size);
        let is_cut = size < segment.length as usize;
        if has_room && !is_known && !is_cut && size > 0 {
            self.held += size;
            out.files.held += size;
            self.later.push((segment.sequence, segment.payload.into()));
        }
        has_room && !is_cut
    }

    /// Takes all that came before its turn and has it now.
    fn catch_up(&mut self, way: &Way, out: &mut Output) {
        while !self.is_over() {
            let due = |(number, _): &(u32, Box<[u8]>)| !self.is_ahead(*number);
            let Some(place) = self.later.iter().position(due) else {
                return;
            };
            let (number, bytes) = self.later.swap_remove(place);
            self.append(number, &bytes, bytes.len() as u32, way, out);
            if self.is_over() && distance(self.next, number.wrapping_add(bytes.len() as u32)) > 0 {
                self.later.push((number, bytes)); // its rest belongs to the next message
                return;
            }
            self.held = self.held.saturating_sub(bytes.len());
            out.files.held = out.files.held.saturating_sub(bytes.len());
        }
    }

    /// Goes on from the nearest segment that came, `sequence` included.
    fn pass_gap(&mut self, sequence: u32, way: &Way, out: &mut Output) {
        let come = self.later.iter().map(|(number, _)| *number);
        let nearest = come
            .chain([sequence])
            .min_by_key(|number| distance(self.next, *number));
        let size = nearest.unwrap_or(sequence).wrapping_sub(self.next);
        self.miss(size, way, out);
    }

    /// So many bytes that come next were not seen.
    fn miss(&mut self, size: u32, way: &Way, out: &mut Output) {
        let mut size = u64::from(size);
        if size == 0 || self.is_over() {
            return;
        }
        self.content.tear(way, out);
        match &mut self.framing {
            Framing::Length(left) => {
                size = size.min(*left);
                *left -= size;
                self.is_over = *left == 0;
            }
            Framing::Chunks(chunks) => self.is_lost = !chunks.skip(size),
            Framing::Connection => {}
        }
        self.next = self.next.wrapping_add(size as u32);
    }

    /// Takes what of a segment is new and belongs to the body.
    fn append(&mut self, sequence: u32, payload: &[u8], length: u32, way: &Way, out: &mut Output) {
        let known = self.next.wrapping_sub(sequence);
        if known >= length || self.is_over() {
            return;
        }
        let fresh = payload.get(known as usize..).unwrap_or_default();
        let content = &mut self.content;
        let taken = match &mut self.framing {
            Framing::Length(left) => {
                let here = usize::try_from(*left)
                    .unwrap_or(usize::MAX)
                    .min(fresh.len());
                content.feed(&fresh[..here], way, out);
                *left -= here as u64;
                self.is_over = *left == 0;
                here
            }
            Framing::Chunks(chunks) => {
                let taken = chunks.take(fresh, |data| content.feed(data, way, out));
                (self.is_over, self.is_lost) = (chunks.is_over(), chunks.is_lost());
                taken
            }
            Framing::Connection => {
                content.feed(fresh, way, out);
                fresh.len()
            }
        };
        self.next = self.next.wrapping_add(taken as u32);
        let cut = length.saturating_sub(payload.len().max(known as usize) as u32);
        self.miss(cut, way, out);
    }
}

/// How far `to` lies after `from`, in the circle of sequence numbers.
fn distance(from: u32, to: u32) -> i32 {
    to.wrapping_sub(from).cast_signed()
}
