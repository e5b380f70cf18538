//! TLS as far as it is clear: the client's hello, then what the server chose and the certificate it shows.
use super::description::is_local;
use super::speaker::{Hear, Hearing, Segment, Speaker};
use super::stream::Stream;
use super::{Known, Talk};
use crate::damage::{Damage, Parsed};
use crate::output::Output;
use crate::protocols::dtls;
use crate::protocols::hex::hex;
use crate::protocols::tls::{ClientHello, Heard, Message, Records, ServerHello};
use crate::protocols::x509;
use crate::tables::TlsRow;
use sha2::{Digest, Sha256};

/// Bytes of a long segment that are passed on at once.
const PART: usize = 4 * 1024;
/// After so many bytes of the client behind its hello no answer is expected to be seen any longer.
const MOST_UNANSWERED: u32 = 64 * 1024;
/// Handshake messages that may stand between a server's hello and its certificate: a request to begin anew, one to
/// try again (of drafts), and supplemental data (RFC 4680).
const MAY_PRECEDE: [u8; 3] = [0, 6, 23];

/// Follows one handshake.
#[derive(Default)]
pub struct Tls {
    records: [Records; 2],
    /// The side whose hello was read.
    client: Option<usize>,
    sni: String,
    chosen: Option<ServerHello>,
    /// The server asked for another hello, and may change to no cipher before its own (RFC 8446 appendix D.4).
    is_retried: bool,
    unanswered: u32,
}

impl Speaker for Tls {
    fn take(&mut self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> bool {
        let (side, stream) = (hearing.side, &mut *hearing.stream);
        if self.client == Some(side) {
            stream.pass(segment.sequence, segment.length);
            self.unanswered = self.unanswered.saturating_add(segment.length);
            return self.unanswered > MOST_UNANSWERED;
        }
        let is_ahead = stream.next_number().is_some()
            && !stream.is_next(segment.sequence)
            && !stream.is_old(segment.sequence);
        let mut came = false;
        let mut sequence = segment.sequence;
        // In parts, for a long segment may hold more than the stream does.
        for part in segment.payload.chunks(PART) {
            let length = part.len() as u32;
            let is_new = stream.accept(sequence, part, length);
            sequence = sequence.wrapping_add(length);
            if is_new && is_ahead {
                self.records[side].tear(); // the gap before it was passed over
            }
            came |= is_new;
            self.gather(side, stream);
        }
        if (segment.payload.len() as u32) < segment.length {
            self.records[side].tear();
            came = true;
        }
        came
    }

    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        let side = hearing.side;
        if self.client == Some(side) {
            return Hear::Enough;
        }
        self.gather(side, hearing.stream);
        while let Some(next) = self.records[side].hear() {
            if self.weigh(next, hearing) == Hear::Enough {
                return Hear::Enough;
            }
        }
        Hear::More
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        // The opener is the client, unless its own hello or the other's said otherwise.
        let by_server = if self.client == Some(crate::flow::IN) {
            *talk
        } else {
            talk.reversed()
        };
        self.answer(&by_server, None, out);
    }

    fn may_turn(&self) -> bool {
        false
    }

    fn size(&self) -> usize {
        self.records[0].size() + self.records[1].size()
    }
}

impl Tls {
    fn gather(&mut self, side: usize, stream: &mut Stream) {
        let is_cut = stream.is_stuck();
        self.records[side].push(stream.held());
        let gathered = stream.held().len();
        stream.take(gathered);
        if is_cut {
            self.records[side].tear();
        }
    }

    fn weigh(&mut self, next: Heard, hearing: &mut Hearing<'_>) -> Hear {
        match next {
            Heard::Message(Message::Client(hello)) => {
                self.client = Some(hearing.side);
                tell_hello(hearing.talk, &hello, 't', hearing.known, hearing.out);
                self.sni = hello.sni;
                return Hear::More;
            }
            Heard::Message(Message::Server(hello)) if hello.is_retry => {
                self.is_retried = true;
                return Hear::More;
            }
            Heard::Message(Message::Server(hello)) => {
                self.client.get_or_insert(1 - hearing.side);
                let is_all = hello.hides_the_rest();
                self.chosen = Some(hello);
                if !is_all {
                    return Hear::More;
                }
            }
            Heard::Message(Message::Certificate(der)) if self.chosen.is_some() => {
                self.answer(hearing.talk, Some(&der), hearing.out);
            }
            Heard::Message(Message::Other(kind)) if MAY_PRECEDE.contains(&kind) => {
                self.is_retried |= kind == 6;
                return Hear::More;
            }
            Heard::Changed if self.is_retried && self.chosen.is_none() => return Hear::More,
            // A warning may precede the hello; after a fatal alert the connection ends.
            Heard::Alert if self.chosen.is_none() => return Hear::More,
            Heard::Damaged(damage) => hearing.out.tally.count(damage),
            _ => {}
        }
        self.answer(hearing.talk, None, hearing.out);
        Hear::Enough
    }

