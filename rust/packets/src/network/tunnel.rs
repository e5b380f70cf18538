//! Packets that carry packets: IP in IP (RFC 2003, RFC 2473, RFC 4213), GRE (RFC 2784, RFC 2890) and PPTP's
//! form of it (RFC 2637), ERSPAN, VXLAN (RFC 7348), Geneve (RFC 8926), GTP-U (3GPP TS 29.281) of cellular routers.
use crate::bytes::{be16, be32};
use crate::damage::Damage;
use crate::link::{self, Carried, bare, ether};

/// How deep packets are followed into packets.
pub const DEEPEST: u8 = 4;
/// The ports of tunnels over UDP.
const VXLAN: u16 = 4789;
const GENEVE: u16 = 6081;
const GRE_OVER_UDP: u16 = 4754; // RFC 8086
const GTP: u16 = 2152;
/// The most extension headers of GTP-U that are passed over.
const MAX_EXTENSIONS: usize = 8;

const IPV4: u8 = 4;
const IPV6: u8 = 41;
const GRE: u8 = 47;

/// What is carried within, and how many bytes stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inner<'a> {
    /// As on a link; without hardware addresses where the tunnel has none.
    pub carried: Carried<'a>,
    /// Bytes of the tunnel's own headers.
    pub header: u32,
}

/// What an IP packet of that protocol carries; nothing when it is no tunnel, or one that is not followed.
#[inline]
pub fn within(proto: u8, data: &[u8]) -> Result<Option<Inner<'_>>, Damage> {
    match proto {
        IPV4 => Ok(Some(inner(bare(ether::IPV4, data), data))),
        IPV6 => Ok(Some(inner(bare(ether::IPV6, data), data))),
        GRE => gre(data),
        _ => Ok(None),
    }
}

/// What a datagram to that port carries; nothing when it is no tunnel.
#[inline]
pub fn within_datagram(port: u16, data: &[u8]) -> Result<Option<Inner<'_>>, Damage> {
    match port {
        VXLAN => within_vxlan(data),
        GENEVE => within_geneve(data),
        GRE_OVER_UDP => gre(data),
        GTP => Ok(within_gtp(data)),
        _ => Ok(None),
    }
}

/// What GTP-U carries of a subscriber (3GPP TS 29.281, section 5), when that is IP.
fn within_gtp(data: &[u8]) -> Option<Inner<'_>> {
    const VERSION_1: u8 = 0x30; // with the bit that tells it from charging
    const PACKET: u8 = 255;
    let [flags, PACKET, ..] = *data else {
        return None;
    };
    if flags & 0xf0 != VERSION_1 {
        return None;
    }
    let mut header = 8;
    if flags & 7 != 0 {
        header += 4;
        let mut next = *data.get(header - 1)?;
        for _ in 0..MAX_EXTENSIONS {
            if next == 0 {
                break;
            }
            let words = usize::from(*data.get(header)?).max(1);
            header += words * 4;
            next = *data.get(header - 1)?;
        }
    }
    let body = data.get(header..)?;
    let kind = match body.first()? >> 4 {
        4 => ether::IPV4,
        6 => ether::IPV6,
        _ => return None,
    };
    Some(inner(bare(kind, body), data))
}

/// Geneve (RFC 8926): its options are passed over.
fn within_geneve(data: &[u8]) -> Result<Option<Inner<'_>>, Damage> {
    let [first @ 0..0x40, _, high, low, _, _, _, 0, ..] = *data else {
        return Ok(None);
    };
    let header = 8 + usize::from(first) * 4;
    match u16::from_be_bytes([high, low]) {
        0x6558 => frame(data, header),
        kind @ (ether::IPV4 | ether::IPV6 | ether::ARP) => {
            let body = data.get(header..).ok_or(Damage("tunnel: header short"))?;
            Ok(Some(inner(bare(kind, body), data)))
        }
        _ => Ok(None),
    }
}

/// VXLAN; nothing when it is not that. Bits that are reserved are not looked at, as the RFC has it.
fn within_vxlan(data: &[u8]) -> Result<Option<Inner<'_>>, Damage> {
    const HEADER: usize = 8;
    match data {
        [flags, ..] if flags & 8 != 0 => frame(data, HEADER),
        _ => Ok(None),
    }
}

