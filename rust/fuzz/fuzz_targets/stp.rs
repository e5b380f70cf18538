#![no_main]
packets_fuzz::parser!(stp::parse);
