#![no_main]
packets_fuzz::parser!(tftp::parse);
