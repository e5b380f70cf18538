//! What the tests of all parsers share.

use super::login::Session;
use super::plant::{self, Message, Operation};
use crate::damage::Parsed;

/// How many pseudo-random inputs a parser is given.
const RANDOM_INPUTS: usize = 2000;
/// How long a pseudo-random input may be.
const RANDOM_LENGTH: usize = 96;
/// How many damaged variants are made of each sample.
const FLIPS: usize = 3000;

/// A small deterministic generator (xorshift, Marsaglia 2003), so that a failure can be repeated.
pub struct Dice(u64);

impl Dice {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    pub fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// Runs a parser over every prefix of the samples, over damaged variants of them, and over pseudo-random bytes.
pub fn never_panics(samples: &[&[u8]], parse: impl Fn(&[u8])) {
    let mut dice = Dice::new();
    for sample in samples {
        for end in 0..=sample.len() {
            parse(&sample[..end]);
        }
        for _ in 0..FLIPS {
            let mut damaged = sample.to_vec();
            for _ in 0..=dice.below(3) {
                let place = dice.below(damaged.len());
                if let Some(byte) = damaged.get_mut(place) {
                    *byte = if dice.below(4) == 0 {
                        0xff
                    } else {
                        dice.byte()
                    };
                }
            }
            if dice.below(4) == 0 {
                damaged.truncate(dice.below(damaged.len()));
            }
            parse(&damaged);
        }
    }
    for _ in 0..RANDOM_INPUTS {
        let length = dice.below(RANDOM_LENGTH);
        let bytes: Vec<u8> = (0..length).map(|_| dice.byte()).collect();
        parse(&bytes);
    }
}

/// The message of a parse that must have come to its end.
pub fn done<T: std::fmt::Debug>(parsed: Parsed<T>) -> T {
    match parsed {
        Parsed::Done(message, _) => message,
        other => panic!("expected a whole message, got {other:?}"),
    }
}

/// The name of the damage of a parse that must have found some.
pub fn damage<T: std::fmt::Debug>(parsed: Parsed<T>) -> &'static str {
    match parsed {
        Parsed::Damaged(damage) => damage.0,
        other => panic!("expected damage, got {other:?}"),
    }
}

/// The operation of a message that must tell exactly one.
pub fn only(message: &Message) -> &Operation {
    assert_eq!(message.operations.len(), 1);
    &message.operations[0]
}

/// Lets a new session of a plant's protocol hear the bytes, as of either side.
pub fn overhear<S: plant::Session + Default>(bytes: &[u8]) {
    let mut session = S::default();
    let _ = (session.hear(bytes, false), session.hear(bytes, true));
}

/// Says the bytes to both sides of a session in small parts and takes all it tells.
pub fn converse(session: &mut dyn Session, bytes: &[u8]) {
    for part in bytes.chunks(7) {
        session.from_client(part);
        session.from_server(part);
    }
    while session.finish().is_some() {}
}
