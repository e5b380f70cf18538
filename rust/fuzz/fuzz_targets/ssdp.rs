#![no_main]
packets_fuzz::parser!(ssdp::parse);
