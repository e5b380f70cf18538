#![no_main]
packets_fuzz::plant!(s7);
