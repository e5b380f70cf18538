//! What opens a connection: TLS, SSH, MQTT.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packets_fuzz::hellos(bytes));
