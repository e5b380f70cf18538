//! The thin Python skin over `packets` and `forest`; its contract stands in `src/cordon/_native.pyi`.
mod forest;
#[cfg(target_os = "linux")]
mod live;
mod reader;
mod settings;
mod table;
mod window;

use pyo3::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`: after so many milliseconds memory that was let go returns to the system.
const PURGE_DELAY: (libmimalloc_sys::mi_option_t, std::ffi::c_long) = (15, 1000);

/// What `cordon._native` offers.
#[pymodule]
mod _native {
    use pyo3::prelude::*;

    /// Columns of one window take the place of those of the window before. Given back at once, as is usual, their memory
    /// would be cleared by the kernel again and again.
    #[pymodule_init]
    #[expect(clippy::unnecessary_wraps, reason = "PyO3 asks for a result")]
    fn begin(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        let (option, milliseconds) = super::PURGE_DELAY;
        // SAFETY: sets a number the allocator looks at; Python loads a module in one thread, and no other uses it yet.
        unsafe { libmimalloc_sys::mi_option_set(option, milliseconds) };
        Ok(())
    }

    #[pymodule_export]
    use super::forest::Forest;
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
