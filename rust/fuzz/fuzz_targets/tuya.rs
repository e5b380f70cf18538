#![no_main]
packets_fuzz::parser!(tuya::parse);
