//! Decision trees, from and to the bytes of `NumPy` arrays.
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// See `_native.pyi`.
#[pyclass(frozen, module = "cordon._native")]
pub struct Forest(forest::Forest);

#[pymethods]
impl Forest {
    #[new]
    #[pyo3(signature = (*, roots, feature, threshold, left, right, shares, classes, columns))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arrays of which a forest is made, by name"
    )]
    fn new(
        roots: &[u8],
        feature: &[u8],
        threshold: &[u8],
        left: &[u8],
        right: &[u8],
        shares: &[u8],
        classes: usize,
        columns: usize,
    ) -> PyResult<Self> {
        let arrays = forest::Arrays {
            roots: &numbers(roots, i32::from_ne_bytes),
            feature: &numbers(feature, i32::from_ne_bytes),
            threshold: &numbers(threshold, f32::from_ne_bytes),
            left: &numbers(left, i32::from_ne_bytes),
            right: &numbers(right, i32::from_ne_bytes),
            shares: &numbers(shares, f32::from_ne_bytes),
            classes,
            columns,
        };
        forest::Forest::new(&arrays)
            .map(Self)
            .map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn shares<'py>(&self, python: Python<'py>, rows: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let rows = numbers(rows, f32::from_ne_bytes);
        if rows.len() % self.0.columns() != 0 {
            return Err(PyValueError::new_err("the numbers are not whole rows"));
        }
        let shares = python.detach(|| self.0.shares(&rows));
        let bytes: Vec<u8> = shares
            .iter()
            .flat_map(|share| share.to_ne_bytes())
            .collect();
        Ok(PyBytes::new(python, &bytes))
    }
}

fn numbers<T>(bytes: &[u8], of: fn([u8; 4]) -> T) -> Vec<T> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|four| of(*four))
        .collect()
}
