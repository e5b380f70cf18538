#![no_main]
packets_fuzz::parser!(cdp::parse);
