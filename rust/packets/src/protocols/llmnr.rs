//! Link-local multicast name resolution (RFC 4795): DNS messages with a few header bits of their own.

use super::dns;
use crate::damage::Parsed;

pub use super::dns::Message;

/// The service name of flows that speak this.
pub const NAME: &str = "llmnr";

/// Whether the header keeps to RFC 4795 section 2.1.1: opcode 0 and one question.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    dns::looks_like(bytes)
        && bytes.get(2).is_some_and(|flags| flags & 0x78 == 0)
        && bytes.get(4..6).is_some_and(|count| count == [0, 1])
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    if bytes.len() >= 12 && !looks_like(bytes) {
        return Parsed::Foreign;
    }
    dns::parse(bytes)
}

/// The name its sender answers for; `None` in a question or without answers.
#[must_use]
pub fn answered_name(message: &Message) -> Option<String> {
    let own = message
        .answers
        .iter()
        .find(|record| matches!(record.kind, 1 | 28))?;
    message.is_response.then(|| own.name.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{done, never_panics};

    const QUESTION: &[u8] = b"\x11\x22\0\0\0\x01\0\0\0\0\0\0\x05Plug1\0\0\x01\0\x01";
    const ANSWER: &[u8] =
        b"\x11\x22\x80\0\0\x01\0\x01\0\0\0\0\x05Plug1\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x1e\0\x04\x0a\0\0\x05";

    #[test]
    fn an_answer_names_its_sender_and_a_question_does_not() {
        assert_eq!(
            answered_name(&done(parse(ANSWER))),
            Some("plug1".to_owned())
        );
        assert_eq!(answered_name(&done(parse(QUESTION))), None);
        assert_eq!(done(parse(QUESTION)).name(), "plug1");
    }

    #[test]
    fn two_questions_are_not_llmnr() {
        let mut bytes = QUESTION.to_vec();
        bytes[5] = 2;
        assert_eq!(parse(&bytes), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[QUESTION, ANSWER], |bytes| {
            let _ = parse(bytes).map(|message| answered_name(&message));
        });
    }
}
