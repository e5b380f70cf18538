//! Logins of mailboxes by POP3 (RFC 1939, AUTH RFC 5034, STLS RFC 2595).

use super::conversation::{Conversation, LineProtocol};
use super::lines::greeting;
use super::login::{Heard, Login, Outcome};
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
    greeting(
        bytes,
        &[b"+OK"],
        MAX_GREETING,
        Damage("pop3: greeting too long"),
    )
    .map(|text| Message { text })
}

/// Follows one conversation.
pub type Session = Conversation<Pop>;

/// What stands between its lines.
#[derive(Debug, Default)]
pub struct Pop {
    user: Vec<u8>,
    sasl: Sasl,
    asks_for_tls: bool,
}

impl LineProtocol for Pop {
    fn server_line(&mut self, line: &[u8], heard: &mut Heard) {
        if let Some(text) = after(line, b"+OK") {
            heard.greet(|| printable(text.trim_ascii()));
            heard.is_over = self.asks_for_tls || heard.attempts.is_open();
            heard.attempts.decide(Outcome::Success);
        } else if after(line, b"-ERR").is_some() {
            heard.attempts.decide(Outcome::Failure);
            self.sasl.cancel();
            self.asks_for_tls = false;
        }
    }

    fn client_line(&mut self, line: &[u8], _heard: &mut Heard) -> Option<Login> {
        if self.sasl.is_waiting() {
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::login::Session as _;
    use crate::protocols::testing::{converse, damage, done, never_panics};

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
                converse(&mut Session::default(), bytes);
            },
        );
    }
}
