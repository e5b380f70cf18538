#![no_main]
packets_fuzz::parser!(ntlm::parse);
