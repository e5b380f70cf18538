//! S7 communication of Siemens controllers, within TPKT (RFC 1006) and the transport of ISO 8073. It was never published
//! by its maker; the layout follows what Wireshark's documentation and public research say of it.

pub use super::plant::Message;
use super::plant::{Asked, CONTROL, Name, OK, Operation, READ, Values, WRITE, hex, label, named};
use super::reader::Reader;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "s7comm";
/// The service name of flows of its successor, of which no more is told.
pub const PLUS: &str = "s7comm-plus";
/// The port of servers.
pub const PORT: u16 = 102;
/// The most items read of a message.
const MAX_ITEMS: usize = 20;
/// The most records read of a system status list.
const MAX_RECORDS: usize = 32;
/// The longest TPKT that is taken for one; sessions agree on far less.
const MAX_PACKET: usize = 8192;

const SHORT: Damage = Damage("s7comm: cut short");

const FUNCTIONS: [(u8, &str, &str); 12] = [
    (0x00, "cpu services", ""),
    (0x04, "read var", READ),
    (0x05, "write var", WRITE),
    (0x1a, "request download", CONTROL),
    (0x1b, "download block", CONTROL),
    (0x1c, "download ended", CONTROL),
    (0x1d, "start upload", READ),
    (0x1e, "upload", READ),
    (0x1f, "end upload", READ),
    (0x28, "pi-service", CONTROL),
    (0x29, "plc stop", CONTROL),
    (0xf0, "setup communication", ""),
];

/// Group and sub-function of user data.
const USER_DATA: [(u16, &str, &str); 12] = [
    (0x0301, "list blocks", READ),
    (0x0302, "list blocks of type", READ),
    (0x0303, "get block info", READ),
    (0x0401, "read szl", READ),
    (0x0402, "message service", ""),
    (0x0403, "diagnostic message", ""),
    (0x0501, "plc password", CONTROL),
    (0x0502, "clear plc password", CONTROL),
    (0x0701, "read clock", READ),
    (0x0702, "set clock", WRITE),
    (0x0703, "read clock following", READ),
    (0x0704, "set clock following", WRITE),
];

const GROUPS: [(u8, &str); 8] = [
    (0, "mode transition"),
    (1, "programmer commands"),
    (2, "cyclic data"),
    (3, "block functions"),
    (4, "cpu functions"),
    (5, "security"),
    (6, "pbc"),
    (7, "time functions"),
];

const ITEM_ERRORS: [(u8, &str); 6] = [
    (0x01, "hardware error"),
    (0x03, "accessing the object not allowed"),
    (0x05, "invalid address"),
    (0x06, "data type not supported"),
    (0x07, "data type inconsistent"),
    (0x0a, "object does not exist"),
];

const ERRORS: [(u8, &str); 6] = [
    (0x81, "application relationship error"),
    (0x82, "object definition error"),
    (0x83, "no resources available"),
    (0x84, "error on service processing"),
    (0x85, "error on supplies"),
    (0x87, "access error"),
];

/// Whether TPKT and transport are plausible, and what they carry is S7 as far as it is there.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    match bytes {
        [3, 0, _, _, length, 0xe0 | 0xd0, ..] => *length >= 6,
        _ => carries_s7(bytes),
    }
}

/// Whether this is TPKT with a message of S7: what can be told without the port.
#[must_use]
pub fn carries_s7(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [3, 0, _, _, 2, 0xf0, _, 0x32, 1..=3 | 7, ..]
            | [3, 0, _, _, 2, 0xf0, _, 0x72, 1..=3 | 0xfe, ..]
    )
}

/// One TPKT: what kind of transport message it holds, whether it is the last of its message, and its data.
fn packet(bytes: &[u8]) -> Parsed<(u8, bool, &[u8])> {
    let mut reader = Reader::new(bytes);
    let (Some([version, _]), Some(length)) = (reader.array(), reader.u16()) else {
        let is_ours = bytes.first().is_none_or(|version| *version == 3);
        return if is_ours {
            Parsed::More(4_usize.saturating_sub(bytes.len()))
        } else {
            Parsed::Foreign
        };
    };
    let length = usize::from(length);
    if version != 3 {
        return Parsed::Foreign;
    }
    if !(7..=MAX_PACKET).contains(&length) {
        return Parsed::Damaged(Damage("s7comm: bad length"));
    }
    let Some(body) = reader.take(length.saturating_sub(4)) else {
        return Parsed::More(length.saturating_sub(bytes.len()));
    };
    Parsed::from_result(transport(body).ok_or(SHORT), length)
}