    /// Tells what the server chose, once; `talk` is of a message of the server.
    fn answer(&mut self, talk: &Talk, certificate: Option<&[u8]>, out: &mut Output) {
        if let Some(chosen) = self.chosen.take() {
            tell_answer(talk, &chosen, &self.sni, certificate, out);
        }
    }
}

/// Reads a datagram of DTLS; whether it was one. A hello that is repeated with the server's cookie is told once.
pub fn see_datagram(talk: &Talk, payload: &[u8], known: &mut Known, out: &mut Output) -> bool {
    let is_possible = known.service.is_empty() || known.service == dtls::NAME;
    if !is_possible || !dtls::looks_like(payload) {
        return false;
    }
    known.serve(dtls::NAME);
    if known.named.is_some() {
        return true;
    }
    match dtls::parse(payload) {
        Parsed::Done(dtls::Message::Client(hello), _) => {
            tell_hello(talk, &hello, 'd', known, out);
        }
        other => {
            super::is_ours(&other, out);
        }
    }
    true
}

/// Tells a client's hello; `transport` is that of its JA4.
pub fn tell_hello(
    talk: &Talk,
    hello: &ClientHello,
    transport: char,
    known: &mut Known,
    out: &mut Output,
) {
    let prints = out.hellos.of(hello, transport);
    let (ja3, ja4) = (&*prints.ja3, &*prints.ja4);
    known.name(&hello.sni, ja4);
    let step = out.step_of(talk.at.time);
    out.tables.tls.push(TlsRow {
        sni: &hello.sni,
        alpn: &hello.first_alpn(),
        version: hello.version_text(),
        ja3,
        ja4,
        ..row(talk, step, out.segments.name(talk.at.vlan))
    });
    talk.sight(out, "tls.sni", &hello.sni);
    talk.sight(out, "tls.ja3", ja3);
    talk.sight(out, "tls.ja4", ja4);
}

/// Tells what a server chose; `talk` is of its message.
fn tell_answer(
    talk: &Talk,
    chosen: &ServerHello,
    sni: &str,
    certificate: Option<&[u8]>,
    out: &mut Output,
) {
    let der = certificate.filter(|der| !der.is_empty());
    let shown = der.map(x509::parse).and_then(|read| match read {
        Parsed::Done(message, _) => Some(message),
        Parsed::Damaged(damage) => {
            out.tally.count(damage);
            None
        }
        _ => {
            out.tally.count(Damage("x509: no certificate"));
            None
        }
    });
    let shown = shown.unwrap_or_default();
    let step = out.step_of(talk.at.time);
    out.tables.tls.push(TlsRow {
        is_response: true,
        sni,
        alpn: &chosen.alpn,
        version: chosen.version_text(),
        cipher: &chosen.cipher_text(),
        subject: &shown.subject,
        issuer: &shown.issuer,
        not_before: shown.not_before,
        not_after: shown.not_after,
        key_type: &shown.key_type,
        key_bits: shown.key_bits,
        signature: &shown.signature,
        self_signed: shown.self_signed,
        certificate: &der.map(|der| hex(&Sha256::digest(der))).unwrap_or_default(),
        ..row(&talk.reversed(), step, out.segments.name(talk.at.vlan))
    });
    talk.sight(out, "tls.subject", &shown.subject);
    talk.sight(out, "tls.issuer", &shown.issuer);
    if is_local(talk.from.ip) && !shown.key.is_empty() {
        let port = talk.from.port;
        talk.sight(out, "tls.key", &format!("{port} {}", shown.key));
        talk.sight(out, "tls.names", &format!("{port} {}", shown.names));
    }
}

/// A row that says no more than who speaks to whom; `talk` is of a message of the client.
fn row<'a>(talk: &Talk, step: i64, segment: &'a str) -> TlsRow<'a> {
    TlsRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment,
        mac: talk.from.mac,
        client: Some(talk.from.ip),
        server: Some(talk.to.ip),
        port: talk.to.port,
        is_response: false,
        sni: "",
        alpn: "",
        version: "",
        ja3: "",
        ja4: "",
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
    }
}
