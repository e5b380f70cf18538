//! Names of functions and errors, by the numbers that stand in messages.

use crate::protocols::plant::{CONTROL, READ, WRITE};

pub(super) const FUNCTIONS: [(u8, &str, &str); 12] = [
    (0x00, "cpu services", ""),
    (0x04, "read var", READ),
    (0x05, "write var", WRITE),
    (0x1a, "request download", CONTROL),
    (0x1b, "download block", CONTROL),
    (0x1c, "download ended", CONTROL),
    (0x1d, "start upload", READ),
    (0x1e, "upload", READ),
    (0x1f, "end upload", READ),
    (0x28, "pi-service", CONTROL),
    (0x29, "plc stop", CONTROL),
    (0xf0, "setup communication", ""),
];

/// Group and sub-function of user data.
pub(super) const USER_DATA: [(u16, &str, &str); 12] = [
    (0x0301, "list blocks", READ),
    (0x0302, "list blocks of type", READ),
    (0x0303, "get block info", READ),
    (0x0401, "read szl", READ),
    (0x0402, "message service", ""),
    (0x0403, "diagnostic message", ""),
    (0x0501, "plc password", CONTROL),
    (0x0502, "clear plc password", CONTROL),
    (0x0701, "read clock", READ),
    (0x0702, "set clock", WRITE),
    (0x0703, "read clock following", READ),
    (0x0704, "set clock following", WRITE),
];

pub(super) const GROUPS: [(u8, &str); 8] = [
    (0, "mode transition"),
    (1, "programmer commands"),
    (2, "cyclic data"),
    (3, "block functions"),
    (4, "cpu functions"),
    (5, "security"),
    (6, "pbc"),
    (7, "time functions"),
];

pub(super) const ITEM_ERRORS: [(u8, &str); 6] = [
    (0x01, "hardware error"),
    (0x03, "accessing the object not allowed"),
    (0x05, "invalid address"),
    (0x06, "data type not supported"),
    (0x07, "data type inconsistent"),
    (0x0a, "object does not exist"),
];

pub(super) const ERRORS: [(u8, &str); 6] = [
    (0x81, "application relationship error"),
    (0x82, "object definition error"),
    (0x83, "no resources available"),
    (0x84, "error on service processing"),
    (0x85, "error on supplies"),
    (0x87, "access error"),
];
