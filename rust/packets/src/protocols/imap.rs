//! Logins of mailboxes by IMAP (RFC 9051 sections 6.2 and 7.1).

use super::conversation::{Conversation, LineProtocol};
use super::lines::greeting;
use super::login::{Heard, Login, Outcome};
use super::sasl::Sasl;
use super::text::{after, printable};
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "imap";
/// The most bytes of the greeting.
const MAX_GREETING: usize = 1024;
/// How a server greets.
const STARTS: [&[u8]; 3] = [b"* OK", b"* PREAUTH", b"* BYE"];
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
    STARTS.iter().any(|start| bytes.starts_with(start))
}

/// The greeting of a server.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    greeting(
        bytes,
        &STARTS,
        MAX_GREETING,
        Damage("imap: greeting too long"),
    )
    .map(|text| Message { text })
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
pub type Session = Conversation<Imap>;

/// What stands between its lines.
#[derive(Debug, Default)]
pub struct Imap {
    /// Of the command whose answer decides.
    tag: Vec<u8>,
    sasl: Sasl,
    strings: Strings,
    asks_for_tls: bool,
}

impl Imap {
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

impl LineProtocol for Imap {
    fn server_line(&mut self, line: &[u8], heard: &mut Heard) {
        if let Some(text) = after(line, b"* OK") {
            heard.greet(|| printable(text.trim_ascii()));
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
        heard.is_over = taken && (self.asks_for_tls || heard.attempts.is_open());
        heard.attempts.decide(Outcome::of(taken));
        self.sasl.cancel();
        self.strings = Strings::default();
        self.asks_for_tls = false;
    }

    fn client_line(&mut self, line: &[u8], _heard: &mut Heard) -> Option<Login> {
        if self.sasl.is_waiting() {
            self.sasl.answer(line)
        } else if self.strings.awaits_literal {
            self.strings.read(line)
        } else {
            self.command(line)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::login::Session as _;
    use crate::protocols::testing::{converse, damage, done, never_panics};

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
                converse(&mut Session::default(), bytes);
            },
        );
    }
}
