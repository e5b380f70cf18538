//! Calls of services: what is asked of which node, and what the answer says.

use super::services::Service;
use super::values::{MAX_ITEMS, bytes, count, data_value, extension, node, status};
use crate::protocols::plant::{Message, OK, Values, label};
use crate::protocols::reader::Reader;

pub(super) fn question(
    reader: &mut Reader,
    service: &Service,
    message: &mut Message,
) -> Option<()> {
    node(reader)?; // of the session
    reader.take(8 + 4 + 4)?; // time, handle, diagnostics
    bytes(reader)?;
    reader.take(4)?;
    extension(reader)?;
    let operation = message.operations.first_mut()?;
    match service.name {
        "Read" => {
            reader.take(8 + 4)?; // age, which times
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
            let attribute = reader.le32()?;
            if attribute != VALUE {
                operation
                    .address
                    .extend([" attribute ", &attribute.to_string()]);
            }
        }
        "Write" => {
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
            let attribute = reader.le32()?;
            if attribute != VALUE {
                operation
                    .address
                    .extend([" attribute ", &attribute.to_string()]);
            }
            bytes(reader)?; // range
            operation.value = data_value(reader)?;
        }
        "Browse" => {
            node(reader)?; // view
            reader.take(8 + 4 + 4)?;
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
        }
        "Call" => {
            operation.quantity = i64::from(count(reader)?);
            let object = node(reader)?;
            operation.address = format!("{object} method {}", node(reader)?);
        }
        "DeleteNodes" | "RegisterNodes" => {
            operation.quantity = i64::from(count(reader)?);
            operation.address = node(reader)?;
        }
        "GetEndpoints" | "FindServers" => operation.address = label(bytes(reader)?),
        "CreateSession" => application(reader, message)?,
        _ => {}
    }
    Some(())
}

/// The attribute of a node that holds its value.
const VALUE: u32 = 13;

pub(super) fn answer(reader: &mut Reader, service: &Service, message: &mut Message) -> Option<()> {
    reader.take(8 + 4)?;
    let result = status(reader.le32()?);
    let is_good = result == OK;
    message.operations.first_mut()?.result = result;
    if is_good {
        // What an answer says may lie beyond what is read of it.
        let _ = content(reader, service, message);
    }
    Some(())
}

fn content(reader: &mut Reader, service: &Service, message: &mut Message) -> Option<()> {
    (reader.u8()? == 0).then_some(())?; // no diagnostics
    for _ in 0..count(reader)?.min(MAX_ITEMS as u32) {
        bytes(reader)?;
    }
    extension(reader)?;
    match service.name {
        "Read" => {
            let items = count(reader)?;
            let mut values = Values::default();
            for _ in 0..items.min(MAX_ITEMS as u32) {
                let Some(value) = data_value(reader) else {
                    break;
                };
                if !values.add(&value) {
                    break;
                }
            }
            message.operations.first_mut()?.value = values.text();
        }
        "Write" => {
            let codes = count(reader)?.min(MAX_ITEMS as u32);
            for _ in 0..codes {
                let code = reader.le32()?;
                if code & 0x8000_0000 != 0 {
                    message.operations.first_mut()?.result = status(code);
                    break;
                }
            }
        }
        "GetEndpoints" => {
            (count(reader)? > 0).then_some(())?;
            bytes(reader)?; // address of the endpoint
            application(reader, message)?;
        }
        "FindServers" => {
            (count(reader)? > 0).then_some(())?;
            application(reader, message)?;
        }
        "CreateSession" => {
            node(reader)?;
            node(reader)?;
            reader.take(8)?;
            bytes(reader)?;
            bytes(reader)?;
            (count(reader)? > 0).then_some(())?;
            bytes(reader)?;
            application(reader, message)?;
        }
        _ => {}
    }
    Some(())
}

/// What an application says of itself: URIs and name.
fn application(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let uri = label(bytes(reader)?);
    let product = label(bytes(reader)?);
    let mask = reader.u8()?;
    if mask & 1 != 0 {
        bytes(reader)?; // language
    }
    let name = if mask & 2 == 0 {
        &[][..]
    } else {
        bytes(reader)?
    };
    message.sight("opcua.name", label(name));
    message.sight("opcua.uri", uri);
    message.sight("opcua.product", product);
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::protocols::opcua::samples::{answered, endpoints, opened, read, value, write};
    use crate::protocols::opcua::{Session, parse};
    use crate::protocols::plant::{READ, Session as _, WRITE};
    use crate::protocols::testing::{done, only};

    #[test]
    fn nodes_are_read_and_written() {
        let mut session = Session::default();
        let message = done(session.hear(
            &opened("http://opcfoundation.org/UA/SecurityPolicy#None"),
            false,
        ));
        assert_eq!(only(&message).name, "OpenSecureChannel");
        let message = done(session.hear(&read(), false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("Read", READ)
        );
        assert_eq!(
            (only(&message).address.as_str(), only(&message).quantity),
            ("ns=2;s=Pump", 1)
        );
        let message = done(session.hear(&value(), true));
        assert_eq!(
            (
                only(&message).value.as_str(),
                only(&message).address.as_str()
            ),
            ("2.5", "ns=2;s=Pump")
        );
        let message = done(session.hear(&write(), false));
        assert_eq!(
            (only(&message).access, only(&message).address.as_str()),
            (WRITE, "ns=2;i=7")
        );
        assert_eq!(only(&message).value, "42");
        let message = done(session.hear(&answered(676, 0, &[1, 0, 0, 0, 0, 0, 0x3b, 0x80]), true));
        assert_eq!(only(&message).result, "BadNotWritable");
    }

    #[test]
    fn a_server_tells_its_name() {
        let message = done(parse(&endpoints(), true));
        let expected = [
            ("opcua.name", "Press"),
            ("opcua.uri", "urn:plant:press"),
            ("opcua.product", "urn:acme"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
    }
}
