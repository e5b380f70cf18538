//! Logins of mailboxes by POP3 (RFC 1939, AUTH RFC 5034, STLS RFC 2595).

use super::lines::Lines;
use super::login::{Attempts, Login, Outcome, Session as Follow};
use super::sasl::Sasl;
use super::text::{after, printable};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "pop3";
/// The most bytes of the greeting (RFC 1939 section 3).
const MAX_GREETING: usize = 512;

/// The greeting of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub text: String,
}

/// Whether the bytes begin a greeting.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"+OK")
}

/// The greeting of a server.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let start: &[u8] = b"+OK";
    let shorter = start.len().min(bytes.len());
    if bytes.get(..shorter) != start.get(..shorter) {
        return Parsed::Foreign;
    }
    match bytes
        .iter()
        .take(MAX_GREETING)
        .position(|byte| *byte == b'\n')
    {
        Some(end) => {
            let text = printable(bytes.get(start.len()..end).unwrap_or_default().trim_ascii());
            Parsed::Done(Message { text }, end.saturating_add(1))
        }
        None if bytes.len() < MAX_GREETING => Parsed::More(1),
        None => Parsed::Damaged(Damage("pop3: greeting too long")),
    }
}

/// Follows one conversation.
#[derive(Debug, Default)]
pub struct Session {
    server: Lines,
    client: Lines,
    banner: String,
    user: Vec<u8>,
    sasl: Sasl,
    asks_for_tls: bool,
    is_over: bool,
    attempts: Attempts,
}

impl Session {
    fn server_line(&mut self, line: &[u8]) {
        if let Some(text) = after(line, b"+OK") {
            if self.banner.is_empty() {
                self.banner = printable(text.trim_ascii());
            }
            self.is_over = self.asks_for_tls || self.attempts.is_open();
            self.attempts.decide(Outcome::Success);
        } else if after(line, b"-ERR").is_some() {
            self.attempts.decide(Outcome::Failure);
            self.sasl.cancel();
            self.asks_for_tls = false;
        }
    }

    fn client_line(&mut self, line: &[u8]) {
        let login = if self.sasl.is_waiting() {
            self.sasl.answer(line)
        } else if let Some(user) = after(line, b"USER ") {
            self.user = user.trim_ascii().to_vec();
            None
        } else if let Some(password) = after(line, b"PASS ") {
            Some(Login::new(&self.user, Some(password)))
        } else if let Some(arguments) = after(line, b"APOP ") {
            arguments
                .split(|byte| *byte == b' ')
                .next()
                .map(|user| Login::new(user, None))
        } else if let Some(arguments) = after(line, b"AUTH ") {
            self.sasl.begin(arguments)
        } else {
            self.asks_for_tls |= after(line, b"STLS").is_some();
            None
        };
        if let Some(login) = login {
            self.attempts.begin(login);
        }
    }
}

impl Follow for Session {
    fn from_server(&mut self, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        for line in self.server.push(bytes) {
            if !self.is_over {
                self.server_line(&line);
            }
        }
    }

    fn from_client(&mut self, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        for line in self.client.push(bytes) {
            if !self.is_over {
                self.client_line(&line);
            }
        }
    }

    fn next_login(&mut self) -> Option<Login> {
        self.attempts.next()
    }

    fn finish(&mut self) -> Option<Login> {
        self.attempts.finish()
    }

    fn banner(&self) -> &str {
        &self.banner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    #[test]
    fn each_way_to_log_in_is_followed() {
        let mut session = Session::default();
        session.from_server(b"+OK Dovecot ready <1@x>\r\n");
        session.from_client(b"USER bob\r\n");
        session.from_server(b"+OK\r\n");
        session.from_client(b"PASS no\r\n");
        session.from_server(b"-ERR no\r\n");
        session.from_client(b"APOP bob c4c9334b\r\n");
        session.from_server(b"-ERR no\r\n");
        session.from_client(b"AUTH PLAIN\r\n");
        session.from_server(b"+ \r\n");
        session.from_client(b"AHVzZXIAcGFzcw==\r\n");
        session.from_server(b"+OK in\r\n");
        let told: Vec<Login> = std::iter::from_fn(|| session.next_login()).collect();
        let failure = |login| Login {
            outcome: Outcome::Failure,
            ..login
        };
        let wanted = [
            failure(Login::new(b"bob", Some(b"no"))),
            failure(Login::new(b"bob", None)),
            Login {
                outcome: Outcome::Success,
                ..Login::new(b"user", Some(b"pass"))
            },
        ];
        assert_eq!(told, wanted);
        assert_eq!(session.banner(), "Dovecot ready <1@x>");
    }

    #[test]
    fn greetings_are_read() {
        assert_eq!(done(parse(b"+OK hi\r\n")).text, "hi");
        assert_eq!(parse(b"+OK hi"), Parsed::More(1));
        assert_eq!(parse(b"* OK"), Parsed::Foreign);
        assert_eq!(
            damage(parse(&[b"+OK ".to_vec(), vec![b'x'; 600]].concat())),
            "pop3: greeting too long"
        );
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[
                b"+OK a\r\nUSER b\r\nPASS c\r\n",
                b"AUTH PLAIN AHVzZXIAcGFzcw==\r\n",
            ],
            |bytes| {
                let _ = (parse(bytes), looks_like(bytes));
                let mut session = Session::default();
                for part in bytes.chunks(9) {
                    session.from_client(part);
                    session.from_server(part);
                }
                let _ = (session.next_login(), session.finish());
            },
        );
    }
}
