#![no_main]
packets_fuzz::parser!(eapol::parse);
