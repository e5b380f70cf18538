//! The network layer: IPv4 and IPv6 down to what they carry, ARP, neighbour discovery, and tunnels.
pub mod arp;
pub mod fragments;
pub mod ip;
pub mod neighbours;
pub mod syn;
pub mod tunnel;
