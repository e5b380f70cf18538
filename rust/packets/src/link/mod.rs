//! Takes the link layer off a frame: Ethernet with its tags, PPP sessions and labels, Linux cooked, loopback, none at
//! all; wireless, serial lines, rings, and the packet filter's log in files of their own.
mod backbone;
mod cooked;
mod nflog;
mod pktap;
mod rings;
mod serial;
mod wifi;

use crate::address::Mac;
use crate::bytes::{array, be16, be32};
use crate::damage::Damage;

/// Ether types that are followed further.
pub mod ether {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// ARP.
    pub const ARP: u16 = 0x0806;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// Link layer discovery (IEEE 802.1AB).
    pub const LLDP: u16 = 0x88cc;
    /// Port authentication (IEEE 802.1X).
    pub const EAPOL: u16 = 0x888e;
    /// PROFINET (IEC 61158-6-10).
    pub const PROFINET: u16 = 0x8892;
    /// What has no ether type: other logical links than those below, non-Ethernet protocols.
    pub const NONE: u16 = 0;
    /// What lies under a header and is none of these (of PPP and MPLS).
    pub const UNFOLLOWED: u16 = 0xffff;
    /// Spanning tree, by its logical link (IEEE 802.1D). On the wire so small a number is a length and no type.
    pub const STP: u16 = 1;
    /// Cisco's discovery, by its SNAP number; likewise.
    pub const CDP: u16 = 2;
}

/// The most tags and other headers between the link and what it carries.
const DEEPEST_TAGS: usize = 8;
/// The most labels of a stack.
const MOST_LABELS: usize = 16;

/// A broadcast domain: up to two VLAN tags, outer first; 0 is untagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Vlan(pub u32);

impl Vlan {
    fn within(self, tag: u16) -> Self {
        let id = u32::from(tag & 0x0fff);
        if id == 0 || self.0 > 0x0fff {
            return self; // priority only, or deeper than two
        }
        Self(self.0 << 12 | id)
    }

    /// The broadcast domain of a frame within a frame of this one: the tags of both, as far as two go.
    #[must_use]
    pub fn around(self, inner: Self) -> Self {
        let (first, second) = inner.tags();
        [first, second]
            .into_iter()
            .fold(self, |vlan, tag| vlan.within(tag as u16))
    }

    /// Outer and inner tag; 0 where there is none.
    #[must_use]
    pub fn tags(self) -> (u32, u32) {
        if self.0 > 0x0fff {
            (self.0 >> 12, self.0 & 0x0fff)
        } else {
            (self.0, 0)
        }
    }
}

/// What a frame carries, and between whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried<'a> {
    /// Sender.
    pub from: Mac,
    /// Receiver; none where the link does not say.
    pub to: Mac,
    /// Broadcast domain.
    pub vlan: Vlan,
    /// Type of the payload, one of [`ether`] or another.
    pub ether: u16,
    /// What the frame carries, as far as it was captured.
    pub payload: &'a [u8],
}

/// Reads the link layer of a frame of that link type.
pub fn read(link: u16, data: &[u8]) -> Result<Carried<'_>, Damage> {
    match link {
        1 => ethernet(data),
        0 => loopback(data, true),
        108 => loopback(data, false),
        12 | 14 | 101 => raw(data),
        228 => Ok(bare(ether::IPV4, data)),
        229 => Ok(bare(ether::IPV6, data)),
        113 => cooked::first(data),
        276 => cooked::second(data),
        105 => wifi::plain(data),
        119 | 163 => wifi::prism_or_avs(data),
        127 => wifi::radiotap(data),
        192 => wifi::per_packet(data),
        239 => nflog::read(data),
        149 | 258 => pktap::read(data),
        9 | 50 => serial::ppp(data),
        51 => serial::session(data),
        100 => Ok(serial::logical_link(data)),
        104 => serial::cisco(data),
        107 => serial::frame_relay(data),
        204 => serial::directed(data),
        6 => rings::token(data),
        10 => rings::fddi(data),
        122 => rings::fibre(data),
        _ => Err(Damage("link: type not known")),
    }
}

/// A payload of that type on a link without addresses.
#[must_use]
pub fn bare(ether: u16, payload: &[u8]) -> Carried<'_> {
    Carried {
        from: Mac::NONE,
        to: Mac::NONE,
        vlan: Vlan::default(),
        ether,
        payload,
    }
}

fn ethernet(data: &[u8]) -> Result<Carried<'_>, Damage> {
    typed(ethernet_header(data)?)
}

