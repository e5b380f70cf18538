//! What a device says of itself (volume 1, the identity object).

use super::codes::{TYPES, VENDORS};
use crate::protocols::plant::{Message, label, named};
use crate::protocols::reader::Reader;

/// What a device says of itself.
#[derive(Debug, Default)]
pub struct Identity {
    vendor: u16,
    kind: u16,
    revision: [u8; 2],
    serial: u32,
    product: String,
}

impl Identity {
    /// Adds it to what a message tells.
    pub fn tell(&self, message: &mut Message) {
        let [major, minor] = self.revision;
        let vendor = named(&VENDORS, self.vendor)
            .map_or_else(|| format!("vendor {}", self.vendor), str::to_owned);
        let kind =
            named(&TYPES, self.kind).map_or_else(|| format!("type {}", self.kind), str::to_owned);
        message.sight("enip.vendor", vendor);
        message.sight("enip.type", kind);
        message.sight("enip.product", self.product.as_str());
        message.sight("enip.revision", format!("{major}.{minor}"));
        message.sight("enip.serial", format!("{:08x}", self.serial));
    }
}

/// The attributes of the identity object in their order.
pub fn identity(reader: &mut Reader) -> Option<Identity> {
    let (vendor, kind, _product) = (reader.le16()?, reader.le16()?, reader.le16()?);
    let (revision, _status, serial) = (reader.array()?, reader.le16()?, reader.le32()?);
    Some(Identity {
        vendor,
        kind,
        revision,
        serial,
        product: label(reader.block8()?),
    })
}
