//! What connections carry: looked into from their first bytes on, within a bound of memory over all of them.
use super::recognise::recognise;
use super::speaker::{Hear, Hearing, Segment, Speaker};
use super::stream::Stream;
use super::tls::Tls;
use super::{Known, Talk, files};
use crate::damage::Damage;
use crate::output::Output;
use crate::protocols::{ftp, tls};

/// The most bytes held for parsers over all flows; beyond it connections that begin are not looked into, and one that
/// would hold more is not looked into any longer.
pub(super) const MOST_HELD: usize = 80 * 1024 * 1024;
/// What following a connection takes by itself, about; a full table of the usual size stays below the bound.
const CONVERSATION: usize = 512;
/// So many bytes of one segment are looked into at once, so that a stream has room for them.
const MOST_AT_ONCE: usize = super::stream::MOST_HELD / 2;
/// So many bytes of one side alone are enough to tell that nobody knows the protocol.
const ENOUGH_OF_ONE: usize = 1024;
/// So many bytes of each side are.
const ENOUGH_OF_BOTH: usize = 16;

/// How far the looking into a connection has come.
#[derive(Default)]
pub enum Tracking {
    /// No payload yet; where each side's bytes begin, if its SYN was seen.
    Fresh([Option<u32>; 2]),
    /// Looked into.
    Following(Box<Conversation>),
    /// Not looked into any longer.
    #[default]
    Over,
}

impl Tracking {
    /// Notes that the bytes of a side begin there.
    pub fn begins(&mut self, side: usize, sequence: u32) {
        match self {
            Self::Fresh(starts) => starts[side] = Some(sequence),
            Self::Over | Self::Following(_) => {}
        }
    }

    /// Looks into a segment; one that the capturing machine put together of many comes in pieces.
    pub fn see(
        &mut self,
        side: usize,
        segment: &Segment<'_>,
        talk: &Talk,
        known: &mut Known,
        out: &mut Output,
    ) {
        let mut rest = *segment;
        while rest.payload.len() > MOST_AT_ONCE {
            let (payload, behind) = rest.payload.split_at(MOST_AT_ONCE);
            let length = payload.len() as u32;
            let piece = Segment {
                payload,
                length,
                ..rest
            };
            self.see_piece(side, &piece, talk, known, out);
            rest = Segment {
                sequence: rest.sequence.wrapping_add(length),
                payload: behind,
                length: rest.length.saturating_sub(length),
            };
        }
        self.see_piece(side, &rest, talk, known, out);
    }

    fn see_piece(
        &mut self,
        side: usize,
        segment: &Segment<'_>,
        talk: &Talk,
        known: &mut Known,
        out: &mut Output,
    ) {
        if let Self::Fresh(starts) = self {
            if out.held > MOST_HELD {
                out.tally
                    .count(Damage("engine: connection not looked into"));
                *self = Self::Over;
                return;
            }
            let mut conversation = Conversation::starting(*starts);
            if let Some(awaited) = out.files.announced(talk) {
                known.serve(ftp::NAME);
                conversation.speaker = Some(Box::new(files::Data::of(awaited)));
            }
            *self = Self::Following(Box::new(conversation));
            out.held += CONVERSATION;
        }
        let Self::Following(conversation) = self else {
            return;
        };
        let before = conversation.size();
        let hear = conversation.see(side, segment, talk, known, out);
        out.held = (out.held + conversation.size()).saturating_sub(before);
        let is_beyond = out.held > MOST_HELD && conversation.size() > before;
        if is_beyond {
            out.tally
                .count(Damage("engine: connection not looked into"));
        }
        if hear == Hear::Enough || is_beyond {
            let opener = if side == crate::flow::OUT {
                *talk
            } else {
                talk.reversed()
            };
            self.finish(&opener, out);
        }
    }

    /// Whether something of a side came before its turn.
    pub fn waits(&self, side: usize) -> bool {
        matches!(self, Self::Following(conversation) if conversation.streams[side].has_gap())
    }

    /// The receiver of a side has got all before that number.
    pub fn acknowledged(
        &mut self,
        side: usize,
        number: u32,
        talk: &Talk,
        known: &mut Known,
        out: &mut Output,
    ) {
        let Self::Following(conversation) = self else {
            return;
        };
        let Conversation { streams, speaker } = &mut **conversation;
        let stream = &mut streams[side];
        if stream.acknowledge(number)
            && let Some(speaker) = speaker
        {
            let mut hearing = Hearing {
                side,
                stream,
                talk,
                known,
                out,
            };
            if speaker.hear(&mut hearing) == Hear::Enough {
                let opener = if side == crate::flow::OUT {
                    *talk
                } else {
                    talk.reversed()
                };
                self.finish(&opener, out);
            }
        }
    }

