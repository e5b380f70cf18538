#![no_main]
packets_fuzz::parser!(dhcpv6::parse => |message| message.params_text());
