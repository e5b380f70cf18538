#![no_main]
packets_fuzz::parser!(tplink::parse, tplink::parse_tcp);