fn transport(body: &[u8]) -> Option<(u8, bool, &[u8])> {
    let mut reader = Reader::new(body);
    let header = reader.block8()?;
    let (kind, rest) = header.split_first()?;
    if kind & 0xf0 == 0xf0 {
        let is_last = rest.first()? & 0x80 != 0;
        return Some((0xf0, is_last, reader.rest()));
    }
    Some((kind & 0xf0, true, rest.get(5..).unwrap_or_default()))
}

/// Rack and slot in the called address (parameter 0xc2) of a connection request.
fn place(parameters: &[u8]) -> Option<String> {
    let mut reader = Reader::new(parameters);
    while !reader.is_empty() {
        let (kind, value) = (reader.u8()?, reader.block8()?);
        if let (0xc2, [1..=3, place]) = (kind, value) {
            return Some(format!("rack {} slot {}", place >> 5, place & 0x1f));
        }
    }
    None
}

/// One message of a stream.
pub fn parse(bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
    super::plant::Session::hear(&mut Session::default(), bytes, is_by_server)
}

/// The header of a message.
struct Header {
    kind: u8,
    reference: u16,
    error: [u8; 2],
}

impl Header {
    fn is_response(&self) -> bool {
        matches!(self.kind, 2 | 3)
    }
}

/// Header, parameters and data; the data as far as they are there.
fn split(bytes: &[u8]) -> Option<(Header, &[u8], &[u8])> {
    let mut reader = Reader::new(bytes);
    let [_, kind, _, _] = reader.array()?;
    let (reference, parameters, data) = (reader.u16()?, reader.u16()?, reader.u16()?);
    let error = if matches!(kind, 2 | 3) {
        reader.array()?
    } else {
        [0; 2]
    };
    let parameters = reader.take(usize::from(parameters))?;
    let data = reader
        .rest()
        .get(..usize::from(data))
        .unwrap_or(reader.rest());
    Some((
        Header {
            kind,
            reference,
            error,
        },
        parameters,
        data,
    ))
}

fn job(
    header: &Header,
    parameters: &[u8],
    data: &[u8],
    question: Option<&Operation>,
) -> Option<Message> {
    let mut reader = Reader::new(parameters);
    let is_response = header.is_response();
    let Some(function) = reader.u8() else {
        return is_response.then(|| bare_answer(header, question));
    };
    let known = FUNCTIONS.iter().find(|(number, ..)| *number == function);
    let name = known.map_or_else(
        || format!("function 0x{function:02x}").into(),
        |known| Name::from(known.1),
    );
    let mut operation = Operation {
        is_response,
        function: i64::from(function),
        name,
        access: known.map_or("", |known| known.2),
        ..Operation::default()
    };
    let coding = question.map_or(0, |question| question.coding);
    match (function, is_response) {
        (4 | 5, false) => {
            variables(&mut reader, &mut operation)?;
            operation.value = Some(values(data, 1, operation.coding))
                .filter(|_| function == 5)
                .unwrap_or_default();
        }
        (0x1a..=0x1f, false) => operation.address = file(&mut reader, function).unwrap_or_default(),
        (0x28, false) => service(&mut reader, &mut operation)?,
        (0x29, false) => {
            operation.value = label(
                reader
                    .take(5)
                    .and_then(|_| reader.block8())
                    .unwrap_or_default(),
            );
        }
        (4, true) => operation.value = values(data, usize::from(reader.u8()?), coding),
        _ => {}
    }
    if is_response {
        operation.result = result(header, function, data);
    }
    if let Some(question) = question {
        operation.complete(question);
    }
    Some(Message::of(operation))
}

