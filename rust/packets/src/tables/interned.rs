//! Columns in which values come again and again: each is kept once a batch, and rows hold its number.
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_schema::DataType;
use foldhash::fast::FixedState;
use gather::Texts;

use super::column::Column;
use crate::address::{Mac, bits, write_ip};

/// Places for values seen last; a power of two.
const RECENT: usize = 512;
/// Stands for no number.
const NONE: u32 = u32::MAX;
/// The number of the empty text, which every column of texts has first.
const EMPTY: u32 = 0;

/// The values seen last with their numbers, each at the one place its hash names: a value that shares its place with
/// another is numbered anew, and nothing grows.
struct Recent<T> {
    slots: Vec<Option<(T, u32)>>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { slots: Vec::new() }
    }
}

impl<T: Copy + Eq> Recent<T> {
    /// The place of a value with those bits.
    fn slot(&mut self, bits: u64) -> &mut Option<(T, u32)> {
        if self.slots.is_empty() {
            self.slots.resize(RECENT, None);
        }
        let spread = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        &mut self.slots[spread as usize % RECENT]
    }

    fn forget(&mut self) {
        self.slots.fill(None);
    }
}

/// Text.
#[derive(Default)]
pub struct Text {
    texts: Texts,
    /// Numbers of texts seen last, each at the one place its hash names.
    recent: Vec<u32>,
    last: u32,
}

impl Text {
    /// The number of a text, which it may have already.
    fn number(&mut self, text: &str) -> u32 {
        if self.texts.count() == 0 {
            self.last = self.texts.add("");
            self.recent.clear();
            self.recent.resize(RECENT, NONE);
        }
        if text.is_empty() {
            return EMPTY;
        }
        if self.texts.is(self.last, text) {
            return self.last;
        }
        let hash = FixedState::default().hash_one(text.as_bytes()) as usize;
        let slot = &mut self.recent[hash % RECENT];
        if *slot == NONE || !self.texts.is(*slot, text) {
            *slot = self.texts.add(text);
        }
        self.last = *slot;
        self.last
    }
}

impl Column for Text {
    type Value<'a> = &'a str;

    fn push(&mut self, value: &str) {
        let number = self.number(value);
        self.texts.push(number);
    }

    fn take(&mut self) -> ArrayRef {
        Arc::new(self.texts.take())
    }

    fn data_type() -> DataType {
        DataType::Utf8View
    }
}

/// Places for words; a power of two, for there are few.
const WORDS: usize = 256;

/// A word of the program's own: state, service, end, the field of a sighting.
#[derive(Default)]
pub struct Word {
    texts: Texts,
    /// Words and their numbers, each at the one place its address names.
    recent: Vec<(&'static str, u32)>,
}

impl Column for Word {
    type Value<'a> = &'static str;

    fn push(&mut self, value: &'static str) {
        if self.recent.is_empty() {
            self.recent.resize(WORDS, ("", NONE));
        }
        let address = value.as_ptr().addr();
        let slot = &mut self.recent[(address ^ address >> 6) % WORDS];
        if slot.1 == NONE || !std::ptr::eq(slot.0, value) {
            *slot = (value, self.texts.add(value));
        }
        self.texts.push(slot.1);
    }

    fn take(&mut self) -> ArrayRef {
        self.recent.clear();
        Arc::new(self.texts.take())
    }

    fn data_type() -> DataType {
        DataType::Utf8View
    }
}

macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident: $value:ty, $bits:expr, $write:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name {
            texts: Texts,
            recent: Recent<$value>,
            text: String,
        }

        impl Column for $name {
            type Value<'a> = $value;

            fn push(&mut self, value: $value) {
                let slot = self.recent.slot($bits(value));
                let number = match slot {
                    Some((recent, number)) if *recent == value => *number,
                    _ => {
                        self.text.clear();
                        $write(value, &mut self.text);
                        let number = self.texts.add(&self.text);
                        *slot = Some((value, number));
                        number
                    }
                };
                self.texts.push(number);
            }

            fn take(&mut self) -> ArrayRef {
                self.recent.forget();
                Arc::new(self.texts.take())
            }

            fn data_type() -> DataType {
                DataType::Utf8View
            }
        }
    )*};
}

/// The bits of an address in one word.
fn folded(ip: Option<IpAddr>) -> u64 {
    let bits = ip.map_or(0, bits);
    bits as u64 ^ (bits >> 64) as u64
}

addresses! {
    /// The text of a hardware address; empty where there is none.
    MacText: Mac, Mac::bits, Mac::write;
    /// The text of an IP address; empty where there is none.
    IpText: Option<IpAddr>, folded, |ip: Option<IpAddr>, text: &mut String| {
        if let Some(ip) = ip {
            write_ip(ip, text);
        }
    };
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;

    use super::*;

    fn texts(column: &mut impl Column) -> Vec<String> {
        let array = column.take();
        let array = array.as_string_view();
        array.iter().map(|text| text.unwrap().to_owned()).collect()
    }

    #[test]
    fn rows_have_their_texts_batch_after_batch() {
        let mut column = Text::default();
        let long: Vec<String> = (0..2000).map(|n| format!("a text of number {n}")).collect();
        for _ in 0..2 {
            let told = ["", "one", "one", "other", "", "one"];
            for text in told {
                column.push(text);
            }
            assert_eq!(texts(&mut column), told);
            for text in long.iter().chain(&long) {
                column.push(text);
            }
            assert_eq!(texts(&mut column), [&long[..], &long].concat());
        }
    }

    #[test]
    fn words_are_known_by_where_they_stand() {
        let mut column = Word::default();
        for told in [["", "dns", "dns", "open"], ["open", "", "tls", "dns"]] {
            for word in told {
                column.push(word);
            }
            assert_eq!(texts(&mut column), told);
        }
    }

    #[test]
    fn addresses_are_written_once_a_batch() {
        let (mut macs, mut ips) = (MacText::default(), IpText::default());
        for last in [1, 2, 1, 1] {
            macs.push(Mac([2, 0, 0, 0, 0, last]));
            ips.push(Some([10, 0, 0, last].into()));
        }
        macs.push(Mac::NONE);
        ips.push(None);
        assert_eq!((macs.texts.count(), ips.texts.count()), (3, 3));
        assert_eq!(texts(&mut ips)[2..], ["10.0.0.1", "10.0.0.1", ""]);
        assert_eq!(texts(&mut macs)[1], "02:00:00:00:00:02");
        macs.push(Mac([2, 0, 0, 0, 0, 7]));
        assert_eq!(texts(&mut macs), ["02:00:00:00:00:07"]);
    }
}
