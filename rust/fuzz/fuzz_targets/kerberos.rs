#![no_main]
packets_fuzz::parser!(kerberos::parse, kerberos::parse_tcp);
