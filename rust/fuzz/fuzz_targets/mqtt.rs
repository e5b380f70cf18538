#![no_main]
packets_fuzz::passing!(mqtt::parse);
