//! What the engine makes of frames, seen in the tables it gives.
#[path = "../frames/mod.rs"]
mod frames;

mod brokers;
mod devices;
mod dialogues;
mod flows;
mod heads;
mod hellos;
mod seen;
mod time;
mod tunnels;
