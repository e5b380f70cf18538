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

use crate::table::ArrowTable;

const STEP: i64 = 10_000_000;
const MAX_FLOWS: usize = 131_072;
const KEY_SIZE: usize = 32;

/// One window's tables by name; only tables that have rows.
#[pyclass(frozen, module = "cordon._native")]
pub struct NativeWindow {
    #[pyo3(get)]
    begin: i64,
    #[pyo3(get)]
    end: i64,
    tables: BTreeMap<&'static str, Py<ArrowTable>>,
}

#[pymethods]
impl NativeWindow {
    #[getter]
    fn tables(&self, py: Python<'_>) -> BTreeMap<&'static str, Py<ArrowTable>> {
        self.tables
            .iter()
            .map(|(name, table)| (*name, table.clone_ref(py)))
            .collect()
    }
}

impl NativeWindow {
    fn of(py: Python<'_>, window: Window) -> PyResult<Self> {
        let Window { begin, end, tables } = window;
        let tables = tables
            .into_iter()
            .map(|(name, batch)| Ok((name, Py::new(py, ArrowTable(batch))?)))
            .collect::<PyResult<_>>()?;
        Ok(Self { begin, end, tables })
    }
}

/// Reads capture files as one stream, in the order of their first packet.
#[pyclass(frozen, module = "cordon._native")]
pub struct CaptureReader {
    reader: Mutex<Reader>,
    progress: Arc<Progress>,
}

#[pymethods]
impl CaptureReader {
    #[new]
    #[pyo3(signature = (paths, *, window, step=STEP, segment="lan".to_owned(), secret_key=Vec::new(),
                        max_flows=MAX_FLOWS))]
    fn new(
        py: Python<'_>,
        paths: Vec<PathBuf>,
        window: i64,
        step: i64,
        segment: String,
        secret_key: Vec<u8>,
        max_flows: usize,
    ) -> PyResult<Self> {
        if step <= 0 || window <= 0 || (window % step != 0 && step % window != 0) {
            return Err(PyValueError::new_err(
                "window must be a divisor or a multiple of step, both in µs and above 0",
            ));
        }
        if max_flows == 0 {
            return Err(PyValueError::new_err("max_flows must be at least 1"));
        }
        if !secret_key.is_empty() && secret_key.len() != KEY_SIZE {
            return Err(PyValueError::new_err("secret_key must be 32 bytes long"));
        }
        let settings = Settings {
            window,
            step,
            segment,
            secret_key,
            max_flows,
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

    /// The next window that has rows, or None at the end. Does not hold the GIL while it works.
    fn next(&self, py: Python<'_>) -> PyResult<Option<NativeWindow>> {
        let window: io::Result<_> = py.detach(|| self.lock().next_window());
        window?
            .map(|window| NativeWindow::of(py, window))
            .transpose()
    }

    /// Bytes of the files read so far, and in all.
    fn progress(&self) -> (u64, u64) {
        self.progress.bytes()
    }

    /// Counters so far: packets, bytes, flows, evicted, first, last (µs).
    fn stats(&self, py: Python<'_>) -> BTreeMap<&'static str, i128> {
        let stats = py.detach(|| self.lock().stats());
        let (first, last) = stats.times.unwrap_or_default();
        BTreeMap::from([
            ("packets", i128::from(stats.packets)),
            ("bytes", i128::from(stats.bytes)),
            ("flows", i128::from(stats.flows)),
            ("evicted", i128::from(stats.evicted)),
            ("first", i128::from(first)),
            ("last", i128::from(last)),
        ])
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
