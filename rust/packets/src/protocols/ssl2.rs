//! A client's hello in the form of SSL 2 (RFC 5246 appendix E.2), which very old devices still send.

use super::reader::Reader;
use super::tls::ClientHello;
use crate::damage::{Damage, Parsed};

const CUT: Damage = Damage("tls: cut short");

/// Whether the bytes begin such a hello: two bytes of length with the top bit, type 1, version.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0x80..=0x8f, 9..=255, 1, 0, 2, ..] | [0x80..=0x8f, 9..=255, 1, 3, 0..=3, ..]
    )
}

/// The hello; of its suites only those that later versions know.
pub fn parse(bytes: &[u8]) -> Parsed<ClientHello> {
    let mut reader = Reader::new(bytes);
    let size = usize::from(reader.u16().unwrap_or_default() & 0x7fff);
    let Some(body) = reader.take(size) else {
        return Parsed::More(size.saturating_sub(reader.rest().len()));
    };
    Parsed::from_result(client(body).ok_or(CUT), reader.at())
}

fn client(body: &[u8]) -> Option<ClientHello> {
    let mut reader = Reader::new(body);
    reader.u8()?;
    let legacy_version = reader.u16()?;
    let ciphers_size = reader.u16()?;
    reader.take(4)?;
    let suites = reader.take(usize::from(ciphers_size))?;
    // A suite of later versions is three bytes that begin with 0; what begins otherwise is SSL 2's own.
    let later = suites
        .as_chunks::<3>()
        .0
        .iter()
        .filter(|suite| suite[0] == 0);
    let ciphers = later
        .map(|[_, high, low]| u16::from_be_bytes([*high, *low]))
        .collect();
    Some(ClientHello {
        legacy_version,
        ciphers,
        is_ssl2_form: true,
        ..ClientHello::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const HELLO: &[u8] = b"\x80\x13\x01\0\x02\0\x06\0\0\0\x04\x01\0\x80\0\0\x2fABCD";

    #[test]
    fn it_is_recognised_as_old() {
        let hello = done(parse(HELLO));
        assert_eq!(
            (hello.version_text(), hello.ciphers.as_slice()),
            ("SSL2", &[0x2f][..])
        );
        assert!(looks_like(HELLO) && hello.ja4('t').is_empty());
    }

    #[test]
    fn a_part_asks_for_more_and_a_lie_is_damage() {
        assert_eq!(parse(&HELLO[..10]), Parsed::More(11));
        let mut lying = HELLO.to_vec();
        lying[6] = 99;
        assert_eq!(damage(parse(&lying)), "tls: cut short");
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[HELLO], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
