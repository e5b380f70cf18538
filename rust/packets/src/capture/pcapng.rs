//! The block format of captures (draft-ietf-opsawg-pcapng): several sections, interfaces and resolutions.
use std::io;

use super::frame::{Found, LATEST};
use super::input::Input;
use crate::bytes::array;
use crate::damage::Damage;
use crate::tally::Tally;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// The kinds of blocks that are read.
const READ: [u32; 5] = [
    SECTION,
    INTERFACE,
    OLD_PACKET,
    SIMPLE_PACKET,
    ENHANCED_PACKET,
];
const MOST_INTERFACES: usize = 4096;
const END_OF_OPTIONS: u16 = 0;
const RESOLUTION: u16 = 9;
const OFFSET: u16 = 14;

struct Interface {
    link: u16,
    snap: u32,
    ticks_per_second: u128,
    offset: i64,
}

/// Reads the packets of one file.
pub struct PcapNg {
    big: bool,
    interfaces: Vec<Interface>,
    last: i64,
}

impl PcapNg {
    /// Recognises the first section header; takes nothing.
    pub fn begin(input: &mut Input) -> io::Result<Option<Self>> {
        let header = input.peek(12)?;
        let is_section = array(header, 0).map(u32::from_be_bytes) == Some(SECTION);
        Ok((is_section && order(header).is_some()).then(|| Self {
            big: false,
            interfaces: Vec::new(),
            last: 0,
        }))
    }

    /// Where the next packet lies; its bytes are skipped by the caller.
    pub fn next(&mut self, input: &mut Input, tally: &mut Tally) -> io::Result<Option<Found>> {
        loop {
            let Some((kind, length)) = self.head(input, tally)? else {
                return Ok(None);
            };
            if !READ.contains(&kind) {
                if input.skip(length)? < length {
                    tally.count(Damage("capture: cut short"));
                    return Ok(None);
                }
                continue;
            }
            let block = input.peek(length)?;
            if block.len() < length {
                tally.count(Damage("capture: cut short"));
                return Ok(None);
            }
            match self.block(kind, &block[8..length - 4]) {
                Ok(Some(found)) => {
                    self.last = found.time;
                    let found = Found {
                        from: 8 + found.from,
                        taken: length,
                        ..found
                    };
                    return Ok(Some(found));
                }
                Ok(None) => {}
                Err(damage) => tally.count(damage),
            }
            input.skip(length)?;
        }
    }

    /// Kind and length of the block that comes, or nothing where the file ends or cannot be followed further.
    fn head(&mut self, input: &mut Input, tally: &mut Tally) -> io::Result<Option<(u32, usize)>> {
        let header = input.peek(12)?;
        if header.is_empty() {
            return Ok(None);
        }
        let (Some(kind), Some(length)) = (array(header, 0), array(header, 4)) else {
            tally.count(Damage("capture: cut short"));
            return Ok(None);
        };
        if u32::from_be_bytes(kind) == SECTION {
            let Some(big) = order(header) else {
                tally.count(Damage("capture: section damaged"));
                return Ok(None);
            };
            self.big = big;
        }
        let kind = number(self.big, kind);
        let length = number(self.big, length) as usize;
        let is_read = READ.contains(&kind); // the others are passed over, however long
        if length < 12 || !length.is_multiple_of(4) || is_read && length > Input::LIMIT {
            tally.count(Damage("capture: block length damaged"));
            return Ok(None);
        }
        Ok(Some((kind, length)))
    }

    /// What a block brings; `from` counts from the start of its body.
    fn block(&mut self, kind: u32, body: &[u8]) -> Result<Option<Found>, Damage> {
        match kind {
            SECTION => self.interfaces.clear(),
            INTERFACE if self.interfaces.len() < MOST_INTERFACES => {
                self.interfaces.push(self.interface(body)?);
            }
            INTERFACE => return Err(Damage("capture: too many interfaces")),
            SIMPLE_PACKET => return self.simple(body),
            _ => return self.stamped(kind, body),
        }
        Ok(None)
    }

