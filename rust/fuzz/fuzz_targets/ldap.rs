#![no_main]
packets_fuzz::passing!(ldap::parse);