/// An answer that says no more than how it went.
fn bare_answer(header: &Header, question: Option<&Operation>) -> Message {
    let operation = question.map_or_else(
        || Operation {
            name: "acknowledgement".into(),
            ..Operation::default()
        },
        Operation::clone,
    );
    Message::of(Operation {
        is_response: true,
        result: result(header, 0, &[]),
        ..operation
    })
}

fn result(header: &Header, function: u8, data: &[u8]) -> Name {
    if header.error != [0, 0] {
        let [class, code] = header.error;
        return named(&ERRORS, class).map_or_else(
            || format!("error 0x{class:02x}{code:02x}").into(),
            Name::from,
        );
    }
    let code = match (function, data) {
        (4 | 5, [code, ..]) => *code,
        _ => 0xff,
    };
    item_result(code)
}

fn item_result(code: u8) -> Name {
    match code {
        0 | 0xff => OK.into(),
        _ => named(&ITEM_ERRORS, code)
            .map_or_else(|| format!("error 0x{code:02x}").into(), Name::from),
    }
}

/// The items of a question: the first one's address, and how many elements all have.
fn variables(reader: &mut Reader, operation: &mut Operation) -> Option<()> {
    let count = usize::from(reader.u8()?);
    for place in 0..count.min(MAX_ITEMS) {
        reader.u8()?; // 0x12: an address follows
        let item = reader.block8()?;
        if !reader.at().is_multiple_of(2)
            && place.saturating_add(1) < count
            && reader.rest().first() == Some(&0)
        {
            reader.u8(); // filled up to an even length
        }
        let (address, coding, quantity) = variable(item)?;
        operation.quantity = operation.quantity.saturating_add(quantity);
        if place == 0 {
            (operation.address, operation.coding) = (address, coding);
        }
    }
    Some(())
}

/// Address, type and count of one item.
fn variable(item: &[u8]) -> Option<(String, u16, i64)> {
    let mut reader = Reader::new(item);
    match reader.u8()? {
        0x10 => {
            let (kind, count, block) = (reader.u8()?, reader.u16()?, reader.u16()?);
            let (area, at) = (reader.u8()?, reader.u24()?);
            let address = any_pointer(area, block, at);
            Some((address, u16::from(kind), i64::from(count)))
        }
        0xb2 => Some((format!("symbol {}", hex(reader.rest())), 0, 1)),
        syntax => Some((format!("syntax 0x{syntax:02x}"), 0, 1)),
    }
}

fn any_pointer(area: u8, block: u16, at: u32) -> String {
    let (byte, bit) = (at >> 3, at & 7);
    match area {
        0x1c => format!("C{at}"),
        0x1d => format!("T{at}"),
        0x80 => format!("P{byte}.{bit}"),
        0x81 => format!("I{byte}.{bit}"),
        0x82 => format!("Q{byte}.{bit}"),
        0x83 => format!("M{byte}.{bit}"),
        0x84 => format!("DB{block}.DBX{byte}.{bit}"),
        0x85 => format!("DI{block}.DIX{byte}.{bit}"),
        0x86 => format!("L{byte}.{bit}"),
        _ => format!("area 0x{area:02x} {byte}.{bit}"),
    }
}

/// The values of the first items; the type of the first is known from its address.
fn values(data: &[u8], count: usize, coding: u16) -> String {
    let mut reader = Reader::new(data);
    let mut told = Values::default();
    for place in 0..count.min(MAX_ITEMS) {
        let (Some(_), Some(kind), Some(length)) = (reader.u8(), reader.u8(), reader.u16()) else {
            break;
        };
        // These kinds count bits.
        let length = usize::from(if matches!(kind, 3..=5) {
            length.div_ceil(8)
        } else {
            length
        });
        let Some(bytes) = reader.take(length.min(reader.rest().len())) else {
            break;
        };
        if length % 2 != 0 {
            reader.u8();
        }
        let coding = if place == 0 { coding } else { 0 };
        if !elements(bytes, coding, &mut told) {
            break;
        }
    }
    told.text()
}

/// One item's elements by its type; bytes whose type is not known as one number in hex.
fn elements(bytes: &[u8], coding: u16, told: &mut Values) -> bool {
    let size = match coding {
        1 | 2 => 1,
        4 | 5 => 2,
        6..=8 => 4,
        _ => return bytes.is_empty() || told.add(&hex(bytes)),
    };
    bytes
        .chunks_exact(size)
        .all(|element| told.add(&number(element, coding)))
}

