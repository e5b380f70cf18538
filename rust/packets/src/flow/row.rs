//! What is written of a flow: a row for each step in which something came, and one in which it ends.
use super::pending::{Firsts, Pending};
use super::slab::{NOWHERE, Slab};
use super::{End, Flow, HAS_ROW, IN, OPENER_KNOWN, OUT};
use crate::output::Output;
use crate::tables::FlowRow;

/// What has come of all flows since their last rows.
pub struct Untold {
    pending: Slab<Pending>,
    firsts: Firsts,
}

impl Untold {
    /// Nothing.
    pub fn new() -> Self {
        Self {
            pending: Slab::new(),
            firsts: Firsts::new(),
        }
    }

    /// Begins anew for a flow; returns where.
    pub fn begin(&mut self, time: i64) -> u32 {
        self.pending.add(Pending::at(time))
    }

    /// What has come of a flow.
    pub fn of(&self, flow: &Flow) -> &Pending {
        self.pending.at(flow.pending)
    }

    /// What has come of a flow, and where its first packets are kept.
    pub fn of_mut(&mut self, flow: &Flow) -> (&mut Pending, &mut Firsts) {
        (self.pending.at_mut(flow.pending), &mut self.firsts)
    }
}

impl Flow {
    /// Writes the row of what has come since the last one.
    pub fn tell(&mut self, untold: &mut Untold, out: &mut Output, end: Option<End>) {
        let Untold { pending, firsts } = untold;
        let place = std::mem::replace(&mut self.pending, NOWHERE);
        if place == NOWHERE {
            return;
        }
        let pending_now = pending.at(place);
        let (sizes, gaps) = firsts.take(pending_now);
        self.write(pending_now, (sizes, gaps), end, out);
        pending.leave(place);
    }

    /// Writes the last row, in the step in which the flow ended.
    pub(super) fn tell_end(
        &mut self,
        untold: &mut Untold,
        out: &mut Output,
        end: End,
        moment: i64,
    ) {
        let step = out.step_of(moment);
        if self.is_pending() && out.step_of(untold.of(self).first) == step {
            return self.tell(untold, out, Some(end));
        }
        self.tell(untold, out, None);
        self.write(&Pending::at(moment), (&[], &[]), Some(end), out);
    }

    fn write(
        &mut self,
        pending: &Pending,
        (sizes, gaps): (&[i32], &[i64]),
        end: Option<End>,
        out: &mut Output,
    ) {
        let (src, dst) = self.key.addresses(self.low_opened());
        let (src_port, dst_port) = self.key.ports(self.low_opened());
        let is_empty = pending.packets == [0; 2];
        let step = out.step_of(pending.first);
        out.tables.flows.push(FlowRow {
            step,
            flow: self.id,
            segment: out.segments.name(self.key.vlan()),
            is_first: self.marks & HAS_ROW == 0,
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
            opener_known: self.marks & OPENER_KNOWN != 0,
            packets_out: pending.packets[OUT].into(),
            packets_in: pending.packets[IN].into(),
            bytes_out: pending.bytes[OUT],
            bytes_in: pending.bytes[IN],
            payload_out: pending.payload[OUT],
            payload_in: pending.payload[IN],
            resent_out: pending.resent[OUT].into(),
            resent_in: pending.resent[IN].into(),
            size_min: if is_empty {
                0
            } else {
                pending.sizes.min.into()
            },
            size_max: pending.sizes.max.into(),
            size_squares: pending.sizes.squares,
            gap_min: pending.gaps.least(),
            gap_max: pending.gaps.max,
            gap_sum: pending.gap_sum,
            gap_squares: pending.gaps.squares,
            sizes,
            gaps,
            flags_out: self.flags[OUT],
            flags_in: self.flags[IN],
            state: self.state.name(),
            service: self.content.service(),
            name: self.content.name(),
            ja4: self.content.ja4(),
            end: end.map_or("", End::name),
        });
        self.marks |= HAS_ROW;
    }
}
