#![no_main]
packets_fuzz::dialogue!(smtp);
