#![no_main]
packets_fuzz::parser!(dhcp::parse => |message| message.params_text());
