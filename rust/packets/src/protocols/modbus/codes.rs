//! Names of functions, exceptions and Schneider's own functions, by their numbers.

use crate::protocols::plant::{CONTROL, Name, READ, WRITE, named};

pub(super) const FUNCTIONS: [(u8, &str); 20] = [
    (1, "read coils"),
    (2, "read discrete inputs"),
    (3, "read holding registers"),
    (4, "read input registers"),
    (5, "write single coil"),
    (6, "write single register"),
    (7, "read exception status"),
    (8, "diagnostics"),
    (11, "get comm event counter"),
    (12, "get comm event log"),
    (15, "write multiple coils"),
    (16, "write multiple registers"),
    (17, "report server id"),
    (20, "read file record"),
    (21, "write file record"),
    (22, "mask write register"),
    (23, "read/write multiple registers"),
    (24, "read fifo queue"),
    (43, "encapsulated interface transport"),
    (90, "unity"),
];

const EXCEPTIONS: [(u8, &str); 9] = [
    (1, "illegal function"),
    (2, "illegal data address"),
    (3, "illegal data value"),
    (4, "server device failure"),
    (5, "acknowledge"),
    (6, "server device busy"),
    (8, "memory parity error"),
    (10, "gateway path unavailable"),
    (11, "gateway target device failed to respond"),
];

/// Sub-functions of Schneider's function 90 that do something to the controller, as Wireshark's and other public
/// dissectors of UMAS name them.
pub(super) const UNITY: [(u8, &str, &str); 10] = [
    (0x20, "read memory block", READ),
    (0x21, "write memory block", WRITE),
    (0x22, "read variables", READ),
    (0x23, "write variables", WRITE),
    (0x30, "initialize upload", READ),
    (0x31, "upload block", READ),
    (0x33, "initialize download", CONTROL),
    (0x34, "download block", CONTROL),
    (0x40, "start plc", CONTROL),
    (0x41, "stop plc", CONTROL),
];

pub(super) fn access(function: u8) -> &'static str {
    match function {
        1..=4 | 7 | 11 | 12 | 17 | 20 | 24 | 43 => READ,
        5 | 6 | 15 | 16 | 21..=23 => WRITE,
        _ => "",
    }
}

pub(super) fn exception(code: u8) -> Name {
    named(&EXCEPTIONS, code).map_or_else(|| format!("exception {code}").into(), Name::from)
}
