//! Packets off a network interface of Linux, windows out.
//!
//! ```text
//! kernel ──▶ ring (one a thread) ──▶ block ──▶ worker (one engine a thread) ──▶ merge ──▶ Live
//! ```
//! The one place with `unsafe` is `socket` and `ring`: system calls and the memory shared with the kernel.
#![cfg(target_os = "linux")]
#![deny(unsafe_code)]

pub mod block;
mod clock;
mod merge;
mod reader;
mod ring;
mod socket;
mod worker;

pub use merge::Merged;
pub use reader::{Control, Live, LiveSettings};
pub use worker::Counts;
