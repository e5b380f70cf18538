//! Frames of wireless networks (IEEE 802.11) as they go over the air, bare or behind what the capturing machine says of
//! the reception: radiotap, PPI, Prism and AVS. What is enciphered tells its sender and receiver only.
use super::{Carried, bare, ether, logical};
use crate::address::Mac;
use crate::bytes::{array, be16, be32};
use crate::damage::Damage;

/// The most words that say which fields a radiotap header has.
const MOST_WORDS: usize = 8;
const SHORT: Damage = Damage("wifi: header short");

/// Behind a radiotap header. A checksum at the end may stay: what is carried says its own length.
pub fn radiotap(data: &[u8]) -> Result<Carried<'_>, Damage> {
    const IS_PADDED: u8 = 0x20;
    let size = usize::from(little16(data, 2).ok_or(SHORT)?);
    let flags = radiotap_flags(data).unwrap_or(0);
    let frame = data.get(size..).ok_or(SHORT)?;
    read(frame, flags & IS_PADDED != 0)
}

/// The field of flags, which follows a time where there is one, behind all words of presence.
fn radiotap_flags(data: &[u8]) -> Option<u8> {
    const TIME: u32 = 1;
    const FLAGS: u32 = 2;
    const MORE: u32 = 1 << 31;
    let word = |place: usize| array(data, 4 + place * 4).map(u32::from_le_bytes);
    let present = word(0)?;
    let words = 1
        + (0..MOST_WORDS)
            .take_while(|place| word(*place).is_some_and(|word| word & MORE != 0))
            .count();
    let fields = 4 + words * 4;
    let at = if present & TIME != 0 {
        fields.next_multiple_of(8) + 8
    } else {
        fields
    };
    (present & FLAGS != 0)
        .then(|| data.get(at).copied())
        .flatten()
}

/// Behind a PPI header, which says what link type follows.
pub fn per_packet(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let size = usize::from(little16(data, 2).ok_or(SHORT)?);
    let link = array(data, 4).map(u32::from_le_bytes).ok_or(SHORT)?;
    let frame = data.get(size.max(8)..).ok_or(SHORT)?;
    match link {
        105 => plain(frame),
        1 => super::read(1, frame),
        _ => Err(Damage("link: type not known")),
    }
}

/// Behind a Prism header of 144 bytes, or an AVS header that says its length.
pub fn prism_or_avs(data: &[u8]) -> Result<Carried<'_>, Damage> {
    const AVS: u32 = 0x8021_1000;
    const PRISM: usize = 144;
    let size = match be32(data, 0).ok_or(SHORT)? {
        kind if kind & 0xffff_f000 == AVS => be32(data, 4).ok_or(SHORT)? as usize,
        _ => PRISM,
    };
    plain(data.get(size..).ok_or(SHORT)?)
}

/// A frame without anything before it.
pub fn plain(data: &[u8]) -> Result<Carried<'_>, Damage> {
    read(data, false)
}

/// A frame; `is_padded`: its header is filled up to a multiple of four bytes.
fn read(data: &[u8], is_padded: bool) -> Result<Carried<'_>, Damage> {
    const DATA: u8 = 0x08;
    const WITHOUT_DATA: u8 = 0x40;
    const QUALITY: u8 = 0x80;
    let [first, second] = array(data, 0).ok_or(SHORT)?;
    if first & 0x0f != DATA {
        return Ok(bare(ether::UNFOLLOWED, &[])); // of management or control
    }
    let (to_net, from_net) = (second & 1 != 0, second & 2 != 0);
    let address = |at| array(data, at).map(Mac).ok_or(SHORT);
    let (to, from) = match (to_net, from_net) {
        (false, false) => (address(4)?, address(10)?),
        (false, true) => (address(4)?, address(16)?),
        (true, false) => (address(16)?, address(10)?),
        (true, true) => (address(16)?, address(24)?),
    };
    let with = |ether, payload| Carried {
        from,
        to,
        ..bare(ether, payload)
    };
    let mut header = if to_net && from_net { 30 } else { 24 };
    let mut is_joined = false;
    if first & QUALITY != 0 {
        is_joined = data.get(header).ok_or(SHORT)? & 0x80 != 0;
        header += if second & 0x80 != 0 { 6 } else { 2 }; // with a field of high throughput
    }
    if is_padded {
        header = header.next_multiple_of(4);
    }
    let body = data.get(header..).ok_or(SHORT)?;
    let is_later_piece = data.get(22).is_some_and(|low| low & 0x0f != 0);
    if second & 0x40 != 0 || first & WITHOUT_DATA != 0 || is_later_piece {
        return Ok(with(ether::UNFOLLOWED, body)); // enciphered, empty, or not the start of anything
    }
    if is_joined {
        return first_of_joined(body);
    }
    Ok(logical(with(ether::NONE, body), body.len()))
}