fn number(element: &[u8], coding: u16) -> String {
    match (element, coding) {
        ([byte], _) => byte.to_string(),
        ([a, b], 5) => i16::from_be_bytes([*a, *b]).to_string(),
        ([a, b], _) => u16::from_be_bytes([*a, *b]).to_string(),
        ([a, b, c, d], 7) => i32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        ([a, b, c, d], 8) => f32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        ([a, b, c, d], _) => u32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        _ => hex(element),
    }
}

/// The name of the block that is loaded up or down.
fn file(reader: &mut Reader, function: u8) -> Option<String> {
    reader.take(7)?; // status, unused, number of the upload
    matches!(function, 0x1a..=0x1d).then_some(())?;
    Some(label(reader.block8()?))
}

/// A service of the program: start, insert or delete blocks, compress.
fn service(reader: &mut Reader, operation: &mut Operation) -> Option<()> {
    reader.take(7)?;
    operation.address = label(reader.block16()?);
    operation.value = label(reader.block8()?);
    Some(())
}

fn user_data(parameters: &[u8], data: &[u8], reference: u16) -> Option<Message> {
    let mut reader = Reader::new(parameters);
    reader.take(4)?; // head and length
    let (_method, kind, sub) = (reader.u8()?, reader.u8()?, reader.u8()?);
    reader.u8()?; // sequence
    let (group, direction) = (kind & 0x0f, kind >> 4);
    let function = u16::from_be_bytes([group, sub]);
    let known = USER_DATA.iter().find(|(number, ..)| *number == function);
    let name = known.map_or_else(
        || named(&GROUPS, group).unwrap_or("user data"),
        |known| known.1,
    );
    let error = reader.take(2).and_then(|_| reader.u16()).unwrap_or(0);
    let mut message = Message::of(Operation {
        is_response: direction == 8,
        function: i64::from(function),
        name: name.into(),
        access: known.map_or("", |known| known.2),
        coding: reference,
        ..Operation::default()
    });
    message.is_by_server |= direction == 0; // pushed
    if direction == 8 {
        let code = data.first().copied().unwrap_or(0xff);
        let result = if error == 0 {
            item_result(code)
        } else {
            format!("error 0x{error:04x}").into()
        };
        message.operations.first_mut()?.result = result;
    }
    if function == 0x0401 {
        let _ = status_list(data, &mut message);
    }
    Some(message)
}

/// A part of the system status list: which, and what it says of the module.
fn status_list(data: &[u8], message: &mut Message) -> Option<()> {
    let mut reader = Reader::new(data);
    let ([code, _], _) = (reader.array()?, reader.u16()?);
    let (list, index) = (reader.u16()?, reader.u16()?);
    let operation = message.operations.first_mut()?;
    operation.address = format!("0x{list:04x} index {index}");
    if !operation.is_response || code != 0xff {
        return Some(());
    }
    let (length, count) = (reader.u16()?, reader.u16()?);
    operation.quantity = i64::from(count);
    for _ in 0..usize::from(count).min(MAX_RECORDS) {
        let record = reader.take(usize::from(length))?;
        let mut record = Reader::new(record);
        let index = record.u16()?;
        match (list & 0xff, index) {
            (0x11, 1) => message.sight("s7.module", label(record.take(20)?)),
            (0x11, 7) => {
                record.take(22)?;
                if let [b'V', major, minor, patch] = record.array()? {
                    message.sight("s7.firmware", format!("V{major}.{minor}.{patch}"));
                }
            }
            (0x1c, 1) => message.sight("s7.name", label(record.take(24)?)),
            (0x1c, 5) => message.sight("s7.serial", label(record.take(24)?)),
            (0x1c, 7) => message.sight("s7.type", label(record.rest())),
            _ => {}
        }
    }
    message.tell_sightings();
    Some(())
}

/// A connection: an answer knows its question by the reference of the message.
#[derive(Debug, Default)]
pub struct Session {
    asked: Asked,
    service: &'static str,
    unit: String,
    /// Whether a side's message goes on in its next packet.
    goes_on: [bool; 2],
}

