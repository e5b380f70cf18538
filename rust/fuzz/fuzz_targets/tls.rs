#![no_main]
use packets_fuzz::packets::protocols::tls::Message;

packets_fuzz::parser!(tls::parse => |message| match message {
    Message::Client(hello) => hello.ja4(),
    Message::Server(hello) => hello.version_text().to_owned(),
});
