//! The first line: a request with its method and target, or a response with its status.

use super::MAX_HEAD;
use crate::protocols::text::{after, find, printable};

/// The most letters of a method.
const MAX_METHOD: usize = 24;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum First<'a> {
    Request { method: &'a [u8], target: &'a [u8] },
    Response { status: u16 },
}

impl<'a> First<'a> {
    #[must_use]
    pub fn is_response(&self) -> bool {
        matches!(self, Self::Response { .. })
    }

    /// 0 of a request.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Response { status } => *status,
            Self::Request { .. } => 0,
        }
    }

    /// Empty of a response.
    #[must_use]
    pub fn method(&self) -> String {
        match self {
            Self::Request { method, .. } => printable(method),
            Self::Response { .. } => String::new(),
        }
    }

    /// Empty of a response.
    #[must_use]
    pub fn target(&self) -> &'a [u8] {
        match self {
            Self::Request { target, .. } => target,
            Self::Response { .. } => &[],
        }
    }
}

/// Whether the bytes, as far as they go, could begin a head of that protocol.
#[must_use]
pub fn may_begin(bytes: &[u8], protocol: &[u8]) -> bool {
    let shorter = bytes.len().min(protocol.len());
    let status = bytes.get(..shorter) == protocol.get(..shorter);
    status && bytes.get(protocol.len()).is_none_or(|byte| *byte == b'/')
        || may_be_request(bytes, protocol)
}

/// A method in capitals, a blank, a target, and at the end of the line the protocol and its version; the blank between
/// the two may lack.
fn may_be_request(bytes: &[u8], protocol: &[u8]) -> bool {
    let is_method = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_');
    let letters = bytes.iter().take_while(|byte| is_method(byte)).count();
    if letters > MAX_METHOD
        || bytes
            .get(letters)
            .is_some_and(|byte| letters < 3 || *byte != b' ')
    {
        return false;
    }
    let line = bytes.get(..MAX_HEAD).unwrap_or(bytes);
    let Some(end) = line.iter().position(|byte| *byte == b'\n') else {
        return line
            .iter()
            .all(|byte| !byte.is_ascii_control() || *byte == b'\r');
    };
    let line = line.get(..end).unwrap_or_default().trim_ascii_end();
    let last = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let version = after(last, protocol).or_else(|| unparted(last, protocol));
    version.is_some_and(|version| version.first() == Some(&b'/'))
}

/// What stands behind the protocol's name at the end of a target that no blank parts from it: `/HTTP/1.1`.
fn unparted<'a>(target: &'a [u8], protocol: &[u8]) -> Option<&'a [u8]> {
    let at = find(target, protocol)?;
    let before = at.checked_sub(1).and_then(|place| target.get(place))?;
    (*before == b'/').then_some(target.get(at.saturating_add(protocol.len())..)?)
}

pub(super) fn read_first<'a>(line: &'a [u8], protocol: &[u8]) -> Option<(First<'a>, &'a [u8])> {
    let line = line.trim_ascii_end();
    if let Some(rest) = after(line, protocol) {
        let mut parts = rest.strip_prefix(b"/")?.splitn(3, |byte| *byte == b' ');
        let version = parts.next()?;
        let status = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
        return (100..1000)
            .contains(&status)
            .then_some((First::Response { status }, version));
    }
    let end = line.iter().position(|byte| *byte == b' ')?;
    let last = line.iter().rposition(|byte| *byte == b' ')?;
    let method = line.get(..end)?;
    let target = line.get(end..last)?.trim_ascii();
    let rest = line.get(last.saturating_add(1)..)?;
    if target.is_empty() {
        // Two parts are a method and a target without a version (RFC 1945 section 5.1), whatever the second looks like.
        let target = rest;
        return Some((First::Request { method, target }, b""));
    }
    let version = after(rest, protocol)?.strip_prefix(b"/")?;
    Some((First::Request { method, target }, version))
}
