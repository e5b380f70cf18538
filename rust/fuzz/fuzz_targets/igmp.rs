#![no_main]
packets_fuzz::parser!(igmp::parse);
