#![no_main]
packets_fuzz::parser!(mld::parse);
