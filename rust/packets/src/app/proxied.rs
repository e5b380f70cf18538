//! Connections through a proxy (SOCKS): what is carried is followed as if nobody stood between.
use super::Talk;
use super::recognise::recognise;
use super::speaker::{Hear, Hearing, Segment, Speaker};
use crate::damage::Parsed;
use crate::output::Output;
use crate::protocols::socks::{self, Turn};

/// So much of what is carried is held until somebody knows it.
const ENOUGH: usize = 1024;

/// One connection through a proxy.
pub struct Proxied {
    turns: [Turn; 2],
    carried: Option<Box<dyn Speaker>>,
}

impl Proxied {
    /// A connection in which that side is the client.
    pub fn by(client: usize) -> Self {
        let mut turns = [Turn::Choose; 2];
        turns[client] = Turn::Open;
        Self {
            turns,
            carried: None,
        }
    }

    /// Hears what is carried, once both sides have agreed on it.
    fn carry(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        if self.carried.is_none() {
            let held = hearing.stream.held();
            let Some((service, speaker)) = recognise(held, hearing.side, hearing.talk) else {
                let is_hopeless = held.len() >= ENOUGH || hearing.stream.is_stuck();
                return if is_hopeless {
                    Hear::Enough
                } else {
                    Hear::More
                };
            };
            if service == socks::NAME {
                return Hear::Enough; // a proxy behind a proxy
            }
            hearing.known.turn(service);
            self.carried = Some(speaker);
        }
        match &mut self.carried {
            Some(speaker) => speaker.hear(hearing),
            None => Hear::More,
        }
    }
}

impl Speaker for Proxied {
    fn take(&mut self, segment: &Segment<'_>, hearing: &mut Hearing<'_>) -> bool {
        match &mut self.carried {
            Some(speaker) => speaker.take(segment, hearing),
            None => hearing
                .stream
                .accept(segment.sequence, segment.payload, segment.length),
        }
    }

    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        while self.turns[hearing.side] != Turn::Carry {
            match socks::parse(hearing.stream.held(), self.turns[hearing.side]) {
                Parsed::Done(next, taken) => {
                    hearing.stream.take(taken);
                    self.turns[hearing.side] = next;
                }
                Parsed::More(_) if !hearing.stream.is_stuck() => return Hear::More,
                parsed => {
                    super::is_ours(&parsed, hearing.out);
                    return Hear::Enough;
                }
            }
        }
        if self.turns != [Turn::Carry; 2] || hearing.stream.held().is_empty() {
            return Hear::More;
        }
        self.carry(hearing)
    }

    fn ends(&mut self, sequence: u32, hearing: &mut Hearing<'_>) {
        if let Some(speaker) = &mut self.carried {
            speaker.ends(sequence, hearing);
        }
    }

    fn may_turn(&self) -> bool {
        self.carried
            .as_ref()
            .is_none_or(|speaker| speaker.may_turn())
    }

    fn size(&self) -> usize {
        self.carried.as_ref().map_or(0, |speaker| speaker.size())
    }

    fn finish(&mut self, talk: &Talk, out: &mut Output) {
        if let Some(speaker) = &mut self.carried {
            speaker.finish(talk, out);
        }
    }
}
