#![no_main]
packets_fuzz::parser!(knx::parse);
