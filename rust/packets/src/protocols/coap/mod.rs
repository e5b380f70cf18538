//! The constrained application protocol (RFC 7252, observation RFC 7641, lists of resources RFC 6690).

mod formats;

use super::reader::Reader;
use super::text::printable;
use crate::damage::{Damage, Parsed};
use formats::{LINKS, links, media_type};

/// The service name of flows that speak this.
pub const NAME: &str = "coap";
/// The most options read.
const MAX_OPTIONS: usize = 64;
/// The most segments kept of a path.
const MAX_SEGMENTS: usize = 32;
/// The option in which Shelly devices name themselves.
const DEVICE: u32 = 3332;
/// The greatest option number that is in use (IANA), but for those of vendors and experiments.
const MAX_NUMBER: u32 = 65535;

const OPTION: Damage = Damage("coap: bad option");

/// A request, an answer or an empty message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// confirmable, non-confirmable, acknowledgement, reset.
    pub kind: &'static str,
    /// GET, POST, …; empty unless it is a request.
    pub method: &'static str,
    /// Class and detail as `2.05`; `0.00` for an empty message.
    pub code: String,
    pub id: u16,
    pub token: Vec<u8>,
    /// The segments of Uri-Path with a slash before each; empty without.
    pub path: String,
    /// Uri-Host.
    pub host: String,
    /// Asks to observe (0), no longer to (1), or counts the answers of an observation.
    pub observe: Option<u32>,
    /// Media type of the payload; empty when it is not told.
    pub format: String,
    /// Of the payload in this message, bytes: one block of a transfer by blocks (RFC 7959).
    pub payload: usize,
    /// The resources a list names, as `path` or `path|type`; those cut by the borders of blocks are left out.
    pub links: Vec<String>,
    /// Model, id and version as `model#id#version` in a status of Shelly devices (option 3332 of `CoIoT`).
    pub device: String,
}

impl Message {
    /// Whether it carries neither a question nor an answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code == "0.00"
    }

    /// Whether it answers.
    #[must_use]
    pub fn is_response(&self) -> bool {
        !self.code.starts_with('0') || self.is_empty() && self.kind != "confirmable"
    }
}

/// Whether the header is plausible: version 1, a token of at most eight bytes, a code that is defined.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let [first, code, _, _, rest @ ..] = bytes else {
        return false;
    };
    let token = usize::from(first & 0x0f);
    let defined = match code >> 5 {
        // The last is the status that Shelly devices send to all.
        0 => (*code <= 7 || *code == 30) && (*code != 0 || token == 0 && rest.is_empty()),
        2 => matches!(code & 0x1f, 1..=5 | 31),
        4 => matches!(code & 0x1f, 0..=6 | 8 | 9 | 12 | 13 | 15 | 22 | 29),
        5 => matches!(code & 0x1f, 0..=5 | 8),
        _ => false,
    };
    first >> 6 == 1 && token <= 8 && rest.len() >= token && defined
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    Parsed::from_result(read_message(bytes).ok_or(OPTION), bytes.len())
}

fn read_message(bytes: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(bytes);
    let [first, code] = reader.array()?;
    let id = reader.u16()?;
    let token = reader.take(usize::from(first & 0x0f))?.to_vec();
    let kinds = ["confirmable", "non-confirmable", "acknowledgement", "reset"];
    let kind = kinds.get(usize::from(first >> 4 & 3)).copied()?;
    let code_text = format!("{}.{:02}", code >> 5, code & 0x1f);
    let mut message = Message {
        kind,
        method: method(code),
        code: code_text,
        id,
        token,
        ..Message::default()
    };
    read_options(&mut reader, &mut message)?;
    Some(message)
}

