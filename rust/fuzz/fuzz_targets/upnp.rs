#![no_main]
packets_fuzz::parser!(upnp::parse);
