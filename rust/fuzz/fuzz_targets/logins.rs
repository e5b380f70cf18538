//! Conversations in lines: each half of the bytes is one side.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::logins(bytes));
