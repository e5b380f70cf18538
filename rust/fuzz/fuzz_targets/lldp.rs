#![no_main]
packets_fuzz::parser!(lldp::parse);
