//! Calls in SOAP as devices take them (SOAP 1.2; ONVIF core 5; `UPnP` Device Architecture 2.0 section 3): what is asked
//! for, whether somebody signs for it, and the port that a router is asked to open.
//!
//! No general reader of XML: nothing but the names and texts of known elements is taken, entities are never followed.

use super::text::{find, printable};
use crate::damage::{Damage, Parsed};

/// What damage of it is called after.
pub const NAME: &str = "soap";
/// The most bytes of a call that are read.
pub const MAX_CALL: usize = 8 * 1024;
/// The most bytes before the envelope.
const MAX_BEFORE: usize = 512;
/// The longest name of an operation.
const MAX_NAME: usize = 64;
/// How the name of a namespace of ONVIF begins.
const ONVIF: &[u8] = b"http://www.onvif.org/";

/// One call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The first element in the body without its prefix: `GetStreamUri`.
    pub operation: String,
    /// It is one of ONVIF.
    pub is_onvif: bool,
    /// It says who calls (WS-Security).
    pub is_signed: bool,
    /// Of a request to open a port: protocol and port outside, address and port within.
    pub mapping: String,
}

/// Whether the bytes may begin a call.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let front = bytes.get(..MAX_BEFORE).unwrap_or(bytes);
    front.trim_ascii_start().starts_with(b"<") && find(front, b"Envelope").is_some()
}

/// Whether the call is all there.
#[must_use]
pub fn is_whole(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(64)..);
    let tail = tail.unwrap_or_default();
    let end = tail.iter().rposition(|byte| *byte == b'<').unwrap_or(0);
    let last = tail.get(end..).unwrap_or_default();
    last.starts_with(b"</") && find(last, b"Envelope>").is_some()
}

/// A call, or the front of one.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        return Parsed::Foreign;
    }
    let whole = bytes.get(..MAX_CALL).unwrap_or(bytes);
    let Some((head, body)) = at_body(whole) else {
        return Parsed::Damaged(Damage("soap: no body"));
    };
    let operation = operation(body);
    let mapping = if operation == "AddPortMapping" {
        mapping(body).unwrap_or_default()
    } else {
        String::new()
    };
    let message = Message {
        is_onvif: find(whole, ONVIF).is_some(),
        is_signed: find(head, b"UsernameToken").is_some() || find(head, b"Signature").is_some(),
        operation,
        mapping,
    };
    Parsed::Done(message, bytes.len())
}

/// What stands before the body, and what is in it.
fn at_body(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let begin = find(bytes, b":Body").or_else(|| find(bytes, b"<Body"))?;
    let (head, rest) = bytes.split_at_checked(begin)?;
    let end = find(rest, b">")?.checked_add(1)?;
    Some((head, rest.get(end..)?))
}

/// The name of the first element.
fn operation(body: &[u8]) -> String {
    let Some(begin) = find(body, b"<") else {
        return String::new();
    };
    let rest = body.get(begin.saturating_add(1)..).unwrap_or_default();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte);
    let end = rest.iter().take(MAX_NAME).position(|byte| !is_name(byte));
    let name = rest.get(..end.unwrap_or(0)).unwrap_or_default();
    printable(name.rsplit(|byte| *byte == b':').next().unwrap_or(name))
}

/// `TCP 8080 to 192.168.1.20:80`.
fn mapping(body: &[u8]) -> Option<String> {
    let outside: u16 = text(body, "NewExternalPort")?.parse().ok()?;
    let within: u16 = text(body, "NewInternalPort")?.parse().ok()?;
    let address: std::net::IpAddr = text(body, "NewInternalClient")?.parse().ok()?;
    let protocol = text(body, "NewProtocol").unwrap_or_default();
    let protocol = if protocol.eq_ignore_ascii_case("udp") {
        "UDP"
    } else {
        "TCP"
    };
    Some(format!("{protocol} {outside} to {address}:{within}"))
}

/// The text of the first element of that name; only what is short.
fn text(body: &[u8], element: &str) -> Option<String> {
    let begin = find(body, format!("<{element}").as_bytes())?;
    let rest = body.get(begin..)?;
    let from = find(rest, b">")?.checked_add(1)?;
    let rest = rest.get(from..)?;
    let value = rest.get(..find(rest, b"<")?.min(MAX_NAME))?;
    Some(printable(value.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const OPEN: &[u8] = b"<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
        <s:Body><u:AddPortMapping xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:1\"><NewRemoteHost/>\
        <NewExternalPort>8080</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>80</NewInternalPort>\
        <NewInternalClient>192.168.1.20</NewInternalClient></u:AddPortMapping></s:Body></s:Envelope>";
    const ASK: &[u8] = b"<Envelope><Body><GetStreamUri xmlns=\"http://www.onvif.org/ver10/media/wsdl\"/></Body></Envelope>";
    const SIGNED: &[u8] =
        b"<s:Envelope><s:Header><Security><UsernameToken/></Security></s:Header><s:Body>\
        <GetProfiles xmlns=\"http://www.onvif.org/ver10/media/wsdl\"/></s:Body></s:Envelope>";

    #[test]
    fn a_request_for_an_open_port_tells_which() {
        let message = done(parse(OPEN));
        assert_eq!(message.operation, "AddPortMapping");
        assert_eq!(message.mapping, "TCP 8080 to 192.168.1.20:80");
        assert!(!message.is_onvif && is_whole(OPEN));
    }

    #[test]
    fn a_call_of_onvif_tells_whether_somebody_signs_for_it() {
        let (open, signed) = (done(parse(ASK)), done(parse(SIGNED)));
        assert_eq!(
            (open.operation.as_str(), open.is_onvif),
            ("GetStreamUri", true)
        );
        assert!(!open.is_signed && signed.is_signed);
        assert_eq!(signed.operation, "GetProfiles");
    }

    #[test]
    fn lies_in_it_are_left_out_and_other_bodies_are_foreign() {
        let text = String::from_utf8(OPEN.to_vec()).unwrap();
        let lie = text.replace("8080<", "99999<");
        assert_eq!(done(parse(lie.as_bytes())).mapping, "");
        let markup = text.replace("192.168.1.20", "&lt;b&gt;");
        assert_eq!(done(parse(markup.as_bytes())).mapping, "");
        assert_eq!(parse(b"{\"a\": 1}"), Parsed::Foreign);
        assert_eq!(damage(parse(b"<s:Envelope></s:Envelope>")), "soap: no body");
        assert!(!is_whole(b"<s:Envelope><s:Body>"));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[OPEN, ASK, SIGNED], |bytes| {
            let _ = (parse(bytes), looks_like(bytes), is_whole(bytes));
        });
    }
}
