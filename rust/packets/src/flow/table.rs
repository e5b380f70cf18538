//! The flow table: bounded, each flow kept as long as more can be expected of it.
use super::idle::{CLASSES, GONE, Idle};
use super::index::Index;
use super::row::Untold;
use super::{Flow, FlowKey, IN, OUT, State};
use crate::address::Mac;
use crate::app;
use crate::output::Output;
use crate::transport::{FIN, Kind, Transport};

const SECOND: i64 = 1_000_000;
/// How long flows are kept after their last packet, by kind: over, datagrams, half open, open.
const PATIENCE: [i64; CLASSES] = [5 * SECOND, 60 * SECOND, 300 * SECOND, 3600 * SECOND];
const OVER: u8 = 0;
const DATAGRAMS: u8 = 1;
const HALF_OPEN: u8 = 2;
const OPEN: u8 = 3;

/// Why a flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Both sides finished.
    Closed,
    /// It was broken off or refused.
    Reset,
    /// Nothing came for long.
    Idle,
    /// The table was full.
    Evicted,
    /// The input ended.
    Finished,
}

impl End {
    /// The word the tables use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Idle => "idle",
            Self::Evicted => "evicted",
            Self::Finished => "finished",
        }
    }

    /// What a flow in that state ends with, rather than with `otherwise`.
    fn of(state: State, otherwise: Self) -> Self {
        match state {
            State::Closed => Self::Closed,
            State::Reset | State::Refused => Self::Reset,
            _ => otherwise,
        }
    }
}

/// A packet, or a datagram of several, that comes to the table.
pub struct Arrival<'a, 'b> {
    /// What it is.
    pub packet: &'b Transport<'a>,
    /// Hardware addresses it came from and went to.
    pub macs: (Mac, Mac),
    /// Its own time.
    pub time: i64,
    /// The greatest time so far.
    pub now: i64,
    /// The sizes of the frames it took, bytes.
    pub sizes: &'b [u32],
}

/// All flows of which more is expected.
pub struct FlowTable {
    index: Index,
    flows: Vec<Flow>,
    free: Vec<u32>,
    idle: Idle,
    untold: Untold,
    /// Flows of which something came, at least those, and how many of them were told.
    changed: Vec<u32>,
    told: usize,
    most: usize,
    begun: u64,
    evicted: u64,
}

