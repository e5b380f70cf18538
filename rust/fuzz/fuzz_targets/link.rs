//! Every kind of link, and what lies between it and the transport.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::link(bytes));
