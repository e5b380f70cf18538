//! TCP (RFC 9293), UDP (RFC 768) and ICMP headers.
use std::net::IpAddr;

use crate::bytes::{be16, be32};
use crate::damage::Damage;
use crate::link::Vlan;
use crate::network::ip::proto;

/// TCP flags.
pub const FIN: u8 = 1;
/// Opens a connection.
pub const SYN: u8 = 2;
/// Breaks a connection off.
pub const RST: u8 = 4;
/// Acknowledges.
pub const ACK: u8 = 16;

/// What matters of a TCP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tcp {
    /// The flags byte.
    pub flags: u8,
    /// Number of the first byte carried.
    pub sequence: u32,
    /// Number of the first byte that its sender has not got yet, where the flags say that it counts.
    pub acknowledged: u32,
}

impl Tcp {
    /// Whether this asks for a connection.
    #[must_use]
    pub fn is_syn(self) -> bool {
        self.flags & (SYN | ACK | RST) == SYN
    }

    /// Whether this grants one.
    #[must_use]
    pub fn is_syn_ack(self) -> bool {
        self.flags & (SYN | ACK | RST) == SYN | ACK
    }
}

/// What a packet is, above IP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A TCP segment.
    Tcp(Tcp),
    /// A UDP datagram.
    Udp,
    /// An ICMP echo; its id stands for the ports.
    Echo {
        /// Whether it answers.
        is_reply: bool,
    },
    /// Other ICMP; type and code stand for the ports.
    Control,
    /// Another protocol; it has no ports.
    Other,
}

/// A packet down to what it carries.
#[derive(Debug, Clone, Copy)]
pub struct Transport<'a> {
    pub src: IpAddr,
    pub dst: IpAddr,
    pub src_port: u16,
    pub dst_port: u16,
    pub vlan: Vlan,
    /// IANA protocol number.
    pub proto: u8,
    pub kind: Kind,
    /// What it carries, as far as it was captured.
    pub payload: &'a [u8],
    /// Length of that on the wire; 0 for other than TCP and UDP.
    pub length: u32,
    /// What is wrong with it, though it can be read.
    pub damage: Option<Damage>,
}

/// Sender, receiver, IANA protocol number and broadcast domain of a packet.
pub type Ends = (IpAddr, IpAddr, u8, Vlan);

/// Reads the header of what an IP packet carries: `length` bytes on the wire, `data` of them captured.
pub fn read(
    (src, dst, proto, vlan): Ends,
    data: &[u8],
    length: u32,
) -> Result<Transport<'_>, Damage> {
    let other = Transport {
        src,
        dst,
        src_port: 0,
        dst_port: 0,
        vlan,
        proto,
        kind: Kind::Other,
        payload: data,
        length: 0,
        damage: None,
    };
    match (proto, src.is_ipv6()) {
        (proto::TCP, _) => tcp(other, data, length),
        (proto::UDP, _) => udp(other, data, length),
        (proto::ICMP, false) => icmp(other, data, (8, 0)),
        (proto::ICMPV6, true) => icmp(other, data, (128, 129)),
        _ => Ok(other),
    }
}

fn tcp<'a>(ends: Transport<'a>, data: &'a [u8], length: u32) -> Result<Transport<'a>, Damage> {
    let short = Damage("tcp: header short");
    let src_port = be16(data, 0).ok_or(short)?;
    let dst_port = be16(data, 2).ok_or(short)?;
    let sequence = be32(data, 4).ok_or(short)?;
    let acknowledged = be32(data, 8).ok_or(short)?;
    let &[size, flags] = data.get(12..14).ok_or(short)? else {
        return Err(short);
    };
    let header = usize::from(size >> 4) * 4;
    if header < 20 || (header as u32) > length {
        return Err(Damage("tcp: header length"));
    }
    let kind = Kind::Tcp(Tcp {
        flags,
        sequence,
        acknowledged,
    });
    let payload = data.get(header..).unwrap_or_default(); // options may not have been captured
    Ok(Transport {
        src_port,
        dst_port,
        kind,
        payload,
        length: length - header as u32,
        ..ends
    })
}

