//! Finds flows by their keys, with a hash whose outcome nobody outside can foresee.
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::{Flow, FlowKey};

/// Words of a key, at most.
const WORDS: usize = 11;

/// Where each flow stands, by its key; the keys themselves stand in the flows alone.
pub struct Index {
    places: HashTable<u32>,
    key: HashKey,
}

/// The numbers that a key's words are multiplied with.
struct HashKey {
    begin: u64,
    factors: [u64; WORDS],
}

impl HashKey {
    /// Numbers that the operating system drew by lot for this process.
    fn drawn() -> Self {
        let lot = RandomState::new(); // keyed by the system; SipHash makes many numbers of its two
        Self {
            begin: lot.hash_one(WORDS),
            factors: std::array::from_fn(|place| lot.hash_one(place) | 1),
        }
    }

    /// Multilinear hashing (Lemire and Kaser, 2014): whatever two keys somebody chooses without knowing the factors, the
    /// upper half of the sum is the same with a chance of 2⁻³² only. The halves are exchanged, for the table
    /// takes places from the lower bits.
    fn of(&self, key: &FlowKey) -> u64 {
        let mut sum = self.begin;
        key.fold(|place, word| {
            sum = sum.wrapping_add(self.factors[place].wrapping_mul(u64::from(word)));
        });
        sum.rotate_left(32)
    }
}

impl Index {
    /// An empty index with a hash of its own.
    pub fn new() -> Self {
        Self {
            places: HashTable::new(),
            key: HashKey::drawn(),
        }
    }

    /// How many flows it knows.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Where the flow of that key stands.
    #[inline]
    pub fn find(&self, key: &FlowKey, flows: &[Flow]) -> Option<u32> {
        let is_it = |place: &u32| flows[*place as usize].key == *key;
        self.places.find(self.key.of(key), is_it).copied()
    }

    /// Notes a flow that it does not know yet.
    pub fn add(&mut self, place: u32, flows: &[Flow]) {
        let hash = |place: &u32| self.key.of(&flows[*place as usize].key);
        self.places.insert_unique(hash(&place), place, hash);
    }

    /// Forgets a flow.
    pub fn remove(&mut self, place: u32, flows: &[Flow]) {
        let hash = self.key.of(&flows[place as usize].key);
        if let Ok(found) = self.places.find_entry(hash, |other| *other == place) {
            found.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_hashes_otherwise() {
        let [one, other] = [HashKey::drawn(), HashKey::drawn()];
        assert_ne!(one.begin, other.begin);
        assert_ne!(one.factors, other.factors);
    }
}
