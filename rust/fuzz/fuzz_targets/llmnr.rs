#![no_main]
packets_fuzz::parser!(llmnr::parse => packets_fuzz::packets::protocols::llmnr::answered_name);
