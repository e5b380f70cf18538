//! Heads of HTTP/1 requests and responses (RFC 9112).

use super::disposition;
use super::head::{self, Head, Names, names};
use super::login::Login;
use super::text::{after, find, printable};
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "http";

/// The most chunks of one body that are passed over.
const MAX_CHUNKS: usize = 1024;

const NAMES: Names = names!(b"HTTP", "http");

/// What the head of a request or a response says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub is_response: bool,
    /// The digits after `HTTP/`.
    pub version: String,
    /// Empty in a response.
    pub method: String,
    /// Without query, fragment, scheme and host.
    pub path: String,
    /// The Host field, or the host of a whole address asked of a proxy; lower case, with its port.
    pub host: String,
    /// The User-Agent field.
    pub agent: String,
    /// 0 in a request.
    pub status: u16,
    /// The Server field.
    pub server: String,
    pub content_type: String,
    /// Of a WWW-Authenticate field.
    pub realm: String,
    /// The scheme of an Authorization field, lower case.
    pub scheme: String,
    /// Basic: user and password; Digest: the user alone.
    pub login: Option<Login>,
    /// The Content-Length field; `None` without one that is a number, or where chunks override it (RFC 9112 section 6.3).
    pub content_length: Option<u64>,
    /// The body comes in chunks.
    pub chunked: bool,
    /// The name that a Content-Disposition field gives the body, or empty.
    pub file_name: String,
    /// The body was compressed for the way (a Content-Encoding field).
    pub is_encoded: bool,
    /// What parts the body, where it is a form with files; else empty.
    pub boundary: Vec<u8>,
}

/// Whether the bytes begin a request or a response: a method in capitals, or the protocol with its version.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    const METHODS: [&[u8]; 12] = [
        b"GET ",
        b"POST ",
        b"HEAD ",
        b"PUT ",
        b"DELETE ",
        b"OPTIONS ",
        b"PATCH ",
        b"CONNECT ",
        b"TRACE ",
        b"PROPFIND ",
        b"SUBSCRIBE ",
        b"NOTIFY ",
    ];
    let begins =
        bytes.starts_with(b"HTTP/1.") || METHODS.iter().any(|method| bytes.starts_with(method));
    // A method that few know counts once its whole line, which ends with the version, is there.
    let has_line = || !bytes.starts_with(NAMES.protocol) && head::has_line(bytes);
    head::may_begin(bytes, NAMES.protocol) && (begins || has_line())
}

/// The bytes at the front that are a whole body in chunks (RFC 9112 section 7.1); 0 where it is not there whole.
#[must_use]
pub fn body_in_chunks(bytes: &[u8]) -> usize {
    let mut at = 0_usize;
    for _ in 0..MAX_CHUNKS {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some((size, line)) = chunk_size(rest) else {
            return 0;
        };
        let behind = rest.get(line..).unwrap_or_default();
        if size == 0 {
            // Trailing fields, then an empty line.
            return head::end_of_head(behind)
                .map_or(0, |end| at.saturating_add(line).saturating_add(end));
        }
        let whole = line.saturating_add(size).saturating_add(2); // CR LF behind the data
        if rest.len() < whole {
            return 0;
        }
        at = at.saturating_add(whole);
    }
    0
}

/// The size a chunk begins with, and the length of that line.
fn chunk_size(bytes: &[u8]) -> Option<(usize, usize)> {
    let line = find(bytes, b"\n")?;
    let digits = bytes.get(..line)?.split(|byte| *byte == b';').next()?;
    let digits = std::str::from_utf8(digits.trim_ascii()).ok()?;
    let size = u32::from_str_radix(digits, 16).ok()?;
    Some((usize::try_from(size).ok()?, line.saturating_add(1)))
}

/// One head; the body behind it is left where it is.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    head::parse(bytes, &NAMES).map(|head| understand(&head))
}

fn understand(head: &Head) -> Message {
    let (scheme, login) = head.authorization();
    let (target_host, path) = split_target(head.first.target());
    let encoding = head.field("transfer-encoding").to_ascii_lowercase();
    let chunked = find(&encoding, b"chunked").is_some();
    let mut message = Message {
        is_response: head.first.is_response(),
        method: head.first.method(),
        path: printable(path),
        status: head.first.status(),
        version: printable(head.version),
        host: head.text("host").to_ascii_lowercase(),
        agent: head.text("user-agent"),
        server: head.text("server"),
        content_type: head.text("content-type"),
        realm: head.realm(),
        scheme,
        login,
        content_length: std::str::from_utf8(head.field("content-length"))
            .ok()
            .filter(|_| !chunked)
            .and_then(|text| text.parse().ok()),
        chunked,
        file_name: disposition::file_name(head.field("content-disposition")),
        is_encoded: !matches!(head.field("content-encoding"), b"" | b"identity"),
        boundary: disposition::boundary(head.field("content-type")),
    };
    if message.host.is_empty() {
        message.host = printable(target_host).to_ascii_lowercase();
    }
    message
}

