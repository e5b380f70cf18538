#![no_main]
packets_fuzz::plant!(iec104);
