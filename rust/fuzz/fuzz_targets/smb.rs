#![no_main]
packets_fuzz::parser!(smb::parse);
