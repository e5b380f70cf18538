//! Heads of RTSP requests and responses (RFC 2326, RFC 7826), by which cameras are asked for their pictures.

use super::head::{self, Names, names};
use super::login::Login;
use super::text::{find, printable};
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "rtsp";

const NAMES: Names = names!(b"RTSP", "rtsp");

/// What the head of a request or a response says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub is_response: bool,
    /// Empty in a response.
    pub method: String,
    /// The address asked for, without its query and without a login within it.
    pub target: String,
    /// 0 in a request.
    pub status: u16,
    /// The `CSeq` field, which joins a response to its request; 0 when it is no number.
    pub sequence: u32,
    /// The Server field.
    pub server: String,
    /// The User-Agent field.
    pub agent: String,
    /// Of a WWW-Authenticate field.
    pub realm: String,
    /// The scheme of an Authorization field, lower case.
    pub scheme: String,
    /// Basic: user and password; Digest: the user alone.
    pub login: Option<Login>,
    /// The target itself says who asks: a user before the host, or a password among its parameters.
    pub names_user: bool,
    /// Of the body behind the head, bytes.
    pub content_length: usize,
}

/// Whether the bytes begin a request or a response.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    const METHODS: [&[u8]; 11] = [
        b"OPTIONS ",
        b"DESCRIBE ",
        b"SETUP ",
        b"PLAY ",
        b"PAUSE ",
        b"TEARDOWN ",
        b"ANNOUNCE ",
        b"RECORD ",
        b"REDIRECT ",
        b"GET_PARAMETER ",
        b"SET_PARAMETER ",
    ];
    bytes.starts_with(b"RTSP/")
        || METHODS.iter().any(|method| bytes.starts_with(method))
            && head::may_begin(bytes, NAMES.protocol)
}

/// One head; the body behind it is left where it is.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    head::parse(bytes, &NAMES).map(|head| {
        let (scheme, login) = head.authorization();
        let number = |name| std::str::from_utf8(head.field(name)).ok();
        Message {
            is_response: head.first.is_response(),
            method: head.first.method(),
            target: without_secrets(head.first.target()),
            status: head.first.status(),
            sequence: number("cseq")
                .and_then(|text| text.parse().ok())
                .unwrap_or_default(),
            server: head.text("server"),
            agent: head.text("user-agent"),
            realm: head.realm(),
            scheme,
            names_user: names_user(head.first.target()),
            login,
            content_length: number("content-length")
                .and_then(|text| text.parse().ok())
                .unwrap_or_default(),
        }
    })
}

/// Cameras take logins in the query and before the host; neither may stand in a table.
fn without_secrets(target: &[u8]) -> String {
    let text = printable(target);
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = bare.split_once("://") else {
        return bare.to_owned();
    };
    let (host, path) = rest
        .split_at_checked(rest.find('/').unwrap_or(rest.len()))
        .unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// Whether a target bears what cameras take for signing in.
fn names_user(target: &[u8]) -> bool {
    let target = target.to_ascii_lowercase();
    [&b"@"[..], b"user", b"passw", b"pwd", b"auth", b"token"]
        .iter()
        .any(|word| find(&target, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const REQUEST: &[u8] =
        b"DESCRIBE rtsp://admin:pw@192.0.2.8:554/live?p=1 RTSP/1.0\r\nCSeq: 3\r\n\
        User-Agent: Lavf\r\nAuthorization: Basic YWRtaW46cHc=\r\n\r\n";
    const RESPONSE: &[u8] = b"RTSP/1.0 401 Unauthorized\r\nCSeq: 3\r\nServer: Rtsp Server\r\n\
        WWW-Authenticate: Digest realm=\"cam\", nonce=\"1\"\r\n\r\n";

    #[test]
    fn a_request_tells_login_and_target_without_secrets() {
        let message = done(parse(REQUEST));
        assert_eq!((message.method.as_str(), message.sequence), ("DESCRIBE", 3));
        assert_eq!(message.target, "rtsp://192.0.2.8:554/live");
        assert_eq!(message.login, Some(Login::new(b"admin", Some(b"pw"))));
        assert!(message.names_user && looks_like(REQUEST));
    }

    #[test]
    fn a_response_tells_server_and_realm() {
        let message = done(parse(RESPONSE));
        assert_eq!((message.status, message.sequence), (401, 3));
        assert_eq!(
            (message.server.as_str(), message.realm.as_str()),
            ("Rtsp Server", "cam")
        );
    }

    #[test]
    fn http_is_foreign_and_a_bad_status_damage() {
        assert_eq!(parse(b"OPTIONS * HTTP/1.1\r\n\r\n"), Parsed::Foreign);
        assert_eq!(
            damage(parse(b"RTSP/1.0 abc\r\n\r\n")),
            "rtsp: bad first line"
        );
        assert!(!looks_like(b"OPTIONS * HTTP/1.1\r\n\r\n"));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[REQUEST, RESPONSE], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
