//! A table as Python sees it: handed over through the Arrow `PyCapsule` interface, without copying.
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// One traffic table; Polars reads it without copying.
#[pyclass(frozen, module = "cordon._native")]
pub struct ArrowTable(Vec<RecordBatch>);

impl ArrowTable {
    /// A table of one batch or more; none is no table.
    pub fn of(batches: Vec<RecordBatch>) -> Option<Self> {
        (!batches.is_empty()).then_some(Self(batches))
    }
}

#[pymethods]
impl ArrowTable {
    /// A stream of the batches, named as the interface asks; it frees itself when nobody takes it.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema; // the interface lets us give what we have
        let schema = self.0[0].schema();
        let batches = self.0.clone().into_iter().map(Ok);
        let batches = RecordBatchIterator::new(batches, schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __len__(&self) -> usize {
        self.0.iter().map(RecordBatch::num_rows).sum()
    }
}
