//! Function 43, by which a device tells who it is.

use crate::protocols::plant::{Message, OK, label};
use crate::protocols::reader::Reader;

/// The most objects read of a device's identification.
const MAX_OBJECTS: usize = 16;

/// Function 43: with 14 a device tells who it is; with 13 `CANopen` passes through.
pub(super) fn identification(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let kind = reader.u8()?;
    let operation = message.operations.first_mut()?;
    if operation.is_response {
        operation.result = OK.into();
    }
    match kind {
        13 => {
            operation.name = "canopen general reference".into();
            operation.access = "";
            return Some(());
        }
        14 => operation.name = "read device identification".into(),
        _ => return Some(()),
    }
    let code = reader.u8()?;
    if !operation.is_response {
        operation.address = reader.u8()?.to_string();
        operation.quantity = i64::from(code == 4); // a single object, else a whole class of them
        return Some(());
    }
    reader.take(3)?; // conformity, more follows, next object
    let count = usize::from(reader.u8()?);
    operation.quantity = i64::try_from(count).unwrap_or(0);
    for _ in 0..count.min(MAX_OBJECTS) {
        let (object, value) = (reader.u8()?, reader.block8()?);
        let field = match object {
            0 => "modbus.vendor",
            1 => "modbus.product",
            2 => "modbus.revision",
            4 => "modbus.name",
            5 => "modbus.model",
            _ => continue,
        };
        message.sight(field, label(value));
    }
    message.tell_sightings();
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::protocols::modbus::Session;
    use crate::protocols::modbus::samples::{ME, WHO};
    use crate::protocols::plant::Session as _;
    use crate::protocols::testing::{done, only};

    #[test]
    fn a_device_tells_who_it_is() {
        let mut session = Session::default();
        done(session.hear(WHO, false));
        let message = done(session.hear(ME, true));
        assert_eq!(only(&message).name, "read device identification");
        let expected = [
            ("modbus.vendor", "Acme"),
            ("modbus.product", "P1"),
            ("modbus.revision", "V1.20"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
    }
}
