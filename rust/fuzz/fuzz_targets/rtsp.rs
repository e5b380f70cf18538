#![no_main]
packets_fuzz::parser!(rtsp::parse);
