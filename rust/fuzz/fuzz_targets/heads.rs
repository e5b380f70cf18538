//! Heads of HTTP and its kin, and the envelopes of WS-Discovery.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::heads(bytes));
