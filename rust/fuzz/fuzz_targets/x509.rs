#![no_main]
packets_fuzz::parser!(x509::parse);
