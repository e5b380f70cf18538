//! Protocols of which only the opening matters: SMB, MQTT; and DNS over TCP.
use super::tcp::{Hear, Hearing, Speaker};
use super::{Talk, logins, names};
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::login::{Login, Outcome};
use crate::protocols::{dns, mqtt, smb};
use crate::tables::MqttRow;

/// What an unfinished, foreign or damaged message means for the hearing.
fn unread<T>(parsed: &Parsed<T>, hearing: &mut Hearing<'_>) -> Hear {
    if matches!(parsed, Parsed::More(_)) && !hearing.stream.is_stuck() {
        return Hear::More;
    }
    super::is_ours(parsed, hearing.out);
    Hear::Enough
}

/// SMB up to the names that logging in tells.
#[derive(Default)]
pub struct Smb {
    heard: usize,
}

/// Nobody begins a session after so many messages.
const MOST_SMB: usize = 12;

impl Speaker for Smb {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        while !hearing.stream.held().is_empty() {
            let (message, taken) = match smb::parse(hearing.stream.held()) {
                Parsed::Done(message, taken) => (message, taken),
                other => return unread(&other, hearing),
            };
            hearing.stream.take(taken);
            let Hearing { talk, out, .. } = hearing;
            talk.sight(out, "smb.version", message.version);
            if let Some(names) = &message.names {
                talk.sight(out, "ntlm.host", &names.host);
                talk.sight(out, "ntlm.domain", &names.domain);
            }
            self.heard += 1;
            if self.heard >= MOST_SMB || !message.is_negotiation {
                return Hear::Enough;
            }
        }
        Hear::More
    }
}

/// MQTT up to the broker's answer.
#[derive(Default)]
pub struct Mqtt {
    open: Option<Login>,
}

impl Speaker for Mqtt {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        match mqtt::parse(hearing.stream.held()) {
            Parsed::Done(mqtt::Message::Connect(connect), taken) => {
                hearing.stream.take(taken);
                tell_connect(hearing.talk, &connect, hearing.out);
                self.open = connect.login();
                Hear::More
            }
            Parsed::Done(mqtt::Message::Connack(connack), _) => {
                if let Some(login) = self.open.take() {
                    let login = Login {
                        outcome: connack.outcome(),
                        ..login
                    };
                    logins::tell(hearing.talk, true, mqtt::NAME, &login, hearing.out);
                }
                Hear::Enough
            }
            other => unread(&other, hearing),
        }
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        if let Some(login) = self.open.take() {
            logins::tell(
                talk,
                false,
                mqtt::NAME,
                &Login {
                    outcome: Outcome::Unseen,
                    ..login
                },
                out,
            );
        }
    }
}

fn tell_connect(talk: &Talk, connect: &mqtt::Connect, out: &mut Output) {
    let step = out.step_of(talk.at.time);
    out.tables.mqtt.push(MqttRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: talk.from.mac,
        client: Some(talk.from.ip),
        server: Some(talk.to.ip),
        port: talk.to.port,
        message: "connect",
        is_by_server: false,
        client_id: &connect.client_id,
        user: &connect.user,
        has_password: connect.password.is_some(),
        level: connect.level,
        result: "",
        topic: "",
        qos: 0,
        retain: false,
        size: 0,
    });
    talk.sight(out, "mqtt.client", &connect.client_id);
}

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
