//! Customers' frames within those of a provider's backbone (IEEE 802.1ah): a tag of the service, then a whole frame.
use super::{Carried, ethernet_header};
use crate::damage::Damage;

/// Length of the tag behind its ether type.
const TAG: usize = 4;

/// The frame within; it stays in the broadcast domain of the one around it.
pub fn within(carried: Carried<'_>) -> Result<Carried<'_>, Damage> {
    let frame = carried.payload.get(TAG..);
    let frame = ethernet_header(frame.ok_or(Damage("backbone: tag short"))?)?;
    Ok(Carried {
        vlan: carried.vlan,
        ..frame
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Mac;
    use crate::link::{ether, read};

    #[test]
    fn the_customers_own_addresses_and_tag_are_told() {
        let outer = [&[1; 6][..], &[2; 6], &[0x88, 0xe7, 0, 0, 0, 9]].concat();
        let inner = [&[6; 6][..], &[8; 6], &[0x81, 0, 0, 5, 8, 6, 1]].concat();
        let data = [outer, inner].concat();
        let carried = read(1, &data).unwrap();
        assert_eq!((carried.from, carried.to), (Mac([8; 6]), Mac([6; 6])));
        assert_eq!((carried.ether, carried.vlan.0), (ether::ARP, 5));
        assert_eq!(carried.payload, [1]);
        assert_eq!(read(1, &data[..16]), Err(Damage("backbone: tag short")));
        assert!(read(1, &data[..20]).is_err());
    }
}
