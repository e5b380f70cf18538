//! The names of broadcast domains.
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::link::Vlan;

/// Names remembered; there are 16 million, made anew when they are met again.
const MOST: usize = 1 << 14;

/// The name of each broadcast domain.
pub struct Segments {
    base: String,
    tagged: HashMap<Vlan, String, RandomState>,
}

impl Segments {
    /// Those of a network whose untagged one has that name.
    #[must_use]
    pub fn of(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            tagged: HashMap::default(),
        }
    }

    /// The name of a broadcast domain: that of the untagged one, with the tags after it.
    pub fn name(&mut self, vlan: Vlan) -> &str {
        let (outer, inner) = vlan.tags();
        if outer == 0 {
            return &self.base;
        }
        if self.tagged.len() >= MOST && !self.tagged.contains_key(&vlan) {
            self.tagged.clear();
        }
        self.tagged.entry(vlan).or_insert_with(|| match inner {
            0 => format!("{}.{outer}", self.base),
            inner => format!("{}.{outer}.{inner}", self.base),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_named_by_their_tags() {
        let mut segments = Segments::of("lan");
        assert_eq!(segments.name(Vlan(0)), "lan");
        assert_eq!(segments.name(Vlan(12)), "lan.12");
        assert_eq!(segments.name(Vlan(0x6400c)), "lan.100.12");
    }

    #[test]
    fn they_are_not_kept_without_bound() {
        let mut segments = Segments::of("lan");
        for vlan in 0x1001..0x1001 + 2 * MOST as u32 {
            segments.name(Vlan(vlan));
        }
        assert!(segments.tagged.len() <= MOST);
    }
}
