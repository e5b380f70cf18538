//! The header of each message, and the names of its commands and states.

use crate::protocols::plant::OK;
use crate::protocols::reader::Reader;

/// Length of the header.
pub(super) const HEADER: usize = 24;

pub(super) const COMMANDS: [(u16, &str); 10] = [
    (0x0000, "nop"),
    (0x0004, "list services"),
    (0x0063, "list identity"),
    (0x0064, "list interfaces"),
    (0x0065, "register session"),
    (0x0066, "unregister session"),
    (0x006f, "send rr data"),
    (0x0070, "send unit data"),
    (0x0072, "indicate status"),
    (0x0073, "cancel"),
];

pub(super) const STATUSES: [(u32, &str); 7] = [
    (0x00, OK),
    (0x01, "invalid or unsupported command"),
    (0x02, "insufficient memory"),
    (0x03, "incorrect data"),
    (0x64, "invalid session handle"),
    (0x65, "invalid length"),
    (0x69, "unsupported protocol revision"),
];

pub(super) struct Header {
    pub(super) command: u16,
    pub(super) length: usize,
    pub(super) session: u32,
    pub(super) status: u32,
    pub(super) context: u64,
    pub(super) options: u32,
}

pub(super) fn read_header(bytes: &[u8]) -> Option<Header> {
    let mut reader = Reader::new(bytes);
    Some(Header {
        command: reader.le16()?,
        length: usize::from(reader.le16()?),
        session: reader.le32()?,
        status: reader.le32()?,
        context: u64::from_le_bytes(reader.array()?),
        options: reader.le32()?,
    })
}
