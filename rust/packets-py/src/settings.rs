//! What both readers are told, and the checks of it.
use packets::engine::Settings;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub const STEP: i64 = 10_000_000;
pub const MAX_FLOWS: usize = 131_072;
/// So many rows take some 100 MB here and several times that in the stages.
pub const FULL: usize = 200_000;
const KEY_SIZE: usize = 32;

/// The engine's settings; `ValueError` where they do not fit.
pub fn settings(
    window: i64,
    step: i64,
    segment: String,
    secret_key: Vec<u8>,
    max_flows: usize,
) -> PyResult<Settings> {
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
    Ok(Settings {
        window,
        step,
        segment,
        secret_key,
        max_flows,
        full: FULL,
    })
}
