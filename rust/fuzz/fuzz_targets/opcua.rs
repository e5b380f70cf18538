#![no_main]
packets_fuzz::plant!(opcua);