impl FlowTable {
    /// A table of at most `most` flows.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            index: Index::new(),
            flows: Vec::new(),
            free: Vec::new(),
            idle: Idle::default(),
            untold: Untold::new(),
            changed: Vec::new(),
            told: 0,
            most: most.clamp(1, u32::MAX as usize - 1),
            begun: 0,
            evicted: 0,
        }
    }

    /// How many flows have begun, and how many were evicted.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.begun, self.evicted)
    }

    /// Counts a packet to its flow; returns the flow, the side the packet came from, and whether it is
    /// the first of that side since the flow's last row.
    pub fn arrive(
        &mut self,
        arrival: &Arrival<'_, '_>,
        out: &mut Output,
    ) -> (&mut Flow, usize, bool) {
        let (key, from_low) = FlowKey::of(arrival.packet, arrival.macs.0);
        let place = match self.index.find(&key, &self.flows) {
            Some(place) if self.is_reopened(place, arrival.packet) => {
                let end = End::of(self.flows[place as usize].state, End::Idle);
                self.end(place, end, arrival.now, out);
                self.begin(key, from_low, arrival, out)
            }
            Some(place) => place,
            None => self.begin(key, from_low, arrival, out),
        };
        let flow = &mut self.flows[place as usize];
        let side = if from_low == flow.low_opened() {
            OUT
        } else {
            IN
        };
        if !flow.is_pending() {
            self.changed.push(place);
        }
        flow.touched = arrival.now;
        let is_new_side = flow.add(arrival, side, &mut self.untold, out);
        let class = class(flow);
        if class != flow.class {
            flow.class = class;
            self.idle.enter(place, &mut self.flows);
        }
        (&mut self.flows[place as usize], side, is_new_side)
    }

    /// Whether the packet opens a new connection between ends whose last one is over.
    fn is_reopened(&self, place: u32, packet: &Transport<'_>) -> bool {
        let is_over = self.flows[place as usize].state.is_over();
        is_over && matches!(packet.kind, Kind::Tcp(tcp) if tcp.is_syn())
    }

    fn begin(
        &mut self,
        key: FlowKey,
        from_low: bool,
        arrival: &Arrival<'_, '_>,
        out: &mut Output,
    ) -> u32 {
        if self.index.len() >= self.most {
            self.evict(arrival.now, out);
        }
        self.begun = self.begun.saturating_add(1);
        let flow = Flow::begin(key, from_low, arrival);
        let place = if let Some(place) = self.free.pop() {
            self.flows[place as usize] = flow;
            place
        } else {
            self.flows.push(flow);
            (self.flows.len() - 1) as u32
        };
        self.index.add(place, &self.flows);
        place
    }

    /// Ends the flow that has been idle for longest.
    fn evict(&mut self, now: i64, out: &mut Output) {
        let Self { idle, flows, .. } = self;
        let firsts = (0..CLASSES).filter_map(|class| idle.first(class, flows));
        let Some((_, place)) = firsts.min() else {
            return;
        };
        self.evicted = self.evicted.saturating_add(1);
        self.end(place, End::Evicted, now, out);
    }

    /// No flow ends before this, whatever comes from `now` on.
    #[must_use]
    pub fn quiet_until(&self, now: i64) -> i64 {
        let least = now.saturating_add(PATIENCE[usize::from(OVER)]);
        let due = |class| Some(self.idle.since(class)?.saturating_add(PATIENCE[class]));
        (0..CLASSES).filter_map(due).fold(least, i64::min)
    }

    /// The moment at which the next flow ends by idleness, unless none does up to `to`, and its place.
    #[must_use]
    pub fn next_due(&mut self, to: i64) -> Option<(i64, u32)> {
        let Self { idle, flows, .. } = self;
        let due = |class: usize| {
            idle.since(class)
                .filter(|since| since.saturating_add(PATIENCE[class]) <= to)?;
            let (touched, place) = idle.first(class, flows)?;
            Some((touched.saturating_add(PATIENCE[class]), place))
        };
        let due = (0..CLASSES)
            .filter_map(due)
            .min_by_key(|(moment, _)| *moment);
        due.filter(|(moment, _)| *moment <= to)
    }

    /// Ends a flow whose time has come.
    pub fn end_due(&mut self, place: u32, moment: i64, out: &mut Output) {
        let end = End::of(self.flows[place as usize].state, End::Idle);
        self.end(place, end, moment, out);
    }

    fn end(&mut self, place: u32, end: End, moment: i64, out: &mut Output) {
        self.index.remove(place, &self.flows);
        let flow = &mut self.flows[place as usize];
        app::finish(flow, moment, out);
        flow.tell_end(&mut self.untold, out, end, moment);
        flow.class = GONE;
        flow.content = app::Content::default();
        self.free.push(place);
    }

    /// Writes rows of flows of which something came since their last, so many at most; whether all were written.
    pub fn tell_some(&mut self, most: usize, out: &mut Output) -> bool {
        let until = self.told.saturating_add(most).min(self.changed.len());
        for place in &self.changed[self.told..until] {
            self.flows[*place as usize].tell(&mut self.untold, out, None);
        }
        self.told = until;
        if self.told < self.changed.len() {
            return false;
        }
        self.changed.clear();
        self.told = 0;
        true
    }

    /// Ends flows because the input ended, so many at most, those first that were touched first; whether none is left.
    pub fn finish_some(&mut self, most: usize, now: i64, out: &mut Output) -> bool {
        for _ in 0..most {
            let Self { idle, flows, .. } = self;
            let Some((_, place)) = (0..CLASSES).find_map(|class| idle.first(class, flows)) else {
                self.changed.clear();
                return true;
            };
            let end = End::of(self.flows[place as usize].state, End::Finished);
            self.end(place, end, now, out);
        }
        false
    }
}

fn class(flow: &Flow) -> u8 {
    match flow.state {
        State::None => DATAGRAMS,
        state if state.is_over() => OVER,
        State::Open if (flow.flags[OUT] | flow.flags[IN]) & FIN == 0 => OPEN,
        _ => HALF_OPEN,
    }
}
