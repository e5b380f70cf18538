//! Makes a column of texts out of distinct texts and the number each row has.
//!
//! Arrow's own constructors look once more at every byte of every row, which costs more than all else about a row. Its
//! kernel `take` does not, but it comes with all other kernels and takes more than a minute to build.
use arrow_array::StringViewArray;

/// The text of each row, by its number among `texts`; those are not copied.
///
/// # Panics
///
/// A row's number is not that of a text.
#[must_use]
pub fn gather(texts: &StringViewArray, rows: &[u32]) -> StringViewArray {
    let views = texts.views();
    let views: Vec<u128> = rows.iter().map(|row| views[*row as usize]).collect();
    let buffers = texts.data_buffers().to_vec();
    // SAFETY: each view is one of a valid array's, and stands over the same buffers in the same order: it lies within
    // them and is UTF-8 because it was there. Without a mask of nulls no lengths can differ.
    unsafe { StringViewArray::new_unchecked(views.into(), buffers.into(), None) }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::*;

    #[test]
    fn every_row_has_its_text() {
        let texts = [
            "",
            "short",
            "one that is longer than a view",
            "another that is longer",
        ];
        let array = StringViewArray::from_iter_values(texts);
        let rows = [3, 0, 1, 2, 3];
        let gathered = gather(&array, &rows);
        let told: Vec<_> = gathered.iter().map(Option::unwrap).collect();
        assert_eq!(told, rows.map(|row| texts[row as usize]));
        assert!(gathered.to_data().validate_full().is_ok());
        assert!(gather(&array, &[]).is_empty());
    }
}
