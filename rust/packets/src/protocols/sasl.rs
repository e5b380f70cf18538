//! The exchanges of SASL (RFC 4422) that mail protocols share, as the client's side shows them.

use super::base64;
use super::login::Login;

/// What the client's next line will hold.
#[derive(Debug, Default)]
pub(super) enum Sasl {
    #[default]
    Idle,
    /// PLAIN (RFC 4616): all of it.
    Plain,
    /// LOGIN: the user, then the password.
    LoginUser,
    LoginPassword(Vec<u8>),
    /// CRAM-MD5 (RFC 2195): the user and a digest.
    Cram,
}

impl Sasl {
    /// The client chose a mechanism, and may have sent its first answer along.
    pub fn begin(&mut self, arguments: &[u8]) -> Option<Login> {
        let mut words = arguments
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty());
        *self = match words.next()?.to_ascii_uppercase().as_slice() {
            b"PLAIN" => Self::Plain,
            b"LOGIN" => Self::LoginUser,
            b"CRAM-MD5" => Self::Cram,
            _ => Self::Idle,
        };
        self.answer(words.next()?)
    }

    /// Whether the client's next line is an answer and no command.
    pub fn is_waiting(&self) -> bool {
        !matches!(self, Self::Idle)
    }

    /// The client's next answer; the login once it is whole.
    pub fn answer(&mut self, line: &[u8]) -> Option<Login> {
        match std::mem::take(self) {
            Self::Idle => None,
            Self::Plain => {
                let bytes = base64::decode(line)?;
                let mut parts = bytes.splitn(3, |byte| *byte == 0);
                let (_, user, password) = (parts.next()?, parts.next()?, parts.next()?);
                Some(Login::new(user, Some(password)))
            }
            Self::LoginUser => {
                *self = Self::LoginPassword(base64::decode(line)?);
                None
            }
            Self::LoginPassword(user) => Some(Login::new(&user, Some(&base64::decode(line)?))),
            Self::Cram => {
                let bytes = base64::decode(line)?;
                let blank = bytes.iter().rposition(|byte| *byte == b' ')?;
                Some(Login::new(bytes.get(..blank)?, None))
            }
        }
    }

    /// The server refused, or the exchange is over.
    pub fn cancel(&mut self) {
        *self = Self::Idle;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_has_three_parts_and_may_come_along() {
        let wanted = Some(Login::new(b"user", Some(b"pass")));
        assert_eq!(Sasl::default().begin(b"PLAIN AHVzZXIAcGFzcw=="), wanted);
        let mut sasl = Sasl::default();
        assert_eq!(sasl.begin(b"plain"), None);
        assert!(sasl.is_waiting());
        assert_eq!(sasl.answer(b"AHVzZXIAcGFzcw=="), wanted);
        assert_eq!(Sasl::default().begin(b"PLAIN dXNlcg=="), None);
    }

    #[test]
    fn login_takes_two_answers_and_cram_keeps_the_secret() {
        let mut sasl = Sasl::default();
        assert_eq!(sasl.begin(b"LOGIN dXNlcg=="), None);
        assert_eq!(
            sasl.answer(b"cGFzcw=="),
            Some(Login::new(b"user", Some(b"pass")))
        );
        assert_eq!(sasl.begin(b"CRAM-MD5"), None);
        assert_eq!(
            sasl.answer(b"dXNlciAwYTFi"),
            Some(Login::new(b"user", None))
        );
        assert!(!sasl.is_waiting());
    }
}
