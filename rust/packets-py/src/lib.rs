//! The thin Python skin over `packets`; its contract stands in `src/cordon/_native.pyi`.
mod reader;
mod table;

use pyo3::prelude::*;

/// What `cordon._native` offers.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::reader::{CaptureReader, NativeWindow};
    #[pymodule_export]
    use super::table::ArrowTable;
}
