//! Logins of mailboxes by IMAP (RFC 9051 sections 6.2 and 7.1).

use super::lines::Lines;
use super::login::{Attempts, Login, Outcome, Session as Follow};
use super::sasl::Sasl;
use super::text::{after, printable};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "imap";
/// The most bytes of the greeting.
const MAX_GREETING: usize = 1024;
/// The most bytes of a user or a password in a command.
const MAX_STRING: usize = 256;

/// The greeting of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub text: String,
}

/// Whether the bytes begin a greeting.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    [&b"* OK"[..], b"* PREAUTH", b"* BYE"]
        .iter()
        .any(|start| bytes.starts_with(start))
}

/// The greeting of a server.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let starts: [&[u8]; 3] = [b"* OK", b"* PREAUTH", b"* BYE"];
    let begins = |start: &&[u8]| {
        let shorter = start.len().min(bytes.len());
        bytes.get(..shorter) == start.get(..shorter)
    };
    let Some(start) = starts.iter().find(|start| begins(start)) else {
        return Parsed::Foreign;
    };
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
        None => Parsed::Damaged(Damage("imap: greeting too long")),
    }
}

/// The strings of a LOGIN command, which a client may send in up to three parts.
#[derive(Debug, Default)]
struct Strings {
    user: Option<Vec<u8>>,
    /// The last part said that the next line begins with a literal.
    awaits_literal: bool,
}

impl Strings {
    /// Takes the strings of one line; user and password once both are there.
    fn read(&mut self, line: &[u8]) -> Option<Login> {
        let mut rest = line;
        if std::mem::take(&mut self.awaits_literal) {
            let end = if self.user.is_some() {
                line.len()
            } else {
                line.iter().position(|byte| *byte == b' ')?
            };
            let (string, behind) = line.split_at_checked(end)?;
            rest = behind;
            if let Some(login) = self.give(string.to_vec()) {
                return Some(login);
            }
        }
        // A command has two strings, so two rounds are enough.
        for _ in 0..2 {
            rest = rest.trim_ascii_start();
            if rest.first() == Some(&b'{') {
                self.awaits_literal = true;
                return None;
            }
            let (string, behind) = read_string(rest)?;
            rest = behind;
            if let Some(login) = self.give(string) {
                return Some(login);
            }
        }
        None
    }

    fn give(&mut self, string: Vec<u8>) -> Option<Login> {
        if let Some(user) = self.user.take() {
            return Some(Login::new(&user, Some(&string)));
        }
        self.user = Some(string);
        None
    }
}

/// A quoted string or an atom, and what stands behind it.
fn read_string(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let Some(quoted) = bytes.strip_prefix(b"\"") else {
        let end = bytes
            .iter()
            .position(|byte| *byte == b' ')
            .unwrap_or(bytes.len());
        let (atom, behind) = bytes.split_at_checked(end)?;
        return Some((atom.get(..MAX_STRING).unwrap_or(atom).to_vec(), behind));
    };
    let mut string = Vec::new();
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return Some((string, bytes.as_slice())),
            b'\\' => string.extend(bytes.next()),
            _ if string.len() >= MAX_STRING => return None,
            _ => string.push(*byte),
        }
    }
    None
}

/// Follows one conversation.
#[derive(Debug, Default)]
pub struct Session {
    server: Lines,
    client: Lines,
    banner: String,
    /// Of the command whose answer decides.
    tag: Vec<u8>,
    sasl: Sasl,
    strings: Strings,
    asks_for_tls: bool,
    is_over: bool,
    attempts: Attempts,
}

impl Session {
    fn server_line(&mut self, line: &[u8]) {
        if self.banner.is_empty()
            && let Some(text) = after(line, b"* OK")
        {
            self.banner = printable(text.trim_ascii());
        }
        let Some(answer) = line
            .strip_prefix(self.tag.as_slice())
            .and_then(|rest| rest.strip_prefix(b" "))
        else {
            return;
        };
        if self.tag.is_empty() {
            return;
        }
        let taken = after(answer, b"OK").is_some();
        self.is_over = taken && (self.asks_for_tls || self.attempts.is_open());
        self.attempts.decide(Outcome::of(taken));
        self.sasl.cancel();
        self.strings = Strings::default();
        self.asks_for_tls = false;
    }

    fn client_line(&mut self, line: &[u8]) {
        let login = if self.sasl.is_waiting() {
            self.sasl.answer(line)
        } else if self.strings.awaits_literal {
            self.strings.read(line)
        } else {
            self.command(line)
        };
        if let Some(login) = login {
            self.attempts.begin(login);
        }
    }

    fn command(&mut self, line: &[u8]) -> Option<Login> {
        let blank = line.iter().position(|byte| *byte == b' ')?;
        let (tag, command) = line.split_at_checked(blank)?;
        let command = command.trim_ascii_start();
        if let Some(arguments) = after(command, b"LOGIN ") {
            self.tag = tag.to_vec();
            return self.strings.read(arguments);
        }
        if let Some(arguments) = after(command, b"AUTHENTICATE ") {
            self.tag = tag.to_vec();
            return self.sasl.begin(arguments);
        }
        if after(command, b"STARTTLS").is_some() {
            self.tag = tag.to_vec();
            self.asks_for_tls = true;
        }
        None
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
    fn quoted_strings_and_literals_are_understood() {
        let mut session = Session::default();
        session.from_server(b"* OK [CAPABILITY IMAP4rev1] ready\r\n");
        session.from_client(b"a1 LOGIN bob \"a \\\" b\"\r\n");
        session.from_server(b"* BYE x\r\na1 NO wrong\r\n");
        session.from_client(b"a2 login {3}\r\n");
        session.from_server(b"+ go\r\n");
        session.from_client(b"bob {4}\r\n");
        session.from_server(b"+ go\r\n");
        session.from_client(b"pass\r\n");
        session.from_server(b"a2 OK in\r\n");
        let told: Vec<Login> = std::iter::from_fn(|| session.next_login()).collect();
        let wanted = [
            Login {
                outcome: Outcome::Failure,
                ..Login::new(b"bob", Some(b"a \" b"))
            },
            Login {
                outcome: Outcome::Success,
                ..Login::new(b"bob", Some(b"pass"))
            },
        ];
        assert_eq!(told, wanted);
        assert_eq!(session.banner(), "[CAPABILITY IMAP4rev1] ready");
    }

    #[test]
    fn an_exchange_is_followed_and_tls_ends_the_reading() {
        let mut session = Session::default();
        session.from_client(b"1 AUTHENTICATE PLAIN\r\nAHVzZXIAcGFzcw==\r\n");
        session.from_server(b"1 BAD no\r\n");
        session.from_client(b"2 STARTTLS\r\n");
        session.from_server(b"2 OK go\r\n");
        session.from_client(b"3 LOGIN a b\r\n");
        assert_eq!(
            session.next_login().map(|login| login.outcome),
            Some(Outcome::Failure)
        );
        assert_eq!(session.finish(), None);
    }

    #[test]
    fn greetings_are_read() {
        assert_eq!(done(parse(b"* OK hi\r\n")).text, "hi");
        assert_eq!(parse(b"* O"), Parsed::More(1));
        assert_eq!(parse(b"+OK"), Parsed::Foreign);
        assert_eq!(
            damage(parse(&[b"* OK ".to_vec(), vec![b'x'; 2000]].concat())),
            "imap: greeting too long"
        );
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[
                b"* OK a\r\n1 LOGIN {1}\r\nb {1}\r\nc\r\n1 OK d\r\n",
                b"2 LOGIN \"a\" \"b\\\r\n",
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
