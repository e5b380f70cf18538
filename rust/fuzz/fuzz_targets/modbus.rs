#![no_main]
packets_fuzz::parser!(modbus::parse);
