//! Files by FTP (RFC 959): the control connection names them, data connections carry them.
//!
//! In its ASCII type lines end differently on the way than on either disk; the hash is of what was transferred.
use super::awaited::{self, Awaited, Place};
use super::body::{Body, Framing};
use super::content::Content;
use super::file::{About, File, Way};
use crate::app::Talk;
use crate::app::session::Session;
use crate::app::speaker::{Hear, Hearing, Segment, Speaker};
use crate::flow::IN;
use crate::output::Output;
use crate::protocols::ftp;
use crate::protocols::ftp::transfers::{Said, Transfers};

/// Control connections are not followed beyond so many bytes.
const MOST_HEARD: usize = 16 * 1024 * 1024;

/// A control connection: logins, and what it says of data connections.
pub struct Control {
    logins: Option<Session>,
    transfers: Transfers,
    places: Vec<Place>,
    heard: usize,
}

impl Control {
    /// A connection whose logins are followed so.
    pub fn with(logins: Session) -> Self {
        Self {
            logins: Some(logins),
            transfers: Transfers::default(),
            places: Vec::new(),
            heard: 0,
        }
    }

    fn said(&mut self, said: &Said, way: &Way, out: &mut Output) {
        match said {
            Said::Awaits {
                is_by_server,
                address,
                port,
            } => {
                self.forget(out);
                let own = if *is_by_server {
                    way.server.ip
                } else {
                    way.client.ip
                };
                // Behind a translation of addresses the one announced is not the one that is seen.
                let mut addresses = vec![own];
                addresses.extend(address.filter(|address| *address != own));
                for address in addresses {
                    let place = (way.talk.at.vlan, address, *port);
                    awaited::announce(place, way.client, way.server, way.talk.at.time, out);
                    self.places.push(place);
                }
            }
            Said::Carries(carried) => {
                self.places
                    .iter()
                    .for_each(|place| awaited::carries(place, Some(carried), out));
            }
            Said::CarriesOther => {
                self.places
                    .iter()
                    .for_each(|place| awaited::carries(place, None, out));
            }
        }
    }

    fn forget(&mut self, out: &mut Output) {
        for place in self.places.drain(..) {
            awaited::forget(&place, out);
        }
    }
}

impl Speaker for Control {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        let is_by_server = hearing.side == IN;
        let way = Way::of(hearing.talk, is_by_server);
        let said = self.transfers.hear(is_by_server, hearing.stream.held());
        self.heard += hearing.stream.held().len();
        for said in &said {
            self.said(said, &way, hearing.out);
        }
        match &mut self.logins {
            Some(logins) => {
                if logins.hear(hearing) == Hear::Enough {
                    let opener = if is_by_server {
                        hearing.talk.reversed()
                    } else {
                        *hearing.talk
                    };
                    logins.finish(&opener, hearing.out);
                    self.logins = None;
                }
            }
            None => hearing.stream.take(hearing.stream.held().len()),
        }
        if self.heard > MOST_HEARD {
            Hear::Enough
        } else {
            Hear::More
        }
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        self.forget(out);
        if let Some(mut logins) = self.logins.take() {
            logins.finish(talk, out);
        }
    }
}

/// A data connection; it carries one file, and its end is that of the file.
pub struct Data {
    awaited: Awaited,
    /// Once its first byte came: which side sends, and what.
    body: Option<(usize, Body)>,
    is_over: bool,
}

impl Data {
    /// The connection that was awaited.
    pub fn of(awaited: Awaited) -> Self {
        Self {
            awaited,
            body: None,
            is_over: false,
        }
    }

    fn way(&self, talk: &Talk) -> Way {
        Way {
            talk: *talk,
            client: self.awaited.client,
            server: self.awaited.server,
        }
    }

    /// The body that begins with this segment. Where the SYN was not seen, something may have come before it.
    fn begin(&self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> Option<Body> {
        let carried = self.awaited.carried.as_ref()?;
        let start = hearing.stream.next_number();
        let about = About {
            service: ftp::NAME,
            name: carried.name.clone(),
            is_upload: carried.is_upload,
            is_part: carried.is_part || start.is_none(),
            is_encoded: false,
        };
        let file = File::begin(about, hearing.out)?;
        let start = start.unwrap_or(segment.sequence);
        Some(Body::begin(start, Framing::Connection, Content::File(file)))
    }

    fn end(&mut self, way: &Way, out: &mut Output) {
        self.is_over = true;
        if let Some((_, body)) = self.body.take() {
            body.finish(way, out);
        }
    }
}

impl Speaker for Data {
    fn take(&mut self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> bool {
        if self.body.is_none() && !self.is_over {
            self.body = self
                .begin(segment, hearing)
                .map(|body| (hearing.side, body));
        }
        let way = self.way(hearing.talk);
        if let Some((side, body)) = &mut self.body
            && *side == hearing.side
        {
            body.take(segment, &way, hearing.out);
            if body.is_over() || !body.is_followed() {
                self.end(&way, hearing.out);
            }
        }
        false
    }

    fn hear(&mut self, _hearing: &mut Hearing<'_>) -> Hear {
        Hear::More
    }

    fn ends(&mut self, sequence: u32, hearing: &mut Hearing<'_>) {
        let way = self.way(hearing.talk);
        if let Some((side, body)) = &mut self.body
            && *side == hearing.side
        {
            body.ends(sequence);
            if body.is_over() {
                self.end(&way, hearing.out);
            }
        }
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        let way = self.way(talk);
        self.end(&way, out);
    }
}
