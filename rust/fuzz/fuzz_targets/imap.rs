#![no_main]
packets_fuzz::dialogue!(imap);
