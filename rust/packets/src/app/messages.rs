//! Protocols over TCP that speak in messages each of which tells by itself: Kerberos, and TP-Link's to its apps; and LDAP.
use super::speaker::{Hear, Hearing, Speaker, unread};
use super::{Talk, logins};
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::login::Login;
use crate::protocols::{kerberos, ldap, ntlm, tplink};

/// Nobody tells anything new of itself after so many messages.
const MOST_MESSAGES: usize = 64;

/// Puts what a message tells into sightings; `talk` is of its sender.
type Tell<M> = fn(&Talk, &M, &mut Output);

/// One connection.
pub struct Messages<M> {
    parse: fn(&[u8]) -> Parsed<M>,
    tell: Tell<M>,
    heard: usize,
}

impl Messages<kerberos::Message> {
    /// Of Kerberos.
    pub fn kerberos() -> Self {
        Self {
            parse: kerberos::parse_tcp,
            tell: tell_kerberos,
            heard: 0,
        }
    }
}

impl Messages<tplink::Message> {
    /// Of TP-Link.
    pub fn tplink() -> Self {
        Self {
            parse: tplink::parse_tcp,
            tell: tell_tplink,
            heard: 0,
        }
    }
}

impl<M> Speaker for Messages<M> {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        while !hearing.stream.held().is_empty() {
            let (message, taken) = match (self.parse)(hearing.stream.held()) {
                Parsed::Done(message, taken) => (message, taken),
                other => return unread(&other, hearing),
            };
            hearing.stream.take(taken);
            (self.tell)(hearing.talk, &message, hearing.out);
            self.heard += 1;
            if self.heard >= MOST_MESSAGES {
                return Hear::Enough;
            }
        }
        Hear::More
    }
}

/// Sightings of the client, whoever speaks.
pub fn tell_kerberos(talk: &Talk, message: &kerberos::Message, out: &mut Output) {
    let (client, _) = talk.roles(message.is_response());
    for (field, value) in message.sightings() {
        out.sight(talk.at, client.mac, Some(client.ip), field, &value);
    }
}

/// Sightings of a device that answers.
pub fn tell_tplink(talk: &Talk, message: &tplink::Message, out: &mut Output) {
    for (field, value) in message.sightings() {
        talk.sight(out, field, value);
    }
}

/// Sightings of names within NTLM.
fn tell_names(talk: &Talk, names: Option<&ntlm::Message>, out: &mut Output) {
    if let Some(names) = names {
        talk.sight(out, "ntlm.host", &names.host);
        talk.sight(out, "ntlm.domain", &names.domain);
    }
}

/// Sightings of who asks a directory; the login stays open until it is answered.
pub fn tell_ldap(talk: &Talk, message: &ldap::Message, out: &mut Output) {
    match message {
        ldap::Message::Bind { user, names, .. } => {
            talk.sight(out, "ldap.user", user);
            tell_names(talk, names.as_ref(), out);
        }
        ldap::Message::Bound { names, .. } => tell_names(talk, names.as_ref(), out),
        ldap::Message::Search { base, host } => {
            talk.sight(out, "ldap.base", base);
            talk.sight(out, "ldap.host", host);
        }
        ldap::Message::Other => {}
    }
}

/// One connection to a directory.
#[derive(Default)]
pub struct Ldap {
    open: Option<Login>,
    heard: usize,
}

impl Speaker for Ldap {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        while !hearing.stream.held().is_empty() {
            let (message, taken) = match ldap::parse(hearing.stream.held()) {
                Parsed::Done(message, taken) => (message, taken),
                other => return unread(&other, hearing),
            };
            hearing.stream.skip(taken);
            let Hearing { talk, out, .. } = hearing;
            tell_ldap(talk, &message, out);
            match message {
                ldap::Message::Bind {
                    login: Some(login), ..
                } => self.open = Some(login),
                ldap::Message::Bound {
                    outcome: Some(outcome),
                    ..
                } => {
                    if let Some(login) = self.open.take() {
                        logins::tell(talk, true, ldap::NAME, &Login { outcome, ..login }, out);
                    }
                }
                _ => {}
            }
            self.heard += 1;
            if self.heard >= MOST_MESSAGES {
                return Hear::Enough;
            }
        }
        Hear::More
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        if let Some(login) = self.open.take() {
            logins::tell(talk, false, ldap::NAME, &login, out);
        }
    }
}
