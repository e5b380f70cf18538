//! MQTT, followed for the life of a connection: who connects, what is published and what is asked for.
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::speaker::{Hear, Hearing, Speaker};
use super::{Talk, logins};
use crate::damage::{Damage, Parsed};
use crate::flow::{IN, OUT};
use crate::output::Output;
use crate::protocols::login::Login;
use crate::protocols::mqtt::{self, Connack, Connect, Filter, Message, Publish};
use crate::tables::MqttRow;

/// So many times in a row what comes cannot be read; then nobody listens any longer.
const MOST_MISSES: u8 = 8;
/// Rows of one connection in one step; what comes beyond is counted and not told.
const MOST_ROWS: usize = 4096;
/// Different topics of one connection sighted in one step.
const MOST_TOPICS: usize = 16;
/// Numbers that stand for topics, for each side.
const MOST_ALIASES: usize = 32;
/// The longest topic a number may stand for, bytes.
const LONGEST_ALIASED: usize = 128;

/// One connection.
#[derive(Default)]
pub struct Mqtt {
    /// Which side is the client, once it has connected.
    client: Option<usize>,
    level: u8,
    client_id: String,
    user: String,
    open: Option<Login>,
    aliases: [Vec<(u16, String)>; 2],
    misses: u8,
    quota: Quota,
}

/// What was told in the current step.
#[derive(Default)]
struct Quota {
    step: i64,
    rows: usize,
    /// Hashes of the topics sighted.
    topics: Vec<u64>,
}

impl Quota {
    fn enter(&mut self, step: i64) {
        if self.step != step {
            *self = Self {
                step,
                ..Self::default()
            };
        }
    }

    /// Whether there is room for another row.
    fn takes_row(&mut self) -> bool {
        self.rows += 1;
        self.rows <= MOST_ROWS
    }

    /// Whether a topic is still to be sighted.
    fn takes_topic(&mut self, topic: &str) -> bool {
        let hash = FixedState::default().hash_one(topic);
        let is_new = self.topics.len() < MOST_TOPICS && !self.topics.contains(&hash);
        if is_new {
            self.topics.push(hash);
        }
        is_new
    }
}

/// What a row tells beyond its connection.
#[derive(Clone, Copy, Default)]
struct Told<'a> {
    message: &'static str,
    has_password: bool,
    result: &'static str,
    topic: &'a str,
    qos: u8,
    retain: bool,
    size: usize,
}

impl Mqtt {
    fn told(&mut self, message: &Message, hearing: &mut Hearing<'_>) {
        let (side, talk) = (hearing.side, hearing.talk);
        let out = &mut *hearing.out;
        self.quota.enter(out.step_of(talk.at.time));
        match message {
            Message::Connect(connect) => self.connected(connect, side, talk, out),
            Message::Connack(connack) => self.answered(connack, talk, out),
            Message::Publish(publish) => self.published(publish, side, talk, out),
            Message::Subscribe(filters) => self.wanted("subscribe", filters, talk, out),
            Message::Unsubscribe(filters) => self.wanted("unsubscribe", filters, talk, out),
            Message::Disconnect => {
                let told = Told {
                    message: "disconnect",
                    ..Told::default()
                };
                // What the other side has said before may still come.
                self.row(self.is_server(side), told, talk, out);
            }
            Message::Other => {}
        }
    }

    fn is_server(&self, side: usize) -> bool {
        side != self.client.unwrap_or(OUT)
    }

    fn connected(&mut self, connect: &Connect, side: usize, talk: &Talk, out: &mut Output) {
        self.give_up(false, talk, out);
        self.client = Some(side);
        self.level = connect.level;
        self.client_id.clone_from(&connect.client_id);
        self.user.clone_from(&connect.user);
        self.open = connect.login();
        let will = connect.will.as_ref();
        let told = Told {
            message: "connect",
            has_password: connect.password.is_some(),
            topic: will.map_or("", |will| &will.topic),
            qos: will.map_or(0, |will| will.qos),
            retain: will.is_some_and(|will| will.retain),
            size: will.map_or(0, |will| will.size),
            ..Told::default()
        };
        self.row(false, told, talk, out);
        talk.sight(out, "mqtt.client", &connect.client_id);
    }

