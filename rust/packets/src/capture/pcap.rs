//! The classic capture format (draft-ietf-opsawg-pcap), in both byte orders, with micro- or nanoseconds.
use std::io;

use super::frame::{Found, LATEST};
use super::input::Input;
use crate::bytes::array;
use crate::damage::Damage;
use crate::tally::Tally;

const HEADER: usize = 24;
const SHORT_RECORD: usize = 16;
const LONG_RECORD: usize = 24;
/// Writers hold to a snapshot length of at most this unless the file says more.
const USUAL_LIMIT: usize = 262_144;

/// Reads the records of one file.
pub struct Pcap {
    big: bool,
    nanos: bool,
    record: usize,
    limit: usize,
    link: u16,
}

impl Pcap {
    /// Recognises the file header and takes it.
    pub fn begin(input: &mut Input) -> io::Result<Option<Self>> {
        let header = input.peek(HEADER)?;
        let (Some(magic), Some(snap), Some(link)) =
            (array::<4>(header, 0), array(header, 16), array(header, 20))
        else {
            return Ok(None);
        };
        let (big, nanos, record) = match u32::from_be_bytes(magic) {
            0xa1b2_c3d4 => (true, false, SHORT_RECORD),
            0xd4c3_b2a1 => (false, false, SHORT_RECORD),
            0xa1b2_3c4d => (true, true, SHORT_RECORD),
            0x4d3c_b2a1 => (false, true, SHORT_RECORD),
            0xa1b2_cd34 => (true, false, LONG_RECORD), // the format of an old patched libpcap
            0x34cd_b2a1 => (false, false, LONG_RECORD),
            _ => return Ok(None),
        };
        let limit = (number(big, snap) as usize).clamp(USUAL_LIMIT, Input::LIMIT - LONG_RECORD);
        let link = number(big, link) as u16; // the upper half tells the length of a checksum
        input.skip(HEADER)?;
        Ok(Some(Self {
            big,
            nanos,
            record,
            limit,
            link,
        }))
    }

    /// Where the next packet lies; its bytes are skipped by the caller.
    pub fn next(&mut self, input: &mut Input, tally: &mut Tally) -> io::Result<Option<Found>> {
        let header = input.peek(self.record)?;
        if header.is_empty() {
            return Ok(None);
        }
        let fields = (
            array(header, 0),
            array(header, 4),
            array(header, 8),
            array(header, 12),
        );
        let (Some(seconds), Some(fraction), Some(held), Some(wire)) = fields else {
            tally.count(Damage("capture: cut short"));
            return Ok(None);
        };
        let held = number(self.big, held) as usize;
        if held > self.limit {
            tally.count(Damage("capture: packet too long"));
            return Ok(None);
        }
        let taken = self.record + held;
        if input.peek(taken)?.len() < taken {
            tally.count(Damage("capture: cut short"));
            return Ok(None);
        }
        let fraction = i64::from(number(self.big, fraction)) / if self.nanos { 1000 } else { 1 };
        let time = i64::from(number(self.big, seconds)) * 1_000_000 + fraction;
        let time = time.min(LATEST);
        let wire = number(self.big, wire).max(held as u32);
        Ok(Some(Found {
            time,
            wire,
            link: self.link,
            from: self.record,
            held,
            taken,
        }))
    }
}

fn number(big: bool, bytes: [u8; 4]) -> u32 {
    if big {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    }
}
