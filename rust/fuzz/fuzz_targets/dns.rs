#![no_main]
packets_fuzz::parser!(dns::parse => |message| message.answer_texts(), dns::parse_tcp);