impl Session {
    fn understand(
        &mut self,
        data: &[u8],
        is_last: bool,
        is_by_server: bool,
    ) -> Result<Message, Damage> {
        let goes_on = self.goes_on.get_mut(usize::from(is_by_server));
        let was_going_on = goes_on.is_some_and(|on| std::mem::replace(on, !is_last));
        match data.first() {
            _ if was_going_on => Ok(Message::default()),
            Some(0x32) => {
                self.service = NAME;
                self.message(data).ok_or(SHORT)
            }
            Some(0x72) => {
                self.service = PLUS;
                Ok(Message::default())
            }
            None => Ok(Message::default()),
            Some(_) => Err(Damage("s7comm: another protocol over TPKT")),
        }
    }

    fn message(&mut self, data: &[u8]) -> Option<Message> {
        let (header, parameters, data) = split(data)?;
        let mut message = match header.kind {
            1 => {
                let message = job(&header, parameters, data, None)?;
                let operation = message.operations.first()?;
                self.asked.ask(0, u64::from(header.reference), operation);
                message
            }
            2 | 3 => {
                let question = self.asked.answered(0, u64::from(header.reference));
                job(&header, parameters, data, question.as_ref())?
            }
            7 => user_data(parameters, data, header.reference)?,
            _ => return None,
        };
        message
            .operations
            .iter_mut()
            .for_each(|operation| operation.unit.clone_from(&self.unit));
        Some(message)
    }
}

