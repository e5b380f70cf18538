//! The reader of captures as Python sees it.
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use packets::capture::{OpenError, Progress};
use packets::engine::{Settings, Window};
use packets::reader::Reader;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::settings::{FULL, MAX_FLOWS, STEP, settings};
use crate::window::{Counters, NativeWindow, counters};

/// Reads capture files as one stream, in the order of their first packet.
#[pyclass(frozen, module = "cordon._native")]
pub struct CaptureReader {
    reader: Mutex<Reader>,
    progress: Arc<Progress>,
}

#[pymethods]
impl CaptureReader {
    #[new]
    #[allow(clippy::too_many_arguments)] // keywords in Python
    #[pyo3(signature = (paths, *, window, step=STEP, segment="lan".to_owned(), secret_key=Vec::new(),
                        max_flows=MAX_FLOWS, full=FULL))]
    fn new(
        py: Python<'_>,
        paths: Vec<PathBuf>,
        window: i64,
        step: i64,
        segment: String,
        secret_key: Vec<u8>,
        max_flows: usize,
        full: usize,
    ) -> PyResult<Self> {
        let settings = Settings {
            full,
            ..settings(window, step, segment, secret_key, max_flows)?
        };
        let opened = py
            .detach(|| Reader::open(paths, &settings))
            .map_err(raised)?;
        let progress = opened.progress();
        Ok(Self {
            reader: Mutex::new(opened),
            progress,
        })
    }

    /// The next window that has rows, or the next part of one, or None at the end. Does not hold the GIL while it works.
    fn next(&self, py: Python<'_>) -> PyResult<Option<NativeWindow>> {
        let window: io::Result<_> = py.detach(|| self.lock().next_window());
        window?
            .map(|window| {
                let Window {
                    begin,
                    end,
                    tables,
                    more,
                } = window;
                let tables = tables.into_iter().map(|(name, batch)| (name, vec![batch]));
                NativeWindow::of(py, (begin, end), more, tables)
            })
            .transpose()
    }

    /// Bytes of the files read so far, and in all.
    fn progress(&self) -> (u64, u64) {
        self.progress.bytes()
    }

    /// Counters so far: packets, bytes, flows, evicted, first, last (µs).
    fn stats(&self, py: Python<'_>) -> Counters {
        counters(&py.detach(|| self.lock().stats()))
    }

    /// Damage so far, by kind.
    fn damaged(&self, py: Python<'_>) -> BTreeMap<&'static str, u64> {
        py.detach(|| self.lock().damaged()).into_iter().collect()
    }
}

impl CaptureReader {
    /// A panic elsewhere became an exception there; what was read until then can still be asked for.
    fn lock(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn raised(error: OpenError) -> PyErr {
    match error {
        OpenError::Unreadable(error) => error.into(),
        OpenError::NoCapture(says) => PyValueError::new_err(says),
    }
}
