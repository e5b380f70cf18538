#![no_main]
packets_fuzz::parser!(sip::parse);
