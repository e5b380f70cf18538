//! Records that come and go, each at a place that stays its own while it lives.

/// Stands for no place.
pub const NOWHERE: u32 = u32::MAX;

/// Records in one piece of memory; places that were left are given anew.
#[derive(Debug)]
pub struct Slab<T> {
    records: Vec<T>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    /// Without records.
    pub fn new() -> Self {
        Self {
            records: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Puts a record somewhere.
    pub fn add(&mut self, record: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.records[place as usize] = record;
            return place;
        }
        self.records.push(record);
        (self.records.len() - 1) as u32
    }

    /// Leaves a place; what stands there is overwritten by the next one.
    pub fn leave(&mut self, place: u32) {
        self.free.push(place);
    }

    /// The record at a place.
    pub fn at(&self, place: u32) -> &T {
        &self.records[place as usize]
    }

    /// The record at a place.
    pub fn at_mut(&mut self, place: u32) -> &mut T {
        &mut self.records[place as usize]
    }

    /// All records, those that were left included.
    #[cfg(test)]
    pub fn all(&self) -> &[T] {
        &self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_anew() {
        let mut slab = Slab::new();
        let (first, second) = (slab.add('a'), slab.add('b'));
        slab.leave(first);
        assert_eq!((slab.add('c'), *slab.at(first)), (first, 'c'));
        *slab.at_mut(second) = 'd';
        assert_eq!(slab.all(), ['c', 'd']);
    }
}
