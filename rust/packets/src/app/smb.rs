//! SMB up to the names that logging in tells.
use std::net::IpAddr;

use super::speaker::{Hear, Hearing, Speaker, unread};
use crate::damage::Parsed;
use crate::protocols::smb;

/// Nobody begins a session after so many messages.
const MOST_MESSAGES: usize = 12;

/// One connection.
#[derive(Default)]
pub struct Smb {
    heard: usize,
}

impl Speaker for Smb {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        while !hearing.stream.held().is_empty() {
            let (message, taken) = match smb::parse(hearing.stream.held()) {
                Parsed::Done(message, taken) => (message, taken),
                other => return unread(&other, hearing),
            };
            hearing.stream.skip(taken);
            let Hearing { talk, out, .. } = hearing;
            talk.sight(out, "smb.version", message.version);
            talk.sight(out, "smb.system", &message.system);
            if let Some(names) = &message.names {
                talk.sight(out, "ntlm.host", &names.host);
                talk.sight(out, "ntlm.domain", &names.domain);
                let version = ["", "1", "2"].get(usize::from(names.version));
                talk.sight(out, "ntlm.version", version.unwrap_or(&""));
            }
            let is_name = message.server.parse::<IpAddr>().is_err();
            if is_name && !message.server.is_empty() {
                talk.reversed().sight(out, "smb.host", &message.server);
            }
            self.heard += 1;
            if self.heard >= MOST_MESSAGES || !message.is_negotiation {
                return Hear::Enough;
            }
        }
        Hear::More
    }
}
