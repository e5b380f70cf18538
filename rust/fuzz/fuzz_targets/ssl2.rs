#![no_main]
packets_fuzz::parser!(ssl2::parse);
