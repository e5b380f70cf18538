#![no_main]
packets_fuzz::parser!(nbns::parse => |message| message.own_names().len());
