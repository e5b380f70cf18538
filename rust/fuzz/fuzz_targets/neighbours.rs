//! Announcements to neighbours on the link.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::neighbours(bytes));
