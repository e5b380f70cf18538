//! Network time (RFC 5905; control messages RFC 9327).

use super::reader::Reader;
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "ntp";
/// Length of the header.
const HEADER: usize = 48;
/// The greatest stratum; above it nothing is defined.
const MAX_STRATUM: u8 = 16;
/// The greatest poll exponent, seconds as a power of two (section 7.2).
const MAX_POLL: i8 = 17;
/// The most bytes of a time message with its extensions and digest.
const MAX_SIZE: usize = 1024;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Symmetric,
    Client,
    Server,
    Broadcast,
    Control,
    /// Mode 7, for queries of one implementation; such as `monlist`, with which others are flooded.
    Private,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub version: u8,
    pub mode: Mode,
    /// 0 in control and private messages.
    pub stratum: u8,
    /// The request code of a private message (20 and 42 are `monlist`), the opcode of a control message, else 0.
    pub code: u8,
}

/// Whether it would be read as a message.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(parse(bytes), Parsed::Done(..))
}

/// A whole datagram. A header that is not plausible is foreign: nothing else marks the protocol.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    match read(bytes) {
        Some(message) => Parsed::Done(message, bytes.len()),
        None => Parsed::Foreign,
    }
}

fn read(bytes: &[u8]) -> Option<Message> {
    let first = *bytes.first()?;
    let version = first >> 3 & 7;
    if !(1..=4).contains(&version) {
        return None;
    }
    let mode = match first & 7 {
        1 | 2 => Mode::Symmetric,
        3 => Mode::Client,
        4 => Mode::Server,
        5 => Mode::Broadcast,
        6 => return control(bytes, version),
        7 => return private(bytes, version),
        _ => return None,
    };
    let stratum = time(bytes, mode)?;
    Some(Message {
        version,
        mode,
        stratum,
        code: 0,
    })
}

/// The stratum of a plausible time message.
fn time(bytes: &[u8], mode: Mode) -> Option<u8> {
    let behind = bytes.len().checked_sub(HEADER)?;
    let mut reader = Reader::new(bytes);
    let [_, stratum, poll, precision] = reader.array::<4>()?;
    let (delay, dispersion) = (reader.u32()?, reader.u32()?);
    let transmitted = bytes.get(40..HEADER)?;
    // Clients that tell nothing of themselves send 32 for their precision.
    let precise =
        (-40..=0).contains(&precision.cast_signed()) || precision == 32 && mode == Mode::Client;
    let exponents = (0..=MAX_POLL).contains(&poll.cast_signed()) && precise;
    // Both are seconds in 16.16 bits; a minute is beyond any clock worth asking.
    let near = delay < 64 << 16 && dispersion < 64 << 16;
    let tells_time = mode == Mode::Client || transmitted.iter().any(|byte| *byte != 0);
    let sized = behind.is_multiple_of(4) && bytes.len() <= MAX_SIZE;
    (stratum <= MAX_STRATUM && exponents && near && tells_time && sized).then_some(stratum)
}

/// Twelve bytes of header, whose last two count the data behind them.
fn control(bytes: &[u8], version: u8) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    let [first, second] = reader.array()?;
    reader.take(8)?;
    let count = usize::from(reader.u16()?);
    let code = second & 0x1f;
    let known = matches!(code, 1..=12 | 31);
    let fits = first >> 6 == 0
        && count <= reader.rest().len()
        && reader.rest().len() < count.saturating_add(32);
    (known && fits).then_some(Message {
        version,
        mode: Mode::Control,
        stratum: 0,
        code,
    })
}

/// The implementation asked is universal (0) or one of two variants of the reference one (2, 3); then come the count
/// of items and their size, each in the lower twelve bits, and the items.
fn private(bytes: &[u8], version: u8) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    let [_, _, implementation, code] = reader.array::<4>()?;
    let (count, size) = (
        usize::from(reader.u16()? & 0xfff),
        usize::from(reader.u16()?),
    );
    let fits = size <= 0xfff && count.saturating_mul(size) <= reader.rest().len();
    let known = matches!(implementation, 0 | 2 | 3) && code <= 45;
    (known && fits && version >= 2).then_some(Message {
        version,
        mode: Mode::Private,
        stratum: 0,
        code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{Dice, done, never_panics};

    fn message(first: u8, stratum: u8) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[..4].copy_from_slice(&[first, stratum, 6, 0xec]);
        bytes[40] = 0xe5;
        bytes
    }

    #[test]
    fn clients_and_servers_are_told_apart() {
        let asked = done(parse(&message(0x23, 0)));
        assert_eq!(
            (asked.version, asked.mode, asked.stratum),
            (4, Mode::Client, 0)
        );
        let told = done(parse(&message(0x1c, 2)));
        assert_eq!(
            (told.version, told.mode, told.stratum),
            (3, Mode::Server, 2)
        );
    }

    #[test]
    fn a_bare_client_of_simple_time_is_known() {
        let mut bytes = vec![0; HEADER];
        bytes[0] = 0x1b;
        assert_eq!(done(parse(&bytes)).mode, Mode::Client);
    }

    #[test]
    fn queries_for_the_list_of_clients_are_known() {
        let message = done(parse(b"\x17\0\x03\x2a\0\0\0\0"));
        assert_eq!((message.mode, message.code), (Mode::Private, 42));
        assert_eq!(
            done(parse(b"\x16\x02\0\x01\0\0\0\0\0\0\0\0")).mode,
            Mode::Control
        );
    }

    #[test]
    fn what_is_not_plausible_is_foreign() {
        for (place, value) in [(0, 0x3b), (0, 0x20), (1, 17), (2, 40), (3, 0x21), (4, 0x80)] {
            let mut bytes = message(0x23, 0);
            bytes[place] = value;
            assert_eq!(parse(&bytes), Parsed::Foreign, "byte {place}");
        }
        assert_eq!(parse(&message(0x23, 0)[..47]), Parsed::Foreign);
        let mut timeless = message(0x24, 1);
        timeless[40] = 0;
        assert_eq!(parse(&timeless), Parsed::Foreign);
    }

    #[test]
    fn random_datagrams_are_hardly_ever_taken_for_it() {
        let mut dice = Dice::new();
        let taken = (0..20_000).filter(|_| {
            let bytes: Vec<u8> = (0..HEADER).map(|_| dice.byte()).collect();
            looks_like(&bytes)
        });
        assert!(taken.count() < 120);
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[&message(0x23, 0), b"\x16\x02\0\x01\0\0\0\0\0\0\0\0"],
            |bytes| {
                let _ = parse(bytes);
            },
        );
    }
}
