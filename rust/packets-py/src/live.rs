//! The reader of an interface as Python sees it.
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use live::{Control, Live, LiveSettings};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;

use crate::settings::{MAX_FLOWS, STEP, settings};
use crate::window::{Counters, NativeWindow, counters};

const THREADS: usize = 1;
const MOST_THREADS: usize = 64;
const RING_BYTES: usize = 64 << 20;

/// Listens to an interface.
#[pyclass(frozen, module = "cordon._native")]
pub struct LiveReader {
    live: Mutex<Live>,
    control: Control,
}

#[pymethods]
impl LiveReader {
    #[new]
    #[pyo3(signature = (interface, *, window, step=STEP, segment="lan".to_owned(), secret_key=Vec::new(),
                        max_flows=MAX_FLOWS, threads=THREADS, ring_bytes=RING_BYTES, snaplen=0, promiscuous=true))]
    #[allow(clippy::too_many_arguments)] // keywords in Python
    fn new(
        py: Python<'_>,
        interface: String,
        window: i64,
        step: i64,
        segment: String,
        secret_key: Vec<u8>,
        max_flows: usize,
        threads: usize,
        ring_bytes: usize,
        snaplen: u32,
        promiscuous: bool,
    ) -> PyResult<Self> {
        if !(1..=MOST_THREADS).contains(&threads) {
            let says = format!("threads must be 1 to {MOST_THREADS}");
            return Err(PyValueError::new_err(says));
        }
        let settings = LiveSettings {
            engine: settings(window, step, segment, secret_key, max_flows)?,
            interface,
            threads,
            ring_bytes,
            snap: snaplen,
            promiscuous,
        };
        let live = py.detach(|| Live::open(&settings)).map_err(raised)?;
        let control = live.control();
        Ok(Self {
            live: Mutex::new(live),
            control,
        })
    }

    /// The next window, or None when none was over within that time. Does not hold the GIL while it waits.
    fn next(&self, py: Python<'_>, timeout_ms: u64) -> PyResult<Option<NativeWindow>> {
        let most = Duration::from_millis(timeout_ms);
        let window = py
            .detach(|| self.lock().next_window(most))
            .map_err(raised)?;
        window
            .map(|window| NativeWindow::of(py, (window.begin, window.end), false, window.tables))
            .transpose()
    }

    /// Stops listening; what was captured until then still comes.
    fn stop(&self) {
        self.control.stop();
    }

    /// Whether all has come after `stop`.
    fn is_over(&self, py: Python<'_>) -> bool {
        py.detach(|| self.lock().is_over())
    }

    /// Ends at once; windows that were not taken are lost.
    fn close(&self, py: Python<'_>) {
        self.control.stop();
        py.detach(|| self.lock().close());
    }

    /// Counters so far, with those of the interface; does not wait for `next`.
    fn stats(&self) -> Counters {
        let counts = self.control.counts();
        let mut all = counters(&counts.engine);
        all.extend([
            ("kernel_dropped", i128::from(counts.dropped)),
            ("shed", i128::from(counts.shed)),
            ("downs", i128::from(counts.downs)),
            ("is_down", i128::from(counts.is_down)),
        ]);
        all
    }

    /// Damage so far, by kind.
    fn damaged(&self) -> BTreeMap<&'static str, u64> {
        self.control.counts().damaged
    }
}

impl LiveReader {
    /// A panic elsewhere became an exception there; what was captured until then can still be asked for.
    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The system's error with its number, by which Python chooses the kind.
fn raised(error: io::Error) -> PyErr {
    match error.raw_os_error() {
        Some(code) => PyOSError::new_err((code, error.to_string())),
        None => error.into(),
    }
}
