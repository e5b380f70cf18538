//! Protocols in which people and programs log in line by line: Telnet, FTP and mail.
use super::speaker::{Hear, Hearing, Speaker};
use super::{Talk, logins};
use crate::flow::IN;
use crate::output::Output;
use crate::protocols::{ftp, imap, login, pop, smtp, telnet};

/// Nobody logs in after so many bytes.
const MOST_HEARD: usize = 64 * 1024;

/// The sighting that a server's first text becomes.
const BANNERS: [(&str, &str); 5] = [
    (telnet::NAME, "telnet.banner"),
    (ftp::NAME, "ftp.banner"),
    (smtp::NAME, "smtp.banner"),
    (pop::NAME, "pop.banner"),
    (imap::NAME, "imap.banner"),
];

/// One conversation.
pub struct Session {
    service: &'static str,
    server: usize,
    follower: Box<dyn login::Session + Send>,
    heard: usize,
    is_introduced: bool,
}

impl Session {
    /// A conversation in which the opener is the client.
    pub fn opened(service: &'static str, session: Box<dyn login::Session + Send>) -> Self {
        Self::greeted_by(IN, service, session)
    }

    /// A conversation in which that side is the server.
    pub fn greeted_by(
        server: usize,
        service: &'static str,
        session: Box<dyn login::Session + Send>,
    ) -> Self {
        Self {
            service,
            server,
            follower: session,
            heard: 0,
            is_introduced: false,
        }
    }

    /// The name of the protocol.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// Tells the server's first text once it has said it; `talk` is of a message of the server.
    fn introduce(&mut self, talk: &Talk, out: &mut Output) {
        let banner = self.follower.banner();
        if !self.is_introduced && !banner.is_empty() {
            self.is_introduced = true;
            if let Some((_, field)) = BANNERS.iter().find(|(name, _)| *name == self.service) {
                talk.sight(out, field, banner);
            }
        }
    }
}

impl Speaker for Session {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        let Hearing {
            side,
            stream,
            talk,
            out,
            ..
        } = hearing;
        let is_by_server = *side == self.server;
        if is_by_server {
            self.follower.from_server(stream.held());
        } else {
            self.introduce(&talk.reversed(), out);
            self.follower.from_client(stream.held());
        }
        let heard = stream.held().len();
        stream.take(heard);
        while let Some(login) = self.follower.next_login() {
            logins::tell(talk, is_by_server, self.service, &login, out);
        }
        self.heard += heard;
        if self.heard > MOST_HEARD {
            Hear::Enough
        } else {
            Hear::More
        }
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        let is_by_server = self.server != IN;
        let of_server = if is_by_server { *talk } else { talk.reversed() };
        self.introduce(&of_server, out);
        while let Some(login) = self.follower.finish() {
            logins::tell(talk, is_by_server, self.service, &login, out);
        }
    }
}
