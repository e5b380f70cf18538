//! Packets in, tables out.
//!
//! ```text
//! capture ──▶ clock ──▶ link ──▶ network ──▶ transport ──▶ flow ──▶ app (protocols) ──▶ tables
//! ```
//! `engine` joins them; `output` is where each puts what it finds.
#![forbid(unsafe_code)]

pub mod address;
pub mod app;
pub mod bytes;
pub mod capture;
pub mod clock;
pub mod damage;
pub mod engine;
pub mod flow;
pub mod link;
pub mod network;
pub mod output;
pub mod protocols;
pub mod reader;
mod seen;
pub mod segments;
pub mod tables;
pub mod tally;
pub mod transport;
