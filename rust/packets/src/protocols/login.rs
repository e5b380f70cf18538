//! A login as the protocols that carry one in the clear show it.

use std::collections::VecDeque;
use std::fmt;

use super::text::printable;

/// The most bytes of a password that are kept.
const MAX_SECRET: usize = 512;
/// The most logins waiting to be fetched; the newest beyond are dropped.
const MAX_WAITING: usize = 64;

/// A password. It shows its length and never itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Keeps at most 512 bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.get(..MAX_SECRET).unwrap_or(bytes).to_vec())
    }

    /// The bytes, for nothing but the keyed digest.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Secret of {} bytes", self.0.len())
    }
}

/// How an attempt ended, as far as seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Unseen,
    Success,
    Failure,
}

impl Outcome {
    /// As the `outcome` column wants it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Unseen => "",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }

    /// Success or failure.
    #[must_use]
    pub fn of(succeeded: bool) -> Self {
        if succeeded {
            Self::Success
        } else {
            Self::Failure
        }
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    /// `None` when the secret did not cross the wire as itself (a digest, a token, no password at all).
    pub password: Option<Secret>,
    pub outcome: Outcome,
}

impl Login {
    /// An attempt whose outcome is not seen yet.
    #[must_use]
    pub fn new(user: &[u8], password: Option<&[u8]>) -> Self {
        Self {
            user: printable(user),
            password: password.map(Secret::new),
            outcome: Outcome::Unseen,
        }
    }
}

/// Follows both sides of one conversation and tells its logins. All state is bounded; after what ends the clear part
/// of a conversation (a login that succeeded, a change to TLS) the bytes are ignored.
#[expect(
    clippy::wrong_self_convention,
    reason = "here `from` tells the side that spoke, it converts nothing"
)]
pub trait Session {
    /// The next bytes of the server, in their order.
    fn from_server(&mut self, bytes: &[u8]);
    /// The next bytes of the client, in their order.
    fn from_client(&mut self, bytes: &[u8]);
    /// What was made of it so far.
    fn heard(&self) -> &Heard;
    /// The same, to take from.
    fn heard_mut(&mut self) -> &mut Heard;

    /// The next login whose outcome is known; call until `None`.
    fn next_login(&mut self) -> Option<Login> {
        self.heard_mut().attempts.next()
    }

    /// At the end of the conversation: the attempt whose outcome was not seen.
    fn finish(&mut self) -> Option<Login> {
        self.heard_mut().attempts.finish()
    }

    /// The first text of the server, or empty.
    fn banner(&self) -> &str {
        &self.heard().banner
    }
}

/// What was made of a conversation so far.
#[derive(Debug, Default)]
pub struct Heard {
    /// The first text of the server.
    pub(super) banner: String,
    /// Nothing that follows is read.
    pub(super) is_over: bool,
    pub(super) attempts: Attempts,
}

impl Heard {
    /// The first text of the server, unless it was told before.
    pub(super) fn greet(&mut self, text: impl FnOnce() -> String) {
        if self.banner.is_empty() {
            self.banner = text();
        }
    }
}

/// The attempts of one conversation: one open at most, and those decided that nobody fetched yet.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    open: Option<Login>,
    decided: VecDeque<Login>,
}

impl Attempts {
    /// A new attempt; one still open is told with its outcome unseen.
    pub fn begin(&mut self, login: Login) {
        if let Some(earlier) = self.open.replace(login) {
            self.tell(earlier);
        }
    }

    /// The open attempt ended so; without one nothing happens.
    pub fn decide(&mut self, outcome: Outcome) {
        if let Some(login) = self.open.take() {
            self.tell(Login { outcome, ..login });
        }
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub fn next(&mut self) -> Option<Login> {
        self.decided.pop_front()
    }

    pub fn finish(&mut self) -> Option<Login> {
        self.decided.pop_front().or_else(|| self.open.take())
    }

    fn tell(&mut self, login: Login) {
        if self.decided.len() < MAX_WAITING {
            self.decided.push_back(login);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_itself() {
        let login = Login::new(b"admin", Some(b"hunter2"));
        assert!(!format!("{login:?}").contains("hunter2"));
        assert_eq!(login.password.unwrap().expose(), b"hunter2");
    }

    #[test]
    fn each_attempt_is_told_once() {
        let mut attempts = Attempts::default();
        attempts.begin(Login::new(b"a", None));
        attempts.begin(Login::new(b"b", None));
        attempts.decide(Outcome::Failure);
        attempts.decide(Outcome::Success);
        let told: Vec<_> = std::iter::from_fn(|| attempts.next())
            .map(|login| (login.user, login.outcome))
            .collect();
        assert_eq!(
            told,
            [
                ("a".to_owned(), Outcome::Unseen),
                ("b".to_owned(), Outcome::Failure)
            ]
        );
        assert_eq!(attempts.finish(), None);
    }
}
