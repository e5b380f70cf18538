//! Flows: what packets belong together, and what has come of them since last told.
mod key;
mod lists;
mod state;
mod table;

pub use key::{FlowKey, FromLow, Opening};
pub use state::State;
pub use table::{Arrival, End, FlowTable};

use crate::address::Mac;
use crate::app::App;
use crate::output::Output;
use crate::tables::FlowRow;
use crate::transport::{Kind, Transport};

/// From the opener.
pub const OUT: usize = 0;
/// To the opener.
pub const IN: usize = 1;

/// What has come since the flow's last row.
#[derive(Debug, Clone, Copy, Default)]
struct Pending {
    step: i64,
    first: i64,
    last: i64,
    packets: [i64; 2],
    bytes: [i64; 2],
    payload: [i64; 2],
}

/// A conversation between two ends; pairs are of the opener and the other end, or from and to the opener.
pub struct Flow {
    /// What its packets share.
    pub key: FlowKey,
    /// The same on every row.
    pub id: u64,
    /// Time of its first packet.
    pub began: i64,
    /// Hardware addresses of the two ends.
    pub macs: [Mac; 2],
    /// Whether the end that stands first in the key opened it.
    pub low_opened: bool,
    /// How far a TCP connection has come.
    pub state: State,
    /// What is known of the protocol it carries.
    pub app: App,
    opener_known: bool,
    flags: [u8; 2],
    touched: i64,
    has_row: bool,
    pending: Pending,
}

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
            low_opened: from_low == opening.by_sender,
            state: State::None,
            app: App::default(),
            opener_known: opening.known,
            flags: [0; 2],
            touched: arrival.time,
            has_row: false,
            pending: Pending::default(),
        }
    }

    /// Whether something has come since the last row.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending.packets != [0; 2]
    }

    /// Counts a packet, after telling what came in another step; returns whether it is the first of its
    /// side since then.
    fn add(&mut self, arrival: &Arrival<'_, '_>, side: usize, out: &mut Output) -> bool {
        let step = out.step_of(arrival.time);
        if self.is_pending() && self.pending.step != step {
            self.tell(out, None);
        }
        let pending = &mut self.pending;
        if pending.packets == [0; 2] {
            *pending = Pending {
                step,
                first: arrival.time,
                last: arrival.time,
                ..Pending::default()
            };
        }
        pending.first = pending.first.min(arrival.time);
        pending.last = pending.last.max(arrival.time);
        let is_new_side = pending.packets[side] == 0;
        add(&mut pending.packets[side], arrival.frames);
        add(&mut pending.bytes[side], arrival.bytes);
        add(&mut pending.payload[side], u64::from(arrival.packet.length));
        self.live(arrival.packet, side);
        is_new_side
    }

    fn live(&mut self, packet: &Transport<'_>, side: usize) {
        let Kind::Tcp(tcp) = packet.kind else { return };
        self.flags[side] |= tcp.flags;
        self.state = match self.state {
            State::None => State::first(tcp),
            state => state.after(tcp, side == OUT, self.flags),
        };
    }

    /// Writes the row of what has come since the last one.
    pub fn tell(&mut self, out: &mut Output, end: Option<End>) {
        let (src, dst) = self.key.addresses(self.low_opened);
        let (src_port, dst_port) = self.key.ports(self.low_opened);
        let pending = std::mem::take(&mut self.pending);
        out.tables.flows.push(FlowRow {
            step: pending.step,
            flow: self.id,
            segment: out.segments.name(self.key.vlan()),
            is_first: !std::mem::replace(&mut self.has_row, true),
            is_last: end.is_some(),
            began: self.began,
            first: pending.first,
            last: pending.last,
            src_mac: self.macs[OUT],
            dst_mac: self.macs[IN],
            src: Some(src),
            dst: Some(dst),
            src_port,
            dst_port,
            proto: self.key.proto(),
            opener_known: self.opener_known,
            packets_out: pending.packets[OUT],
            packets_in: pending.packets[IN],
            bytes_out: pending.bytes[OUT],
            bytes_in: pending.bytes[IN],
            payload_out: pending.payload[OUT],
            payload_in: pending.payload[IN],
            resent_out: 0,
            resent_in: 0,
            size_min: 0,
            size_max: 0,
            size_squares: 0,
            gap_min: 0,
            gap_max: 0,
            gap_sum: 0,
            gap_squares: 0,
            sizes: &[],
            gaps: &[],
            flags_out: self.flags[OUT],
            flags_in: self.flags[IN],
            state: self.state.name(),
            service: self.app.service(),
            name: self.app.name(),
            ja4: self.app.ja4(),
            end: end.map_or("", End::name),
        });
    }

    /// Writes the last row, in the step in which the flow ended.
    fn tell_end(&mut self, out: &mut Output, end: End, moment: i64) {
        let step = out.step_of(moment);
        if self.is_pending() && self.pending.step != step {
            self.tell(out, None);
        }
        if !self.is_pending() {
            self.pending = Pending {
                step,
                first: moment,
                last: moment,
                ..Pending::default()
            };
        }
        self.tell(out, Some(end));
    }
}

fn add(sum: &mut i64, more: u64) {
    *sum = sum.saturating_add_unsigned(more);
}