fn ethernet_header(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let short = Damage("ethernet: header short");
    let to = array(data, 0).map(Mac).ok_or(short)?;
    let from = array(data, 6).map(Mac).ok_or(short)?;
    let ether = be16(data, 12).ok_or(short)?;
    Ok(Carried {
        from,
        to,
        ..bare(ether, &data[14..])
    })
}

/// Follows tags, labels and logical links to what is carried.
pub fn typed(mut carried: Carried<'_>) -> Result<Carried<'_>, Damage> {
    for _ in 0..DEEPEST_TAGS {
        match carried.ether {
            0x8100 | 0x88a8 | 0x9100 | 0x9200 => {
                let short = Damage("vlan: tag short");
                carried.vlan = carried.vlan.within(be16(carried.payload, 0).ok_or(short)?);
                carried.ether = be16(carried.payload, 2).ok_or(short)?;
                carried.payload = &carried.payload[4..];
            }
            0x8864 => point_to_point(&mut carried)?,
            0x8847 | 0x8848 => carried = labelled(carried)?,
            0x88e7 => carried = backbone::within(carried)?,
            size @ 0..=1500 => return Ok(logical(carried, usize::from(size))),
            _ => return Ok(carried),
        }
    }
    Err(Damage("vlan: too many tags"))
}

/// A session of PPP over Ethernet (RFC 2516): six bytes, then PPP's own number of the protocol.
fn point_to_point(carried: &mut Carried<'_>) -> Result<(), Damage> {
    let short = Damage("pppoe: header short");
    let [0x11, 0] = array(carried.payload, 0).ok_or(short)? else {
        return Err(Damage("pppoe: no session data"));
    };
    let size = usize::from(be16(carried.payload, 4).ok_or(short)?);
    let body = carried.payload.get(6..).unwrap_or_default();
    let body = body.get(..size).unwrap_or(body); // the rest is padding
    carried.ether = match be16(body, 0).ok_or(short)? {
        0x0021 => ether::IPV4,
        0x0057 => ether::IPV6,
        0x0281 => 0x8847,
        _ => ether::UNFOLLOWED,
    };
    carried.payload = body.get(2..).ok_or(short)?;
    Ok(())
}

/// A stack of MPLS labels (RFC 3032): beneath it IP, or a whole frame behind a control word (RFC 4448).
fn labelled(carried: Carried<'_>) -> Result<Carried<'_>, Damage> {
    let short = Damage("mpls: stack short");
    let labels = carried.payload.chunks_exact(4).take(MOST_LABELS);
    let bottom = labels
        .map(|label| label[2] & 1)
        .position(|is_bottom| is_bottom == 1)
        .ok_or(short)?;
    let payload = carried.payload.get(bottom * 4 + 4..).unwrap_or_default();
    let under = |ether| Carried {
        ether,
        payload,
        ..carried
    };
    match payload.first().ok_or(short)? >> 4 {
        4 => Ok(under(ether::IPV4)),
        6 => Ok(under(ether::IPV6)),
        0 => {
            let frame = ethernet_header(payload.get(4..).unwrap_or_default())?;
            Ok(Carried {
                vlan: carried.vlan,
                ..frame
            })
        }
        _ => Ok(under(ether::UNFOLLOWED)),
    }
}

/// IEEE 802.2: spanning tree, and SNAP with an ether type (RFC 1042, IEEE 802.1H) or Cisco's discovery, are followed.
fn logical(carried: Carried<'_>, size: usize) -> Carried<'_> {
    let payload = carried.payload.get(..size).unwrap_or(carried.payload);
    let (ether, header) = match payload {
        [0xaa, 0xaa, 3, 0, 0, 0 | 0xf8, high, low, ..] => (u16::from_be_bytes([*high, *low]), 8),
        [0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, ..] => (ether::CDP, 8),
        [0x42, 0x42, 3, ..] => (ether::STP, 3),
        _ => (ether::NONE, 0),
    };
    Carried {
        ether,
        payload: &payload[header..],
        ..carried
    }
}

/// BSD loopback: the address family in the writer's byte order, or in network order.
fn loopback(data: &[u8], any_order: bool) -> Result<Carried<'_>, Damage> {
    let family = be32(data, 0).ok_or(Damage("loopback: header short"))?;
    let family = if any_order && family > 0xffff {
        family.swap_bytes()
    } else {
        family
    };
    let ether = match family {
        2 => ether::IPV4,
        10 | 24 | 28 | 30 => ether::IPV6, // differs between the systems
        _ => ether::NONE,
    };
    Ok(bare(ether, &data[4..]))
}

fn raw(data: &[u8]) -> Result<Carried<'_>, Damage> {
    match data.first().map(|byte| byte >> 4) {
        Some(4) => Ok(bare(ether::IPV4, data)),
        Some(6) => Ok(bare(ether::IPV6, data)),
        _ => Err(Damage("raw: neither IPv4 nor IPv6")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(rest: &[u8]) -> Vec<u8> {
        [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], rest].concat()
    }

    #[test]
    fn ethernet_says_who_and_what() {
        let data = frame(&[8, 0, 0x45]);
        let carried = read(1, &data).unwrap();
        assert_eq!(carried.to, Mac([2, 0, 0, 0, 0, 1]));
        assert_eq!(carried.from, Mac([2, 0, 0, 0, 0, 2]));
        assert_eq!((carried.ether, carried.payload), (ether::IPV4, &[0x45][..]));
    }

    #[test]
    fn tags_name_the_segment() {
        let single = frame(&[0x81, 0, 0x20, 12, 8, 6, 1]);
        assert_eq!(read(1, &single).unwrap().vlan.tags(), (12, 0));
        let double = frame(&[0x88, 0xa8, 0, 100, 0x81, 0, 0, 12, 8, 6, 1]);
        assert_eq!(read(1, &double).unwrap().vlan.tags(), (100, 12));
        let priority = frame(&[0x81, 0, 0xe0, 0, 8, 6, 1]);
        assert_eq!(read(1, &priority).unwrap().vlan, Vlan::default());
    }

    #[test]
    fn snap_is_followed_and_padding_left_out() {
        let data = frame(&[0, 9, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45, 0, 0]);
        let carried = read(1, &data).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::IPV4, &[0x45][..]));
    }

    #[test]
    fn every_cut_is_damage_and_no_panic() {
        let double = frame(&[0x88, 0xa8, 0, 100, 0x81, 0, 0, 12, 8, 6, 1]);
        for link in [0, 1, 12, 101, 108, 113, 276, 228, 229, 9999] {
            for end in 0..double.len() {
                let _ = read(link, &double[..end]);
            }
        }
        assert_eq!(read(1, &double[..16]), Err(Damage("vlan: tag short")));
    }

    #[test]
    fn sessions_of_ppp_are_looked_into() {
        let data = frame(&[0x88, 0x64, 0x11, 0, 0, 7, 0, 3, 0, 0x21, 0x45, 0, 0]);
        let carried = read(1, &data).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::IPV4, &[0x45][..]));
        let control = frame(&[0x88, 0x64, 0x11, 0, 0, 7, 0, 3, 0xc0, 0x21, 1]);
        assert_eq!(read(1, &control).unwrap().ether, ether::UNFOLLOWED);
        assert_eq!(read(1, &data[..17]), Err(Damage("pppoe: header short")));
        let discovery = frame(&[0x88, 0x64, 0x11, 9, 0, 0, 0, 0]);
        assert_eq!(read(1, &discovery), Err(Damage("pppoe: no session data")));
    }

    #[test]
    fn label_stacks_are_passed_and_frames_within_keep_their_own_addresses() {
        let data = frame(&[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64, 0x60, 9]);
        let carried = read(1, &data).unwrap();
        assert_eq!(
            (carried.ether, carried.payload),
            (ether::IPV6, &[0x60, 9][..])
        );
        let inner = [&[0; 4][..], &[6; 6], &[8; 6], &[0x81, 0, 0, 5, 8, 6, 1]].concat();
        let data = frame(&[&[0x88, 0x47, 0, 1, 1, 64], &inner[..]].concat());
        let carried = read(1, &data).unwrap();
        assert_eq!((carried.from, carried.vlan.0), (Mac([8; 6]), 5));
        assert_eq!((carried.ether, carried.payload), (ether::ARP, &[1][..]));
        let endless = frame(&[&[0x88, 0x47][..], &[0; 80]].concat());
        assert_eq!(read(1, &endless), Err(Damage("mpls: stack short")));
    }

    #[test]
    fn logical_links_are_told_apart() {
        let tree = frame(&[0, 5, 0x42, 0x42, 3, 0, 0, 0]);
        let carried = read(1, &tree).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::STP, &[0, 0][..]));
        let cisco = frame(&[0, 9, 0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, 2]);
        let carried = read(1, &cisco).unwrap();
        assert_eq!((carried.ether, carried.payload), (ether::CDP, &[2][..]));
    }
}
