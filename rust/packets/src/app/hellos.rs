//! Protocols of which only the opening matters: TLS, SSH; and DNS over TCP.
use super::tcp::{Hear, Hearing, Speaker, unread};
use super::{Talk, names};
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::{dns, ssh, tls};
use crate::tables::TlsRow;

/// TLS up to the client's hello.
pub struct Tls;

impl Speaker for Tls {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        match tls::parse(hearing.stream.held()) {
            Parsed::Done(tls::Message::Client(hello), _) => {
                let ja4 = hello.ja4();
                hearing.known.name(&hello.sni, &ja4);
                tell_hello(hearing.talk, &hello, &ja4, hearing.out);
                Hear::Enough
            }
            Parsed::Done(tls::Message::Server(_), taken) => {
                hearing.stream.take(taken);
                Hear::Enough // the client has spoken before
            }
            other => unread(&other, hearing),
        }
    }
}

fn tell_hello(talk: &Talk, hello: &tls::ClientHello, ja4: &str, out: &mut Output) {
    let step = out.step_of(talk.at.time);
    out.tables.tls.push(TlsRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: talk.from.mac,
        client: Some(talk.from.ip),
        server: Some(talk.to.ip),
        port: talk.to.port,
        is_response: false,
        sni: &hello.sni,
        alpn: &hello.first_alpn(),
        version: hello.version_text(),
        ja3: "",
        ja4,
        cipher: "",
        subject: "",
        issuer: "",
        not_before: 0,
        not_after: 0,
        key_type: "",
        key_bits: 0,
        signature: "",
        self_signed: false,
        certificate: "",
    });
    talk.sight(out, "tls.sni", &hello.sni);
    talk.sight(out, "tls.ja4", ja4);
}

/// SSH up to both identification lines.
#[derive(Default)]
pub struct Ssh {
    has_spoken: [bool; 2],
}

impl Speaker for Ssh {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        if self.has_spoken[hearing.side] {
            let size = hearing.stream.held().len();
            hearing.stream.take(size);
            return Hear::More;
        }
        match ssh::parse(hearing.stream.held()) {
            Parsed::Done(message, taken) => {
                hearing.talk.sight(hearing.out, "ssh.banner", &message.line);
                hearing.stream.take(taken);
                self.has_spoken[hearing.side] = true;
                if self.has_spoken == [true; 2] {
                    Hear::Enough
                } else {
                    Hear::More
                }
            }
            other => unread(&other, hearing),
        }
    }
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
