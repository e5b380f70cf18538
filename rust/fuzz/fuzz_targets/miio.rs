#![no_main]
packets_fuzz::parser!(miio::parse);
