//! One thread: takes blocks off its ring, feeds its engine, tells windows, and outlives the interface's troubles.
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use packets::engine::{Engine, Stats, Window};

use crate::block;
use crate::clock::WallClock;
use crate::ring::{Group, Ring, RingSettings};
use crate::socket::Waited;

/// How long a wait for packets lasts at most: so soon a silent interface is noticed, or that it should end.
const TICK: Duration = Duration::from_millis(100);
/// Packets are read at most so long after they came (the ring's patience, twice, and the kernel's own delays).
const GRACE: i64 = 500_000;

/// How long the ring is still read after the end: longer than the kernel keeps a block that is not full.
const LAST: Duration = Duration::from_millis(200);

/// What was counted so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// What the engine counted.
    pub engine: Stats,
    /// Packets the kernel dropped because the ring was full.
    pub dropped: u64,
    /// Packets left out because the window had its most rows already.
    pub shed: u64,
    /// How often the interface went down or away.
    pub downs: u64,
    /// Whether it is down or away now.
    pub is_down: bool,
    /// Damage, by kind.
    pub damaged: BTreeMap<&'static str, u64>,
}

/// What a worker tells.
#[derive(Debug)]
pub enum Told {
    /// A window with rows.
    Window(Window),
    /// All before that time was told by that worker.
    Reached(usize, i64),
    /// That worker ended.
    Ended(usize, io::Result<()>),
}

/// What a worker works with.
pub struct Worker {
    /// Its place among the workers.
    pub number: usize,
    /// How to open the ring anew.
    pub settings: RingSettings,
    /// The sockets it shares the interface with.
    pub group: Group,
    /// Rows of a window beyond which packets are left out, so that a flood does not fill the memory.
    pub most_rows: usize,
    /// Where packets go.
    pub engine: Engine,
    /// Where windows go.
    pub told: SyncSender<Told>,
    /// Set when it should end.
    pub stop: Arc<AtomicBool>,
    /// What others may read of its counts.
    pub counts: Arc<Mutex<Counts>>,
}

/// Nobody takes windows any more.
struct Unheard;

impl Worker {
    /// Works until it is told to stop, or the interface cannot be listened to any more.
    pub fn run(self, ring: Ring) {
        let mut farewell = Farewell {
            number: self.number,
            told: self.told.clone(),
            ended: Some(Err(io::Error::other("a thread of the capture broke"))),
        };
        let mut running = Running {
            worker: self,
            ring: Some(ring),
            clock: WallClock::start(),
            scratch: Vec::new(),
            counts: Counts::default(),
            reached: i64::MIN,
            counted: Instant::now(),
        };
        farewell.ended = running.run().ok();
    }
}

/// Tells how a worker ended, even if it broke: the others' windows would wait for it for ever.
struct Farewell {
    number: usize,
    told: SyncSender<Told>,
    /// None when nobody listens.
    ended: Option<io::Result<()>>,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        if let Some(ended) = self.ended.take() {
            let _ = self.told.send(Told::Ended(self.number, ended)); // an error says that nobody listens
        }
    }
}

struct Running {
    worker: Worker,
    /// None while the interface is gone.
    ring: Option<Ring>,
    clock: WallClock,
    scratch: Vec<u8>,
    counts: Counts,
    reached: i64,
    counted: Instant,
}

impl Running {
    fn run(&mut self) -> Result<io::Result<()>, Unheard> {
        let mut ended = Ok(());
        while ended.is_ok() && !self.worker.stop.load(Ordering::Relaxed) {
            let now = self.clock.now();
            if !self.read_block() {
                self.worker.engine.pass(now.saturating_sub(GRACE)); // all that came before was read
                ended = self.wait();
            }
            self.tell()?;
            if self.counted.elapsed() >= TICK {
                self.count();
            }
        }
        self.read_rest()?;
        self.worker.engine.finish();
        self.tell()?;
        self.count();
        Ok(ended)
    }

