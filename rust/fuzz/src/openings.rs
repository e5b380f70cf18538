//! What opens an enciphered conversation, as it comes in parts.
use std::hint::black_box;

use packets::protocols::{quic, ssh, tls};

use crate::keeps_its_word;

/// Records of TLS, and whole messages.
pub fn records(bytes: &[u8]) {
    keeps_its_word(bytes, tls::parse(bytes), |message| match message {
        tls::Message::Client(hello) => hello.ja3(),
        tls::Message::Server(hello) => hello.cipher_text(),
        _ => String::new(),
    });
    let mut records = tls::Records::default();
    for part in bytes.chunks(64) {
        records.push(part);
        // Each record takes bytes, so this ends; broken ones are told again and again.
        while let Some(heard) = records.hear() {
            if matches!(heard, tls::Heard::Foreign | tls::Heard::Damaged(_)) {
                return;
            }
            black_box(heard);
        }
    }
}

/// Datagrams of a QUIC connection, each as long as its first byte says.
pub fn opening(bytes: &[u8]) {
    keeps_its_word(bytes, quic::parse(bytes), |_| ());
    let mut opening = quic::Opening::default();
    let mut rest = bytes;
    while let [length, more @ ..] = rest {
        let (datagram, behind) = more.split_at(more.len().min(usize::from(*length) * 8));
        black_box(opening.take(datagram));
        rest = behind;
    }
}

/// What both sides of SSH offer.
pub fn offers(bytes: &[u8]) {
    keeps_its_word(bytes, ssh::kexinit::parse(bytes), |message| {
        (
            message.hassh(true),
            message.hassh(false),
            message.offers(true),
        )
    });
}

/// How a server of SSH shows its key.
pub fn key(bytes: &[u8]) {
    keeps_its_word(bytes, ssh::hostkey::parse(bytes), |message| message.text());
}

/// What a proxy and its client say, whoever's turn it is.
pub fn proxy(bytes: &[u8]) {
    use packets::protocols::socks::{Turn, parse};
    for turn in [Turn::Open, Turn::Request, Turn::Choose, Turn::Answer] {
        crate::keeps_its_word(bytes, parse(bytes, turn), |_| ());
    }
}
