//! One file per protocol, each a pure function from bytes to a message.
pub mod base64;
pub mod dhcp;
pub mod dhcpv6;
pub mod dns;
pub mod ftp;
pub mod head;
pub mod http;
pub mod ja4;
pub mod lines;
pub mod llmnr;
pub mod login;
pub mod mdns;
pub mod mqtt;
pub mod nbns;
pub mod ntp;
pub mod reader;
pub mod rtsp;
mod sasl;
pub mod ssdp;
pub mod ssh;
pub mod telnet;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
pub mod tls;
