//! IPv4 (RFC 791) and IPv6 (RFC 8200): down to the payload, past options and extension headers.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::bytes::{array, be16, be32};
use crate::damage::Damage;

/// Protocol numbers that are followed further.
pub mod proto {
    /// ICMP.
    pub const ICMP: u8 = 1;
    /// Membership of groups.
    pub const IGMP: u8 = 2;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// ICMP for IPv6.
    pub const ICMPV6: u8 = 58;
}

const DEEPEST_EXTENSIONS: usize = 8;

/// One piece of a datagram that was sent in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What the pieces of one datagram have in common, besides addresses and protocol.
    pub id: u32,
    /// Where in the datagram's payload it belongs, bytes.
    pub offset: u32,
    /// Whether others come after it.
    pub more: bool,
}

/// One IP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Sender.
    pub src: IpAddr,
    /// Receiver.
    pub dst: IpAddr,
    /// What the payload is.
    pub proto: u8,
    /// How many routers more it may pass: time to live, or hop limit.
    pub ttl: u8,
    /// The payload as far as it was captured, without the frame's padding.
    pub payload: &'a [u8],
    /// Length of the payload on the wire.
    pub length: u32,
    /// Which piece of its datagram this is, unless it is whole.
    pub piece: Option<Piece>,
    /// What is wrong with it, though it can be read.
    pub damage: Option<Damage>,
}

/// Reads an IPv4 packet; `wire` is how many bytes of it were on the wire, padding included.
pub fn read_v4(data: &[u8], wire: u32) -> Result<Packet<'_>, Damage> {
    let short = Damage("ipv4: header short");
    let first = *data.first().ok_or(short)?;
    if first >> 4 != 4 {
        return Err(Damage("ipv4: not version 4"));
    }
    let header = usize::from(first & 15) * 4;
    if header < 20 || data.len() < header {
        return Err(short);
    }
    let total = match u32::from(be16(data, 2).ok_or(short)?) {
        0 => wire, // the network card was to cut it into pieces
        total => total,
    };
    if total < header as u32 {
        return Err(Damage("ipv4: length short"));
    }
    let damage = (total > wire).then_some(Damage("ipv4: length beyond frame"));
    let total = total.min(wire.max(header as u32));
    let flags = be16(data, 6).ok_or(short)?;
    let (more, offset) = (flags & 0x2000 != 0, u32::from(flags & 0x1fff) * 8);
    let id = be16(data, 4).map(u32::from).ok_or(short)?;
    let end = data.len().min(total as usize);
    Ok(Packet {
        src: IpAddr::V4(Ipv4Addr::from(array::<4>(data, 12).ok_or(short)?)),
        dst: IpAddr::V4(Ipv4Addr::from(array::<4>(data, 16).ok_or(short)?)),
        proto: data[9],
        ttl: data[8],
        payload: &data[header..end],
        length: total - header as u32,
        piece: (more || offset > 0).then_some(Piece { id, offset, more }),
        damage,
    })
}

/// Reads an IPv6 packet; `wire` is how many bytes of it were on the wire, padding included.
pub fn read_v6(data: &[u8], wire: u32) -> Result<Packet<'_>, Damage> {
    let short = Damage("ipv6: header short");
    if data.first().ok_or(short)? >> 4 != 6 {
        return Err(Damage("ipv6: not version 6"));
    }
    let body = data.get(40..).ok_or(short)?;
    let on_wire = wire.saturating_sub(40);
    let length = match u32::from(be16(data, 4).ok_or(short)?) {
        0 => on_wire, // a jumbogram, or cut into pieces by the network card
        length => length,
    };
    let damage = (length > on_wire).then_some(Damage("ipv6: length beyond frame"));
    let length = length.min(on_wire);
    let packet = Packet {
        src: IpAddr::V6(Ipv6Addr::from(array::<16>(data, 8).ok_or(short)?)),
        dst: IpAddr::V6(Ipv6Addr::from(array::<16>(data, 24).ok_or(short)?)),
        proto: data[6],
        ttl: data[7],
        payload: &body[..body.len().min(length as usize)],
        length,
        piece: None,
        damage,
    };
    past_extensions(packet)
}

