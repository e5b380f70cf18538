#![no_main]
packets_fuzz::plant!(modbus);
