#![no_main]
packets_fuzz::parser!(mqtt::parse);
