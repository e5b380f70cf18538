#![no_main]
packets_fuzz::parser!(dtls::parse);
