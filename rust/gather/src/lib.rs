//! Columns of texts in which the same text comes again and again: each is kept once, and rows point to it.
//!
//! Arrow's own constructors look once more at every byte of every row, and its builder of such columns takes a block of
//! two MiB for each column of each batch once it has grown, however few texts come.
use arrow_array::StringViewArray;
use arrow_array::builder::make_view;
use arrow_buffer::Buffer;

/// So many bytes stand within a view itself.
const INLINE: usize = 12;
/// Bytes of one block; an offset into it fits into 31 bits, as the format asks.
const BLOCK: usize = 1 << 30;

/// Texts of a batch, and which of them each row has.
#[derive(Default)]
pub struct Texts {
    /// The view of each text, by its number.
    views: Vec<u128>,
    /// Bytes of the texts that do not stand within their views: the block that has room, and those before it.
    block: Vec<u8>,
    full: Vec<Buffer>,
    rows: Vec<u128>,
}

impl Texts {
    /// Gives a text a number in this batch; the same text may have several.
    ///
    /// # Panics
    ///
    /// The text is longer than a GiB, or there are more than four thousand million.
    pub fn add(&mut self, text: &str) -> u32 {
        let view = if text.len() <= INLINE {
            make_view(text.as_bytes(), 0, 0)
        } else {
            assert!(text.len() <= BLOCK, "a text of more than a GiB");
            if self.block.len() + text.len() > BLOCK {
                let block = std::mem::take(&mut self.block);
                self.full.push(block.into());
            }
            let offset = self.block.len() as u32;
            self.block.extend_from_slice(text.as_bytes());
            make_view(text.as_bytes(), self.full.len() as u32, offset)
        };
        let number = u32::try_from(self.views.len()).expect("fewer texts");
        self.views.push(view);
        number
    }

    /// Whether the text of that number is this one.
    #[must_use]
    pub fn is(&self, number: u32, text: &str) -> bool {
        let view = self.views[number as usize];
        if view as u32 as usize != text.len() {
            return false;
        }
        if text.len() <= INLINE {
            return view.to_le_bytes().get(4..4 + text.len()) == Some(text.as_bytes());
        }
        let (block, offset) = ((view >> 64) as u32, (view >> 96) as usize);
        let block = self.full.get(block as usize);
        let bytes = block.map_or(&self.block[..], Buffer::as_slice);
        bytes.get(offset..offset + text.len()) == Some(text.as_bytes())
    }

    /// How many texts have a number.
    #[must_use]
    pub fn count(&self) -> usize {
        self.views.len()
    }

    /// Appends a row with the text of that number.
    ///
    /// # Panics
    ///
    /// No text of this batch has the number.
    pub fn push(&mut self, number: u32) {
        self.rows.push(self.views[number as usize]);
    }

    /// The text of each row; the batch is over, and numbers begin anew.
    #[must_use]
    pub fn take(&mut self) -> StringViewArray {
        self.views.clear();
        let mut buffers = std::mem::take(&mut self.full);
        let block = renewed(&mut self.block);
        if !block.is_empty() {
            buffers.push(block.into());
        }
        let rows = renewed(&mut self.rows);
        // SAFETY: each row is a view that `add` made since the last `take`, for only those had numbers. A short one has
        // its text within itself; the others stand over a block by the place it has among these, whole within it, for
        // blocks only grow; and all are of a `str`. Without a mask of nulls no lengths can differ.
        unsafe { StringViewArray::new_unchecked(rows.into(), buffers.into(), None) }
    }
}

/// All values so far; the next ones find as much room as these took. What has more than twice the room that it takes is
/// moved: whoever keeps many small batches shall not keep the room of a large one with each.
#[must_use]
pub fn renewed<T>(values: &mut Vec<T>) -> Vec<T> {
    let room = Vec::with_capacity(values.len());
    let mut taken = std::mem::replace(values, room);
    if taken.capacity() / 2 > taken.len() {
        taken.shrink_to_fit();
    }
    taken
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::*;

    #[test]
    fn every_row_has_its_text() {
        let told = [
            "",
            "short",
            "of 12 bytes!",
            "of 13 bytes!!",
            "one that is longer than a view",
            "one that is longer than a vieW",
        ];
        let mut texts = Texts::default();
        for _ in 0..2 {
            let numbers = told.map(|text| texts.add(text));
            for number in numbers {
                let alike = told.iter().filter(|text| texts.is(number, text));
                assert_eq!(alike.collect::<Vec<_>>(), [&told[number as usize]]);
            }
            let rows = [5, 0, 1, 3, 2, 5, 4];
            for row in rows {
                texts.push(row);
            }
            let column = texts.take();
            assert_eq!(
                column.iter().map(Option::unwrap).collect::<Vec<_>>(),
                rows.map(|row| told[row as usize])
            );
            assert!(column.to_data().validate_full().is_ok());
            assert_eq!(texts.count(), 0);
        }
        assert!(texts.take().is_empty());
    }

    #[test]
    fn a_small_batch_keeps_no_room_of_a_large_one() {
        let mut values: Vec<u8> = (0..200).collect();
        assert_eq!(renewed(&mut values).len(), 200);
        assert!(values.capacity() >= 200);
        values.push(1);
        assert!(renewed(&mut values).capacity() < 100);
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn numbers_do_not_outlive_their_batch() {
        let mut texts = Texts::default();
        let number = texts.add("one that is longer than a view");
        let _ = texts.take();
        texts.push(number);
    }
}
