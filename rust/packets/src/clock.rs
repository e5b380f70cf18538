//! Event time: the greatest time of any packet so far, guarded against times that are wrong.
use crate::capture::Frame;
use crate::damage::Damage;
use crate::tally::Tally;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// How many packets must agree on a leap.
const AGREED: usize = 3;

/// A packet set aside.
#[derive(Debug, Clone)]
pub struct Held {
    time: i64,
    wire: u32,
    link: u16,
    data: Vec<u8>,
}

impl Held {
    /// A copy of a packet.
    #[must_use]
    pub fn of(frame: &Frame<'_>) -> Self {
        let Frame {
            time,
            wire,
            link,
            data,
        } = *frame;
        Self {
            time,
            wire,
            link,
            data: data.to_vec(),
        }
    }

    /// The packet as it came.
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            time: self.time,
            wire: self.wire,
            link: self.link,
            data: &self.data,
        }
    }
}

/// What is to be done with a packet.
#[derive(Debug)]
pub enum Verdict {
    /// Its time can be believed.
    Take,
    /// It was set aside.
    Wait,
    /// It agrees with those set aside: time leaps, and these are to be taken, this one included.
    Leap(Vec<Held>),
}

/// Tells the time.
#[derive(Debug, Default)]
pub struct Clock {
    now: Option<i64>,
    ahead: Vec<Held>,
}

impl Clock {
    /// The greatest time so far.
    #[must_use]
    pub fn now(&self) -> Option<i64> {
        self.now
    }

    /// Time goes on to `time`, never back.
    pub fn reach(&mut self, time: i64) -> i64 {
        let now = self.now.map_or(time, |now| now.max(time));
        self.now = Some(now);
        now
    }

    /// Judges a packet's time; files may lie years apart, so the first packet of each is believed.
    pub fn judge(&mut self, frame: &Frame<'_>, is_first: bool, tally: &mut Tally) -> Verdict {
        let is_ahead = self
            .now
            .is_some_and(|now| frame.time > now.saturating_add(HOUR));
        if is_first || !is_ahead {
            self.give_up(tally);
            return Verdict::Take;
        }
        if !self
            .ahead
            .last()
            .is_none_or(|before| agree(before.time, frame.time))
        {
            self.give_up(tally);
        }
        self.ahead.push(Held::of(frame));
        if self.ahead.len() < AGREED {
            return Verdict::Wait;
        }
        Verdict::Leap(std::mem::take(&mut self.ahead))
    }

    /// At the end of all: what was set aside, if it is more than one packet; nothing comes any more that could say
    /// otherwise, and nothing that a wrong time would hurt.
    pub fn leave(&mut self, tally: &mut Tally) -> Vec<Held> {
        if self.ahead.len() < 2 {
            self.give_up(tally);
        }
        std::mem::take(&mut self.ahead)
    }

    /// Drops what was set aside, for nothing agreed with it.
    pub fn give_up(&mut self, tally: &mut Tally) {
        for _ in self.ahead.drain(..) {
            tally.count(Damage("time: far ahead"));
        }
    }
}

fn agree(before: i64, after: i64) -> bool {
    (-HOUR..=DAY).contains(&after.saturating_sub(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(times: &[i64]) -> (Vec<usize>, u64) {
        let (mut clock, mut tally) = (Clock::default(), Tally::default());
        let mut taken = Vec::new();
        for &time in times {
            let frame = Frame {
                time,
                wire: 0,
                link: 1,
                data: &[],
            };
            taken.push(match clock.judge(&frame, false, &mut tally) {
                Verdict::Take => {
                    clock.reach(time);
                    1
                }
                Verdict::Wait => 0,
                Verdict::Leap(held) => {
                    clock.reach(time);
                    held.len()
                }
            });
        }
        clock.give_up(&mut tally);
        (taken, tally.of("time: far ahead"))
    }

    #[test]
    fn one_wrong_time_moves_nothing() {
        assert_eq!(judged(&[1, 2, 40 * DAY, 3, 4]), (vec![1, 1, 0, 1, 1], 1));
    }

    #[test]
    fn a_leap_needs_three_that_agree() {
        assert_eq!(
            judged(&[1, 40 * DAY, 40 * DAY + 1, 40 * DAY + 2, 41 * DAY]).0,
            [1, 0, 0, 3, 0]
        );
        assert_eq!(
            judged(&[1, 40 * DAY, 90 * DAY, 20 * DAY]),
            (vec![1, 0, 0, 0], 3)
        );
    }

    #[test]
    fn at_the_end_two_that_agree_are_taken_and_one_is_not() {
        for (times, left) in [(&[1, 40 * DAY][..], 0), (&[1, 40 * DAY, 40 * DAY + 1], 2)] {
            let (mut clock, mut tally) = (Clock::default(), Tally::default());
            for &time in times {
                let frame = Frame {
                    time,
                    wire: 0,
                    link: 1,
                    data: &[],
                };
                if matches!(clock.judge(&frame, false, &mut tally), Verdict::Take) {
                    clock.reach(time);
                }
            }
            assert_eq!(clock.leave(&mut tally).len(), left);
            assert_eq!(tally.of("time: far ahead"), u64::from(left == 0));
        }
    }

    #[test]
    fn late_packets_are_taken() {
        assert_eq!(judged(&[5 * HOUR, 1, 5 * HOUR]), (vec![1, 1, 1], 0));
    }
}
