//! CoAP: questions and answers as rows; an answer tells what it answers, found by its token.
use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

use super::Talk;
use super::talk::Party;
use crate::damage::Parsed;
use crate::link::Vlan;
use crate::output::Output;
use crate::protocols::coap::{self, Message};
use crate::tables::CoapRow;

/// Where servers listen (RFC 7252 section 6.1).
const PORT: u16 = 5683;
/// Questions whose answers are awaited; the oldest beyond are forgotten.
const MOST_ASKED: usize = 4096;
/// The longest path and host that are remembered, bytes.
const LONGEST: usize = 256;

/// Who asked, and by which token the answer comes. Answers to a group come from other addresses than were asked.
type Key = (Vlan, std::net::IpAddr, u16, Vec<u8>);

/// The questions whose answers are awaited.
#[derive(Default)]
pub struct Asked {
    /// Path and host of each.
    open: HashMap<Key, (String, String), RandomState>,
    order: VecDeque<Key>,
}

impl Asked {
    fn remember(&mut self, key: Key, path: &str, host: &str) {
        if path.len() > LONGEST || host.len() > LONGEST {
            return;
        }
        let question = (path.to_owned(), host.to_owned());
        if self.open.insert(key.clone(), question).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > MOST_ASKED
            && let Some(oldest) = self.order.pop_front()
        {
            self.open.remove(&oldest);
        }
    }
}

/// Reads a datagram; returns whether it was one of the protocol.
pub fn see(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    match coap::parse(payload) {
        Parsed::Done(message, _) => tell(talk, message, out),
        other => return super::is_ours(&other, out),
    }
    true
}

fn tell(talk: &Talk, mut message: Message, out: &mut Output) {
    let is_response = message.is_response();
    let is_by_server = if message.is_empty() {
        talk.from.port == PORT && talk.to.port != PORT // either side may say that something came
    } else {
        is_response
    };
    let (client, server) = talk.roles(is_by_server);
    if !message.is_empty() {
        pair(talk, client, &mut message, out);
    }
    row(talk, (client, server), &message, out);
    if !is_response {
        talk.sight(out, "coap.path", &message.path);
    }
    talk.sight(out, "coap.device", &message.device);
    for link in &message.links {
        talk.sight(out, "coap.resource", link);
    }
}

/// Remembers a question, or gives an answer the path and host of what was asked.
fn pair(talk: &Talk, client: Party, message: &mut Message, out: &mut Output) {
    let token = std::mem::take(&mut message.token);
    let key = (talk.at.vlan, client.ip, client.port, token);
    if !message.is_response() {
        out.asked.remember(key, &message.path, &message.host);
    } else if let Some((path, host)) = out.asked.open.get(&key) {
        message.path.clone_from(path);
        message.host.clone_from(host);
    }
}

fn row(talk: &Talk, (client, server): (Party, Party), message: &Message, out: &mut Output) {
    let step = out.step_of(talk.at.time);
    out.tables.coap.push(CoapRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: client.mac,
        client: Some(client.ip),
        server: Some(server.ip),
        port: server.port,
        is_response: message.is_response(),
        kind: message.kind,
        code: if message.method.is_empty() {
            &message.code
        } else {
            message.method
        },
        path: &message.path,
        host: &message.host,
        format: &message.format,
        observe: match message.observe {
            Some(number) => message.is_response() || number == 0,
            None => false,
        },
        size: i64::try_from(message.payload).unwrap_or(i64::MAX),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_questions_are_forgotten() {
        let mut asked = Asked::default();
        let key = |number: u16| -> Key {
            let ip = "10.0.0.1".parse().unwrap();
            (Vlan::default(), ip, 40_000, number.to_be_bytes().to_vec())
        };
        for number in 0..5000 {
            asked.remember(key(number), "/a", "");
            asked.remember(key(number), "/b", "");
        }
        assert_eq!(
            (asked.open.len(), asked.order.len()),
            (MOST_ASKED, MOST_ASKED)
        );
        assert_eq!(asked.open.get(&key(4999)).unwrap().0, "/b");
        assert!(!asked.open.contains_key(&key(5)));
    }
}
