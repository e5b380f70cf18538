//! Protocols that speak in heads, HTTP and RTSP: each request and response, and the logins within.

mod said;

use super::call::Call;
use super::description::Description;
use super::speaker::{Hear, Hearing, Segment, Speaker};
use super::{Talk, files, logins};
use crate::damage::Parsed;
use crate::flow::{IN, OUT};
use crate::output::Output;
use crate::protocols::login::{Login, Outcome};
use crate::protocols::{http, rtsp};
use said::{Said, read_http, read_rtsp};

type Read = fn(&mut Hearing<'_>) -> Parsed<Said>;

/// Follows a connection from head to head; bodies are passed over.
pub struct Heads {
    service: &'static str,
    looks_like: fn(&[u8]) -> bool,
    read: Read,
    /// Whether a head of that side is being collected; else the next one is looked for.
    collects: [bool; 2],
    /// What of a body each side has still to send, bytes; nothing once order was lost.
    body: [u32; 2],
    /// Whether a side answers, as far as known: text in a body that looks like the other's head is none.
    answers: [Option<bool>; 2],
    open: Option<Login>,
    web: files::Web,
    /// The body that each side is sending, where it is followed.
    bodies: [Option<Box<files::Body>>; 2],
    /// What each side describes of itself.
    described: [Option<Box<Description>>; 2],
    /// What a side calls for that is not answered yet.
    calls: [Option<Box<Call>>; 2],
    /// What was asked of RTSP last, and whether anybody signed in to it so far.
    asks: String,
    has_login: bool,
}

impl Heads {
    /// Of HTTP.
    pub fn http() -> Self {
        Self::of(http::NAME, http::looks_like, read_http)
    }

    /// Of RTSP.
    pub fn rtsp() -> Self {
        Self::of(rtsp::NAME, rtsp::looks_like, read_rtsp)
    }

    fn of(service: &'static str, looks_like: fn(&[u8]) -> bool, read: Read) -> Self {
        Self {
            service,
            looks_like,
            read,
            collects: [true; 2],
            body: [0; 2],
            answers: [None; 2],
            open: None,
            web: files::Web::default(),
            bodies: [None, None],
            described: [None, None],
            calls: [None, None],
            asks: String::new(),
            has_login: false,
        }
    }

    /// Begins with the body behind a head of `taken` bytes, if it may describe the sender or be a call.
    fn describe(&mut self, said: &Said, taken: usize, hearing: &mut Hearing<'_>) {
        let (side, talk, next) = (hearing.side, hearing.talk, hearing.stream.next_number());
        let first = hearing.stream.held().get(taken..).unwrap_or_default();
        if said.is_response {
            self.described[side] = Description::begin(talk, &said.kind, first, next);
            self.described(side, talk, hearing.out);
        } else {
            self.calls[side] = Call::begin(talk, &said.kind, said.has_login, first, next);
        }
    }

    /// Tells a description that has come far enough; `talk` is of a message of that side.
    fn described(&mut self, side: usize, talk: &Talk, out: &mut Output) {
        if let Some(description) = self.described[side].take_if(|one| one.is_whole()) {
            description.tell(talk, out);
        }
    }

    /// Whether the bytes begin a head that side may send.
    fn may_begin(&self, side: usize, bytes: &[u8]) -> bool {
        let is_answer = bytes.starts_with(b"HTTP/") || bytes.starts_with(b"RTSP/");
        (self.looks_like)(bytes) && self.answers[side].is_none_or(|answers| answers == is_answer)
    }

    /// The part of a segment in order that lies behind the body it ends, if that part begins a head.
    fn behind_body<'a>(&self, side: usize, segment: &Segment<'a>) -> Option<(u32, &'a [u8])> {
        let body = self.body[side];
        let behind = segment.payload.get(usize::try_from(body).ok()?..)?;
        (body > 0 && self.may_begin(side, behind)).then_some((body, behind))
    }

    fn way(&self, hearing: &Hearing<'_>) -> files::Way {
        files::Way::of(hearing.talk, self.answers[hearing.side] == Some(true))
    }

    /// Follows a body of which what is held is the front; returns whether the next head came along.
    fn begin_body(
        &mut self,
        (framing, content): (files::Framing, files::Content),
        hearing: &mut Hearing<'_>,
    ) -> bool {
        let (held, later) = hearing.stream.leave();
        let behind = hearing.stream.next_number().unwrap_or(0);
        let first = Segment {
            sequence: behind.wrapping_sub(held.len() as u32),
            payload: &held,
            length: held.len() as u32,
        };
        let body = files::Body::begin(first.sequence, framing, content);
        self.bodies[hearing.side] = Some(Box::new(body));
        hearing.stream.jump(first.sequence);
        let mut came = !held.is_empty() && self.take_body(&first, hearing);
        for (sequence, bytes) in &later {
            let segment = Segment {
                sequence: *sequence,
                payload: bytes,
                length: bytes.len() as u32,
            };
            came |= self.take(&segment, hearing);
        }
        came
    }

    /// Gives a segment to the body of its side; returns whether bytes of the next head came.
    fn take_body(&mut self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> bool {
        let side = hearing.side;
        let way = self.way(hearing);
        let Some(mut body) = self.bodies[side].take() else {
            return false;
        };
        let is_head = body.is_untouched()
            && body.next() == segment.sequence
            && self.may_begin(side, segment.payload);
        if !is_head {
            body.take(segment, &way, hearing.out);
        }
        if !is_head && !body.is_over() && body.is_followed() {
            self.bodies[side] = Some(body);
            return false;
        }
        self.leave_body(*body, is_head, Some(segment), hearing)
    }

    /// What follows a body is a head; or the body is passed over, and the next head looked for. Returns whether bytes
    /// of a head came, in the last segment or in those that the body did not use.
    fn leave_body(
        &mut self,
        body: files::Body,
        is_head: bool,
        last: Option<&Segment<'_>>,
        hearing: &mut Hearing<'_>,
    ) -> bool {
        let side = hearing.side;
        let way = self.way(hearing);
        self.collects[side] = is_head || body.is_exact();
        self.body[side] = u32::try_from(body.left()).unwrap_or(0);
        hearing.stream.jump(body.next());
        let later = body.finish(&way, hearing.out);
        if !self.collects[side] {
            return false;
        }
        let stream = &mut *hearing.stream;
        let mut came =
            last.is_some_and(|last| stream.accept(last.sequence, last.payload, last.length));
        for (sequence, bytes) in later {
            came |= stream.accept(sequence, &bytes, bytes.len() as u32);
        }
        came
    }

    /// Tells whether a stream or a call is granted to somebody who does not say who they are; `talk` is of the answer.
    fn granted(&mut self, said: &Said, side: usize, talk: &Talk, out: &mut Output) {
        if !said.is_response {
            self.has_login |= said.has_login;
            self.asks.clone_from(&said.asks);
            return;
        }
        if said.status >= 200
            && let Some(call) = self.calls[1 - side].take()
        {
            call.answered(said.status, talk, out);
        }
        if self.asks == "PLAY" && said.status == 200 && !self.has_login {
            talk.sight(out, "rtsp.access", "open");
        } else if !self.asks.is_empty() && said.status == 401 {
            talk.sight(out, "rtsp.access", "guarded");
        }
    }

    fn told(&mut self, said: Said, side: usize, talk: &Talk, out: &mut Output) {
        self.granted(&said, side, talk, out);
        if said.is_response {
            let outcome = match said.status {
                200..400 => Outcome::Success,
                401 | 403 | 407 => Outcome::Failure,
                400.. => Outcome::Unseen,
                _ => return, // the real answer comes later
            };
            if let Some(login) = self.open.take() {
                logins::tell(talk, true, self.service, &Login { outcome, ..login }, out);
            }
        } else if let Some(login) = said.login {
            self.finish(talk, out);
            self.open = Some(login);
        }
    }
}

impl Speaker for Heads {
    fn take(&mut self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> bool {
        let side = hearing.side;
        if let Some(description) = &mut self.described[side]
            && description.take(segment.sequence, segment.payload)
        {
            self.described(side, hearing.talk, hearing.out);
        }
        if let Some(call) = &mut self.calls[side] {
            call.take(segment.sequence, segment.payload);
        }
        if self.bodies[side].is_some() {
            return self.take_body(segment, hearing);
        }
        let stream = &mut *hearing.stream;
        if !self.collects[side] {
            if stream.is_old(segment.sequence) {
                stream.pass(segment.sequence, segment.length);
                return false;
            }
            if !stream.is_next(segment.sequence) {
                self.body[side] = 0;
            }
            let (skipped, head) = if self.may_begin(side, segment.payload) {
                (0, segment.payload)
            } else if let Some(behind) = self.behind_body(side, segment) {
                behind
            } else {
                stream.pass(segment.sequence, segment.length);
                self.body[side] = self.body[side].saturating_sub(segment.length);
                return false;
            };
            let sequence = segment.sequence.wrapping_add(skipped);
            stream.jump(sequence);
            self.collects[side] = true;
            return stream.accept(sequence, head, segment.length.saturating_sub(skipped));
        }
        stream.accept(segment.sequence, segment.payload, segment.length)
    }

    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        loop {
            match (self.read)(hearing) {
                Parsed::Done(mut said, taken) => {
                    self.describe(&said, taken, hearing);
                    let first = hearing.stream.held().get(taken..).unwrap_or_default();
                    let body = said.web.take().and_then(|head| self.web.body(head, first));
                    let is_body =
                        !self.may_begin(hearing.side, first) && !hearing.stream.is_stuck();
                    if let Some(body) = body.filter(|_| is_body) {
                        hearing.stream.take(taken);
                        self.answers[hearing.side] = Some(said.is_response);
                        self.told(said, hearing.side, hearing.talk, hearing.out);
                        if self.begin_body(body, hearing) {
                            continue; // the next one came along
                        }
                        return Hear::More;
                    }
                    let here = hearing.stream.held().len().saturating_sub(taken);
                    let later = u32::try_from(said.body.saturating_sub(here)).unwrap_or(0);
                    hearing.stream.take(taken.saturating_add(said.body));
                    self.body[hearing.side] = later;
                    self.answers[hearing.side] = Some(said.is_response);
                    self.told(said, hearing.side, hearing.talk, hearing.out);
                    if self.may_begin(hearing.side, hearing.stream.held()) {
                        continue; // the next one came along
                    }
                }
                Parsed::More(_) if !hearing.stream.is_stuck() => return Hear::More,
                other => {
                    super::is_ours(&other, hearing.out);
                }
            }
            self.collects[hearing.side] = false;
            hearing.stream.clear();
            return Hear::More;
        }
    }

    fn ends(&mut self, sequence: u32, hearing: &mut Hearing<'_>) {
        let way = self.way(hearing);
        let body = &mut self.bodies[hearing.side];
        if let Some(mut open) = body.take() {
            open.ends(sequence);
            if open.is_over() {
                open.finish(&way, hearing.out);
                self.collects[hearing.side] = false;
            } else {
                *body = Some(open);
            }
        }
    }

    fn waits(&self, side: usize) -> bool {
        self.bodies[side].as_ref().is_some_and(|body| body.waits())
    }

    fn acknowledged(&mut self, number: u32, hearing: &mut Hearing<'_>) -> bool {
        let way = self.way(hearing);
        let Some(mut body) = self.bodies[hearing.side].take() else {
            return false;
        };
        let passed = body.acknowledge(number, &way, hearing.out);
        if !passed || !body.is_over() && body.is_followed() {
            self.bodies[hearing.side] = Some(body);
            return false;
        }
        self.leave_body(*body, false, None, hearing)
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        for (side, talk) in [(OUT, *talk), (IN, talk.reversed())] {
            if let Some(body) = self.bodies[side].take() {
                let way = files::Way::of(&talk, self.answers[side] == Some(true));
                body.finish(&way, out);
            }
            if let Some(description) = self.described[side].take() {
                description.tell(&talk, out);
            }
        }
        if let Some(login) = self.open.take() {
            logins::tell(talk, false, self.service, &login, out);
        }
    }
}
