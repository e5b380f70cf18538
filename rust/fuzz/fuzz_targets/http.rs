#![no_main]
packets_fuzz::parser!(http::parse);
