//! DNS over TCP.
use super::names;
use super::speaker::{Hear, Hearing, Speaker, unread};
use crate::damage::Parsed;
use crate::protocols::dns;

/// DNS over TCP, message after message.
pub struct Dns;

impl Speaker for Dns {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        loop {
            match dns::parse_tcp(hearing.stream.held()) {
                Parsed::Done(message, taken) => {
                    hearing.stream.take(taken);
                    names::tell_dns(hearing.talk, &message, hearing.out);
                }
                other => return unread(&other, hearing),
            }
        }
    }
}
