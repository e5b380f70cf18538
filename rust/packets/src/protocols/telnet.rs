//! Telnet (RFC 854): its text without the negotiation, and the logins its prompts and answers show.

use std::collections::VecDeque;

use super::login::{Heard, Login, Outcome, Session as Follow};
use super::negotiation::{IAC, Negotiation, SUBNEGOTIATION};
use super::text::{find, one_line};
use crate::damage::Parsed;

/// The service name of flows that speak this.
pub const NAME: &str = "telnet";
/// The most bytes kept of the server's unfinished line; what stands at its end counts.
const MAX_LINE: usize = 256;
/// The most bytes kept of what the server says first.
const MAX_BANNER: usize = 512;
/// The most lines a client may type ahead of the prompts.
const MAX_AHEAD: usize = 8;
/// The longest line taken for a shell's prompt.
const MAX_PROMPT: usize = 96;
/// The greatest option number that is in use (IANA), but for 255.
const MAX_OPTION: u8 = 49;

/// One side's text, with the negotiation taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub text: String,
    /// Options the side spoke of, in their order, each once.
    pub options: Vec<u8>,
}

/// Whether the bytes begin with the negotiation of an option.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [IAC, 251..=254 | SUBNEGOTIATION, 0..=MAX_OPTION | 255, ..]
    )
}

/// What one side said so far; foreign unless it begins with negotiation.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if !looks_like(bytes) {
        let begins = matches!(bytes, [] | [IAC] | [IAC, 250..=254]);
        return if begins {
            Parsed::More(3_usize.saturating_sub(bytes.len()))
        } else {
            Parsed::Foreign
        };
    }
    let mut negotiation = Negotiation::default();
    let text = negotiation.strip(bytes);
    Parsed::Done(
        Message {
            text: one_line(&text),
            options: negotiation.options,
        },
        bytes.len(),
    )
}

/// What the conversation waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Start,
    User,
    /// The user is known, the password not yet asked for.
    Between,
    Password,
    Verdict,
    Over,
}

/// Follows one conversation: prompts, what is typed at them, and the answer.
#[derive(Debug, Default)]
pub struct Session {
    server: Negotiation,
    client: Negotiation,
    stage: Stage,
    /// The server's unfinished line.
    line: Vec<u8>,
    /// What the server said up to its first prompt.
    said: Vec<u8>,
    has_prompted: bool,
    /// The client's unfinished line, and whole ones no prompt has asked for yet.
    typed: Vec<u8>,
    ahead: VecDeque<Vec<u8>>,
    ended_by_return: bool,
    user: Vec<u8>,
    heard: Heard,
}

impl Session {
    fn server_line_ends(&mut self) {
        let line = std::mem::take(&mut self.line).to_ascii_lowercase();
        if self.stage != Stage::Verdict {
            return;
        }
        if says_no(&line) {
            self.decide(Outcome::Failure, Stage::Start);
        } else if says_yes(&line) {
            self.decide(Outcome::Success, Stage::Over);
        }
    }

    /// Looks at the end of what the server said: a prompt is a line that does not end.
    fn look_for_prompt(&mut self) {
        let line = self.line.trim_ascii().to_ascii_lowercase();
        let asks = line.ends_with(b":") && !line.starts_with(b"last login");
        let has = |words: &[&[u8]]| words.iter().any(|word| find(&line, word).is_some());
        if asks && has(&[b"password", b"passwd", b"passcode"]) {
            self.decide(Outcome::Failure, Stage::Password);
            self.stage = Stage::Password;
        } else if asks && has(&[b"login", b"user", b"account"]) {
            self.decide(Outcome::Failure, Stage::User);
            self.stage = Stage::User;
        } else if self.stage == Stage::Verdict && is_shell_prompt(&line) {
            self.decide(Outcome::Success, Stage::Over);
        }
        self.has_prompted |= self.stage != Stage::Start;
        self.use_what_was_typed();
    }

    /// Ends the attempt that waits for its answer; without one nothing changes.
    fn decide(&mut self, outcome: Outcome, next: Stage) {
        if self.stage == Stage::Verdict {
            self.heard.attempts.decide(outcome);
            self.stage = next;
        }
    }

    fn client_line_ends(&mut self) {
        let line = std::mem::take(&mut self.typed);
        // A bare return wakes a server up; only a password may be empty.
        let counts = !line.is_empty() || self.stage == Stage::Password;
        if counts && self.ahead.len() < MAX_AHEAD {
            self.ahead.push_back(line);
        }
        self.use_what_was_typed();
    }

    fn use_what_was_typed(&mut self) {
        if self.stage == Stage::User
            && let Some(user) = self.ahead.pop_front()
        {
            self.user = user;
            self.stage = Stage::Between;
        } else if self.stage == Stage::Password
            && let Some(password) = self.ahead.pop_front()
        {
            self.heard
                .attempts
                .begin(Login::new(&self.user, Some(&password)));
            self.stage = Stage::Verdict;
        }
    }

    fn keep_banner(&mut self, text: &[u8]) {
        let room = MAX_BANNER.saturating_sub(self.said.len());
        if room > 0 && !self.has_prompted {
            self.said.extend(text.iter().take(room));
            self.heard.banner = one_line(&self.said);
        }
    }
}

/// Whether a line, in lower case, refuses a login.
fn says_no(line: &[u8]) -> bool {
    const WORDS: [&[u8]; 8] = [
        b"incorrect",
        b"failed",
        b"failure",
        b"invalid",
        b"denied",
        b"wrong",
        b"bad password",
        b"not allowed",
    ];
    WORDS.iter().any(|word| find(line, word).is_some())
}