    /// A side sends nothing behind that number.
    pub fn ends(
        &mut self,
        side: usize,
        sequence: u32,
        talk: &Talk,
        known: &mut Known,
        out: &mut Output,
    ) {
        if let Self::Following(conversation) = self
            && let Some(speaker) = &mut conversation.speaker
        {
            let stream = &mut conversation.streams[side];
            let mut hearing = Hearing {
                side,
                stream,
                talk,
                known,
                out,
            };
            speaker.ends(sequence, &mut hearing);
        }
    }

    /// Looks no longer.
    pub fn finish(&mut self, talk: &Talk, out: &mut Output) {
        if let Self::Following(conversation) = std::mem::take(self) {
            out.held = out.held.saturating_sub(conversation.size() + CONVERSATION);
            if let Some(mut speaker) = conversation.speaker {
                speaker.finish(talk, out);
            }
        }
    }
}

/// A connection that is looked into.
pub struct Conversation {
    streams: [Stream; 2],
    speaker: Option<Box<dyn Speaker>>,
}

impl Conversation {
    fn starting(starts: [Option<u32>; 2]) -> Self {
        Self {
            streams: starts.map(Stream::starting),
            speaker: None,
        }
    }

    fn size(&self) -> usize {
        let speaker = self.speaker.as_ref().map_or(0, |speaker| speaker.size());
        self.streams[0].size() + self.streams[1].size() + speaker
    }

    fn see(
        &mut self,
        side: usize,
        segment: &Segment<'_>,
        talk: &Talk,
        known: &mut Known,
        out: &mut Output,
    ) -> Hear {
        if self.turns_to_tls(side, segment) {
            known.serve(tls::NAME);
            self.start_tls(side, segment, talk, out);
        }
        if let Some(speaker) = &mut self.speaker {
            let mut hearing = Hearing {
                side,
                stream: &mut self.streams[side],
                talk,
                known,
                out,
            };
            if !speaker.take(segment, &mut hearing) {
                return Hear::More;
            }
            return speaker.hear(&mut hearing);
        }
        if !self.streams[side].accept(segment.sequence, segment.payload, segment.length) {
            return Hear::More;
        }
        let Some((service, speaker)) = recognise(self.streams[side].held(), side, talk) else {
            return if self.is_hopeless() {
                Hear::Enough
            } else {
                Hear::More
            };
        };
        known.serve(service);
        let speaker = self.speaker.insert(speaker);
        let reversed = talk.reversed();
        for (side, talk) in [(1 - side, &reversed), (side, talk)] {
            let stream = &mut self.streams[side];
            if stream.held().is_empty() {
                continue;
            }
            if speaker.hear(&mut Hearing {
                side,
                stream,
                talk,
                known,
                out,
            }) == Hear::Enough
            {
                return Hear::Enough;
            }
        }
        Hear::More
    }

    /// After STARTTLS, CONNECT or the like a client's hello follows within the conversation.
    fn turns_to_tls(&self, side: usize, segment: &Segment<'_>) -> bool {
        let may_turn = match &self.speaker {
            Some(speaker) => speaker.may_turn(),
            None => !self.streams[side].held().is_empty(), // a first segment is recognised as any other
        };
        may_turn
            && tls::is_client_hello(segment.payload)
            && !self.streams[side].is_old(segment.sequence)
    }

    fn start_tls(&mut self, side: usize, segment: &Segment<'_>, talk: &Talk, out: &mut Output) {
        let opener = if side == crate::flow::OUT {
            *talk
        } else {
            talk.reversed()
        };
        if let Some(mut before) = self.speaker.replace(Box::<Tls>::default()) {
            before.finish(&opener, out);
        }
        self.streams[side].jump(segment.sequence);
        self.streams[1 - side].clear();
    }

    fn is_hopeless(&self) -> bool {
        let [one, other] = [0, 1].map(|side| self.streams[side].held().len());
        one.max(other) >= ENOUGH_OF_ONE
            || one.min(other) >= ENOUGH_OF_BOTH
            || self.streams.iter().any(Stream::is_stuck)
    }
}