fn gre(data: &[u8]) -> Result<Option<Inner<'_>>, Damage> {
    const CHECKSUM: u16 = 0x8000;
    const ROUTING: u16 = 0x4000;
    const KEY: u16 = 0x2000;
    const SEQUENCE: u16 = 0x1000;
    const VERSION: u16 = 7;
    let short = Damage("gre: header short");
    let flags = be16(data, 0).ok_or(short)?;
    let kind = be16(data, 2).ok_or(short)?;
    if (flags & VERSION, kind) == (1, 0x880b) {
        return Ok(point_to_point(flags, data));
    }
    if flags & (VERSION | ROUTING) != 0 {
        return Ok(None); // of a form that was given up
    }
    let optional = [CHECKSUM, KEY, SEQUENCE];
    let words = optional.iter().filter(|bit| flags & **bit != 0).count();
    let header = 4 + words * 4;
    let body = data.get(header..).ok_or(short)?;
    match kind {
        ether::IPV4 | ether::IPV6 | 0x8847 => {
            link::typed(bare(kind, body)).map(|carried| Some(inner(carried, data)))
        }
        0x6558 => frame(data, header),
        0x8200..=0x8380 => Ok(followed(105, body, data)), // a wireless frame, from an access point of Aruba
        0x88be if flags & SEQUENCE == 0 => frame(data, header), // ERSPAN type I
        0x88be => frame(data, header + 8),
        0x22eb => {
            // Type III ends with a bit that says whether eight more bytes follow.
            let more = be32(body, 8).ok_or(short)? & 1;
            frame(data, header + 12 + more as usize * 8)
        }
        _ => Ok(None),
    }
}

/// PPP in the form that PPTP gives GRE (RFC 2637 section 4.1), where it is not enciphered.
fn point_to_point(flags: u16, data: &[u8]) -> Option<Inner<'_>> {
    const SEQUENCE: u16 = 0x1000;
    const ACKNOWLEDGEMENT: u16 = 0x0080;
    if flags & SEQUENCE == 0 {
        return None; // an acknowledgement carries nothing
    }
    let header = if flags & ACKNOWLEDGEMENT == 0 { 12 } else { 16 };
    followed(9, data.get(header..)?, data)
}

/// What a link carries if that is IP or ARP; else the tunnel itself is counted.
fn followed<'a>(kind: u16, body: &'a [u8], data: &[u8]) -> Option<Inner<'a>> {
    let carried = link::read(kind, body).ok()?;
    matches!(carried.ether, ether::IPV4 | ether::IPV6 | ether::ARP).then(|| inner(carried, data))
}

/// A whole Ethernet frame behind a header of that size.
fn frame(data: &[u8], header: usize) -> Result<Option<Inner<'_>>, Damage> {
    let body = data.get(header..).ok_or(Damage("tunnel: header short"))?;
    link::read(1, body).map(|carried| Some(inner(carried, data)))
}

