//! What was sighted in one step, so that each thing is told once.
use std::hash::{BuildHasher, Hash, Hasher};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::address::{Mac, bits};
use crate::link::Vlan;

/// Sightings remembered of one step; what comes beyond may be told twice.
const MOST_SEEN: usize = 1 << 18;
/// A sighting counts as one, and its text as one more for each so many bytes.
const TEXT_UNIT: usize = 64;
/// Room for texts that a step leaves to the one that takes its place, bytes.
const KEPT: usize = 1 << 20;

/// What a sighting is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sighted {
    pub vlan: Vlan,
    pub mac: Mac,
    pub ip: Option<IpAddr>,
    pub field: &'static str,
}

impl Hash for Sighted {
    /// In three words; fields of one length share theirs, for few sightings of an address are alike in all else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.mac.bits() ^ u64::from(self.vlan.0) << 40);
        state.write_u128(self.ip.map_or(1, bits));
        state.write_usize(self.field.len());
    }
}

/// A sighting, and where its text stands among those of the step.
struct Entry {
    sighted: Sighted,
    begin: u32,
    end: u32,
}

impl Entry {
    fn text<'a>(&self, texts: &'a [u8]) -> &'a [u8] {
        &texts[self.begin as usize..self.end as usize]
    }
}

/// The sightings of one step; their texts lie in one piece.
pub struct Seen {
    /// The step.
    pub step: i64,
    /// When it was last asked for.
    pub used: u64,
    entries: HashTable<Entry>,
    texts: Vec<u8>,
    hasher: RandomState,
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            step: i64::MIN,
            used: 0,
            entries: HashTable::new(),
            texts: Vec::new(),
            hasher: RandomState::default(),
            count: 0,
        }
    }
}

impl Seen {
    /// Forgets all and begins that step.
    pub fn clear(&mut self, step: i64) {
        self.step = step;
        self.count = 0;
        self.entries.clear();
        self.texts.clear();
        self.texts.shrink_to(KEPT);
    }

    /// Whether this was not sighted before with that text; now it was.
    pub fn is_new(&mut self, sighted: Sighted, text: &str) -> bool {
        if self.count >= MOST_SEEN {
            self.clear(self.step);
        }
        let Self {
            entries,
            texts,
            hasher,
            ..
        } = self;
        let text = text.as_bytes();
        let hash = |sighted: &Sighted, text: &[u8]| hasher.hash_one((sighted, text));
        let is_it = |entry: &Entry| entry.sighted == sighted && entry.text(texts) == text;
        let hashed = hash(&sighted, text);
        if entries.find(hashed, is_it).is_some() {
            return false;
        }
        let begin = texts.len() as u32; // of texts less than 64 MB are kept, and the last one
        texts.extend_from_slice(text);
        let entry = Entry {
            sighted,
            begin,
            end: texts.len() as u32,
        };
        entries.insert_unique(hashed, entry, |entry| {
            hash(&entry.sighted, entry.text(texts))
        });
        self.count += 1 + text.len() / TEXT_UNIT;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(field: &'static str) -> Sighted {
        Sighted {
            vlan: Vlan(0),
            mac: Mac([2, 0, 0, 0, 0, 1]),
            ip: None,
            field,
        }
    }

    #[test]
    fn sightings_are_told_apart_by_field_and_text() {
        let mut seen = Seen::default();
        let told = [("mac", ""), ("one", "a"), ("one", "b"), ("two", "a")];
        for (field, text) in told {
            assert!(seen.is_new(of(field), text));
        }
        for number in 0..1000 {
            assert!(seen.is_new(of("number"), &number.to_string())); // the table grows
        }
        for (field, text) in told {
            assert!(!seen.is_new(of(field), text));
        }
        seen.clear(1);
        assert!(seen.is_new(of("one"), "a"));
    }

    #[test]
    fn texts_are_not_kept_without_bound() {
        let mut seen = Seen::default();
        let text = "x".repeat(TEXT_UNIT * 1024);
        for number in 0..2 * MOST_SEEN / 1024 {
            seen.is_new(of("http.agent"), &format!("{number}{text}"));
            assert!(seen.texts.len() <= MOST_SEEN * (TEXT_UNIT + 1));
        }
        assert!(seen.entries.len() <= MOST_SEEN / 1024);
        seen.clear(1);
        assert!(seen.texts.capacity() <= KEPT);
    }
}
