//! The identification line of SSH (RFC 4253 section 4.2), and behind it the algorithms each side offers.

pub mod hostkey;
pub mod kexinit;

use crate::damage::{Damage, Parsed};
use crate::protocols::text::{find, printable};

/// The service name of flows that speak this.
pub const NAME: &str = "ssh";
/// The most bytes of the line, its end included.
const MAX_LINE: usize = 255;
/// The most bytes of other lines a server may send before it.
const MAX_BEFORE: usize = 4096;
/// How the line begins.
const START: &[u8] = b"SSH-";

/// The line and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The whole line without its end.
    pub line: String,
    /// `2.0`, `1.99`.
    pub version: String,
    /// `OpenSSH_9.6`.
    pub software: String,
    /// What follows the first blank.
    pub comments: String,
}

/// Whether the bytes begin the line.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SSH-1.") || bytes.starts_with(b"SSH-2.")
}

/// The line; lines a server sends before it are passed over once it is there.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let Some(begin) = begin(bytes) else {
        return Parsed::Foreign;
    };
    let rest = bytes.get(begin..).unwrap_or_default();
    let Some(end) = rest.iter().take(MAX_LINE).position(|byte| *byte == b'\n') else {
        let damage = Parsed::Damaged(Damage("ssh: line too long"));
        return if rest.len() < MAX_LINE {
            Parsed::More(1)
        } else {
            damage
        };
    };
    let line = printable(rest.get(..end).unwrap_or_default().trim_ascii_end());
    let Some((version, behind)) = line
        .get(START.len()..)
        .and_then(|parts| parts.split_once('-'))
    else {
        return Parsed::Damaged(Damage("ssh: bad line"));
    };
    let (software, comments) = behind.split_once(' ').unwrap_or((behind, ""));
    let (version, software, comments) =
        (version.to_owned(), software.to_owned(), comments.to_owned());
    Parsed::Done(
        Message {
            line,
            version,
            software,
            comments,
        },
        begin.saturating_add(end).saturating_add(1),
    )
}

/// Where the line begins; 0 for a part of its start.
fn begin(bytes: &[u8]) -> Option<usize> {
    let shorter = START.len().min(bytes.len());
    if bytes.get(..shorter) == START.get(..shorter) {
        return Some(0);
    }
    let window = bytes.get(..MAX_BEFORE).unwrap_or(bytes);
    find(window, b"\nSSH-").map(|at| at.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    #[test]
    fn the_line_is_taken_apart() {
        let bytes = b"SSH-2.0-OpenSSH_9.6p1 Debian-3\r\n\0\0\x05";
        let Parsed::Done(message, taken) = parse(bytes) else {
            panic!("a line")
        };
        assert_eq!(
            (message.version.as_str(), message.software.as_str()),
            ("2.0", "OpenSSH_9.6p1")
        );
        assert_eq!(
            (message.comments.as_str(), taken),
            ("Debian-3", bytes.len() - 3)
        );
        assert_eq!(message.line, "SSH-2.0-OpenSSH_9.6p1 Debian-3");
    }

    #[test]
    fn lines_before_it_are_passed_over() {
        assert_eq!(
            done(parse(b"hello\r\nSSH-1.99-dropbear\n")).software,
            "dropbear"
        );
    }

    #[test]
    fn parts_ask_for_more_and_a_line_without_end_is_damage() {
        assert_eq!(parse(b"SS"), Parsed::More(1));
        assert_eq!(parse(b"SSH-2.0-x"), Parsed::More(1));
        assert_eq!(
            damage(parse(&[b"SSH-2.0-".to_vec(), vec![b'x'; 300]].concat())),
            "ssh: line too long"
        );
        assert_eq!(damage(parse(b"SSH-2.0\r\n")), "ssh: bad line");
        assert_eq!(parse(b"220 ftp\r\n"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[b"SSH-2.0-OpenSSH_9.6p1 Debian-3\r\n", b"a\nSSH-2.0-b\n"],
            |bytes| {
                let _ = (parse(bytes), looks_like(bytes));
            },
        );
    }
}
