//! Trivial file transfer (RFC 1350, options RFC 2347): by it old devices fetch their firmware, and worms themselves.

use super::reader::Reader;
use super::text::printable;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "tftp";
/// The most bytes of a name of a file or of a mode.
const MAX_STRING: usize = 512;

/// The most options that are read.
const MAX_OPTIONS: usize = 16;

const CUT: Damage = Damage("tftp: cut short");

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A file is asked for, or offered.
    Request {
        is_write: bool,
        file: String,
        mode: String,
    },
    Data {
        block: u16,
        size: usize,
    },
    Acknowledgement {
        block: u16,
    },
    Error {
        code: u16,
        text: String,
    },
    /// What the server agrees to.
    Options {
        block_size: Option<u16>,
    },
}

/// Whether the bytes begin a request with a mode that is defined: only those are told from other datagrams.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(parse(bytes), Parsed::Done(Message::Request { .. }, _))
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let code = match reader.u16() {
        Some(code @ 1..=6) => code,
        Some(_) => return Parsed::Foreign,
        None => return Parsed::Damaged(CUT),
    };
    let message = match code {
        1 | 2 => match request(&mut reader, code == 2) {
            Some(request) => Some(request),
            None => return Parsed::Foreign,
        },
        3 => reader.u16().map(|block| Message::Data {
            block,
            size: reader.rest().len(),
        }),
        4 => reader.u16().map(|block| Message::Acknowledgement { block }),
        5 => reader.u16().map(|code| Message::Error {
            code,
            text: string(&mut reader).unwrap_or_default(),
        }),
        _ => Some(Message::Options {
            block_size: agreed_size(&mut reader),
        }),
    };
    Parsed::from_result(message.ok_or(CUT), bytes.len())
}

fn request(reader: &mut Reader, is_write: bool) -> Option<Message> {
    let (file, mode) = (string(reader)?, string(reader)?.to_ascii_lowercase());
    let defined = matches!(mode.as_str(), "netascii" | "octet" | "mail");
    (defined && !file.is_empty()).then_some(Message::Request {
        is_write,
        file,
        mode,
    })
}

/// The size of blocks among options agreed to (RFC 2348).
fn agreed_size(reader: &mut Reader) -> Option<u16> {
    for _ in 0..MAX_OPTIONS {
        let (name, value) = (string(reader)?, string(reader)?);
        if name.eq_ignore_ascii_case("blksize") {
            return value.parse().ok().filter(|size| (8..=65464).contains(size));
        }
    }
    None
}

/// Text up to a NUL.
fn string(reader: &mut Reader) -> Option<String> {
    let end = reader
        .rest()
        .iter()
        .take(MAX_STRING)
        .position(|byte| *byte == 0)?;
    let text = printable(reader.take(end)?);
    reader.take(1)?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const REQUEST: &[u8] = b"\0\x01fw.bin\0Octet\0blksize\x001400\0";

    #[test]
    fn requests_tell_file_and_direction() {
        let wanted = Message::Request {
            is_write: false,
            file: "fw.bin".to_owned(),
            mode: "octet".to_owned(),
        };
        assert_eq!(done(parse(REQUEST)), wanted);
        assert!(looks_like(REQUEST));
    }

    #[test]
    fn the_other_messages_are_told_apart() {
        assert_eq!(
            done(parse(b"\0\x03\0\x01abc")),
            Message::Data { block: 1, size: 3 }
        );
        assert_eq!(
            done(parse(b"\0\x04\0\x01")),
            Message::Acknowledgement { block: 1 }
        );
        assert_eq!(
            done(parse(b"\0\x05\0\x01no\0")),
            Message::Error {
                code: 1,
                text: "no".to_owned()
            }
        );
        assert_eq!(
            done(parse(b"\0\x06tsize\x009\0BlkSize\x001400\0")),
            Message::Options {
                block_size: Some(1400)
            }
        );
    }

    #[test]
    fn other_datagrams_are_foreign_and_cut_ones_damage() {
        assert_eq!(parse(b"\0\x01fw.bin\0binary\0"), Parsed::Foreign);
        assert_eq!(parse(b"\0\x09"), Parsed::Foreign);
        assert_eq!(damage(parse(b"\0\x04\0")), "tftp: cut short");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[REQUEST, b"\0\x05\0\x01no\0"], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
