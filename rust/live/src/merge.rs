//! Joins the windows of several workers: a window is told when all of them are past it.
use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use packets::engine::Window;

/// A worker's batches of each table.
type Batches<T> = BTreeMap<&'static str, Vec<T>>;

/// One window of all workers; without tables it tells that nothing came.
#[derive(Debug, PartialEq, Eq)]
pub struct Merged<T> {
    /// First µs of the span.
    pub begin: i64,
    /// First µs after it; for silence the span may be many windows long.
    pub end: i64,
    /// Tables with rows, by name.
    pub tables: Batches<T>,
}

/// Windows that wait until all workers are past them.
#[derive(Debug)]
pub struct Merge<T> {
    reached: Vec<Option<i64>>,
    told: Option<i64>,
    waiting: BTreeMap<i64, Merged<T>>,
}

impl<T> Merge<T> {
    /// Nothing yet, of that many workers.
    #[must_use]
    pub fn of(workers: usize) -> Self {
        Self {
            reached: vec![None; workers],
            told: None,
            waiting: BTreeMap::new(),
        }
    }

    /// Adds a worker's window.
    pub fn add(
        &mut self,
        begin: i64,
        end: i64,
        tables: impl IntoIterator<Item = (&'static str, T)>,
    ) {
        let window = self.waiting.entry(begin).or_insert_with(|| Merged {
            begin,
            end,
            tables: BTreeMap::new(),
        });
        for (name, batch) in tables {
            window.tables.entry(name).or_default().push(batch);
        }
    }

    /// A worker has given all before that time.
    pub fn reach(&mut self, worker: usize, time: i64) {
        if let Some(reached) = self.reached.get_mut(worker) {
            *reached = Some(reached.map_or(time, |before| before.max(time)));
        }
    }

    /// A worker gives no more.
    pub fn end(&mut self, worker: usize) {
        self.reach(worker, i64::MAX);
    }

    /// Whether all workers have ended and all they gave was told.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.least() == Some(i64::MAX)
    }

    fn least(&self) -> Option<i64> {
        let least = self.reached.iter().min()?;
        *least // none sorts before all times: a worker that has not begun holds the others up
    }

    /// The next window that all are past, or the silence before it.
    pub fn ready(&mut self) -> Option<Merged<T>> {
        let least = self.least()?;
        let first = self
            .waiting
            .first_key_value()
            .map(|(_, first)| (first.begin, first.end));
        let until = first.map_or(least, |(begin, _)| begin.min(least));
        let told = *self.told.get_or_insert(until);
        if told < until && until < i64::MAX {
            self.told = Some(until);
            return Some(Merged {
                begin: told,
                end: until,
                tables: BTreeMap::new(),
            });
        }
        let (_, end) = first.filter(|(_, end)| *end <= least)?;
        self.told = Some(end);
        self.waiting.pop_first().map(|(_, window)| window)
    }
}

impl Merge<RecordBatch> {
    /// Adds a worker's window as the engine gives it.
    pub fn add_window(&mut self, window: Window) {
        self.add(window.begin, window.end, window.tables);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told = (i64, i64, Vec<u8>);

    fn told(merge: &mut Merge<u8>) -> Vec<Told> {
        let ready = std::iter::from_fn(|| merge.ready());
        ready
            .map(|window| {
                (
                    window.begin,
                    window.end,
                    window.tables.into_values().flatten().collect(),
                )
            })
            .collect()
    }

    #[test]
    fn a_window_waits_for_the_slowest() {
        let mut merge = Merge::of(2);
        merge.reach(0, 0);
        merge.add(0, 10, [("flows", 1)]);
        merge.reach(0, 20);
        assert_eq!(told(&mut merge), []);
        merge.reach(1, 0);
        assert_eq!(told(&mut merge), []);
        merge.add(0, 10, [("flows", 2)]);
        merge.reach(1, 10);
        assert_eq!(told(&mut merge), [(0, 10, vec![1, 2])]);
        merge.reach(1, 30);
        assert_eq!(told(&mut merge), [(10, 20, vec![])]);
    }

    #[test]
    fn silence_is_told_up_to_the_next_window() {
        let mut merge = Merge::of(1);
        merge.reach(0, 0);
        assert_eq!(told(&mut merge), []);
        merge.add(30, 40, [("flows", 1)]);
        merge.reach(0, 60);
        assert_eq!(
            told(&mut merge),
            [(0, 30, vec![]), (30, 40, vec![1]), (40, 60, vec![])]
        );
        assert_eq!(told(&mut merge), []);
    }

    #[test]
    fn after_the_last_worker_all_is_told() {
        let mut merge = Merge::of(2);
        merge.reach(0, 0);
        merge.reach(1, 0);
        merge.add(0, 10, [("flows", 1)]);
        merge.end(1);
        assert_eq!(told(&mut merge), []);
        assert!(!merge.is_over());
        merge.end(0);
        assert_eq!(told(&mut merge), [(0, 10, vec![1])]);
        assert!(merge.is_over());
        let mut idle = Merge::<u8>::of(1);
        idle.end(0);
        assert_eq!((told(&mut idle), idle.is_over()), (vec![], true));
    }
}
