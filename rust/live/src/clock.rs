//! The time of an interface on which nothing comes.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Wall time that never goes back: set back, it goes on by the monotonic clock until the wall has caught up.
#[derive(Debug)]
pub struct WallClock {
    base: i64,
    since: Instant,
}

impl WallClock {
    /// A clock that starts at the wall's time.
    #[must_use]
    pub fn start() -> Self {
        Self {
            base: micros(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default(),
            ),
            since: Instant::now(),
        }
    }

    /// µs since the Unix epoch.
    pub fn now(&mut self) -> i64 {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        self.at(micros(wall), self.since.elapsed())
    }

    fn at(&mut self, wall: i64, elapsed: Duration) -> i64 {
        let ticking = self.base.saturating_add(micros(elapsed));
        if wall > ticking {
            self.base = wall.saturating_sub(micros(elapsed));
        }
        wall.max(ticking)
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> WallClock {
        WallClock {
            base: 1000,
            since: Instant::now(),
        }
    }

    #[test]
    fn it_follows_the_wall_forward() {
        let mut clock = clock();
        assert_eq!(clock.at(5000, Duration::from_micros(10)), 5000);
        assert_eq!(clock.at(5001, Duration::from_micros(11)), 5001);
        assert_eq!(clock.at(5001, Duration::from_micros(15)), 5005);
    }

    #[test]
    fn it_goes_on_where_the_wall_is_set_back() {
        let mut clock = clock();
        assert_eq!(clock.at(2000, Duration::from_millis(1)), 2000);
        assert_eq!(clock.at(100, Duration::from_micros(1500)), 2500);
    }
}
