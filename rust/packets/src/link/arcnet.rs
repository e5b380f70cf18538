//! ARCNET (ATA 878.1), which old control systems still speak: IP as RFC 1201 carries it, and as RFC 1051 did.
use super::{Carried, bare, ether};
use crate::damage::Damage;

/// Sender and receiver, a byte each, which say nothing outside.
const ADDRESSES: usize = 2;

/// A frame as BSD captures it: the system code behind the addresses.
pub fn plain(data: &[u8]) -> Result<Carried<'_>, Damage> {
    behind(data.get(ADDRESSES..).unwrap_or_default())
}

/// A frame as Linux captures it: two bytes of the card's buffer before the system code.
pub fn with_offset(data: &[u8]) -> Result<Carried<'_>, Damage> {
    behind(data.get(ADDRESSES + 2..).unwrap_or_default())
}

fn behind(data: &[u8]) -> Result<Carried<'_>, Damage> {
    match *data {
        [240, ref body @ ..] => Ok(bare(ether::IPV4, body)), // RFC 1051
        [241, ref body @ ..] => Ok(bare(ether::ARP, body)),
        // The exception of RFC 1201, for lengths that no frame may have: its header comes twice.
        [212..=214 | 196, 0xff, _, _, ref rest @ ..] => whole(rest),
        [212..=214 | 196, ..] => whole(data),
        [_, ref body @ ..] => Ok(bare(ether::UNFOLLOWED, body)),
        [] => Err(Damage("arcnet: header short")),
    }
}

/// System code, then a flag and a number of what was split (RFC 1201): parts are not put together.
fn whole(data: &[u8]) -> Result<Carried<'_>, Damage> {
    match *data {
        [212, 0, _, _, ref body @ ..] => Ok(bare(ether::IPV4, body)),
        [213, 0, _, _, ref body @ ..] => Ok(bare(ether::ARP, body)),
        [196, 0, _, _, ref body @ ..] => Ok(bare(ether::IPV6, body)), // RFC 2497
        [_, _, _, _, ref body @ ..] => Ok(bare(ether::UNFOLLOWED, body)),
        _ => Err(Damage("arcnet: header short")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::read;
    use crate::protocols::testing::never_panics;

    const LINUX: [u8; 9] = [0xbe, 0x50, 0xd5, 0x08, 212, 0, 1, 0x65, 0x45];

    #[test]
    fn both_ways_of_carrying_ip_are_read() {
        let carried = read(129, &LINUX).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::IPV4, &[0x45][..]));
        let old = [0xbe, 0, 0xed, 0x08, 241, 0, 7];
        let carried = read(129, &old).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::ARP, &[0, 7][..]));
        let bsd = [0xbe, 0x50, 196, 0, 0, 1, 0x60];
        let carried = read(7, &bsd).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::IPV6, &[0x60][..]));
    }

    #[test]
    fn an_exception_repeats_its_header_and_parts_are_left() {
        let again = [9, 8, 212, 0xff, 0xff, 0xff, 212, 0, 0, 1, 0x45];
        assert_eq!(read(7, &again).unwrap().payload, [0x45]);
        let part = [9, 8, 212, 3, 0, 1, 0x45];
        assert_eq!(read(7, &part).unwrap().ether, ether::UNFOLLOWED);
        assert_eq!(read(7, &LINUX[..2]), Err(Damage("arcnet: header short")));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&LINUX], |bytes| {
            let _ = (plain(bytes), with_offset(bytes));
        });
    }
}
