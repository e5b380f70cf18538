//! Paths (volume 1, appendix C): which object, attribute or tag a service is for.

use crate::protocols::plant::label;
use crate::protocols::reader::Reader;

/// The most segments read of a path.
const MAX_SEGMENTS: usize = 16;

/// A path to what a service is for.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) class: Option<u32>,
    pub(super) text: String,
}

impl Path {
    /// Reads as many segments as are understood (volume 1, appendix C-1).
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader::new(bytes);
        let mut path = Self::default();
        for _ in 0..MAX_SEGMENTS {
            if reader.is_empty() || path.segment(&mut reader).is_none() {
                break;
            }
        }
        path
    }

    fn segment(&mut self, reader: &mut Reader) -> Option<()> {
        let kind = reader.u8()?;
        match kind {
            0x00..=0x1f => {
                let port = kind & 0x0f;
                if kind & 0x10 == 0 {
                    let link = reader.u8()?;
                    self.add(" ", &format!("port {port} link {link}"));
                } else {
                    let length = usize::from(reader.u8()?);
                    let address = label(reader.take(length)?);
                    if length % 2 != 0 {
                        reader.u8()?;
                    }
                    self.add(" ", &format!("port {port} link {address}"));
                }
            }
            0x20..=0x3f => {
                let value = match kind & 3 {
                    0 => u32::from(reader.u8()?),
                    1 => reader.u8().and_then(|_| reader.le16()).map(u32::from)?,
                    2 => reader.u8().and_then(|_| reader.le32())?,
                    _ => return None,
                };
                self.logical(kind >> 2 & 7, value);
            }
            0x91 => {
                let name = reader.block8()?;
                if name.len() % 2 != 0 {
                    reader.u8();
                }
                self.add(".", &label(name));
            }
            _ => return None,
        }
        Some(())
    }

    fn logical(&mut self, kind: u8, value: u32) {
        match kind {
            0 => {
                self.class = Some(value);
                self.add(" ", &format!("class 0x{value:02x}"));
            }
            1 => self.add(" ", &format!("instance {value}")),
            2 => self.text.extend(["[", &value.to_string(), "]"]),
            3 => self.add(" ", &format!("point {value}")),
            4 => self.add(" ", &format!("attribute {value}")),
            _ => {}
        }
    }

    fn add(&mut self, between: &str, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str(between);
        }
        self.text.push_str(text);
    }
}
