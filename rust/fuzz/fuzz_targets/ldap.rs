#![no_main]
packets_fuzz::parser!(ldap::parse);
