//! What fuzz targets share. A target of a parser is a file in `fuzz_targets` that names it:
//!
//! ```text
//! #![no_main]
//! packets_fuzz::parser!(dns::parse, dns::parse_tcp);
//! ```
//! `parser!` takes what it parses further with `=>`; `dialogue!` is for parsers that have a `Session` too, `plant!` for
//! those of plants, `passing!` for those that may take more than there is; `layer!` is for all else that reads bytes.
//! `scripts/fuzz_targets.py` keeps `Cargo.toml` in step with the files.
pub mod captures;
pub mod frames;
pub mod layers;
pub mod openings;

pub use libfuzzer_sys::fuzz_target;
pub use packets;

use std::hint::black_box;

use packets::damage::Parsed;
use packets::protocols::login::Session;
use packets::protocols::plant;

/// Parsers of `packets::protocols`, each given the whole input; `=>` says what else of a message is asked for.
#[macro_export]
macro_rules! parser {
    ($($module:ident::$read:ident $(=> $more:expr)?),+ $(,)?) => {
        $crate::fuzz_target!(|bytes: &[u8]| {
            $($crate::parser!(@one bytes, $module, $read $(, $more)?);)+
        });
    };
    (@one $bytes:ident, $module:ident, $read:ident) => {
        $crate::parser!(@one $bytes, $module, $read, |_| ())
    };
    (@one $bytes:ident, $module:ident, $read:ident, $more:expr) => {
        $crate::keeps_its_word($bytes, $crate::packets::protocols::$module::$read($bytes), $more)
    };
}

/// A parser of streams that may take more than there is: the rest of a long message is passed over when it comes.
#[macro_export]
macro_rules! passing {
    ($module:ident::$read:ident) => {
        $crate::fuzz_target!(|bytes: &[u8]| {
            if let $crate::packets::damage::Parsed::Done(message, taken) =
                $crate::packets::protocols::$module::$read(bytes)
            {
                assert!(taken > 0, "took nothing");
                std::hint::black_box(message);
            }
        });
    };
}

/// A parser with a `Session` that follows both sides of a conversation.
#[macro_export]
macro_rules! dialogue {
    ($module:ident) => {
        $crate::fuzz_target!(|bytes: &[u8]| {
            use $crate::packets::protocols::$module;
            $crate::keeps_its_word(bytes, $module::parse(bytes), |_| ());
            $crate::converse(&mut $module::Session::default(), bytes);
        });
    };
}

/// A plant protocol with a `Session` that hears messages of both sides.
#[macro_export]
macro_rules! plant {
    ($module:ident) => {
        $crate::fuzz_target!(|bytes: &[u8]| {
            $crate::operate(
                &mut $crate::packets::protocols::$module::Session::default(),
                bytes,
            );
        });
    };
}

/// Anything else that reads bytes.
#[macro_export]
macro_rules! layer {
    ($read:path) => {
        $crate::fuzz_target!(|bytes: &[u8]| $read(bytes));
    };
}

/// A parser takes no more than there is and no less than a byte of what it takes, and asks for more where it does.
///
/// # Panics
///
/// When it does not.
pub fn keeps_its_word<T, R>(bytes: &[u8], parsed: Parsed<T>, more: impl Fn(&T) -> R) {
    match parsed {
        Parsed::Done(message, taken) => {
            assert!(taken <= bytes.len(), "took {taken} of {}", bytes.len());
            assert!(taken > 0 || bytes.is_empty(), "took nothing");
            black_box((more(&message), message));
        }
        Parsed::More(wanted) => assert!(wanted > 0, "wants no more"),
        Parsed::Foreign | Parsed::Damaged(_) => {}
    }
}

/// Takes message after message from what both sides say by turns, as a connection is followed.
pub fn operate(session: &mut dyn plant::Session, bytes: &[u8]) {
    for (place, part) in bytes.chunks(64).enumerate() {
        let mut rest = part;
        while let Parsed::Done(message, taken) = session.hear(rest, place % 2 != 0) {
            assert!(taken > 0, "took nothing");
            black_box(message);
            rest = rest.get(taken..).unwrap_or_default(); // the end of a long message may be passed over
            if rest.is_empty() {
                break;
            }
        }
    }
    for is_by_server in [false, true] {
        let _ = black_box(session.hear(bytes, is_by_server));
    }
}

/// Says the bytes in small parts to both sides by turns, and takes all that is told.
pub fn converse(session: &mut dyn Session, bytes: &[u8]) {
    for (place, part) in bytes.chunks(16).enumerate() {
        if place % 2 == 0 {
            session.from_client(part);
        } else {
            session.from_server(part);
        }
        while session.next_login().is_some() {}
    }
    while session.finish().is_some() {}
}
