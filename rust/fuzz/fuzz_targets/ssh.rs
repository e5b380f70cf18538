#![no_main]
packets_fuzz::parser!(ssh::parse);
