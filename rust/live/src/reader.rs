//! An interface in, windows out: starts the workers and joins what they tell.
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use packets::engine::{Engine, Settings, Stats};

use crate::merge::{Merge, Merged};
use crate::ring::{Group, Ring, RingSettings};
use crate::worker::{Counts, Told, Worker};

/// Messages that wait to be read, by worker: when nobody reads, workers stop, rings fill, and the kernel drops.
const WAITING: usize = 2;
/// Rows of a window, of all workers together, beyond which packets are left out.
const MOST_ROWS: usize = 400_000;

/// What is listened to, and how.
#[derive(Debug, Clone)]
pub struct LiveSettings {
    /// How the engines work; flows are bounded in all, not by worker.
    pub engine: Settings,
    /// Name of the interface.
    pub interface: String,
    /// How many threads share the work, each with its own ring and engine.
    pub threads: usize,
    /// Size of all rings together, bytes.
    pub ring_bytes: usize,
    /// No more than this is captured of a frame, bytes; 0 captures all.
    pub snap: u32,
    /// Whether frames to others are asked for.
    pub promiscuous: bool,
}

/// What others may ask and say while somebody waits for a window.
#[derive(Debug, Clone)]
pub struct Control {
    stop: Arc<AtomicBool>,
    counts: Vec<Arc<Mutex<Counts>>>,
}

/// An interface that is listened to.
pub struct Live {
    control: Control,
    told: Option<Receiver<Told>>,
    merge: Merge<RecordBatch>,
    workers: Vec<JoinHandle<()>>,
    failed: Option<io::Error>,
}

impl Live {
    /// Opens all rings, then starts the workers.
    ///
    /// Errs as the system does: `EPERM` without the capability, `ENODEV` without such an interface.
    pub fn open(settings: &LiveSettings) -> io::Result<Self> {
        let threads = settings.threads.max(1);
        let ring = RingSettings {
            interface: settings.interface.clone(),
            bytes: settings.ring_bytes / threads,
            snap: settings.snap,
            promiscuous: settings.promiscuous,
        };
        let (rings, group) = open_rings(&ring, threads)?;
        let control = Control {
            stop: Arc::default(),
            counts: (0..threads).map(|_| Arc::default()).collect(),
        };
        let (tell, told) = sync_channel(WAITING * threads);
        let mut live = Self {
            control: control.clone(),
            told: Some(told),
            merge: Merge::of(threads),
            workers: Vec::new(),
            failed: None,
        };
        let engine = Settings {
            max_flows: settings.engine.max_flows.div_ceil(threads),
            full: usize::MAX, // the windows of all threads must be the same
            ..settings.engine.clone()
        };
        for (number, (opened, counts)) in rings.into_iter().zip(control.counts).enumerate() {
            let worker = Worker {
                number,
                settings: ring.clone(),
                group,
                most_rows: MOST_ROWS / threads,
                engine: Engine::new(&engine),
                told: tell.clone(),
                stop: control.stop.clone(),
                counts,
            };
            let thread = Builder::new().name(format!("capture-{number}"));
            live.workers.push(thread.spawn(move || worker.run(opened))?);
        }
        Ok(live)
    }

    /// The next window that all workers are past, or nothing within that time or after the end.
    ///
    /// Errs once, after the last window, when a worker failed.
    pub fn next_window(&mut self, most: Duration) -> io::Result<Option<Merged<RecordBatch>>> {
        let until = Instant::now() + most;
        loop {
            if let Some(window) = self.merge.ready() {
                return Ok(Some(window));
            }
            let Some(told) = self.told.as_ref().filter(|_| !self.is_over()) else {
                return self.failed.take().map_or(Ok(None), Err);
            };
            match told.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(told) => self.hear(told),
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                // a worker that broke did not say so: there is none left
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the capture broke off"));
                }
            }
        }
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Window(window) => self.merge.add_window(window),
            Told::Reached(worker, time) => self.merge.reach(worker, time),
            Told::Ended(worker, ended) => {
                self.merge.end(worker);
                if let Err(error) = ended {
                    self.failed = Some(error);
                    self.control.stop(); // what the others have is told, then the error
                }
            }
        }
    }

    /// Whether all was told after [`Control::stop`].
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.merge.is_over()
    }

    /// A handle for others.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Ends at once; windows not taken yet are lost.
    pub fn close(&mut self) {
        self.control.stop();
        self.told = None; // workers that wait for room are let go
        for worker in self.workers.drain(..) {
            let _ = worker.join(); // a worker that broke was told of by `next_window`
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.close();
    }
}

impl Control {
    /// Ends listening: what is in the rings is still read, and the open windows are told.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// What was counted so far by all workers.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut all = Counts::default();
        for counts in &self.counts {
            add(
                &mut all,
                &counts.lock().unwrap_or_else(PoisonError::into_inner),
            );
        }
        all
    }
}

/// Opens a ring for each thread; those of several share the interface.
fn open_rings(settings: &RingSettings, threads: usize) -> io::Result<(Vec<Ring>, Group)> {
    if threads == 1 {
        return Ok((vec![Ring::open(settings, Group::None)?], Group::None));
    }
    let first = Ring::open(settings, Group::New)?;
    let group = first.group()?;
    let mut rings = vec![first];
    for _ in 1..threads {
        rings.push(Ring::open(settings, group)?);
    }
    Ok((rings, group))
}

fn add(all: &mut Counts, one: &Counts) {
    let (sum, stats) = (all.engine, one.engine);
    let spans = sum.times.into_iter().chain(stats.times);
    all.engine = Stats {
        packets: sum.packets.saturating_add(stats.packets),
        bytes: sum.bytes.saturating_add(stats.bytes),
        flows: sum.flows.saturating_add(stats.flows),
        evicted: sum.evicted.saturating_add(stats.evicted),
        times: spans.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1))),
    };
    all.dropped = all.dropped.saturating_add(one.dropped);
    all.shed = all.shed.saturating_add(one.shed);
    all.downs = all.downs.max(one.downs); // all see the same interface
    all.is_down |= one.is_down;
    for (kind, count) in &one.damaged {
        let sum = all.damaged.entry(kind).or_default();
        *sum = sum.saturating_add(*count);
    }
}
