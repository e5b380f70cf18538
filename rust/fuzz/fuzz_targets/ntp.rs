#![no_main]
packets_fuzz::parser!(ntp::parse);