fn inner<'a>(carried: Carried<'a>, data: &[u8]) -> Inner<'a> {
    let header = data.len().saturating_sub(carried.payload.len()) as u32;
    Inner { carried, header }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Mac;
    use crate::protocols::testing::never_panics;

    const FRAME: [u8; 16] = [6, 6, 6, 6, 6, 6, 8, 8, 8, 8, 8, 8, 8, 0, 0x45, 9];

    fn of(proto: u8, data: &[u8]) -> Inner<'_> {
        within(proto, data).unwrap().unwrap()
    }

    #[test]
    fn ip_in_ip_is_all_payload() {
        assert_eq!(of(4, &[0x45]).carried.ether, ether::IPV4);
        assert_eq!(of(41, &[0x60]).carried.ether, ether::IPV6);
        assert_eq!(within(6, &[0x60]), Ok(None));
    }

    #[test]
    fn gre_has_optional_words() {
        let plain = of(47, &[0, 0, 8, 0, 0x45]);
        assert_eq!((plain.carried.payload, plain.header), (&[0x45][..], 4));
        let full = [&[0xb0, 0, 0x86, 0xdd][..], &[0; 12], &[0x60]].concat();
        let full = of(47, &full);
        assert_eq!((full.carried.ether, full.header), (ether::IPV6, 16));
        assert_eq!(within(47, &[0x20, 1, 0x88, 0x0b]), Ok(None));
        assert_eq!(
            within(47, &[0x20, 0, 8, 0, 1]),
            Err(Damage("gre: header short"))
        );
    }

    #[test]
    fn frames_within_keep_their_own_addresses() {
        let bridged = [&[0, 0, 0x65, 0x58][..], &FRAME].concat();
        let mirrored = [&[0x10, 0, 0x88, 0xbe][..], &[0; 12], &FRAME].concat();
        let overlaid = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &FRAME].concat();
        for (inner, header) in [
            (of(47, &bridged), 18),
            (of(47, &mirrored), 30),
            (within_vxlan(&overlaid).unwrap().unwrap(), 22),
        ] {
            assert_eq!(inner.carried.from, Mac([8; 6]));
            assert_eq!(
                (inner.carried.payload, inner.header),
                (&[0x45, 9][..], header)
            );
        }
        assert_eq!(within_vxlan(&[0; 30]), Ok(None));
        assert_eq!(
            within_vxlan(&overlaid[..12]),
            Err(Damage("ethernet: header short"))
        );
    }

    #[test]
    fn what_gre_carries_of_other_links_is_followed_if_it_is_ip() {
        let ppp = |number| {
            [
                &[0x30, 0x81, 0x88, 0x0b][..],
                &[0; 12],
                &[0xff, 3, 0, number, 0x45],
            ]
            .concat()
        };
        assert_eq!(of(47, &ppp(0x21)).carried.payload, [0x45]);
        assert_eq!(within(47, &ppp(0xfd)), Ok(None));
        let wireless = [
            &[8, 1, 0, 0][..],
            &[0; 20],
            &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45],
        ]
        .concat();
        let aruba = [&[0, 0, 0x82, 0][..], &wireless].concat();
        let inside = of(47, &aruba);
        assert_eq!((inside.carried.payload, inside.header), (&[0x45][..], 36));
    }

    #[test]
    fn overlays_over_udp_are_told_by_their_ports() {
        let geneve = [&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 9, 9, 9, 9][..], &FRAME].concat();
        let inside = within_datagram(6081, &geneve).unwrap().unwrap();
        assert_eq!((inside.carried.from, inside.header), (Mac([8; 6]), 26));
        let arp = [&[0, 0, 8, 6, 0, 0, 7, 0][..], &[0, 1]].concat();
        let inside = within_datagram(6081, &arp).unwrap().unwrap();
        assert_eq!(inside.carried.ether, ether::ARP);
        let gre = within_datagram(4754, &[0, 0, 8, 0, 0x45]).unwrap().unwrap();
        assert_eq!(gre.carried.payload, [0x45]);
        assert_eq!(within_datagram(53, &geneve), Ok(None));
        assert!(within_datagram(6081, &geneve[..10]).is_err());
    }

    #[test]
    fn what_cellular_routers_carry_is_followed_behind_its_extensions() {
        let plain = [&[0x30, 255, 0, 1, 0, 0, 0, 9][..], &[0x45]].concat();
        let inside = within_datagram(2152, &plain).unwrap().unwrap();
        assert_eq!((inside.carried.ether, inside.header), (ether::IPV4, 8));
        let extended = [
            &[0x34, 255, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0x85][..],
            &[1, 0x10, 9, 0, 0x60],
        ]
        .concat();
        let inside = within_datagram(2152, &extended).unwrap().unwrap();
        assert_eq!((inside.carried.ether, inside.header), (ether::IPV6, 16));
        for other in [&[0x30, 1, 0, 0, 0, 0, 0, 0][..], &plain[..8], &[0x48, 255]] {
            assert_eq!(within_datagram(2152, other), Ok(None));
        }
    }

    #[test]
    fn it_never_panics() {
        let samples: [&[u8]; 5] = [
            &[0xb0, 0, 0x22, 0xeb, 0, 0, 0, 0],
            &[8, 0, 0, 0, 0, 0, 7, 0],
            &[0x30, 0x81, 0x88, 0x0b],
            &[1, 0, 0x65, 0x58, 0, 0, 7, 0],
            &[0x34, 255, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 0, 1],
        ];
        never_panics(&samples, |bytes| {
            let _ = (within(47, bytes), within(41, bytes));
            let _ = [4789, 6081, 4754, 2152].map(|port| within_datagram(port, bytes).is_ok());
        });
    }
}
