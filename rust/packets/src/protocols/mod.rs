//! One file per protocol, each a pure function from bytes to a message.
pub mod base64;
pub mod dhcp;
pub mod dhcpv6;
pub mod dns;
pub mod head;
pub mod http;
pub mod ja4;
pub mod llmnr;
pub mod login;
pub mod mdns;
pub mod nbns;
pub mod reader;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
pub mod tls;
