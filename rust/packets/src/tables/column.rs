//! Columns under construction; each kind knows what it takes and which Arrow type it becomes.
use std::net::IpAddr;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringViewBuilder};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Int32Array, Int64Array, ListArray, UInt8Array, UInt16Array,
    UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};

use crate::address::{Mac, write_ip};

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
                Arc::new(<$array>::from(std::mem::take(&mut self.0)))
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

/// Text.
#[derive(Default)]
pub struct Text(StringViewBuilder);

impl Column for Text {
    type Value<'a> = &'a str;

    fn push(&mut self, value: &str) {
        self.0.append_value(value);
    }

    fn take(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }

    fn data_type() -> DataType {
        DataType::Utf8View
    }
}

/// The text of a hardware address; empty where there is none.
#[derive(Default)]
pub struct MacText(Text, String);

impl Column for MacText {
    type Value<'a> = Mac;

    fn push(&mut self, value: Mac) {
        self.1.clear();
        value.write(&mut self.1);
        self.0.push(&self.1);
    }

    fn take(&mut self) -> ArrayRef {
        self.0.take()
    }

    fn data_type() -> DataType {
        Text::data_type()
    }
}

/// The text of an IP address; empty where there is none.
#[derive(Default)]
pub struct IpText(Text, String);

impl Column for IpText {
    type Value<'a> = Option<IpAddr>;

    fn push(&mut self, value: Option<IpAddr>) {
        self.1.clear();
        if let Some(ip) = value {
            write_ip(ip, &mut self.1);
        }
        self.0.push(&self.1);
    }

    fn take(&mut self) -> ArrayRef {
        self.0.take()
    }

    fn data_type() -> DataType {
        Text::data_type()
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $value:ty => $array:ty, $type:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name {
            values: Vec<$value>,
            lengths: Vec<usize>,
        }

        impl $name {
            fn item() -> Arc<Field> {
                Arc::new(Field::new("item", $type, false))
            }
        }

        impl Column for $name {
            type Value<'a> = &'a [$value];

            fn push(&mut self, value: &[$value]) {
                self.values.extend_from_slice(value);
                self.lengths.push(value.len());
            }

            fn take(&mut self) -> ArrayRef {
                let offsets = OffsetBuffer::from_lengths(std::mem::take(&mut self.lengths));
                let values = <$array>::from(std::mem::take(&mut self.values));
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
pub struct Texts(ListBuilder<StringViewBuilder>);

impl Texts {
    fn item() -> Field {
        Field::new("item", DataType::Utf8View, false)
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self(ListBuilder::new(StringViewBuilder::new()).with_field(Self::item()))
    }
}

impl Column for Texts {
    type Value<'a> = &'a [String];

    fn push(&mut self, value: &[String]) {
        for text in value {
            self.0.values().append_value(text);
        }
        self.0.append(true);
    }

    fn take(&mut self) -> ArrayRef {
        let array: Arc<dyn Array> = Arc::new(self.0.finish());
        array
    }

    fn data_type() -> DataType {
        DataType::List(Arc::new(Self::item()))
    }
}
