//! QUIC up to the client's hello.
use super::tcp::MOST_HELD;
use super::{Known, Talk, is_ours};
use crate::damage::Parsed;
use crate::output::Output;
pub use crate::protocols::quic::looks_like;
use crate::protocols::quic::opening::{Brought, Opening};
use crate::protocols::quic::{self, NAME, version_name};
use crate::protocols::tls::ClientHello;
use crate::tables::QuicRow;

/// A connection whose hello is still to come: the side that began it, and what came of it.
pub struct Quic {
    client: usize,
    opening: Opening,
}

/// Reads a datagram of a flow of no known service, or of one whose hello is awaited; whether it was for this.
pub fn see(
    awaited: &mut Option<Box<Quic>>,
    side: usize,
    (talk, payload): (&Talk, &[u8]),
    known: &mut Known,
    out: &mut Output,
) -> bool {
    if awaited.is_none() {
        let is_first = known.service.is_empty() && looks_like(payload);
        if !is_first || out.held > MOST_HELD {
            return false;
        }
        known.serve(NAME);
        let opening = Opening::default();
        *awaited = Some(Box::new(Quic {
            client: side,
            opening,
        }));
    }
    let Some(quic) = awaited else {
        return false;
    };
    if quic.client != side {
        return true;
    }
    let before = quic.opening.size();
    let brought = quic.opening.take(payload);
    out.held = (out.held + quic.opening.size()).saturating_sub(before);
    let version = version_name(quic.opening.version());
    match brought {
        Brought::Part => return true,
        Brought::Hello(hello) => tell(talk, &version, &hello, known, out),
        Brought::Nothing => tell(talk, &version, &ClientHello::default(), known, out),
        Brought::Damaged(damage) => {
            is_ours(&Parsed::<quic::Message>::Damaged(damage), out);
        }
    }
    finish(awaited, out);
    true
}

/// Gives back what was held.
pub fn finish(awaited: &mut Option<Box<Quic>>, out: &mut Output) {
    if let Some(quic) = awaited.take() {
        out.held = out.held.saturating_sub(quic.opening.size());
    }
}

fn tell(talk: &Talk, version: &str, hello: &ClientHello, known: &mut Known, out: &mut Output) {
    // A hello that could not be read has no fingerprint.
    let ja4 = if hello.ciphers.is_empty() {
        String::new()
    } else {
        hello.ja4('q')
    };
    known.name(&hello.sni, &ja4);
    let step = out.step_of(talk.at.time);
    out.tables.quic.push(QuicRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: talk.from.mac,
        client: Some(talk.from.ip),
        server: Some(talk.to.ip),
        port: talk.to.port,
        version,
        sni: &hello.sni,
        alpn: &hello.first_alpn(),
        ja4: &ja4,
    });
    talk.sight(out, "tls.sni", &hello.sni);
    talk.sight(out, "tls.ja4", &ja4);
}
