#![no_main]
packets_fuzz::parser!(bacnet::parse);