fn past_extensions(mut packet: Packet<'_>) -> Result<Packet<'_>, Damage> {
    const HOP_BY_HOP: u8 = 0;
    const ROUTING: u8 = 43;
    const FRAGMENT: u8 = 44;
    const AUTHENTICATION: u8 = 51;
    const DESTINATION: u8 = 60;
    const MOBILITY: u8 = 135;
    let short = Damage("ipv6: extension short");
    for _ in 0..DEEPEST_EXTENSIONS {
        let data = packet.payload;
        let size = match packet.proto {
            HOP_BY_HOP | ROUTING | DESTINATION | MOBILITY => {
                usize::from(*data.get(1).ok_or(short)?) * 8 + 8
            }
            AUTHENTICATION => usize::from(*data.get(1).ok_or(short)?) * 4 + 8,
            FRAGMENT => 8,
            _ => return Ok(packet),
        };
        if packet.proto == FRAGMENT {
            let place = be16(data, 2).ok_or(short)?;
            let id = be32(data, 4).ok_or(short)?;
            let piece = Piece {
                id,
                offset: u32::from(place & 0xfff8),
                more: place & 1 != 0,
            };
            packet.piece = (piece.more || piece.offset > 0).then_some(piece);
        }
        packet.proto = *data.first().ok_or(short)?;
        packet.payload = data.get(size..).ok_or(short)?;
        packet.length = packet.length.saturating_sub(size as u32);
        if packet.piece.is_some_and(|piece| piece.offset > 0) {
            return Ok(packet); // what follows is the middle of a payload
        }
    }
    Err(Damage("ipv6: too many extensions"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(total: u16, flags: u16) -> Vec<u8> {
        let mut data = vec![0x45, 0];
        data.extend(total.to_be_bytes());
        data.extend([0, 9]);
        data.extend(flags.to_be_bytes());
        data.extend([64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 1, 2, 3, 4, 0, 0]);
        data
    }

    #[test]
    fn padding_is_no_payload() {
        let packet = v4(24, 0);
        let packet = read_v4(&packet, 26).unwrap();
        assert_eq!((packet.payload, packet.length), (&[1, 2, 3, 4][..], 4));
        assert_eq!(packet.src, "10.0.0.1".parse::<IpAddr>().unwrap());
    }

    #[test]
    fn what_was_not_captured_still_counts() {
        let packet = v4(1000, 0);
        let packet = read_v4(&packet, 1000).unwrap();
        assert_eq!((packet.payload.len(), packet.length), (6, 980));
    }

    #[test]
    fn lengths_that_cannot_be_are_damage() {
        assert_eq!(
            read_v4(&v4(24, 0)[..19], 26),
            Err(Damage("ipv4: header short"))
        );
        assert_eq!(read_v4(&v4(19, 0), 26), Err(Damage("ipv4: length short")));
        let longer = v4(27, 0);
        let packet = read_v4(&longer, 26).unwrap();
        assert_eq!(packet.damage, Some(Damage("ipv4: length beyond frame")));
        assert_eq!((packet.payload.len(), packet.length), (6, 6));
    }

    #[test]
    fn pieces_know_their_place() {
        let packet = v4(24, 0x2000 | 3);
        let piece = read_v4(&packet, 26).unwrap().piece;
        assert_eq!(
            piece,
            Some(Piece {
                id: 9,
                offset: 24,
                more: true
            })
        );
    }

    #[test]
    fn extension_headers_are_passed_over() {
        let mut data = vec![0x60, 0, 0, 0, 0, 17, 0, 64];
        data.extend([0; 32]);
        data.extend([60, 0, 0, 0, 0, 0, 0, 0]); // hop by hop, then destination options
        data.extend([17, 0, 0, 0, 0, 0, 0, 0, 7]);
        let packet = read_v6(&data, data.len() as u32).unwrap();
        assert_eq!(
            (packet.proto, packet.payload, packet.length),
            (17, &[7][..], 1)
        );
        for end in 0..data.len() - 1 {
            assert!(read_v6(&data[..end], data.len() as u32).is_err());
        }
        data[5] += 1;
        let damage = read_v6(&data, data.len() as u32).unwrap().damage;
        assert_eq!(damage, Some(Damage("ipv6: length beyond frame")));
    }
}
