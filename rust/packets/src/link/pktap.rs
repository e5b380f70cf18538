//! Packets as macOS captures them of several interfaces at once: a header that names the link, then a frame of that link.
use super::Carried;
use crate::bytes::array;
use crate::damage::Damage;

const SHORT: Damage = Damage("pktap: header short");

/// The frame behind the header (`struct pktap_header` of Darwin's `net/pktap.h`).
pub fn read(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let word = |place| array(data, place).map(u32::from_le_bytes).ok_or(SHORT);
    let (length, link) = (word(0)? as usize, word(8)?);
    let link = u16::try_from(link)
        .ok()
        .filter(|link| !matches!(link, 149 | 258)) // none of these lies within another
        .ok_or(Damage("link: type not known"))?;
    super::read(link, data.get(length.max(12)..).ok_or(SHORT)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Mac;
    use crate::link::{ether, read as link};
    use crate::protocols::testing::never_panics;

    fn packet(kind: u8) -> Vec<u8> {
        let header = [&[16, 0, 0, 0, 1, 0, 0, 0, kind, 0, 0, 0][..], &[9; 4]].concat();
        [&header[..], &[6; 6], &[8; 6], &[8, 0, 0x45]].concat()
    }

    #[test]
    fn the_frame_within_is_of_the_link_that_is_named() {
        let frame = packet(1);
        let carried = link(258, &frame).unwrap();
        assert_eq!((carried.from, carried.ether), (Mac([8; 6]), ether::IPV4));
        assert_eq!(carried.payload, [0x45]);
        assert_eq!(link(149, &frame), link(258, &frame));
        assert!(link(258, &packet(149)).is_err());
        assert_eq!(link(258, &frame[..11]), Err(SHORT));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&packet(1)], |bytes| {
            let _ = read(bytes);
        });
    }
}
