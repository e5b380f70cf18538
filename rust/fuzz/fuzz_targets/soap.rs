#![no_main]
packets_fuzz::parser!(soap::parse);
