//! Logins of the file transfer protocol (RFC 959, its change to TLS RFC 4217).

pub mod transfers;

use super::conversation::{Conversation, LineProtocol};
use super::login::{Heard, Login, Outcome};
use super::text::{after, printable};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "ftp";
/// The most bytes of the greeting.
const MAX_GREETING: usize = 4096;

/// The greeting of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub code: u16,
    /// What follows the code on its last line.
    pub text: String,
}

/// Whether the bytes begin a greeting that names the protocol. A client's first command does not tell: POP and IRC begin
/// with the same word.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names_it =
        line.windows(3).any(|word| word == b"ftp") && !line.windows(4).any(|word| word == b"smtp");
    matches!(bytes, [b'2', b'2', b'0', b' ' | b'-', ..]) && names_it
}

/// The greeting, over as many lines as it takes.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut taken = 0_usize;
    let window = bytes.get(..MAX_GREETING).unwrap_or(bytes);
    if !window.iter().take(3).all(u8::is_ascii_digit)
        || window
            .get(3)
            .is_some_and(|byte| !matches!(byte, b' ' | b'-'))
    {
        return Parsed::Foreign;
    }
    for line in window.split_inclusive(|byte| *byte == b'\n') {
        taken = taken.saturating_add(line.len());
        if let (Some((code, text)), true) = (reply(line), line.ends_with(b"\n")) {
            return Parsed::Done(
                Message {
                    code,
                    text: printable(text),
                },
                taken,
            );
        }
    }
    if window.len() < MAX_GREETING {
        Parsed::More(1)
    } else {
        Parsed::Damaged(Damage("ftp: greeting too long"))
    }
}

/// The code of the last line of a reply (it has a blank behind the code) and its text.
pub(super) fn reply(line: &[u8]) -> Option<(u16, &[u8])> {
    let (code, text) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(code)
        .ok()
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))?;
    let last = text.is_empty() || matches!(text.first(), Some(b' ' | b'\r' | b'\n'));
    last.then_some((code.parse().ok()?, text.trim_ascii()))
}

/// The text of a line of a greeting, the last or not; empty for every other line.
pub(super) fn greeting(line: &[u8]) -> String {
    match line {
        [b'2', b'2', b'0', b' ' | b'-', text @ ..] => printable(text.trim_ascii()),
        _ => String::new(),
    }
}

/// Follows one control connection.
pub type Session = Conversation<Ftp>;

/// What stands between its lines.
#[derive(Debug, Default)]
pub struct Ftp {
    user: Option<Vec<u8>>,
    asks_for_tls: bool,
}

impl LineProtocol for Ftp {
    fn server_line(&mut self, line: &[u8], heard: &mut Heard) {
        heard.greet(|| greeting(line));
        let Some((code, _)) = reply(line) else {
            return;
        };
        match code {
            234 if self.asks_for_tls => heard.is_over = true,
            230 | 202 => {
                if let (false, Some(user)) = (heard.attempts.is_open(), self.user.as_ref()) {
                    heard.attempts.begin(Login::new(user, None));
                }
                heard.is_over = heard.attempts.is_open();
                heard.attempts.decide(Outcome::Success);
            }
            400..600 => heard.attempts.decide(Outcome::Failure),
            _ => {}
        }
    }

    fn client_line(&mut self, line: &[u8], _heard: &mut Heard) -> Option<Login> {
        if let Some(password) = after(line, b"PASS ") {
            let user = self.user.as_deref().unwrap_or_default();
            return Some(Login::new(user, Some(password)));
        }
        if let Some(user) = after(line, b"USER ") {
            self.user = Some(user.trim_ascii().to_vec());
        }
        self.asks_for_tls |= after(line, b"AUTH ").is_some();
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::login::Session as _;
    use crate::protocols::testing::{converse, damage, done, never_panics};

    #[test]
    fn a_refused_and_a_taken_login_are_both_told() {
        let mut session = Session::default();
        session.from_server(b"220-ProFTPD ready\r\n220 hello\r\n");
        session.from_client(b"USER root\r\n");
        session.from_server(b"331 Password\r\n");
        session.from_client(b"PASS a b\r\n");
        session.from_server(b"530 Login incorrect.\r\n");
        session.from_client(b"USER admin\r\nPASS 1234\r\n");
        session.from_server(b"331 Password\r\n230 In\r\n");
        let wanted = Login {
            outcome: Outcome::Failure,
            ..Login::new(b"root", Some(b"a b"))
        };
        assert_eq!(session.next_login(), Some(wanted));
        let wanted = Login {
            outcome: Outcome::Success,
            ..Login::new(b"admin", Some(b"1234"))
        };
        assert_eq!(session.next_login(), Some(wanted));
        assert_eq!(
            (session.finish(), session.banner()),
            (None, "ProFTPD ready")
        );
    }

    #[test]
    fn an_attempt_without_answer_is_told_at_the_end() {
        let mut session = Session::default();
        session.from_client(b"USER a\r\nPASS b\r\n");
        assert_eq!(session.next_login(), None);
        assert_eq!(session.finish(), Some(Login::new(b"a", Some(b"b"))));
    }

    #[test]
    fn a_login_without_password_and_a_change_to_tls_are_understood() {
        let mut session = Session::default();
        session.from_client(b"USER anonymous\r\n");
        session.from_server(b"230 Welcome\r\n");
        assert!(
            session
                .next_login()
                .is_some_and(|login| login.password.is_none())
        );
        let mut session = Session::default();
        session.from_client(b"AUTH TLS\r\n");
        session.from_server(b"234 Go\r\n");
        session.from_client(b"USER a\r\nPASS b\r\n");
        assert_eq!(session.finish(), None);
    }

    #[test]
    fn greetings_are_read_to_their_last_line() {
        assert_eq!(
            done(parse(b"220-a\r\n b\r\n220 c d\r\n")),
            Message {
                code: 220,
                text: "c d".to_owned()
            }
        );
        assert!(looks_like(b"220 vsFTPd 3\r\n") && !looks_like(b"220 mail ESMTP\r\n"));
        assert_eq!(parse(b"220-a\r\n"), Parsed::More(1));
        assert_eq!(parse(b"HTTP/1.1 200 OK"), Parsed::Foreign);
        assert_eq!(
            damage(parse(&[b"220-".to_vec(), vec![b'x'; 5000]].concat())),
            "ftp: greeting too long"
        );
    }

    #[test]
    fn it_never_panics() {
        let sample = b"220 a\r\nUSER a\r\nPASS b\r\n230 c\r\n";
        never_panics(&[sample], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
            converse(&mut Session::default(), bytes);
        });
    }
}