impl super::plant::Session for Session {
    fn service(&self) -> &'static str {
        self.service
    }

    fn hear(&mut self, bytes: &[u8], is_by_server: bool) -> Parsed<Message> {
        packet(bytes).and(|(kind, is_last, data)| match kind {
            0xf0 => self.understand(data, is_last, is_by_server),
            0xe0 => {
                self.unit = place(data).unwrap_or_default();
                Ok(Message::default())
            }
            _ => Ok(Message::default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::{Session as _, joined};
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const REQUEST: &[u8] =
        b"\x03\0\0\x16\x11\xe0\0\0\0\x01\0\xc0\x01\x0a\xc1\x02\x01\0\xc2\x02\x01\x02";
    /// DB1, two words from byte 4.
    const READ_VAR: &[u8] =
        b"\x03\0\0\x1f\x02\xf0\x80\x32\x01\0\0\0\x05\0\x0e\0\0\x04\x01\x12\x0a\x10\x04\0\x02\0\x01\x84\0\0\x20";
    const VALUES: &[u8] =
        b"\x03\0\0\x1d\x02\xf0\x80\x32\x03\0\0\0\x05\0\x02\0\x08\0\0\x04\x01\xff\x04\0\x20\0\x07\x01\0";
    /// M10.3 is set.
    const WRITE_VAR: &[u8] =
        b"\x03\0\0\x24\x02\xf0\x80\x32\x01\0\0\0\x06\0\x0e\0\x05\x05\x01\x12\x0a\x10\x01\0\x01\0\0\x83\0\0\x53\0\x03\0\x01\x01";
    const STOP: &[u8] =
        b"\x03\0\0\x21\x02\xf0\x80\x32\x01\0\0\0\x07\0\x10\0\0\x29\0\0\0\0\0\x09P_PROGRAM";
    const WHO: &[u8] =
        b"\x03\0\0\x21\x02\xf0\x80\x32\x07\0\0\0\x08\0\x08\0\x08\0\x01\x12\x04\x11\x44\x01\0\xff\x09\0\x04\0\x11\0\0";

    fn me() -> Vec<u8> {
        let mut module = b"\0\x016ES7 315-2EH14-0AB0 ".to_vec();
        module.extend([0, 0xc0, 0, 4, 0, 1]);
        let mut firmware = b"\0\x07                    ".to_vec();
        firmware.extend([0, 0xc0, b'V', 3, 2, 6]);
        let mut data = b"\xff\x09\0\x40\0\x11\0\0\0\x1c\0\x02".to_vec();
        data.extend([module, firmware].concat());
        let mut bytes = vec![3, 0, 0, 0, 2, 0xf0, 0x80, 0x32, 7, 0, 0, 0, 8, 0, 12, 0, 68];
        bytes.extend(b"\0\x01\x12\x08\x12\x84\x01\x01\0\0\0\0");
        bytes.extend(&data);
        bytes[3] = bytes.len() as u8;
        bytes
    }

    fn only(message: &Message) -> &Operation {
        assert_eq!(message.operations.len(), 1);
        &message.operations[0]
    }

    #[test]
    fn reading_tells_addresses_and_values() {
        let mut session = Session::default();
        assert_eq!(done(session.hear(REQUEST, false)), Message::default());
        assert_eq!(session.service(), "");
        let message = done(session.hear(READ_VAR, false));
        let read = only(&message);
        assert_eq!(session.service(), NAME);
        assert_eq!(
            (read.name.as_ref(), read.access, read.unit.as_str()),
            ("read var", READ, "rack 0 slot 2")
        );
        assert_eq!((read.address.as_str(), read.quantity), ("DB1.DBX4.0", 2));
        let message = done(session.hear(VALUES, true));
        let answer = only(&message);
        assert_eq!(
            (answer.address.as_str(), answer.value.as_str()),
            ("DB1.DBX4.0", "7,256")
        );
        assert_eq!(
            (answer.result.as_ref(), answer.quantity, answer.function),
            ("ok", 2, 4)
        );
    }

    #[test]
    fn writing_and_stopping_are_told() {
        let message = done(parse(WRITE_VAR, false));
        let write = only(&message);
        assert_eq!(
            (write.access, write.address.as_str(), write.value.as_str()),
            (WRITE, "M10.3", "1")
        );
        let message = done(parse(STOP, false));
        assert_eq!(
            (only(&message).name.as_ref(), only(&message).access),
            ("plc stop", CONTROL)
        );
        assert_eq!(only(&message).value, "P_PROGRAM");
        let mut refused = VALUES.to_vec();
        refused[21] = 10;
        assert_eq!(
            only(&done(parse(&refused, true))).result,
            "object does not exist"
        );
    }

    #[test]
    fn a_controller_tells_its_module() {
        let message = done(parse(WHO, false));
        assert_eq!(
            (
                only(&message).name.as_ref(),
                only(&message).address.as_str()
            ),
            ("read szl", "0x0011 index 0")
        );
        let message = done(parse(&me(), true));
        let expected = [
            ("s7.module", "6ES7 315-2EH14-0AB0"),
            ("s7.firmware", "V3.2.6"),
        ];
        assert_eq!(
            message.sightings,
            expected.map(|(field, value)| (field, value.to_owned()))
        );
        assert_eq!(
            (only(&message).result.as_ref(), message.is_by_server),
            ("ok", true)
        );
    }

    #[test]
    fn its_successor_is_recognised_and_others_are_not() {
        let mut session = Session::default();
        done(session.hear(b"\x03\0\0\x0c\x02\xf0\x80\x72\x01\0\0\0", false));
        assert_eq!(session.service(), PLUS);
        assert!(
            looks_like(REQUEST) && looks_like(READ_VAR) && !looks_like(b"\x16\x03\x01\0\0\0\0\0")
        );
        assert_eq!(
            damage(parse(b"\x03\0\0\x09\x02\xf0\x80\x0d\0", false)),
            "s7comm: another protocol over TPKT"
        );
        assert_eq!(parse(&READ_VAR[..9], false), Parsed::More(22));
        assert_eq!(parse(b"GET", false), Parsed::Foreign);
    }

    #[test]
    fn numbers_are_written_by_their_type() {
        assert_eq!(number(&[0xff, 0xff], 5), "-1");
        assert_eq!(number(&[0x40, 0x48, 0, 0], 8), "3.125");
        assert_eq!(joined([number(&[1, 0], 4), hex(&[0xab])]), "256,ab");
    }

    #[test]
    fn it_never_panics() {
        let me = me();
        never_panics(
            &[REQUEST, READ_VAR, VALUES, WRITE_VAR, STOP, WHO, &me],
            |bytes| {
                let mut session = Session::default();
                let _ = (
                    looks_like(bytes),
                    session.hear(bytes, false),
                    session.hear(bytes, true),
                );
            },
        );
    }
}
