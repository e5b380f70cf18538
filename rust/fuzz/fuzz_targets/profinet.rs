#![no_main]
packets_fuzz::parser!(profinet::parse => |message| message.sightings().len());
