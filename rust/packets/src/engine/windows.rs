//! Time passes: flows end in the moment they are due, windows close when they are over and are handed out in parts.
use std::collections::VecDeque;

use arrow_array::RecordBatch;

use super::{Engine, Settings};
use crate::capture::Frame;
use crate::clock::Held;

/// So many rows are handed out at once: few enough that a batch takes tens of megabytes, however many flows there are,
/// and many enough that the cost of a batch itself does not show.
const BATCH: usize = 1 << 16;

/// All traffic tables of one span of time, or a part of them.
#[derive(Debug)]
pub struct Window {
    /// First µs of the span.
    pub begin: i64,
    /// First µs after it.
    pub end: i64,
    /// Tables with rows, by name.
    pub tables: Vec<(&'static str, RecordBatch)>,
    /// Whether further rows of the same span follow.
    pub more: bool,
}

/// What waits until rows that come before it were handed out.
enum Waiting {
    Frame(Held),
    /// The end of the input, at that time.
    End(i64),
}

/// The open window, and those that nobody took yet.
pub(super) struct Windows {
    length: i64,
    step: i64,
    /// Rows that fill a window.
    full: usize,
    open: Option<(i64, i64)>,
    /// Where the last window ended that was cut short.
    cut: i64,
    /// The open window is over: the next one holds this time.
    following: Option<i64>,
    ready: VecDeque<Window>,
    waiting: Option<Waiting>,
    /// Rows of the open window that were handed out.
    handed: usize,
    quiet_until: i64,
}

impl Windows {
    /// None yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            length: settings.window.max(1),
            step: settings.step.max(1),
            full: settings.full,
            open: None,
            cut: i64::MIN,
            following: None,
            ready: VecDeque::new(),
            waiting: None,
            handed: 0,
            quiet_until: i64::MIN,
        }
    }

    /// The window which holds that time.
    fn span(&self, time: i64) -> (i64, i64) {
        let begin = time.saturating_sub(time.rem_euclid(self.length));
        let end = begin.saturating_add(self.length);
        let is_cut = (begin..=time).contains(&self.cut);
        (if is_cut { self.cut } else { begin }, end)
    }

    /// Ends a full window where time, which has come to `now`, enters the step of `to`: traffic decides how long a
    /// window can be.
    fn cut_if_full(&mut self, rows: usize, now: i64, to: i64) {
        let before = to.saturating_sub(to.rem_euclid(self.step));
        if let Some((begin, end)) = &mut self.open
            && rows >= self.full
            && now < before
            && (*begin + 1..*end).contains(&before)
        {
            *end = before;
            self.cut = before;
        }
    }

    /// When the step of that time is over.
    fn step_end(&self, time: i64) -> i64 {
        time.saturating_sub(time.rem_euclid(self.step))
            .saturating_add(self.step)
    }
}

impl Engine {
    /// The next window that is complete, or the next part of one.
    pub fn ready(&mut self) -> Option<Window> {
        while self.windows.ready.is_empty() && self.windows.waiting.is_some() {
            self.go_on();
        }
        self.windows.ready.pop_front()
    }

    /// Where the open window begins: all before was given.
    #[must_use]
    pub fn told_until(&self) -> Option<i64> {
        self.windows.open.map(|(begin, _)| begin)
    }

    /// Where the open window ends: a packet of that time or later closes it.
    #[must_use]
    pub fn open_until(&self) -> Option<i64> {
        self.windows.open.map(|(_, end)| end)
    }

