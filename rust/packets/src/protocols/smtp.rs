//! Logins of mail submission (RFC 5321, AUTH RFC 4954, STARTTLS RFC 3207).

use super::conversation::{Conversation, LineProtocol};
use super::ftp::{self, greeting, reply};
use super::login::{Heard, Login, Outcome};
use super::sasl::Sasl;
use super::text::after;
use crate::damage::Parsed;

pub use super::ftp::Message;

/// The service name of flows that speak this.
pub const NAME: &str = "smtp";

/// Whether the bytes begin a greeting that names the protocol, or a client's.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names_it = line
        .windows(4)
        .any(|word| matches!(word, b"smtp" | b"mail"));
    matches!(bytes, [b'2', b'2', b'0', b' ' | b'-', ..]) && names_it
        || after(bytes, b"EHLO ")
            .or_else(|| after(bytes, b"HELO "))
            .is_some()
}

/// The greeting of a server; it has the form of one of FTP.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    ftp::parse(bytes)
}

/// Follows one conversation up to its first letter.
pub type Session = Conversation<Smtp>;

/// What stands between its lines.
#[derive(Debug, Default)]
pub struct Smtp {
    sasl: Sasl,
    asks_for_tls: bool,
}

impl LineProtocol for Smtp {
    fn server_line(&mut self, line: &[u8], heard: &mut Heard) {
        heard.greet(|| greeting(line));
        let Some((code, _)) = reply(line) else {
            return;
        };
        match code {
            220 if self.asks_for_tls => heard.is_over = true,
            // The letter itself follows; its lines are no commands.
            354 => heard.is_over = true,
            235 => {
                heard.attempts.decide(Outcome::Success);
                heard.is_over = true;
            }
            400..600 => {
                heard.attempts.decide(Outcome::Failure);
                self.sasl.cancel();
                self.asks_for_tls = false;
            }
            _ => {}
        }
    }

    fn client_line(&mut self, line: &[u8], heard: &mut Heard) -> Option<Login> {
        if self.sasl.is_waiting() {
            self.sasl.answer(line)
        } else if let Some(arguments) = after(line, b"AUTH ") {
            self.sasl.begin(arguments)
        } else {
            self.asks_for_tls |= after(line, b"STARTTLS").is_some();
            // The letter itself follows (RFC 3030); its lines are no commands.
            heard.is_over |= after(line, b"BDAT ").is_some();
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::login::Session as _;
    use crate::protocols::testing::{converse, done, never_panics};

    #[test]
    fn both_ways_to_log_in_are_followed() {
        let mut session = Session::default();
        session.from_server(b"220 mx ESMTP\r\n");
        session.from_client(b"EHLO cam\r\nAUTH LOGIN\r\n");
        session.from_server(b"250-mx\r\n250 AUTH LOGIN\r\n334 VXNlcg==\r\n");
        session.from_client(b"dXNlcg==\r\n");
        session.from_server(b"334 UGFzcw==\r\n");
        session.from_client(b"cGFzcw==\r\n");
        session.from_server(b"535 no\r\n");
        session.from_client(b"AUTH PLAIN AHVzZXIAcGFzcw==\r\n");
        session.from_server(b"235 yes\r\n");
        let of = |outcome| {
            Some(Login {
                outcome,
                ..Login::new(b"user", Some(b"pass"))
            })
        };
        assert_eq!(session.next_login(), of(Outcome::Failure));
        assert_eq!(session.next_login(), of(Outcome::Success));
        assert_eq!((session.finish(), session.banner()), (None, "mx ESMTP"));
    }

    #[test]
    fn after_a_change_to_tls_nothing_is_read() {
        let mut session = Session::default();
        session.from_client(b"STARTTLS\r\n");
        session.from_server(b"220 go\r\n");
        session.from_client(b"AUTH PLAIN AHVzZXIAcGFzcw==\r\n");
        assert_eq!(session.finish(), None);
    }

    #[test]
    fn greetings_are_told_from_those_of_others() {
        assert!(looks_like(b"220 mx ESMTP Postfix\r\n") && looks_like(b"EHLO x"));
        assert!(!looks_like(b"220 ftp ready\r\n"));
        assert_eq!(done(parse(b"220 mx ESMTP\r\n")).text, "mx ESMTP");
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[b"220 a\r\nAUTH LOGIN\r\ndXNlcg==\r\ncGFzcw==\r\n235 b\r\n"],
            |bytes| {
                converse(&mut Session::default(), bytes);
                let _ = looks_like(bytes);
            },
        );
    }
}