/// Whether a line, in lower case, greets who was let in.
fn says_yes(line: &[u8]) -> bool {
    const STARTS: [&[u8]; 4] = [b"welcome", b"last login", b"busybox", b"built-in shell"];
    let line = line.trim_ascii();
    STARTS.iter().any(|start| line.starts_with(start)) || is_shell_prompt(line)
}

fn is_shell_prompt(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() <= MAX_PROMPT && matches!(line.last(), Some(b'#' | b'$' | b'>' | b'%'))
}

impl Follow for Session {
    fn from_server(&mut self, bytes: &[u8]) {
        if self.stage == Stage::Over {
            return;
        }
        let text = self.server.strip(bytes);
        self.keep_banner(&text);
        for byte in &text {
            if matches!(byte, b'\r' | b'\n') {
                self.server_line_ends();
            } else {
                if self.line.len() >= MAX_LINE {
                    self.line.remove(0);
                }
                self.line.push(*byte);
            }
        }
        // A blank or a command behind a prompt does not ask again.
        if !self.line.is_empty() && !text.trim_ascii().is_empty() {
            self.look_for_prompt();
        }
    }

    fn from_client(&mut self, bytes: &[u8]) {
        if self.stage == Stage::Over {
            return;
        }
        for byte in self.client.strip(bytes) {
            let follows_return = std::mem::replace(&mut self.ended_by_return, byte == b'\r');
            match byte {
                b'\n' if follows_return => {}
                b'\r' | b'\n' => self.client_line_ends(),
                8 | 127 => {
                    self.typed.pop();
                }
                _ if self.typed.len() < MAX_LINE => self.typed.push(byte),
                _ => {}
            }
        }
    }

    fn heard(&self) -> &Heard {
        &self.heard
    }

    fn heard_mut(&mut self) -> &mut Heard {
        &mut self.heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{converse, done, never_panics};

    fn all(session: &mut Session) -> Vec<Login> {
        let mut logins: Vec<Login> = std::iter::from_fn(|| session.next_login()).collect();
        logins.extend(session.finish());
        logins
    }

    fn login(user: &[u8], password: &[u8], outcome: Outcome) -> Login {
        Login {
            outcome,
            ..Login::new(user, Some(password))
        }
    }

    #[test]
    fn negotiation_is_taken_out_of_the_text() {
        let bytes = b"\xff\xfd\x01\xff\xfb\x03\xff\xfa\x18\x01\xff\xff\xff\xf0dvr\xff\xf9 login: ";
        let message = done(parse(bytes));
        assert_eq!(
            (message.text.as_str(), message.options.as_slice()),
            ("dvr login:", &[1, 3][..])
        );
        assert_eq!(parse(b"\xff\xfd"), Parsed::More(1));
        assert_eq!(parse(b"login: "), Parsed::Foreign);
        assert_eq!(parse(b"\xff\xfd\x90"), Parsed::Foreign);
    }

    #[test]
    fn a_refused_and_a_taken_login_are_both_told() {
        let mut session = Session::default();
        session.from_server(b"\xff\xfd\x01\r\nCamera v2\r\ncam login: ");
        session.from_client(b"\xff\xfc\x01root\r\0");
        session.from_server(b"root\r\nPassword: ");
        session.from_client(b"xc3511\r\n");
        session.from_server(b"\r\nLogin incorrect\r\ncam login: ");
        for byte in b"admin\r\n" {
            session.from_client(&[*byte]);
            session.from_server(&[*byte]);
        }
        session.from_server(b"Password: ");
        session.from_client(b"12x\x7f34\r\n");
        session.from_server(b"\r\n\r\nBusyBox v1.19 built-in shell (ash)\r\n# ");
        session.from_client(b"cat /proc/mounts\r\n");
        assert_eq!(session.banner(), "Camera v2 cam login:");
        let wanted = [
            login(b"root", b"xc3511", Outcome::Failure),
            login(b"admin", b"1234", Outcome::Success),
        ];
        assert_eq!(all(&mut session), wanted);
    }

    #[test]
    fn what_is_typed_ahead_waits_for_its_prompt() {
        let mut session = Session::default();
        session.from_client(b"\r\nroot\r\npass\r\n");
        session.from_server(b"login: ");
        session.from_server(b"Password: ");
        session.from_server(b"\r\n[root@box ~]$ ");
        assert_eq!(
            all(&mut session),
            [login(b"root", b"pass", Outcome::Success)]
        );
    }

    #[test]
    fn another_prompt_means_refused_and_silence_means_unseen() {
        let mut session = Session::default();
        session.from_server(b"Username:");
        session.from_client(b"a\r\n");
        session.from_server(b"Password:");
        session.from_client(b"\r\n");
        session.from_server(b"\r\nPassword:");
        session.from_client(b"b\r\n");
        let wanted = [
            login(b"a", b"", Outcome::Failure),
            login(b"a", b"b", Outcome::Unseen),
        ];
        assert_eq!(all(&mut session), wanted);
    }

    #[test]
    fn it_never_panics() {
        let sample = b"\xff\xfa\x18\xff\xf0login: a\r\nPassword: b\r\n# ";
        never_panics(&[sample, b"\xff\xfd\x01\xff\xfb\x03x"], |bytes| {
            let _ = parse(bytes);
            converse(&mut Session::default(), bytes);
        });
    }
}
