//! Columns under construction; each kind knows what it takes and which Arrow type it becomes.
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Int32Array, Int64Array, ListArray, UInt8Array, UInt16Array, UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use gather::renewed;

/// One column of a table.
pub trait Column: Default {
    /// What a row brings for this column.
    type Value<'a>;

    /// Appends a value.
    fn push(&mut self, value: Self::Value<'_>);

    /// All values so far as an array; the column begins anew.
    fn take(&mut self) -> ArrayRef;

    /// The Arrow type.
    fn data_type() -> DataType;
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $value:ty => $array:ty, $type:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name(Vec<$value>);

        impl Column for $name {
            type Value<'a> = $value;

            fn push(&mut self, value: $value) {
                self.0.push(value);
            }

            fn take(&mut self) -> ArrayRef {
                Arc::new(<$array>::from(renewed(&mut self.0)))
            }

            fn data_type() -> DataType {
                $type
            }
        }
    )*};
}

numbers! {
    /// Signed 64 bit: times, spans, counters.
    Int: i64 => Int64Array, DataType::Int64;
    /// Unsigned 64 bit: ids.
    Id: u64 => UInt64Array, DataType::UInt64;
    /// Unsigned 16 bit: ports.
    Short: u16 => UInt16Array, DataType::UInt16;
    /// Unsigned 8 bit.
    Byte: u8 => UInt8Array, DataType::UInt8;
    /// True or false.
    Flag: bool => BooleanArray, DataType::Boolean;
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $value:ty => $array:ty, $type:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name {
            values: Vec<$value>,
            ends: Vec<i32>,
        }

        impl $name {
            fn item() -> Arc<Field> {
                Arc::new(Field::new("item", $type, false))
            }
        }

        impl Column for $name {
            type Value<'a> = &'a [$value];

            fn push(&mut self, value: &[$value]) {
                if self.ends.is_empty() {
                    self.ends.push(0);
                }
                self.values.extend_from_slice(value);
                let end = i32::try_from(self.values.len());
                self.ends.push(end.unwrap_or(i32::MAX)); // a batch has fewer by far
            }

            fn take(&mut self) -> ArrayRef {
                let offsets = OffsetBuffer::new(renewed(&mut self.ends).into());
                let values = <$array>::from(renewed(&mut self.values));
                Arc::new(ListArray::new(Self::item(), offsets, Arc::new(values), None))
            }

            fn data_type() -> DataType {
                DataType::List(Self::item())
            }
        }
    )*};
}

lists! {
    /// Signed sizes of packets.
    Sizes: i32 => Int32Array, DataType::Int32;
    /// Spans of time.
    Spans: i64 => Int64Array, DataType::Int64;
}

/// A list of texts.
#[derive(Default)]
pub struct Texts {
    values: gather::Texts,
    count: i32,
    ends: Vec<i32>,
}

impl Texts {
    fn item() -> Arc<Field> {
        Arc::new(Field::new("item", DataType::Utf8View, false))
    }
}

impl Column for Texts {
    type Value<'a> = &'a [String];

    fn push(&mut self, value: &[String]) {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        for text in value {
            let number = self.values.add(text);
            self.values.push(number);
            self.count += 1; // a batch has fewer than 2³¹ by far
        }
        self.ends.push(self.count);
    }

    fn take(&mut self) -> ArrayRef {
        self.count = 0;
        let offsets = OffsetBuffer::new(renewed(&mut self.ends).into());
        let values = Arc::new(self.values.take());
        Arc::new(ListArray::new(Self::item(), offsets, values, None))
    }

    fn data_type() -> DataType {
        DataType::List(Self::item())
    }
}
