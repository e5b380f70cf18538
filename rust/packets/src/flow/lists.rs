//! Flows in the order they were last touched, one list for each span of patience.

const NOBODY: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Links {
    before: u32,
    after: u32,
    list: u8,
}

/// `N` lists over slots `0..`; a slot is in one list or in none.
#[derive(Debug)]
pub struct Lists<const N: usize> {
    links: Vec<Links>,
    ends: [(u32, u32); N],
}

impl<const N: usize> Lists<N> {
    /// Empty lists.
    #[must_use]
    pub fn new() -> Self {
        Self {
            links: Vec::new(),
            ends: [(NOBODY, NOBODY); N],
        }
    }

    /// The member of a list that was appended longest ago.
    #[must_use]
    pub fn head(&self, list: usize) -> Option<u32> {
        Some(self.ends[list].0).filter(|slot| *slot != NOBODY)
    }

    /// Moves a slot to the end of a list, out of whichever it is in.
    pub fn append(&mut self, slot: u32, list: u8) {
        let at = slot as usize;
        if at >= self.links.len() {
            let loose = Links {
                before: NOBODY,
                after: NOBODY,
                list: u8::MAX,
            };
            self.links.resize(at + 1, loose);
        }
        if self.ends[usize::from(list)].1 == slot {
            return; // it is there already
        }
        self.remove(slot);
        let tail = self.ends[usize::from(list)].1;
        self.links[at] = Links {
            before: tail,
            after: NOBODY,
            list,
        };
        if let Some(before) = self.links.get_mut(tail as usize) {
            before.after = slot;
        } else {
            self.ends[usize::from(list)].0 = slot;
        }
        self.ends[usize::from(list)].1 = slot;
    }

    /// Takes a slot out of its list.
    pub fn remove(&mut self, slot: u32) {
        let Links {
            before,
            after,
            list,
        } = self.links[slot as usize];
        let Some(ends) = self.ends.get_mut(usize::from(list)) else {
            return;
        };
        match self.links.get_mut(before as usize) {
            Some(links) => links.after = after,
            None => ends.0 = after,
        }
        match self.links.get_mut(after as usize) {
            Some(links) => links.before = before,
            None => ends.1 = before,
        }
        self.links[slot as usize] = Links {
            before: NOBODY,
            after: NOBODY,
            list: u8::MAX,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(lists: &mut Lists<2>, list: usize) -> Vec<u32> {
        let mut order = Vec::new();
        while let Some(slot) = lists.head(list) {
            order.push(slot);
            lists.remove(slot);
        }
        order
    }

    #[test]
    fn the_longest_untouched_stands_first() {
        let mut lists = Lists::<2>::new();
        for slot in [0, 1, 2, 3] {
            lists.append(slot, 0);
        }
        lists.append(0, 0);
        lists.append(0, 0);
        lists.append(2, 1);
        lists.remove(3);
        assert_eq!(drain(&mut lists, 0), [1, 0]);
        assert_eq!(drain(&mut lists, 1), [2]);
        lists.append(3, 1);
        assert_eq!(drain(&mut lists, 1), [3]);
    }
}