    /// Reads what came before the end and waits in the ring, the block that is being filled included.
    fn read_rest(&mut self) -> Result<(), Unheard> {
        let until = Instant::now() + LAST;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if self.read_block() {
                self.tell()?;
            } else {
                std::thread::sleep(left.min(LAST / 10));
            }
        }
        Ok(())
    }

    /// Feeds the engine a block, if there is one.
    fn read_block(&mut self) -> bool {
        let Self {
            worker,
            ring,
            scratch,
            counts,
            ..
        } = self;
        let read = |bytes: &[u8]| {
            let shed = feed(&mut worker.engine, bytes, worker.most_rows, scratch);
            counts.shed = counts.shed.saturating_add(shed);
        };
        ring.as_mut().is_some_and(|ring| ring.read_block(read))
    }

    /// Waits for packets; an interface that is down or gone is waited for as well, a tick at a time.
    fn wait(&mut self) -> io::Result<()> {
        let name = &self.worker.settings.interface;
        let Some(ring) = &self.ring else {
            std::thread::sleep(TICK);
            return self.reopen();
        };
        if ring.wait(TICK)? == Waited::Down && !self.counts.is_down {
            self.counts.is_down = true;
            self.counts.downs = self.counts.downs.saturating_add(1);
            self.count();
        } else if self.counts.is_down {
            if !ring.is_of(name) {
                self.count();
                self.ring = None; // it was removed; another may come with its name
            } else if ring.is_up(name) {
                self.counts.is_down = false; // the kernel goes on with the same socket
            }
        }
        Ok(())
    }

    /// Opens the ring on the interface that has the name now.
    fn reopen(&mut self) -> io::Result<()> {
        const LATER: [i32; 5] = [
            libc::ENODEV,
            libc::ENXIO,
            libc::ENETDOWN,
            libc::EINVAL, // the group still belongs to the interface that is gone
            libc::EALREADY,
        ];
        match Ring::open(&self.worker.settings, self.worker.group) {
            Ok(ring) => {
                self.ring = Some(ring);
                Ok(())
            }
            Err(error)
                if error
                    .raw_os_error()
                    .is_some_and(|code| LATER.contains(&code)) =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Tells the windows that are complete, and how far it has come.
    fn tell(&mut self) -> Result<(), Unheard> {
        let Worker {
            engine,
            told,
            number,
            ..
        } = &mut self.worker;
        while let Some(window) = engine.ready() {
            told.send(Told::Window(window)).map_err(|_| Unheard)?;
        }
        if let Some(reached) = engine.told_until().filter(|until| *until > self.reached) {
            self.reached = reached;
            told.send(Told::Reached(*number, reached))
                .map_err(|_| Unheard)?;
        }
        Ok(())
    }

    /// Shows the counts to others.
    fn count(&mut self) {
        self.counted = Instant::now();
        if let Some(Ok((_, drops))) = self.ring.as_ref().map(Ring::statistics) {
            self.counts.dropped = self.counts.dropped.saturating_add(u64::from(drops));
        }
        let engine = &mut self.worker.engine;
        self.counts.engine = engine.stats();
        self.counts.damaged = engine.tally().iter().collect();
        let mut shown = self
            .worker
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        shown.clone_from(&self.counts);
    }
}

/// Gives the engine the packets of a block; says how many were left out because the window was full.
fn feed(engine: &mut Engine, block: &[u8], most_rows: usize, scratch: &mut Vec<u8>) -> u64 {
    let mut shed = 0;
    let walked = block::walk(block, scratch, |frame| {
        if engine.rows() < most_rows {
            engine.take(frame, false);
        } else {
            shed += 1;
            engine.pass(frame.time); // the next window has room again
        }
    });
    if let Err(damage) = walked {
        engine.tally().count(damage);
    }
    shed
}

#[cfg(test)]
mod tests {
    use packets::engine::Settings;

    use super::*;
    use crate::block::testing::{Packet, block};

    fn engine() -> Engine {
        Engine::new(&Settings {
            window: 1_000_000,
            step: 1_000_000,
            segment: "lan".to_owned(),
            secret_key: Vec::new(),
            max_flows: 100,
            full: usize::MAX,
        })
    }

    /// An ARP message of that sender: a row of its own, and evidence.
    fn claim(sender: u8, second: u32) -> Packet {
        let mac = [2, 0, 0, 0, 0, sender];
        let head = [&[255; 6][..], &mac, &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1]].concat();
        let data = [
            &head[..],
            &mac,
            &[10, 0, 0, sender],
            &[0; 6],
            &[10, 0, 0, 1],
        ]
        .concat();
        Packet {
            wire: data.len() as u32,
            data,
            second,
            ..Packet::default()
        }
    }

    #[test]
    fn a_full_window_takes_no_more_and_the_next_one_does() {
        let (mut engine, mut scratch) = (engine(), Vec::new());
        let packets: Vec<_> = (0..50).map(|sender| claim(sender, 7)).collect();
        let shed = feed(&mut engine, &block(&packets), 30, &mut scratch);
        let (taken, rows) = (engine.stats().packets, engine.rows());
        assert_eq!(taken + shed, 50);
        assert!(shed > 0 && (30..40).contains(&rows));
        assert_eq!(
            feed(&mut engine, &block(&[claim(1, 8)]), 30, &mut scratch),
            1
        );
        assert_eq!(engine.ready().map(|window| window.begin), Some(7_000_000));
        assert_eq!(
            feed(&mut engine, &block(&[claim(1, 8)]), 30, &mut scratch),
            0
        );
    }

    #[test]
    fn a_worker_that_breaks_says_so() {
        let (told, heard) = std::sync::mpsc::sync_channel(1);
        drop(Farewell {
            number: 3,
            told,
            ended: Some(Err(io::Error::other("broke"))),
        });
        assert!(matches!(heard.recv(), Ok(Told::Ended(3, Err(_)))));
    }

    #[test]
    fn a_broken_block_is_damage() {
        let (mut engine, mut scratch) = (engine(), Vec::new());
        let whole = block(&[claim(1, 7), claim(2, 7)]);
        assert_eq!(feed(&mut engine, &whole[..150], 30, &mut scratch), 0);
        assert_eq!(engine.tally().of(block::BROKEN.0), 1);
    }
}
