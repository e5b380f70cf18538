#![no_main]
packets_fuzz::parser!(wsd::parse);
