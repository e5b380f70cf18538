//! Counts damage by kind.
use std::collections::BTreeMap;

use crate::damage::Damage;

/// How often each kind of damage was met.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    counts: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Counts one more of that kind.
    pub fn count(&mut self, damage: Damage) {
        let count = self.counts.entry(damage.0).or_default();
        *count = count.saturating_add(1);
    }

    /// The kinds met so far with their counts, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.counts.iter().map(|(kind, count)| (*kind, *count))
    }

    /// How often that kind was met.
    #[must_use]
    pub fn of(&self, kind: &str) -> u64 {
        self.counts.get(kind).copied().unwrap_or(0)
    }
}
