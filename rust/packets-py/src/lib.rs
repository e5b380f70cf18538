//! The thin Python skin over `packets`.
use pyo3::prelude::*;

/// What `cordon._native` offers.
#[pymodule]
mod _native {}