    fn answered(&mut self, connack: &Connack, talk: &Talk, out: &mut Output) {
        if self.client_id.is_empty() {
            self.client_id.clone_from(&connack.assigned);
        }
        let told = Told {
            message: "connack",
            result: connack.result(),
            ..Told::default()
        };
        self.row(true, told, talk, out);
        if let Some(login) = self.open.take() {
            let outcome = connack.outcome();
            logins::tell(talk, true, mqtt::NAME, &Login { outcome, ..login }, out);
        }
    }

    /// The login that was never answered.
    fn give_up(&mut self, is_by_server: bool, talk: &Talk, out: &mut Output) {
        if let Some(login) = self.open.take() {
            logins::tell(talk, is_by_server, mqtt::NAME, &login, out);
        }
    }

    fn published(&mut self, publish: &Publish, side: usize, talk: &Talk, out: &mut Output) {
        let known = &mut self.aliases[side];
        let place = known.iter().position(|(alias, _)| *alias == publish.alias);
        if publish.alias > 0 && !publish.topic.is_empty() {
            let fits = publish.topic.len() <= LONGEST_ALIASED;
            match place {
                Some(place) if fits => known[place].1.clone_from(&publish.topic),
                Some(place) => drop(known.swap_remove(place)),
                None if fits && known.len() < MOST_ALIASES => {
                    known.push((publish.alias, publish.topic.clone()));
                }
                None => out.tally.count(Damage("mqtt: alias not remembered")),
            }
        }
        let topic = match place {
            Some(place) if publish.topic.is_empty() => self.aliases[side][place].1.clone(),
            _ => publish.topic.clone(),
        };
        let told = Told {
            message: "publish",
            topic: &topic,
            qos: publish.qos,
            retain: publish.retain,
            size: publish.size,
            ..Told::default()
        };
        let by_server = self.is_server(side);
        self.row(by_server, told, talk, out);
        if !by_server && self.quota.takes_topic(&topic) {
            talk.sight(out, "mqtt.topic", &topic);
        }
    }

    fn wanted(&mut self, message: &'static str, filters: &[Filter], talk: &Talk, out: &mut Output) {
        for filter in filters {
            let told = Told {
                message,
                topic: &filter.topic,
                qos: filter.qos,
                ..Told::default()
            };
            self.row(false, told, talk, out);
        }
    }

    fn row(&mut self, is_by_server: bool, told: Told<'_>, talk: &Talk, out: &mut Output) {
        if !self.quota.takes_row() {
            return out.tally.count(Damage("mqtt: more rows than a step takes"));
        }
        let (client, server) = talk.roles(is_by_server);
        let step = out.step_of(talk.at.time);
        out.tables.mqtt.push(MqttRow {
            step,
            time: talk.at.time,
            flow: talk.flow,
            segment: out.segments.name(talk.at.vlan),
            mac: client.mac,
            client: Some(client.ip),
            server: Some(server.ip),
            port: server.port,
            message: told.message,
            is_by_server,
            client_id: &self.client_id,
            user: &self.user,
            has_password: told.has_password,
            level: self.level,
            result: told.result,
            topic: told.topic,
            qos: told.qos,
            retain: told.retain,
            size: i64::try_from(told.size).unwrap_or(i64::MAX),
        });
    }
}

impl Speaker for Mqtt {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        while !hearing.stream.held().is_empty() {
            match mqtt::parse_at(hearing.stream.held(), self.level) {
                Parsed::Done(message, taken) => {
                    hearing.stream.skip(taken);
                    self.misses = 0;
                    self.told(&message, hearing);
                }
                Parsed::More(_) if !hearing.stream.is_stuck() => break,
                other => {
                    super::is_ours(&other, hearing.out);
                    hearing.stream.clear(); // packets mostly begin with a segment
                    self.misses += 1;
                    if self.misses >= MOST_MISSES {
                        return Hear::Enough;
                    }
                }
            }
        }
        Hear::More
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        self.give_up(self.client == Some(IN), talk, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_takes_so_many_rows_and_topics_and_no_more() {
        let mut quota = Quota::default();
        quota.enter(10);
        let topics = (0..100).filter(|number| quota.takes_topic(&format!("t/{}", number / 2)));
        assert_eq!(topics.count(), MOST_TOPICS);
        assert_eq!((0..9999).filter(|_| quota.takes_row()).count(), MOST_ROWS);
        quota.enter(20);
        assert!(quota.takes_row() && quota.takes_topic("t/1"));
    }
}