    /// How many rows the open window has so far, those included that were handed out.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.windows.handed + self.out.tables.len()
    }

    /// Ends the input: what was held back is told.
    pub fn finish(&mut self) {
        for held in self.clock.leave(&mut self.out.tally) {
            self.settle();
            self.believe(&held.frame());
        }
        self.settle();
        while let Some(datagram) = self.fragments.any() {
            self.incomplete(datagram, 0);
        }
        if let Some(now) = self.clock.now() {
            self.windows.waiting = Some(Waiting::End(now));
        }
    }

    /// Lets time pass without packets: flows that are due end, windows that are over close.
    ///
    /// Packets that come afterwards with an earlier time keep it; their rows come with the window open then.
    pub fn pass(&mut self, to: i64) {
        self.settle();
        while let Some(datagram) = self.fragments.overdue(to) {
            self.incomplete(datagram, 0);
        }
        let to = to.max(self.clock.now().unwrap_or(to));
        while !self.advance(to) {}
    }

    /// Takes a packet whose time is believed, unless rows are to be handed out before.
    pub(super) fn believe(&mut self, frame: &Frame<'_>) {
        if self.advance(frame.time) {
            self.read(frame);
        } else {
            self.windows.waiting = Some(Waiting::Frame(Held::of(frame)));
        }
    }

    /// Finishes what waits, for those who do not take windows in between.
    pub(super) fn settle(&mut self) {
        while self.windows.waiting.is_some() {
            self.go_on();
        }
    }

    /// Hands out what the open window has if that is a whole batch.
    pub(super) fn hand_out_batch(&mut self) -> bool {
        let is_full = self.out.tables.len() >= BATCH;
        if is_full {
            self.hand_out(true);
        }
        is_full
    }

    /// Does some of what waits.
    fn go_on(&mut self) {
        match self.windows.waiting.take() {
            None => {}
            Some(Waiting::Frame(held)) => self.believe(&held.frame()),
            Some(Waiting::End(now)) => {
                if !self.flows.finish_some(self.room(), now, &mut self.out) {
                    self.hand_out(true);
                    self.windows.waiting = Some(Waiting::End(now));
                } else if self.close() {
                    self.windows.open = None;
                }
            }
        }
    }

    /// Lets time pass up to there; or only so far that there is something to hand out, then it is to be asked again.
    fn advance(&mut self, to: i64) -> bool {
        let first = self.windows.span(to);
        let mut window = *self.windows.open.get_or_insert(first);
        if to < window.1 && to < self.windows.quiet_until {
            self.clock.reach(to);
            return true; // most packets: nothing ends yet
        }
        let (rows, now) = (self.rows(), self.clock.now().unwrap_or(to));
        self.windows.cut_if_full(rows, now, to);
        window = self.windows.open.unwrap_or(window);
        loop {
            if let Some(following) = self.windows.following {
                if !self.close() {
                    return false;
                }
                window = self.windows.span(following);
                self.windows.open = Some(window);
                self.windows.following = None;
            }
            let due = self.flows.next_due(to);
            let until = due.map_or(to, |(moment, _)| moment);
            if until >= window.1 {
                self.windows.following = Some(until);
                continue;
            }
            let Some((moment, place)) = due else { break };
            self.flows.end_due(place, moment, &mut self.out);
            if self.hand_out_batch() {
                return false;
            }
        }
        let quiet_until = self.flows.quiet_until(self.clock.reach(to));
        self.windows.quiet_until = quiet_until.min(self.windows.step_end(to));
        true
    }

    /// Tells what is pending and hands out what there is; whether that was all of the window.
    fn close(&mut self) -> bool {
        let is_all = self.flows.tell_some(self.room(), &mut self.out);
        if !is_all || self.rows() > 0 {
            self.hand_out(!is_all);
        }
        is_all
    }

    /// How many rows the batch still has room for, at least one.
    fn room(&self) -> usize {
        BATCH.saturating_sub(self.out.tables.len()).max(1)
    }

    fn hand_out(&mut self, more: bool) {
        let rows = self.rows();
        let tables = self.out.tables.take();
        let Some((begin, end)) = self.windows.open else {
            return;
        };
        self.windows.handed = if more { rows } else { 0 };
        self.windows.ready.push_back(Window {
            begin,
            end,
            tables,
            more,
        });
    }
}
