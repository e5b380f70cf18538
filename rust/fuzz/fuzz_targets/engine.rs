//! A whole capture file through the whole engine.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::engine(bytes));
