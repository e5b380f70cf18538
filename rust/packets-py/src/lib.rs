//! The thin Python skin over `packets`; its contract stands in `src/cordon/_native.pyi`.
#[cfg(target_os = "linux")]
mod live;
mod reader;
mod settings;
mod table;
mod window;

use pyo3::prelude::*;

/// What `cordon._native` offers.
#[pymodule]
mod _native {
    #[cfg(target_os = "linux")]
    #[pymodule_export]
    use super::live::LiveReader;
    #[pymodule_export]
    use super::reader::CaptureReader;
    #[pymodule_export]
    use super::table::ArrowTable;
    #[pymodule_export]
    use super::window::NativeWindow;
}
