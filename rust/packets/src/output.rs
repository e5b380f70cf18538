//! What the engine brings out: rows, sightings once a step, and the count of damage.
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use foldhash::fast::RandomState;

use crate::address::{Mac, bits};
use crate::app::{Asked, Files};
use crate::link::Vlan;
use crate::protocols::plant;
use crate::segments::Segments;
use crate::tables::{SightingRow, Tables};
use crate::tally::Tally;

/// Steps of which it is remembered what was seen: the current one, and some for packets that come late.
const STEPS: usize = 4;
/// Sightings remembered of one step; what comes beyond may be told twice.
const MOST_SEEN: usize = 1 << 18;
/// A sighting counts as one, and its text as one more for each so many bytes.
const TEXT_UNIT: usize = 64;
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

/// What a sighting is of.
#[derive(PartialEq, Eq)]
struct Sighted {
    vlan: Vlan,
    mac: Mac,
    ip: Option<IpAddr>,
    field: &'static str,
}

impl Hash for Sighted {
    /// In three words; fields of one length share theirs, for few sightings of an address are alike in all else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.mac.bits() ^ u64::from(self.vlan.0) << 40);
        state.write_u128(self.ip.map_or(1, bits));
        state.write_usize(self.field.len());
    }
}

#[derive(Default)]
struct Seen {
    step: i64,
    used: u64,
    plain: HashSet<Sighted, RandomState>,
    valued: HashMap<Sighted, HashSet<Box<str>, RandomState>, RandomState>,
    count: usize,
}

impl Seen {
    fn clear(&mut self, step: i64) {
        self.step = step;
        self.count = 0;
        self.plain.clear();
        self.valued.clear();
    }

    fn is_new(&mut self, sighted: Sighted, value: &str) -> bool {
        if self.count >= MOST_SEEN {
            self.clear(self.step);
        }
        let is_new = if value.is_empty() {
            self.plain.insert(sighted)
        } else {
            let values = self.valued.entry(sighted).or_default();
            !values.contains(value) && values.insert(value.into())
        };
        self.count += usize::from(is_new) * (1 + value.len() / TEXT_UNIT);
        is_new
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
            step,
            recent: Cell::new(i64::MIN),
            seen: std::array::from_fn(|_| Seen {
                step: i64::MIN,
                ..Seen::default()
            }),
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

    #[test]
    fn texts_of_sightings_are_not_kept_without_bound() {
        let mut seen = Seen::default();
        let sighted = || Sighted {
            vlan: Vlan(0),
            mac: Mac([2, 0, 0, 0, 0, 1]),
            ip: None,
            field: "http.agent",
        };
        let text = "x".repeat(TEXT_UNIT * 1024);
        for number in 0..2 * MOST_SEEN / 1024 {
            seen.is_new(sighted(), &format!("{number}{text}"));
        }
        let texts: usize = seen.valued.values().map(HashSet::len).sum();
        assert!(texts <= MOST_SEEN / 1024);
    }
}
