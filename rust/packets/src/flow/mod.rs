//! Flows: what packets belong together, and what has come of them since last told.
mod idle;
mod index;
mod key;
mod pending;
mod row;
mod sequence;
mod slab;
mod state;
mod table;

pub use key::{FlowKey, FromLow, Opening};
pub use state::State;
pub use table::{Arrival, End, FlowTable};

use crate::address::Mac;
use crate::app::Content;
use crate::output::Output;
use crate::transport::{Kind, Transport};
use pending::{FIRSTS, Pending};
use row::Untold;
use sequence::Sequence;
use slab::NOWHERE;

/// From the opener.
pub const OUT: usize = 0;
/// To the opener.
pub const IN: usize = 1;

/// A conversation between two ends; pairs are of the opener and the other end, or from and to the opener.
///
/// This is what every packet touches, in two lines of the cache; what only rows need stands in `Pending`, for flows of
/// which something came since their last row, and what only parsers need behind `content`.
#[repr(align(64))]
pub struct Flow {
    /// What its packets share.
    pub key: FlowKey,
    /// The same on every row.
    pub id: u64,
    /// Time of its first packet.
    pub began: i64,
    /// Hardware addresses of the two ends.
    pub macs: [Mac; 2],
    /// How far a TCP connection has come.
    pub state: State,
    /// What it carries, as far as it was looked into.
    pub content: Content,
    marks: u8,
    flags: [u8; 2],
    /// The greatest time there was when its last packet came.
    touched: i64,
    /// The last packet's own time.
    last: i64,
    sequence: Sequence,
    pending: u32,
    /// How many packets it had, up to [`FIRSTS`].
    firsts: u8,
    class: u8,
    queued: u16,
}

/// The end that stands first in the key opened it.
const LOW_OPENED: u8 = 1;
/// That was seen, not guessed.
const OPENER_KNOWN: u8 = 2;
/// A row was written of it.
const HAS_ROW: u8 = 4;

const _: () = assert!(size_of::<Flow>() <= 128, "two lines of the cache");

impl Flow {
    /// A flow as its first packet begins it.
    #[must_use]
    pub fn begin(key: FlowKey, from_low: bool, arrival: &Arrival<'_, '_>) -> Self {
        let opening = Opening::of(arrival.packet);
        let (from, to) = arrival.macs;
        Self {
            key,
            id: key.id(arrival.time),
            began: arrival.time,
            macs: if opening.by_sender {
                [from, to]
            } else {
                [to, from]
            },
            state: State::None,
            content: Content::default(),
            marks: u8::from(from_low == opening.by_sender) * LOW_OPENED
                + u8::from(opening.known) * OPENER_KNOWN,
            flags: [0; 2],
            touched: arrival.now,
            last: arrival.time,
            sequence: Sequence::default(),
            pending: NOWHERE,
            firsts: 0,
            class: idle::GONE,
            queued: 0,
        }
    }

    /// Whether something has come since the last row.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending != NOWHERE
    }

    /// Whether the end that stands first in the key opened it.
    #[must_use]
    pub fn low_opened(&self) -> bool {
        self.marks & LOW_OPENED != 0
    }

    /// Whether it has more packets than are told one by one.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.firsts >= FIRSTS
    }

    /// Whether it stands in that class, noted for that span.
    fn is_queued(&self, class: usize, span: i64) -> bool {
        usize::from(self.class) == class && self.queued == idle::mark(span)
    }

    /// Counts a packet, after telling what came in another step; returns whether it is the first of its
    /// side since then.
    fn add(
        &mut self,
        arrival: &Arrival<'_, '_>,
        side: usize,
        untold: &mut Untold,
        out: &mut Output,
    ) -> bool {
        let step = out.step_of(arrival.time);
        if self.is_pending() && out.step_of(untold.of(self).first) != step {
            self.tell(untold, out, None);
        }
        if !self.is_pending() {
            self.pending = untold.begin(arrival.time);
        }
        let (pending, firsts) = untold.of_mut(self);
        let is_new_side = pending.packets[side] == 0;
        let mut gap = arrival.time.saturating_sub(self.last).max(0);
        for size in arrival.sizes {
            if self.firsts > 0 {
                pending.pause(gap);
            }
            if self.firsts < FIRSTS {
                let bytes = i32::try_from(*size).unwrap_or(i32::MAX);
                firsts.add(pending, if side == OUT { bytes } else { -bytes }, gap);
                self.firsts += 1;
            }
            gap = 0; // the pieces of a datagram count at the time of the last
        }
        self.last = arrival.time;
        pending.count(side, arrival.time, arrival.sizes, arrival.packet.length);
        self.live(arrival.packet, side, pending);
        is_new_side
    }

    fn live(&mut self, packet: &Transport<'_>, side: usize, pending: &mut Pending) {
        let Kind::Tcp(tcp) = packet.kind else { return };
        if packet.length > 0 && self.content.is_none() {
            let starts = [OUT, IN].map(|side| self.sequence.start(side));
            self.content.follow(starts);
        }
        if self.sequence.is_resent(side, tcp, packet.length) {
            pending.resent[side] = pending.resent[side].saturating_add(1);
        }
        self.flags[side] |= tcp.flags;
        self.state = match self.state {
            State::None => State::first(tcp),
            state => state.after(tcp, side == OUT, self.flags),
        };
    }
}
