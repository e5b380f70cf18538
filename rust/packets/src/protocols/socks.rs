//! What a proxy and its client say before they carry what others say: SOCKS 4 and 4a, and 5 (RFC 1928, RFC 1929).

use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this and carry nothing that is known.
pub const NAME: &str = "socks";
/// The most bytes of a name within a request of version 4.
const MAX_NAME: usize = 256;

const CUT: Damage = Damage("socks: cut short");
const ODD: Damage = Damage("socks: out of turn");

/// What a side says next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The client opens: the methods it offers, or a request of version 4.
    Open,
    /// The client signs in, or requests.
    Request,
    /// The server chooses a method, or answers a request of version 4.
    Choose,
    /// The server answers a sign-in or a request.
    Answer,
    /// What is carried.
    Carry,
}

/// Whether the first bytes of a side open a conversation with a proxy.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    match bytes {
        [4, 1 | 2, _, _, rest @ ..] => rest.get(4..).is_some_and(|user| user.contains(&0)),
        [5, count @ 1..=9, methods @ ..] => {
            methods.len() == usize::from(*count) && methods.iter().all(|method| *method <= 9)
        }
        _ => false,
    }
}

/// One message of the side whose turn it is; yields what that side says next.
pub fn parse(bytes: &[u8], turn: Turn) -> Parsed<Turn> {
    let mut reader = Reader::new(bytes);
    match read(&mut reader, turn) {
        Some(Ok(next)) => Parsed::Done(next, reader.at()),
        Some(Err(damage)) => Parsed::Damaged(damage),
        None if bytes.len() > 2 * MAX_NAME + 16 => Parsed::Damaged(CUT),
        None => Parsed::More(1),
    }
}

/// `None` when more bytes are needed.
fn read(reader: &mut Reader, turn: Turn) -> Option<Result<Turn, Damage>> {
    let next = match (turn, reader.u8()?) {
        (Turn::Open, 4) => {
            let _command = reader.u8()?;
            let _port = reader.u16()?;
            let address = reader.array::<4>()?;
            name(reader)?; // of the user
            if matches!(address, [0, 0, 0, 1..=255]) {
                name(reader)?; // 4a: of the host
            }
            Turn::Carry
        }
        (Turn::Open, 5) => {
            reader.block8()?;
            Turn::Request
        }
        (Turn::Request, 1) => {
            reader.block8()?;
            reader.block8()?;
            Turn::Request
        }
        (Turn::Request | Turn::Answer, 5) => {
            reader.take(2)?;
            match reader.u8()? {
                1 => reader.take(4)?,
                3 => reader.block8()?,
                4 => reader.take(16)?,
                _ => return Some(Err(ODD)),
            };
            reader.u16()?;
            Turn::Carry
        }
        (Turn::Choose, 0) => {
            reader.take(7)?;
            Turn::Carry
        }
        (Turn::Choose, 5) | (Turn::Answer, 1) => {
            reader.u8()?;
            Turn::Answer
        }
        _ => return Some(Err(ODD)),
    };
    Some(Ok(next))
}

/// A text that ends with a zero.
fn name(reader: &mut Reader) -> Option<()> {
    let length = reader
        .rest()
        .iter()
        .take(MAX_NAME)
        .position(|byte| *byte == 0)?;
    reader.take(length.checked_add(1)?)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    const TURNS: [Turn; 4] = [Turn::Open, Turn::Request, Turn::Choose, Turn::Answer];

    fn next(bytes: &[u8], turn: Turn) -> (Turn, usize) {
        let Parsed::Done(next, taken) = parse(bytes, turn) else {
            panic!("not read: {bytes:?}");
        };
        (next, taken)
    }

    #[test]
    fn a_client_of_version_5_offers_signs_in_and_requests() {
        assert!(looks_like(&[5, 2, 0, 2]));
        assert_eq!(next(&[5, 2, 0, 2], Turn::Open), (Turn::Request, 4));
        assert_eq!(next(b"\x01\x01u\x01p", Turn::Request), (Turn::Request, 5));
        let request = b"\x05\x01\x00\x03\x03a.b\x00\x50GET";
        assert_eq!(next(request, Turn::Request), (Turn::Carry, 10));
        let request = [5, 1, 0, 1, 192, 0, 2, 1, 0, 80];
        assert_eq!(next(&request, Turn::Request), (Turn::Carry, 10));
    }

    #[test]
    fn its_server_chooses_and_answers() {
        assert_eq!(next(&[5, 2], Turn::Choose), (Turn::Answer, 2));
        assert_eq!(next(&[1, 0], Turn::Answer), (Turn::Answer, 2));
        let answer = [&[5, 0, 0, 4][..], &[0; 18]].concat();
        assert_eq!(next(&answer, Turn::Answer), (Turn::Carry, 22));
        assert_eq!(parse(&[9, 0], Turn::Answer), Parsed::Damaged(ODD));
    }

    #[test]
    fn version_4_asks_once_by_address_or_by_name() {
        let request = b"\x04\x01\x00\x50\xc0\x00\x02\x01me\x00GET";
        assert!(looks_like(request));
        assert_eq!(next(request, Turn::Open), (Turn::Carry, 11));
        let by_name = b"\x04\x01\x00\x50\x00\x00\x00\x01me\x00a.b\x00";
        assert_eq!(next(by_name, Turn::Open), (Turn::Carry, by_name.len()));
        assert_eq!(
            next(&[0, 90, 0, 0, 0, 0, 0, 0], Turn::Choose),
            (Turn::Carry, 8)
        );
    }

    #[test]
    fn it_waits_for_whole_messages_and_never_panics() {
        assert_eq!(parse(&[5, 1, 0, 3, 9], Turn::Request), Parsed::More(1));
        assert!(
            !looks_like(&[5, 2, 0]) && !looks_like(&[5, 1, 0, 1]) && !looks_like(b"\x04\x01\x00")
        );
        let samples: [&[u8]; 3] = [
            &[5, 2, 0, 2],
            b"\x05\x01\x00\x03\x03a.b\x00\x50",
            b"\x04\x01\x00\x50\x00\x00\x00\x01me\x00a.b\x00",
        ];
        never_panics(&samples, |bytes| {
            for turn in TURNS {
                if let Parsed::Done(_, taken) = parse(bytes, turn) {
                    assert!((1..=bytes.len()).contains(&taken));
                }
            }
            let _ = looks_like(bytes);
        });
    }
}
