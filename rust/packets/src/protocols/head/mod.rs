//! The head that HTTP (RFC 9112), RTSP (RFC 2326), SIP (RFC 3261) and SSDP share: a first line, then fields.

mod fields;
mod first;

use super::login::Login;
use super::text::{printable, trimmed};
use crate::damage::{Damage, Parsed};
pub(super) use fields::parameter;
use fields::{Field, basic, read_fields, split_line, unfold};
use first::read_first;
pub use first::{First, may_begin};

/// The most bytes of a head.
pub const MAX_HEAD: usize = 8 * 1024;

/// A head whose fields still stand in the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head<'a> {
    pub first: First<'a>,
    /// The digits after `HTTP/` or the like.
    pub version: &'a [u8],
    fields: Vec<(&'a [u8], Field<'a>)>,
}

/// The names of the damage of one protocol.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    /// What stands before the slash of the version: `HTTP`.
    pub protocol: &'static [u8],
    pub too_long: Damage,
    pub bad_line: Damage,
}

/// The names of a protocol: what stands before the slash of its version, and what its damage is called after.
macro_rules! names {
    ($protocol:literal, $called:literal) => {
        $crate::protocols::head::Names {
            protocol: $protocol,
            too_long: $crate::damage::Damage(concat!($called, ": head too long")),
            bad_line: $crate::damage::Damage(concat!($called, ": bad first line")),
        }
    };
}
pub(super) use names;

impl<'a> Head<'a> {
    /// The value of the first field of that name, blanks around it removed; empty when there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &'a [u8] {
        self.fields(name).next().unwrap_or_default()
    }

    /// The values of all fields of that name.
    pub fn fields(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| *value)
    }

    /// The value of a field as text, its line folds as one blank each.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        unfold(self.field(name))
    }

    /// What an Authorization field says: its scheme, and the login of Basic (RFC 7617), or the user of Digest.
    #[must_use]
    pub fn authorization(&self) -> (String, Option<Login>) {
        let value = self.field("authorization");
        let end = value
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(value.len());
        let (scheme, rest) = value.split_at_checked(end).unwrap_or_default();
        let scheme = printable(scheme).to_ascii_lowercase();
        let login = match scheme.as_str() {
            "basic" => basic(rest),
            "digest" => parameter(rest, "username").map(|user| Login::new(&user, None)),
            _ => None,
        };
        (scheme, login)
    }

    /// The realm of a WWW-Authenticate field, or empty.
    #[must_use]
    pub fn realm(&self) -> String {
        let realm = self
            .fields("www-authenticate")
            .find_map(|value| parameter(value, "realm"));
        realm.map(|realm| trimmed(&realm)).unwrap_or_default()
    }
}

/// Reads a head; `Foreign` as soon as the first line can be none, `More` until the empty line came.
pub fn parse<'a>(bytes: &'a [u8], names: &Names) -> Parsed<Head<'a>> {
    if !may_begin(bytes, names.protocol) {
        return Parsed::Foreign;
    }
    let window = bytes.get(..MAX_HEAD).unwrap_or(bytes);
    let Some(end) = end_of_head(window) else {
        let cut = window.len() < bytes.len() || bytes.len() == MAX_HEAD;
        return if cut {
            Parsed::Damaged(names.too_long)
        } else {
            Parsed::More(1)
        };
    };
    parse_to(window.get(..end).unwrap_or_default(), names)
}

/// Reads a head that a datagram holds; the empty line may lack.
pub fn parse_datagram<'a>(bytes: &'a [u8], names: &Names) -> Parsed<Head<'a>> {
    if !may_begin(bytes, names.protocol) {
        return Parsed::Foreign;
    }
    let window = bytes.get(..MAX_HEAD).unwrap_or(bytes);
    parse_to(
        window
            .get(..end_of_head(window).unwrap_or(window.len()))
            .unwrap_or_default(),
        names,
    )
}

/// Whether the first line is there whole.
#[must_use]
pub fn has_line(bytes: &[u8]) -> bool {
    bytes.iter().take(MAX_HEAD).any(|byte| *byte == b'\n')
}

/// Where the body begins: behind the first empty line, ended by CR LF or LF alone.
#[must_use]
pub fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut lines = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .scan(0_usize, |at, line| {
            *at = at.saturating_add(line.len());
            Some((*at, line))
        });
    lines
        .find(|(_, line)| matches!(*line, b"\n" | b"\r\n"))
        .map(|(at, _)| at)
}

fn parse_to<'a>(head: &'a [u8], names: &Names) -> Parsed<Head<'a>> {
    let (line, rest) = split_line(head);
    let Some((first, version)) = read_first(line, names.protocol) else {
        return Parsed::Damaged(names.bad_line);
    };
    Parsed::Done(
        Head {
            first,
            version,
            fields: read_fields(rest),
        },
        head.len(),
    )
}

/// The fields of a head that has no first line, as those of the parts of a body.
#[must_use]
pub fn fields_of(head: &[u8]) -> Head<'_> {
    Head {
        first: First::Response { status: 0 },
        version: &[],
        fields: read_fields(head),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const NAMES: Names = Names {
        protocol: b"HTTP",
        too_long: Damage("http: head too long"),
        bad_line: Damage("http: bad first line"),
    };

    #[test]
    fn fields_are_found_in_either_case_and_folds_are_joined() {
        let head = done(parse(
            b"GET /a b HTTP/1.1\r\nX-One: a\r\n  b\r\nnot a field\r\nhost:h\r\n\r\nbody",
            &NAMES,
        ));
        assert_eq!(
            head.first,
            First::Request {
                method: b"GET",
                target: b"/a b"
            }
        );
        assert_eq!(
            (head.text("x-one").as_str(), head.field("HOST")),
            ("a b", &b"h"[..])
        );
    }

    #[test]
    fn line_feeds_alone_end_lines_too() {
        let bytes = b"HTTP/1.0 200 OK\nServer: s\n\nbody";
        let Parsed::Done(head, taken) = parse(bytes, &NAMES) else {
            panic!("a head")
        };
        assert_eq!(
            (head.first, taken),
            (First::Response { status: 200 }, bytes.len() - 4)
        );
    }

    #[test]
    fn a_realm_keeps_what_stood_in_quotes() {
        let head = done(parse(
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest qop=\"auth\", Realm=\"a \\\"b\\\", c\"\r\n\r\n",
            &NAMES,
        ));
        assert_eq!(head.realm(), "a \"b\", c");
    }

    #[test]
    fn a_head_without_end_is_damage_and_others_are_foreign() {
        let mut endless = b"GET / HTTP/1.1\r\n".to_vec();
        endless.resize(MAX_HEAD + 1, b'a');
        assert_eq!(damage(parse(&endless, &NAMES)), "http: head too long");
        assert_eq!(
            damage(parse(b"HTTP/1.1 2x0 OK\r\n\r\n", &NAMES)),
            "http: bad first line"
        );
        assert_eq!(parse(b"GET / RTSP/1.0\r\n", &NAMES), Parsed::Foreign);
        assert_eq!(parse(b"SSH-2.0-x", &NAMES), Parsed::Foreign);
        assert_eq!(parse(b"HT", &NAMES), Parsed::More(1));
    }

    #[test]
    fn it_never_panics() {
        let sample = b"GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\nwww-authenticate: x realm=\"a\\\r\n\r\n";
        never_panics(&[sample], |bytes| {
            for parsed in [parse(bytes, &NAMES), parse_datagram(bytes, &NAMES)] {
                let _ = parsed.map(|head| (head.authorization(), head.realm()));
            }
        });
    }
}