/// The first of several frames sent as one; those behind it are not read.
fn first_of_joined(body: &[u8]) -> Result<Carried<'_>, Damage> {
    let to = array(body, 0).map(Mac).ok_or(SHORT)?;
    let from = array(body, 6).map(Mac).ok_or(SHORT)?;
    let size = be16(body, 12).ok_or(SHORT)?;
    let carried = Carried {
        from,
        to,
        ..bare(ether::NONE, &body[14..])
    };
    Ok(logical(carried, usize::from(size)))
}

fn little16(data: &[u8], at: usize) -> Option<u16> {
    array(data, at).map(u16::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::read as link;
    use crate::protocols::testing::never_panics;

    const A: [u8; 6] = [2, 0, 0, 0, 0, 0xa];
    const B: [u8; 6] = [2, 0, 0, 0, 0, 0xb];
    const C: [u8; 6] = [2, 0, 0, 0, 0, 0xc];
    const ARP: [u8; 9] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 6, 1];

    fn frame(first: u8, second: u8, rest: &[u8]) -> Vec<u8> {
        [&[first, second, 0, 0], &A[..], &B, &C, &[0, 0], rest].concat()
    }

    #[test]
    fn the_direction_says_which_address_is_whose() {
        for (direction, from, to) in [(0, B, A), (1, B, C), (2, C, A)] {
            let data = frame(0x08, direction, &ARP);
            let carried = link(105, &data).unwrap();
            assert_eq!((carried.from, carried.to), (Mac(from), Mac(to)));
            assert_eq!((carried.ether, carried.payload), (ether::ARP, &[1][..]));
        }
        let relayed = frame(0x08, 3, &[&[9; 6], &ARP[..]].concat());
        let carried = link(105, &relayed).unwrap();
        assert_eq!((carried.from, carried.to), (Mac([9; 6]), Mac(C)));
    }

    #[test]
    fn what_is_enciphered_tells_its_ends_only() {
        let data = frame(0x88, 0x41, &[&[0, 0], &ARP[..]].concat());
        let carried = link(105, &data).unwrap();
        assert_eq!((carried.from, carried.ether), (Mac(B), ether::UNFOLLOWED));
        let beacon = link(105, &[0x80, 0, 0, 0, 1]).unwrap();
        assert_eq!((beacon.from, beacon.ether), (Mac::NONE, ether::UNFOLLOWED));
    }

    #[test]
    fn several_frames_sent_as_one_tell_the_first() {
        let joined = [&[0x80, 0], &C[..], &A, &[0, 9], &ARP, &[7, 7]].concat();
        let data = frame(0x88, 1, &joined);
        let carried = link(105, &data).unwrap();
        assert_eq!((carried.from, carried.to), (Mac(A), Mac(C)));
        assert_eq!((carried.ether, carried.payload), (ether::ARP, &[1][..]));
    }

    #[test]
    fn what_the_receiver_says_is_passed() {
        let inner = frame(0x08, 1, &ARP);
        let radiotap = [0, 0, 18, 0, 3, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0x10, 0];
        let behind = [&radiotap[..], &inner].concat();
        assert_eq!(link(127, &behind), link(105, &inner));
        let quality = [&[0, 0], &ARP[..]].concat();
        let padded = [
            &[0, 0, 9, 0, 2, 0, 0, 0, 0x20][..],
            &frame(0x88, 1, &[&[0; 4], &ARP[..]].concat()),
        ];
        assert_eq!(
            link(127, &padded.concat()),
            link(105, &frame(0x88, 1, &quality))
        );
        let per_packet = [&[0, 0, 8, 0, 105, 0, 0, 0][..], &inner].concat();
        assert_eq!(link(192, &per_packet), link(105, &inner));
        let prism = [&[0; 144][..], &inner].concat();
        assert_eq!(link(119, &prism), link(105, &inner));
        let avs = [&[0x80, 0x21, 0x10, 1, 0, 0, 0, 12, 0, 0, 0, 0][..], &inner].concat();
        assert_eq!(link(163, &avs), link(105, &inner));
    }

    #[test]
    fn it_never_panics() {
        let quality = frame(0x88, 0x83, &[0x80; 40]);
        let behind = [&[0, 0, 12, 0, 2, 0, 0, 0, 0x30, 0, 0, 0][..], &quality].concat();
        never_panics(&[&quality, &behind], |bytes| {
            for kind in [105, 119, 127, 163, 192] {
                let _ = link(kind, bytes);
            }
        });
    }
}