fn read_options(reader: &mut Reader, message: &mut Message) -> Option<()> {
    let mut number: u32 = 0;
    let mut segments = 0_usize;
    for _ in 0..MAX_OPTIONS {
        let Some(first) = reader.u8() else {
            return Some(());
        };
        if first == 0xff {
            message.payload = reader.rest().len();
            if message.format == LINKS {
                message.links = links(reader.rest());
            }
            // A mark with nothing behind it is an error (section 3).
            return (message.payload > 0).then_some(());
        }
        number = number.saturating_add(extended(reader, first >> 4)?);
        let size = extended(reader, first & 0x0f)?;
        let value = reader.take(usize::try_from(size).ok()?)?;
        match number {
            3 => message.host = printable(value).to_lowercase(),
            6 if value.len() <= 3 => {
                message.observe = Some(
                    value
                        .iter()
                        .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
                );
            }
            11 if segments < MAX_SEGMENTS => {
                segments = segments.saturating_add(1);
                message.path.push('/');
                message.path.push_str(&printable(value));
            }
            12 if value.len() <= 2 => message.format = media_type(value),
            DEVICE => message.device = printable(value),
            _ if number > MAX_NUMBER => return None,
            _ => {}
        }
    }
    Some(())
}

/// A half byte that may go on in one or two bytes (section 3.1).
fn extended(reader: &mut Reader, half: u8) -> Option<u32> {
    match half {
        0..13 => Some(u32::from(half)),
        13 => u32::from(reader.u8()?).checked_add(13),
        14 => u32::from(reader.u16()?).checked_add(269),
        _ => None,
    }
}

fn method(code: u8) -> &'static str {
    const NAMES: [&str; 8] = [
        "", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH",
    ];
    NAMES.get(usize::from(code)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    /// Option 6 empty, then options 11 with the lengths 11 and 4.
    const GET: &[u8] = b"\x42\x01\x12\x34ab\x60\x5b.well-known\x04core";
    const CONTENT: &[u8] = b"\x61\x45\x12\x34a\x61\x07\xff22.5";

    #[test]
    fn a_request_tells_method_and_path() {
        let message = done(parse(GET));
        assert_eq!(
            (message.kind, message.method, message.id),
            ("confirmable", "GET", 0x1234)
        );
        assert_eq!(
            (message.path.as_str(), message.observe),
            ("/.well-known/core", Some(0))
        );
        assert_eq!(message.token, b"ab");
    }

    #[test]
    fn an_answer_tells_code_and_size() {
        let message = done(parse(CONTENT));
        assert_eq!(
            (message.kind, message.code.as_str()),
            ("acknowledgement", "2.05")
        );
        assert_eq!(
            (message.observe, message.payload, message.method),
            (Some(7), 4, "")
        );
    }

    #[test]
    fn a_list_names_resources() {
        let list = b"\x60\x45\x12\x34\xc1\x28\xff</a>;rt=\"t\",</b>";
        let message = done(parse(list));
        assert_eq!(message.format, "application/link-format");
        assert_eq!(message.links, ["/a|t", "/b"]);
        assert!(message.is_response() && !message.is_empty());
    }

    #[test]
    fn a_status_for_all_names_its_device() {
        let status = b"\x50\x1e\0\x01\xb3cit\x01s\xe5\x0b\xecA#1#2\xff{}";
        let message = done(parse(status));
        assert_eq!(
            (message.path.as_str(), message.device.as_str()),
            ("/cit/s", "A#1#2")
        );
        assert_eq!(
            (message.code.as_str(), message.is_response()),
            ("0.30", false)
        );
    }

    #[test]
    fn bad_options_are_damage_and_bad_headers_foreign() {
        assert_eq!(damage(parse(b"\x40\x01\0\x01\xb9ab")), "coap: bad option");
        assert_eq!(damage(parse(b"\x40\x01\0\x01\xff")), "coap: bad option");
        assert_eq!(damage(parse(b"\x40\x01\0\x01\xf1a")), "coap: bad option");
        assert_eq!(parse(b"\x80\x01\0\x01"), Parsed::Foreign);
        assert_eq!(parse(b"\x49\x01\0\x01123456789"), Parsed::Foreign);
        assert_eq!(parse(b"\x40\x3f\0\x01"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        let list = b"\x60\x45\x12\x34\xc1\x28\xff</a>;rt=\"t\",</b>";
        never_panics(
            &[GET, CONTENT, list, b"\x40\x01\0\x01\xee\0\0\0\0abc"],
            |bytes| {
                let _ = (parse(bytes), looks_like(bytes));
            },
        );
    }
}
