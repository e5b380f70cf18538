//! What algorithms a side of SSH offers (RFC 4253 section 7.1), and its fingerprint by them (HASSH; Salesforce 2018).

use md5::{Digest, Md5};

use crate::damage::{Damage, Parsed};
use crate::protocols::hex::hex;
use crate::protocols::reader::Reader;
use crate::protocols::text::printable;

/// The most bytes of the packet (RFC 4253 section 6.1 asks for this much at least).
const MAX_PACKET: usize = 35_000;
/// The number of the message.
const KEXINIT: u8 = 20;
/// Messages a side may send before: disconnect, ignore, unimplemented, debug.
const MAY_PRECEDE: std::ops::RangeInclusive<u8> = 1..=4;
/// Which of the ten lists count for a client and for a server: keys' exchange, then ciphers, MACs and compression of
/// its own way.
const OF_CLIENT: [usize; 4] = [0, 2, 4, 6];
const OF_SERVER: [usize; 4] = [0, 3, 5, 7];
const LISTS: usize = 10;
/// The most bytes of a list that are told.
const MAX_OFFERED: usize = 512;

/// The lists of a KEXINIT as they stand; or another message, which has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    lists: Vec<Vec<u8>>,
}

impl Message {
    /// Whether it offers algorithms at all.
    #[must_use]
    pub fn is_kexinit(&self) -> bool {
        !self.lists.is_empty()
    }

    /// What matters to how safe it is: the lists of keys' exchange, of servers' keys, of ciphers and of MACs of the
    /// sender's own way, with semicolons between.
    #[must_use]
    pub fn offers(&self, is_by_server: bool) -> String {
        let own = usize::from(is_by_server);
        let places = [0, 1, own.saturating_add(2), own.saturating_add(4)];
        let lists = places.map(|place| self.lists.get(place).map_or(&[][..], Vec::as_slice));
        let lists = lists.map(|list| printable(list.get(..MAX_OFFERED).unwrap_or(list)));
        lists.join(";")
    }

    /// The fingerprint of who sent it: HASSH of a client, hasshServer of a server.
    #[must_use]
    pub fn hassh(&self, is_by_server: bool) -> String {
        let places = if is_by_server { OF_SERVER } else { OF_CLIENT };
        let lists = places.map(|place| self.lists.get(place).map_or(&[][..], Vec::as_slice));
        hex(&Md5::digest(lists.join(&b';')))
    }
}

/// Whether the bytes begin a packet with the offer.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, _, _, _, KEXINIT, ..])
}

/// Reads the packet behind a side's identification line; one that may stand before the offer has no lists.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some(size) = reader.u32().and_then(|size| usize::try_from(size).ok()) else {
        return Parsed::More(4_usize.saturating_sub(bytes.len()));
    };
    if !(2..=MAX_PACKET).contains(&size) {
        return Parsed::Foreign; // also what the first version of the protocol looks like
    }
    let Some(packet) = reader.take(size) else {
        return Parsed::More(size.saturating_sub(reader.rest().len()));
    };
    let mut reader = Reader::new(packet);
    let read = match (reader.u8(), reader.u8()) {
        (Some(_), Some(KEXINIT)) => lists(&mut reader).ok_or(Damage("ssh: offer cut short")),
        (Some(_), Some(kind)) if MAY_PRECEDE.contains(&kind) => Ok(Message::default()),
        _ => return Parsed::Foreign,
    };
    Parsed::from_result(read, size.saturating_add(4))
}

fn lists(reader: &mut Reader<'_>) -> Option<Message> {
    reader.take(16)?;
    let mut lists = Vec::with_capacity(LISTS);
    for _ in 0..LISTS {
        let size = usize::try_from(reader.u32()?).ok()?;
        lists.push(reader.take(size)?.to_vec());
    }
    Some(Message { lists })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    fn packet(lists: &[&str]) -> Vec<u8> {
        let mut body = vec![4, KEXINIT];
        body.extend([9; 16]);
        for list in lists {
            body.extend(u32::try_from(list.len()).unwrap().to_be_bytes());
            body.extend(list.as_bytes());
        }
        body.extend([0; 9]);
        let size = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&size[..], &body].concat()
    }

    const LISTED: [&str; 10] = ["kex", "key", "c1", "c2", "m1", "m2", "z1", "z2", "", ""];

    #[test]
    fn each_side_is_known_by_its_own_lists() {
        let message = done(parse(&packet(&LISTED)));
        assert!(message.is_kexinit() && looks_like(&packet(&LISTED)));
        assert_eq!(message.hassh(false), hex(&Md5::digest(b"kex;c1;m1;z1")));
        assert_eq!(message.offers(false), "kex;key;c1;m1");
        assert_eq!(message.offers(true), "kex;key;c2;m2");
        assert_eq!(message.hassh(true), hex(&Md5::digest(b"kex;c2;m2;z2")));
    }

    #[test]
    fn parts_ask_for_more_and_lies_are_damage() {
        let whole = packet(&LISTED);
        assert_eq!(parse(&whole[..3]), Parsed::More(1));
        assert_eq!(parse(&whole[..whole.len() - 5]), Parsed::More(5));
        assert_eq!(parse(&[0xff; 8]), Parsed::Foreign);
        assert_eq!(
            damage(parse(&packet(&LISTED[..6])[..])),
            "ssh: offer cut short"
        );
        assert!(!done(parse(b"\0\0\0\x04\x01\x02\0\0")).is_kexinit());
        assert_eq!(parse(b"\0\0\0\x04\x01\x15\0\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&packet(&LISTED)], |bytes| {
            if let Parsed::Done(message, _) = parse(bytes) {
                let _ = (message.hassh(true), message.hassh(false));
            }
        });
    }
}
