//! What has come of a flow since its last row: sums, extremes, and its first packets one by one.
use super::slab::{NOWHERE, Slab};

/// Of so many packets at the beginning of a flow sizes and gaps are told one by one.
pub const FIRSTS: u8 = 16;

/// Sums over the packets since the last row; those of pairs are from the opener and to it. It has two lines of the cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Pending {
    /// Least and greatest time.
    pub first: i64,
    pub last: i64,
    pub packets: [u32; 2],
    pub resent: [u32; 2],
    pub bytes: [i64; 2],
    pub payload: [i64; 2],
    /// Of frames, bytes.
    pub sizes: Spread<u32>,
    /// Between packets, µs.
    pub gaps: Spread<i64>,
    pub gap_sum: i64,
    /// The last of the flow's first packets among these.
    firsts: u32,
}

/// The least and the greatest of some numbers, and the sum of their squares; numbers are not negative.
#[derive(Debug, Clone, Copy)]
pub struct Spread<T> {
    pub min: T,
    pub max: T,
    pub squares: i64,
}

impl Spread<u32> {
    fn add(&mut self, size: u32) {
        self.min = self.min.min(size);
        self.max = self.max.max(size);
        let square = u64::from(size) * u64::from(size);
        self.squares = self.squares.saturating_add_unsigned(square);
    }
}

impl Spread<i64> {
    fn add(&mut self, gap: i64) {
        self.min = self.min.min(gap);
        self.max = self.max.max(gap);
        self.squares = self.squares.saturating_add(gap.saturating_mul(gap));
    }

    /// The least, or 0 where there was none.
    pub fn least(&self) -> i64 {
        if self.min == i64::MAX { 0 } else { self.min }
    }
}

impl Pending {
    /// Nothing yet, from that time on.
    pub fn at(time: i64) -> Self {
        Self {
            first: time,
            last: time,
            packets: [0; 2],
            resent: [0; 2],
            bytes: [0; 2],
            payload: [0; 2],
            sizes: Spread {
                min: u32::MAX,
                max: 0,
                squares: 0,
            },
            gaps: Spread {
                min: i64::MAX,
                max: 0,
                squares: 0,
            },
            gap_sum: 0,
            firsts: NOWHERE,
        }
    }

    /// Counts what came of a side at that time: frames of `sizes`, and what they carry.
    pub fn count(&mut self, side: usize, time: i64, sizes: &[u32], payload: u32) {
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        let frames = sizes.len() as u32;
        self.packets[side] = self.packets[side].saturating_add(frames);
        self.payload[side] = self.payload[side].saturating_add_unsigned(payload.into());
        for size in sizes {
            self.bytes[side] = self.bytes[side].saturating_add_unsigned((*size).into());
            self.sizes.add(*size);
        }
    }

    /// Counts the gap before a packet.
    pub fn pause(&mut self, gap: i64) {
        self.gaps.add(gap);
        self.gap_sum = self.gap_sum.saturating_add(gap);
    }
}

/// So many of the first packets of a flow lie together.
const TOGETHER: usize = 2;

/// Some of the first packets of a flow.
#[derive(Debug, Clone, Copy)]
pub struct Few {
    gaps: [i64; TOGETHER],
    /// Negative towards the opener.
    sizes: [i32; TOGETHER],
    count: u32,
    /// Those before them that are in the same row.
    before: u32,
}

/// The first packets of all flows that were not told yet.
pub struct Firsts {
    few: Slab<Few>,
    sizes: Vec<i32>,
    gaps: Vec<i64>,
}

impl Firsts {
    /// Of no flow.
    pub fn new() -> Self {
        Self {
            few: Slab::new(),
            sizes: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// Keeps a packet of those that are told one by one.
    pub fn add(&mut self, pending: &mut Pending, size: i32, gap: i64) {
        let before = pending.firsts;
        if before != NOWHERE {
            let few = self.few.at_mut(before);
            let place = few.count as usize;
            if place < TOGETHER {
                (few.gaps[place], few.sizes[place]) = (gap, size);
                few.count += 1;
                return;
            }
        }
        pending.firsts = self.few.add(Few {
            gaps: [gap, 0],
            sizes: [size, 0],
            count: 1,
            before,
        });
    }

    /// Takes sizes and gaps of what is pending, in the order in which they came.
    pub fn take(&mut self, pending: &Pending) -> (&[i32], &[i64]) {
        self.sizes.clear();
        self.gaps.clear();
        let mut place = pending.firsts;
        while place != NOWHERE {
            let few = self.few.at(place);
            let come = ..few.count as usize;
            self.sizes.extend(few.sizes[come].iter().rev());
            self.gaps.extend(few.gaps[come].iter().rev());
            let before = few.before;
            self.few.leave(place);
            place = before;
        }
        self.sizes.reverse();
        self.gaps.reverse();
        (&self.sizes, &self.gaps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_saturate() {
        let mut pending = Pending::at(0);
        pending.pause(i64::MAX / 2);
        pending.pause(i64::MAX);
        assert_eq!(
            (pending.gap_sum, pending.gaps.squares),
            (i64::MAX, i64::MAX)
        );
        for _ in 0..3 {
            pending.count(0, 1, &[u32::MAX], u32::MAX);
        }
        assert_eq!(pending.sizes.squares, i64::MAX);
    }

    #[test]
    fn first_packets_come_in_their_order_and_leave_their_places() {
        let (mut firsts, mut one, mut other) = (Firsts::new(), Pending::at(0), Pending::at(0));
        for number in 0..5 {
            firsts.add(&mut one, number, number.into());
            firsts.add(&mut other, -number, 0);
        }
        let told = [0, 1, 2, 3, 4];
        assert_eq!(firsts.take(&one), (&told[..], &told.map(i64::from)[..]));
        assert_eq!(firsts.take(&other).0, told.map(|number| -number));
        assert_eq!(firsts.take(&Pending::at(0)).0, [0; 0]);
        let mut anew = Pending::at(0);
        firsts.add(&mut anew, 7, 7);
        assert_eq!(firsts.few.all().len(), 6);
        assert_eq!(firsts.take(&anew), (&[7][..], &[7][..]));
    }
}
