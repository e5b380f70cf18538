//! Calls in SOAP, from the request to the answer that grants or refuses it.
use super::Talk;
use super::description::is_local;
use super::front::Front;
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::soap::{self, MAX_CALL};

/// One request that waits for its answer.
pub struct Call {
    front: Front,
    /// The head said who calls.
    has_login: bool,
}

impl Call {
    /// Begins with a request's body of that media type whose front is `first`; `next` is the number of the byte behind
    /// it. Nothing when it is no XML, or not to the local network.
    pub fn begin(
        talk: &Talk,
        kind: &str,
        has_login: bool,
        first: &[u8],
        next: Option<u32>,
    ) -> Option<Box<Self>> {
        let is_call = kind.starts_with("text/xml") || kind.starts_with("application/soap+xml");
        if !is_call || !is_local(talk.to.ip) {
            return None;
        }
        let front = Front::begin(first, next?, MAX_CALL);
        Some(Box::new(Self { front, has_login }))
    }

    /// Takes what a segment of the request adds.
    pub fn take(&mut self, sequence: u32, payload: &[u8]) {
        if !self.front.is_over() && !soap::is_whole(self.front.bytes()) {
            self.front.take(sequence, payload);
        }
    }

    /// Tells what the answer means; `talk` is of it.
    pub fn answered(&self, status: u16, talk: &Talk, out: &mut Output) {
        let message = match soap::parse(self.front.bytes()) {
            Parsed::Done(message, _) => message,
            other => {
                super::is_ours(&other, out);
                return;
            }
        };
        let is_granted = (200..300).contains(&status);
        if is_granted {
            talk.reversed().sight(out, "upnp.mapping", &message.mapping);
        }
        let is_anybody = message.is_onvif && !message.is_signed && !self.has_login;
        let granted = match status {
            200..300 => "open",
            401 | 403 => "guarded",
            _ => return,
        };
        if is_anybody && !message.operation.is_empty() {
            talk.sight(
                out,
                "onvif.access",
                &format!("{granted}:{}", message.operation),
            );
        }
    }
}
