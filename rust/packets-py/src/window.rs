//! A window, and the counters, as Python sees them.
use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use packets::engine::Stats;
use pyo3::prelude::*;

use crate::table::ArrowTable;

/// One window's tables by name; only tables that have rows.
#[pyclass(frozen, module = "cordon._native")]
pub struct NativeWindow {
    #[pyo3(get)]
    begin: i64,
    #[pyo3(get)]
    end: i64,
    /// Whether further rows of the same window follow with the next one.
    #[pyo3(get)]
    more: bool,
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
    /// The window of that span, or a part of it, with those tables, each of one batch or more.
    pub fn of(
        py: Python<'_>,
        (begin, end): (i64, i64),
        more: bool,
        tables: impl IntoIterator<Item = (&'static str, Vec<RecordBatch>)>,
    ) -> PyResult<Self> {
        let tables = tables
            .into_iter()
            .filter_map(|(name, batches)| Some((name, ArrowTable::of(batches)?)))
            .map(|(name, table)| Ok((name, Py::new(py, table)?)))
            .collect::<PyResult<_>>()?;
        Ok(Self {
            begin,
            end,
            more,
            tables,
        })
    }
}

/// Counters by name.
pub type Counters = BTreeMap<&'static str, i128>;

/// The engine's counters by the names Python knows.
pub fn counters(stats: &Stats) -> Counters {
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
