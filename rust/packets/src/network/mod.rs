//! The network layer: IPv4 and IPv6 down to what they carry, ARP, and neighbour discovery.
pub mod arp;
pub mod fragments;
pub mod ip;
pub mod neighbours;
