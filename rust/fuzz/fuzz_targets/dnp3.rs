#![no_main]
packets_fuzz::plant!(dnp3);
