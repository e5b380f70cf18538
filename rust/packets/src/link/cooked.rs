//! Frames as Linux hands them over on an interface of any kind: with a sender, but without a receiver.
use super::{Carried, bare, ether, logical};
use crate::address::Mac;
use crate::bytes::{array, be16};
use crate::damage::Damage;

/// The first version: 16 bytes.
pub fn first(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let short = Damage("cooked: header short");
    let hardware = be16(data, 2).ok_or(short)?;
    let size = be16(data, 4).ok_or(short)?;
    let address = array(data, 6).ok_or(short)?;
    let ether = be16(data, 14).ok_or(short)?;
    carried(hardware, usize::from(size), address, ether, &data[16..])
}

/// The second version: 20 bytes.
pub fn second(data: &[u8]) -> Result<Carried<'_>, Damage> {
    let short = Damage("cooked: header short");
    let ether = be16(data, 0).ok_or(short)?;
    let hardware = be16(data, 8).ok_or(short)?;
    let size = data.get(11).copied().ok_or(short)?;
    let address = array(data, 12).ok_or(short)?;
    carried(
        hardware,
        usize::from(size),
        address,
        ether,
        data.get(20..).ok_or(short)?,
    )
}

fn carried(
    hardware: u16,
    size: usize,
    address: [u8; 6],
    ether: u16,
    payload: &[u8],
) -> Result<Carried<'_>, Damage> {
    const NETLINK: u16 = 824;
    let from = if size == 6 { Mac(address) } else { Mac::NONE };
    let ether = if hardware == NETLINK {
        ether::NONE
    } else {
        ether
    };
    match ether {
        4 => Ok(logical(
            Carried {
                from,
                ..bare(ether, payload)
            },
            payload.len(),
        )), // 802.2
        0..=1500 => Ok(Carried {
            from,
            ..bare(ether::NONE, payload)
        }),
        _ => super::typed(Carried {
            from,
            ..bare(ether, payload)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::read;

    #[test]
    fn cooked_frames_have_a_sender_only() {
        let data = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0, 0x45];
        let carried = read(113, &data).unwrap();
        assert_eq!(
            (carried.from, carried.to),
            (Mac([2, 0, 0, 0, 0, 9]), Mac::NONE)
        );
        assert_eq!(carried.ether, ether::IPV4);
    }
}