    fn interface(&self, body: &[u8]) -> Result<Interface, Damage> {
        let damaged = Damage("capture: interface damaged");
        let link = array(body, 0)
            .map(|link| short(self.big, link))
            .ok_or(damaged)?;
        let snap = array(body, 4)
            .map(|snap| number(self.big, snap))
            .ok_or(damaged)?;
        let mut interface = Interface {
            link,
            snap,
            ticks_per_second: 1_000_000,
            offset: 0,
        };
        let mut at = 8;
        while let (Some(code), Some(size)) = (array(body, at), array(body, at + 2)) {
            let (code, size) = (short(self.big, code), usize::from(short(self.big, size)));
            let Some(value) = body.get(at + 4..at + 4 + size) else {
                break;
            };
            match (code, value) {
                (END_OF_OPTIONS, _) => break,
                (RESOLUTION, [power]) => {
                    let base: u128 = if power & 0x80 == 0 { 10 } else { 2 };
                    interface.ticks_per_second =
                        base.checked_pow(u32::from(power & 0x7f)).ok_or(damaged)?;
                }
                (OFFSET, _) => {
                    interface.offset = array(value, 0).map_or(0, |bytes| wide(self.big, bytes));
                }
                _ => {}
            }
            at += 4 + size.next_multiple_of(4);
        }
        Ok(interface)
    }

    /// A packet without a time of its own is taken to follow the one before.
    fn simple(&self, body: &[u8]) -> Result<Option<Found>, Damage> {
        let damaged = Damage("capture: packet block damaged");
        let interface = self
            .interfaces
            .first()
            .ok_or(Damage("capture: unknown interface"))?;
        let wire = array(body, 0)
            .map(|wire| number(self.big, wire))
            .ok_or(damaged)?;
        let snap = if interface.snap == 0 {
            u32::MAX
        } else {
            interface.snap
        };
        let held = (wire.min(snap) as usize).min(body.len().saturating_sub(4));
        Ok(Some(Found {
            time: self.last,
            wire,
            link: interface.link,
            from: 4,
            held,
            taken: 0,
        }))
    }

    fn stamped(&self, kind: u32, body: &[u8]) -> Result<Option<Found>, Damage> {
        let damaged = Damage("capture: packet block damaged");
        let number = |at| {
            array(body, at)
                .map(|bytes| number(self.big, bytes))
                .ok_or(damaged)
        };
        let index = if kind == OLD_PACKET {
            array(body, 0)
                .map(|index| u32::from(short(self.big, index)))
                .ok_or(damaged)?
        } else {
            number(0)?
        };
        let interface = self
            .interfaces
            .get(index as usize)
            .ok_or(Damage("capture: unknown interface"))?;
        let ticks = u128::from(number(4)?) << 32 | u128::from(number(8)?);
        let held = number(12)? as usize;
        if body.len() < 20 + held {
            return Err(damaged);
        }
        let micros = ticks.saturating_mul(1_000_000) / interface.ticks_per_second;
        let time = i64::try_from(micros)
            .ok()
            .and_then(|micros| interface.offset.checked_mul(1_000_000)?.checked_add(micros))
            .filter(|time| (0..=LATEST).contains(time))
            .ok_or(Damage("capture: time out of range"))?;
        let wire = number(16)?.max(held as u32);
        Ok(Some(Found {
            time,
            wire,
            link: interface.link,
            from: 20,
            held,
            taken: 0,
        }))
    }
}

/// Whether a section is in big-endian order.
fn order(header: &[u8]) -> Option<bool> {
    match array(header, 8).map(u32::from_be_bytes)? {
        0x1a2b_3c4d => Some(true),
        0x4d3c_2b1a => Some(false),
        _ => None,
    }
}

fn short(big: bool, bytes: [u8; 2]) -> u16 {
    if big {
        u16::from_be_bytes(bytes)
    } else {
        u16::from_le_bytes(bytes)
    }
}

fn number(big: bool, bytes: [u8; 4]) -> u32 {
    if big {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    }
}

fn wide(big: bool, bytes: [u8; 8]) -> i64 {
    if big {
        i64::from_be_bytes(bytes)
    } else {
        i64::from_le_bytes(bytes)
    }
}
