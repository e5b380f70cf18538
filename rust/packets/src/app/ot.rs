//! Protocols of plants: followed for the whole life of a connection, a row for each operation.
use super::Talk;
use super::speaker::{Hear, Hearing, Speaker};
use crate::damage::{Damage, Parsed};
use crate::flow::IN;
use crate::output::Output;
use crate::protocols::plant::{Asked, Message, Operation, Session};
use crate::protocols::{bacnet, dnp3, enip, iec104, knx, modbus, opcua, s7};
use crate::tables::OtRow;

/// So many pieces in a row that cannot be read end the following of a connection.
const MOST_FAILURES: u8 = 16;

type LooksLike = fn(&[u8]) -> bool;

type Begin = fn() -> Box<dyn Session>;

/// The protocols over TCP: the usual port of servers, what tells them there, what tells them at any port, and who
/// follows them.
const OVER_TCP: [(u16, LooksLike, LooksLike, Begin); 6] = [
    (
        modbus::PORT,
        modbus::looks_like,
        modbus::is_question,
        || Box::<modbus::Session>::default(),
    ),
    (s7::PORT, s7::looks_like, s7::carries_s7, || {
        Box::<s7::Session>::default()
    }),
    (enip::PORT, enip::looks_like, enip::is_registration, || {
        Box::<enip::Session>::default()
    }),
    (dnp3::PORT, dnp3::looks_like, dnp3::looks_like, || {
        Box::<dnp3::Session>::default()
    }),
    (iec104::PORT, iec104::looks_like, iec104::is_start, || {
        Box::<iec104::Session>::default()
    }),
    (opcua::PORT, opcua::looks_like, opcua::looks_like, || {
        Box::<opcua::Session>::default()
    }),
];

/// The protocol whose conversation these first bytes of a side begin, if they do.
pub fn recognise(
    bytes: &[u8],
    side: usize,
    talk: &Talk,
) -> Option<(&'static str, Box<dyn Speaker>)> {
    OVER_TCP
        .iter()
        .find_map(|(port, at_port, anywhere, session)| {
            if !(talk.has_port(*port) && at_port(bytes) || anywhere(bytes)) {
                return None;
            }
            let server = if talk.from.port == *port {
                side
            } else if talk.to.port == *port {
                1 - side
            } else {
                IN
            };
            let speaker = Follower::new(session(), server);
            Some((
                speaker.session.service(),
                Box::new(speaker) as Box<dyn Speaker>,
            ))
        })
}

type Read = fn(&[u8], u64, &mut Asked) -> Parsed<Message>;

/// The protocols in datagrams: what tells them, and what reads them.
const IN_DATAGRAMS: [(u16, LooksLike, Read, &str); 5] = [
    (dnp3::PORT, dnp3::looks_like, dnp3::hear, dnp3::NAME),
    (knx::PORT, knx::looks_like, knx::hear, knx::NAME),
    (bacnet::PORT, bacnet::looks_like, bacnet::hear, bacnet::NAME),
    (enip::PORT, enip::looks_like, enip::hear, enip::NAME),
    (
        enip::CYCLIC_PORT,
        enip::looks_cyclic,
        enip::pass,
        enip::NAME,
    ),
];

/// Reads a datagram; returns the service it belongs to.
pub fn see(talk: &Talk, payload: &[u8], out: &mut Output) -> Option<&'static str> {
    let found = IN_DATAGRAMS
        .iter()
        .find(|(port, looks_like, ..)| talk.has_port(*port) && looks_like(payload));
    let (_, _, read, name) = found?;
    match read(payload, talk.flow, &mut out.plants) {
        Parsed::Done(message, _) => tell(talk, name, &message, out),
        other => return super::is_ours(&other, out).then_some(name),
    }
    Some(name)
}

/// Follows one connection. Each message is told and forgotten.
struct Follower {
    session: Box<dyn Session>,
    server: usize,
    /// What is still to come of a message of each side, and of no interest.
    rest: [usize; 2],
    failures: u8,
}

impl Follower {
    fn new(session: Box<dyn Session>, server: usize) -> Self {
        Self {
            session,
            server,
            rest: [0; 2],
            failures: 0,
        }
    }

    /// Takes what is left of a message that was told already.
    fn pass_rest(&mut self, hearing: &mut Hearing<'_>) {
        let rest = &mut self.rest[hearing.side];
        let passed = (*rest).min(hearing.stream.held().len());
        hearing.stream.take(passed);
        *rest -= passed;
    }

    /// Takes and tells the message at the front; returns whether the next can be tried.
    fn hear_one(&mut self, hearing: &mut Hearing<'_>, is_stuck: bool) -> bool {
        let is_by_server = hearing.side == self.server;
        let held = hearing.stream.held().len();
        let parsed = self.session.hear(hearing.stream.held(), is_by_server);
        match parsed {
            Parsed::Done(message, taken) => {
                self.failures = 0;
                self.rest[hearing.side] = taken.saturating_sub(held);
                hearing.stream.take(taken.max(1));
                hearing.known.serve(self.session.service());
                tell(hearing.talk, self.session.service(), &message, hearing.out);
                return true;
            }
            Parsed::More(_) if !is_stuck => {}
            // What follows is tried again where the next segment begins.
            other => {
                if !super::is_ours(&other, hearing.out) {
                    hearing.out.tally.count(Damage("ot: not understood"));
                }
                hearing.stream.take(held);
                self.failures = self.failures.saturating_add(1);
            }
        }
        false
    }
}

impl Speaker for Follower {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        let is_stuck = hearing.stream.is_stuck();
        self.pass_rest(hearing);
        while !hearing.stream.held().is_empty() && self.hear_one(hearing, is_stuck) {}
        if self.failures > MOST_FAILURES {
            Hear::Enough
        } else {
            Hear::More
        }
    }
}

/// Writes down what a message tells.
fn tell(talk: &Talk, protocol: &'static str, message: &Message, out: &mut Output) {
    if let Some(damage) = message.damage {
        out.tally.count(damage);
    }
    for operation in &message.operations {
        write(talk, protocol, message.is_by_server, operation, out);
    }
    for (field, value) in &message.sightings {
        talk.sight(out, field, value);
    }
}

fn write(
    talk: &Talk,
    protocol: &'static str,
    is_by_server: bool,
    told: &Operation,
    out: &mut Output,
) {
    let (client, server) = talk.roles(is_by_server);
    let step = out.step_of(talk.at.time);
    out.tables.ot.push(OtRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: client.mac,
        server_mac: server.mac,
        client: Some(client.ip),
        server: Some(server.ip),
        port: server.port,
        protocol,
        is_response: told.is_response,
        function: told.function,
        operation: &told.name,
        access: told.access,
        unit: &told.unit,
        address: &told.address,
        quantity: told.quantity,
        value: &told.value,
        result: &told.result,
    });
}