fn udp<'a>(ends: Transport<'a>, data: &'a [u8], length: u32) -> Result<Transport<'a>, Damage> {
    let short = Damage("udp: header short");
    let src_port = be16(data, 0).ok_or(short)?;
    let dst_port = be16(data, 2).ok_or(short)?;
    let said = match u32::from(be16(data, 4).ok_or(short)?) {
        0 => length, // longer than the field can say
        said => said,
    };
    if said < 8 || length < 8 {
        return Err(Damage("udp: length short"));
    }
    let damage = (said > length).then_some(Damage("udp: length beyond packet"));
    let said = said.min(length.max(8));
    let end = data.len().min(said as usize);
    let payload = data.get(8..end).unwrap_or_default();
    Ok(Transport {
        src_port,
        dst_port,
        kind: Kind::Udp,
        payload,
        length: said - 8,
        damage,
        ..ends
    })
}

fn icmp<'a>(
    ends: Transport<'a>,
    data: &'a [u8],
    (request, reply): (u8, u8),
) -> Result<Transport<'a>, Damage> {
    let short = Damage("icmp: header short");
    let [kind, code, ..] = *data else {
        return Err(short);
    };
    if kind == request || kind == reply {
        let id = be16(data, 4).ok_or(short)?;
        let kind = Kind::Echo {
            is_reply: kind == reply,
        };
        return Ok(Transport {
            src_port: id,
            dst_port: id,
            kind,
            payload: data,
            ..ends
        });
    }
    let (src_port, dst_port) = (u16::from(kind), u16::from(code));
    Ok(Transport {
        src_port,
        dst_port,
        kind: Kind::Control,
        payload: data,
        ..ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(proto: u8, data: &[u8]) -> Result<Transport<'_>, Damage> {
        let ip: IpAddr = "10.0.0.1".parse().unwrap();
        read((ip, ip, proto, Vlan::default()), data, data.len() as u32)
    }

    #[test]
    fn tcp_knows_its_payload() {
        let data = [
            0, 80, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0x50, 0x18, 0, 0, 0, 0, 0, 0, b'x',
        ];
        let packet = of(6, &data).unwrap();
        assert_eq!(
            (packet.src_port, packet.dst_port, packet.payload),
            (80, 256, &b"x"[..])
        );
        assert_eq!(
            packet.kind,
            Kind::Tcp(Tcp {
                flags: 0x18,
                sequence: 5,
                ..Tcp::default()
            })
        );
        for end in 0..20 {
            assert!(of(6, &data[..end]).is_err());
        }
    }

    #[test]
    fn udp_leaves_out_what_its_length_leaves_out() {
        assert_eq!(
            of(17, &[0, 1, 0, 2, 0, 9, 0, 0, 7, 8]).unwrap().payload,
            &[7]
        );
        assert_eq!(
            of(17, &[0, 1, 0, 2, 0, 7, 0, 0]).unwrap_err(),
            Damage("udp: length short")
        );
        let longer = of(17, &[0, 1, 0, 2, 0, 9, 0, 0]).unwrap();
        assert_eq!(longer.damage, Some(Damage("udp: length beyond packet")));
        assert_eq!((longer.payload, longer.length), (&[][..], 0));
    }

    #[test]
    fn icmp_has_an_id_or_type_and_code() {
        let echo = of(1, &[0, 0, 0, 0, 0, 7, 0, 1]).unwrap();
        assert_eq!(
            (echo.kind, echo.src_port),
            (Kind::Echo { is_reply: true }, 7)
        );
        let unreachable = of(1, &[3, 1, 0, 0]).unwrap();
        assert_eq!(
            (unreachable.kind, unreachable.src_port, unreachable.dst_port),
            (Kind::Control, 3, 1)
        );
        assert!(of(1, &[8]).is_err());
    }
}
