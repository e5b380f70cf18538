#![no_main]
packets_fuzz::parser!(coap::parse);
