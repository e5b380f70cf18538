#![no_main]
packets_fuzz::parser!(snmp::parse);
