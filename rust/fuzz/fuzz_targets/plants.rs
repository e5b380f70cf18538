//! Management, time, files and small devices.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::plants(bytes));
