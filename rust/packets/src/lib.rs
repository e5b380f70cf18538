//! Packets in, tables out.
#![forbid(unsafe_code)]

pub mod damage;
pub mod protocols;
