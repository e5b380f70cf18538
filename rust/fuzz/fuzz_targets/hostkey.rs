#![no_main]
packets_fuzz::layer!(packets_fuzz::openings::key);
