//! Conversations of which only the turn to TLS is followed: XMPP (RFC 6120), `MySQL` and remote desktops (RDP).
use super::Talk;
use super::speaker::{Hear, Hearing, Speaker};

/// So much is said at most before the turn.
const MOST_HEARD: usize = 16 * 1024;

/// One conversation; that it turns is seen by whoever follows the connection.
#[derive(Default)]
pub struct Preamble {
    heard: usize,
}

impl Speaker for Preamble {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        let heard = hearing.stream.held().len();
        hearing.stream.take(heard);
        self.heard += heard;
        if self.heard > MOST_HEARD {
            Hear::Enough
        } else {
            Hear::More
        }
    }
}

/// The service whose conversation these first bytes of a side begin, if it is one of them.
pub fn service(bytes: &[u8], talk: &Talk) -> Option<&'static str> {
    const CONNECT: u8 = 0xe0;
    const CONFIRM: u8 = 0xd0;
    match bytes {
        [b'<', ..] if is_xmpp(bytes) => Some("xmpp"),
        [_, _, 0, 0, 10, b'3'..=b'9', ..] if talk.has_port(3306) => Some("mysql"),
        [3, 0, _, _, _, CONNECT | CONFIRM, ..] if talk.has_port(3389) => Some("rdp"),
        _ => None,
    }
}

/// A stream of XMPP begins with its element, before which XML may name its version.
fn is_xmpp(bytes: &[u8]) -> bool {
    let first = &bytes[..bytes.len().min(256)];
    (first.starts_with(b"<?xml") || first.starts_with(b"<stream:"))
        && first
            .windows(b"<stream:stream".len())
            .any(|part| part == b"<stream:stream")
}
