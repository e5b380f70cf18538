//! What the engine brings out: rows, sightings once a step, and the count of damage.
use std::cell::Cell;
use std::net::IpAddr;

use crate::address::{Mac, bits};
use crate::app::{Asked, Files, Hellos};
use crate::link::Vlan;
use crate::protocols::plant;
use crate::seen::{Seen, Sighted};
use crate::segments::Segments;
use crate::tables::{SightingRow, Tables};
use crate::tally::Tally;

/// Steps of which it is remembered what was seen: the current one, and some for packets that come late.
const STEPS: usize = 4;
/// Questions in datagrams that wait for their answer, over all flows.
const MOST_ASKED: usize = 256;

/// When and where something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Packet time.
    pub time: i64,
    /// Broadcast domain.
    pub vlan: Vlan,
}

/// Sightings told last that need no look into what the step has; a power of two.
const RECENT: usize = 1024;

/// A sighting without a text: what most packets that begin a row bring once more.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Plain {
    step: i64,
    vlan: Vlan,
    mac: Mac,
    ip: Option<IpAddr>,
    field: &'static str,
    number: u16,
}

impl Plain {
    /// Its place among the recent ones. Who makes sightings share a place makes them slower, not wrong.
    fn place(&self) -> usize {
        let mac = self.mac.bits();
        let ip = self.ip.map_or(1, bits);
        let ip = ip as u64 ^ (ip >> 64) as u64;
        let rest = u64::from(self.number) << 16 ^ self.field.len() as u64;
        let word = (mac ^ ip.rotate_left(24) ^ rest).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (word >> 48) as usize % RECENT
    }
}

/// Where all parts of the engine put what they find.
pub struct Output {
    /// Rows of the window.
    pub tables: Tables,
    /// Damage met so far.
    pub tally: Tally,
    /// Names of broadcast domains.
    pub segments: Segments,
    /// Bytes of streams held for parsers, over all flows.
    pub held: usize,
    /// Files that are being followed.
    pub files: Files,
    /// Questions of plant protocols in datagrams that wait for their answer.
    pub plants: plant::Asked,
    /// Key of the hashes that stand for secrets.
    pub secret_key: Vec<u8>,
    /// Questions that come in one flow and are answered in another.
    pub asked: Asked,
    /// Fingerprints of the hellos told last.
    pub hellos: Hellos,
    step: i64,
    recent: Cell<i64>,
    seen: [Seen; STEPS],
    uses: u64,
    told: Vec<Option<Plain>>,
}

impl Output {
    /// Nothing yet; rows are cut at multiples of `step`.
    #[must_use]
    pub fn new(step: i64, segment: &str, secret_key: &[u8]) -> Self {
        Self {
            tables: Tables::default(),
            tally: Tally::default(),
            segments: Segments::of(segment),
            held: 0,
            files: Files::default(),
            plants: plant::Asked::up_to(MOST_ASKED),
            secret_key: secret_key.to_vec(),
            asked: Asked::default(),
            hellos: Hellos::default(),
            step,
            recent: Cell::new(i64::MIN),
            seen: std::array::from_fn(|_| Seen::default()),
            uses: 0,
            told: vec![None; RECENT],
        }
    }

    /// The step a time belongs to.
    #[must_use]
    pub fn step_of(&self, time: i64) -> i64 {
        let recent = self.recent.get();
        if (recent..recent.saturating_add(self.step)).contains(&time) {
            return recent; // spares most packets a division
        }
        let step = time.saturating_sub(time.rem_euclid(self.step));
        self.recent.set(step);
        step
    }

    /// Adds a sighting unless the step has it; those of no single device are left out.
    pub fn sight(
        &mut self,
        at: At,
        mac: Mac,
        ip: Option<IpAddr>,
        field: &'static str,
        value: &str,
    ) {
        if !mac.is_unicast() || value.is_empty() && self.is_recent(at, mac, ip, field, 0) {
            return;
        }
        let step = self.step_of(at.time);
        let vlan = at.vlan;
        let sighted = Sighted {
            vlan,
            mac,
            ip,
            field,
        };
        if !self.seen_in(step).is_new(sighted, value) {
            return;
        }
        let segment = self.segments.name(at.vlan);
        let time = at.time;
        self.tables.sightings.push(SightingRow {
            step,
            time,
            segment,
            mac,
            ip,
            field,
            value,
        });
    }

    /// Adds a sighting whose value is a number above 0.
    pub fn sight_number(
        &mut self,
        at: At,
        mac: Mac,
        ip: Option<IpAddr>,
        field: &'static str,
        number: u16,
    ) {
        if !self.is_recent(at, mac, ip, field, number) {
            self.sight(at, mac, ip, field, &number.to_string());
        }
    }

    /// Whether the step is known to have it already; if not it is taken to be told now.
    fn is_recent(
        &mut self,
        at: At,
        mac: Mac,
        ip: Option<IpAddr>,
        field: &'static str,
        number: u16,
    ) -> bool {
        let plain = Plain {
            step: self.step_of(at.time),
            vlan: at.vlan,
            mac,
            ip,
            field,
            number,
        };
        let recent = &mut self.told[plain.place()];
        if *recent == Some(plain) {
            return true;
        }
        *recent = Some(plain);
        false
    }

    /// What was seen in a step; the steps longest not asked for are forgotten.
    fn seen_in(&mut self, step: i64) -> &mut Seen {
        self.uses = self.uses.wrapping_add(1);
        let known = self.seen.iter().position(|seen| seen.step == step);
        let place = known.unwrap_or_else(|| {
            let oldest = (0..STEPS)
                .min_by_key(|place| self.seen[*place].used)
                .unwrap_or(0);
            self.seen[oldest].clear(step);
            oldest
        });
        self.seen[place].used = self.uses;
        &mut self.seen[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sighting_is_told_once_a_step() {
        let mut out = Output::new(10, "lan", &[]);
        let mac = Mac([2, 0, 0, 0, 0, 1]);
        for time in [1, 9, 10, 5, 12] {
            out.sight(
                At {
                    time,
                    vlan: Vlan::default(),
                },
                mac,
                None,
                "mac",
                "",
            );
        }
        assert_eq!(out.tables.sightings.len(), 2);
        out.sight(
            At {
                time: 13,
                vlan: Vlan(5),
            },
            mac,
            None,
            "mac",
            "",
        );
        out.sight(
            At {
                time: 13,
                vlan: Vlan(5),
            },
            Mac([255; 6]),
            None,
            "mac",
            "",
        );
        assert_eq!(out.tables.sightings.len(), 3);
    }
}
