#![no_main]
packets_fuzz::parser!(mdns::parse => packets_fuzz::packets::protocols::mdns::announced);
