//! The binary encoding (OPC 10000-6 clause 5): strings, nodes, values and status codes.

use crate::protocols::plant::{Name, OK, Values, hex, label, named};
use crate::protocols::reader::Reader;

/// The most items read of a list.
pub(super) const MAX_ITEMS: usize = 16;

/// Numbers of errors that are often met.
const ERRORS: [(u16, &str); 12] = [
    (0x8001, "BadUnexpectedError"),
    (0x8002, "BadInternalError"),
    (0x800a, "BadTimeout"),
    (0x800b, "BadServiceUnsupported"),
    (0x801f, "BadUserAccessDenied"),
    (0x8020, "BadIdentityTokenInvalid"),
    (0x8021, "BadIdentityTokenRejected"),
    (0x8025, "BadSessionIdInvalid"),
    (0x8034, "BadNodeIdUnknown"),
    (0x803b, "BadNotWritable"),
    (0x8074, "BadTypeMismatch"),
    (0x8080, "BadTcpMessageTooLarge"),
];

pub(super) fn status(code: u32) -> Name {
    if code & 0x8000_0000 == 0 {
        return OK.into();
    }
    named(&ERRORS, (code >> 16) as u16).map_or_else(|| format!("0x{code:08x}").into(), Name::from)
}

/// A string or bytes with their length before them; none at all is as empty.
pub(super) fn bytes<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = reader.le32()?;
    if length == u32::MAX {
        return Some(&[]);
    }
    reader.take(usize::try_from(length).ok()?)
}

/// The number of a node in the standard's own namespace.
pub(super) fn numeric_node(reader: &mut Reader) -> Option<u32> {
    match reader.u8()? {
        0 => reader.u8().map(u32::from),
        1 => reader
            .u8()
            .filter(|namespace| *namespace == 0)
            .and_then(|_| reader.le16())
            .map(u32::from),
        2 => reader
            .le16()
            .filter(|namespace| *namespace == 0)
            .and_then(|_| reader.le32()),
        _ => None,
    }
}

/// The text of a node's id, as the standard writes it (10000-6, 5.3.1.10).
pub(super) fn node(reader: &mut Reader) -> Option<String> {
    let kind = reader.u8()?;
    let namespace = match kind & 0x3f {
        0 => 0,
        1 => u16::from(reader.u8()?),
        _ => reader.le16()?,
    };
    let id = match kind & 0x3f {
        0 => format!("i={}", reader.u8()?),
        1 => format!("i={}", reader.le16()?),
        2 => format!("i={}", reader.le32()?),
        3 => format!("s={}", label(bytes(reader)?)),
        4 => format!("g={}", hex(reader.take(16)?)),
        5 => format!("b={}", hex(bytes(reader)?)),
        _ => return None,
    };
    if kind & 0x80 != 0 {
        bytes(reader)?;
    }
    if kind & 0x40 != 0 {
        reader.le32()?;
    }
    Some(if namespace == 0 {
        id
    } else {
        format!("ns={namespace};{id}")
    })
}

/// An object of any type, passed over.
pub(super) fn extension(reader: &mut Reader) -> Option<()> {
    node(reader)?;
    if reader.u8()? != 0 {
        bytes(reader)?;
    }
    Some(())
}

/// How many items a list has; none at all is as empty.
pub(super) fn count(reader: &mut Reader) -> Option<u32> {
    let count = reader.le32()?;
    Some(if count == u32::MAX { 0 } else { count })
}

/// A value with its status and times; a bad status stands for the value.
pub(super) fn data_value(reader: &mut Reader) -> Option<String> {
    let mask = reader.u8()?;
    let mut value = if mask & 1 == 0 {
        String::new()
    } else {
        variant(reader)?
    };
    if mask & 2 != 0 {
        let code = reader.le32()?;
        if code & 0x8000_0000 != 0 {
            value = status(code).into_owned();
        }
    }
    for (bit, size) in [(4, 8), (0x10, 2), (8, 8), (0x20, 2)] {
        if mask & bit != 0 {
            reader.take(size)?;
        }
    }
    Some(value)
}

/// A value of a plain type, or a list of such.
fn variant(reader: &mut Reader) -> Option<String> {
    let mask = reader.u8()?;
    let kind = mask & 0x3f;
    if mask & 0x80 == 0 {
        return scalar(reader, kind);
    }
    let mut values = Values::default();
    let count = count(reader)?;
    for _ in 0..count {
        let value = scalar(reader, kind)?;
        // What follows the list can only be found behind its end.
        if !values.add(&value) && count > 256 {
            return None;
        }
    }
    if mask & 0x40 != 0 {
        for _ in 0..self::count(reader)?.min(MAX_ITEMS as u32) {
            reader.le32()?;
        }
    }
    Some(values.text())
}

fn scalar(reader: &mut Reader, kind: u8) -> Option<String> {
    Some(match kind {
        0 => String::new(),
        1 => (reader.u8()? != 0).to_string(),
        2 => reader.u8()?.cast_signed().to_string(),
        3 => reader.u8()?.to_string(),
        4 => reader.le16()?.cast_signed().to_string(),
        5 => reader.le16()?.to_string(),
        6 => reader.le32()?.cast_signed().to_string(),
        7 => reader.le32()?.to_string(),
        8 => i64::from_le_bytes(reader.array()?).to_string(),
        9 | 13 => u64::from_le_bytes(reader.array()?).to_string(),
        10 => f32::from_le_bytes(reader.array()?).to_string(),
        11 => f64::from_le_bytes(reader.array()?).to_string(),
        12 | 16 => label(bytes(reader)?),
        14 => hex(reader.take(16)?),
        15 => hex(bytes(reader)?),
        17 | 18 => node(reader)?,
        19 => status(reader.le32()?).into_owned(),
        20 => {
            let namespace = reader.le16()?;
            format!("{namespace}:{}", label(bytes(reader)?))
        }
        21 => {
            let mask = reader.u8()?;
            if mask & 1 != 0 {
                bytes(reader)?;
            }
            if mask & 2 == 0 {
                String::new()
            } else {
                label(bytes(reader)?)
            }
        }
        22 => {
            extension(reader)?;
            "structure".to_owned()
        }
        _ => return None,
    })
}