/// Host and path of a target (RFC 9112 section 3.2), without query and fragment.
fn split_target(target: &[u8]) -> (&[u8], &[u8]) {
    let end = target
        .iter()
        .position(|byte| matches!(byte, b'?' | b'#'))
        .unwrap_or(target.len());
    let target = target.get(..end).unwrap_or_default();
    let Some(absolute) = after(target, b"http://").or_else(|| after(target, b"https://")) else {
        return (b"", target);
    };
    let slash = absolute
        .iter()
        .position(|byte| *byte == b'/')
        .unwrap_or(absolute.len());
    let (host, path) = absolute.split_at_checked(slash).unwrap_or_default();
    // A login before the host may not stand in a table.
    let host = host.rsplit(|byte| *byte == b'@').next().unwrap_or_default();
    (host, if path.is_empty() { b"/" } else { path })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const REQUEST: &[u8] =
        b"GET /cgi/state?user=x HTTP/1.1\r\nHost: Cam.example:8080\r\nUser-Agent: curl/8\r\n\
        Authorization: Basic YWRtaW46MTI6MzQ=\r\n\r\n";
    const RESPONSE: &[u8] =
        b"HTTP/1.0 401 Unauthorized\r\nServer: GoAhead-Webs\r\nContent-Type: text/html\r\n\
        WWW-Authenticate: Basic realm=\"IP Camera\"\r\nContent-Length: 5\r\n\r\nhello";

    #[test]
    fn chunks_override_a_length_and_end_with_their_last_one() {
        let smuggling =
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n";
        assert_eq!(done(parse(smuggling)).content_length, None);
        assert_eq!(body_in_chunks(b"0\r\n\r\nGET / HTTP/1.1"), 5);
        assert_eq!(
            body_in_chunks(b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"),
            32
        );
        assert_eq!(body_in_chunks(b"3\r\nabc\r\n0\r\n"), 0);
        assert_eq!(body_in_chunks(b"ffffffff\r\nabc"), 0);
        assert_eq!(body_in_chunks(b"none\r\n"), 0);
    }

    #[test]
    fn a_rare_method_counts_once_its_line_is_whole() {
        assert!(looks_like(b"QUERY /users HTTP/1.1\r\nHost"));
        assert!(!looks_like(b"QUERY /users HTT"));
        assert!(!looks_like(b"QUERY the users\r\n"));
        assert!(!looks_like(b"HTTP/2 200 OK\r\n"));
    }

    #[test]
    fn a_request_tells_what_is_asked_and_who_logs_in() {
        let message = done(parse(REQUEST));
        assert_eq!(
            (message.method.as_str(), message.path.as_str()),
            ("GET", "/cgi/state")
        );
        assert_eq!(
            (message.host.as_str(), message.agent.as_str()),
            ("cam.example:8080", "curl/8")
        );
        assert_eq!(
            (message.scheme.as_str(), message.login),
            ("basic", Some(Login::new(b"admin", Some(b"12:34"))))
        );
    }

    #[test]
    fn a_response_tells_server_status_and_realm() {
        let Parsed::Done(message, taken) = parse(RESPONSE) else {
            panic!("a head")
        };
        assert_eq!(taken, RESPONSE.len() - 5);
        assert_eq!(
            (message.status, message.is_response, message.content_length),
            (401, true, Some(5))
        );
        assert_eq!(
            (message.server.as_str(), message.realm.as_str()),
            ("GoAhead-Webs", "IP Camera")
        );
        assert_eq!(message.content_type, "text/html");
    }

    #[test]
    fn a_whole_address_gives_host_and_path() {
        let message = done(parse(b"GET http://me:pw@Example.com?x HTTP/1.1\r\n\r\n"));
        assert_eq!(
            (message.host.as_str(), message.path.as_str()),
            ("example.com", "/")
        );
    }

    #[test]
    fn a_line_of_two_parts_has_a_target_and_no_version() {
        for (line, path) in [("GET HTTP/1.1", "HTTP/1.1"), ("PUT /HTTP/1.1", "/HTTP/1.1")] {
            let head = format!("{line}\r\nHost: h\r\n\r\n");
            assert!(looks_like(head.as_bytes()));
            let message = done(parse(head.as_bytes()));
            assert_eq!(
                (message.path.as_str(), message.version.as_str()),
                (path, "")
            );
            assert_eq!(message.host, "h");
        }
        assert!(!looks_like(b"GET /aHTTP/1.1\r\n") && !looks_like(b"GET /\r\n"));
    }

    #[test]
    fn a_digest_gives_the_user_and_no_secret() {
        let message = done(parse(
            b"GET / HTTP/1.1\r\nAuthorization: Digest username=\"bob\", realm=\"x\"\r\n\r\n",
        ));
        assert_eq!(message.login, Some(Login::new(b"bob", None)));
        let broken = done(parse(b"GET / HTTP/1.1\r\nAuthorization: Basic ***\r\n\r\n"));
        assert_eq!((broken.scheme.as_str(), broken.login), ("basic", None));
    }

    #[test]
    fn other_protocols_are_foreign_and_a_part_asks_for_more() {
        assert!(looks_like(REQUEST) && looks_like(RESPONSE) && looks_like(b"POST /x"));
        assert!(!looks_like(b"OPTIONS rtsp://x RTSP/1.0\r\n") && !looks_like(b"GETX"));
        assert_eq!(parse(b"\x16\x03\x01"), Parsed::Foreign);
        assert_eq!(parse(&REQUEST[..40]), Parsed::More(1));
        assert_eq!(
            damage(parse(b"HTTP/1.1 abc\r\n\r\n")),
            "http: bad first line"
        );
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[REQUEST, RESPONSE], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
