//! SSH up to both sides' offers of algorithms and the server's key; what follows is enciphered before long.
use super::speaker::{Hear, Hearing, Speaker};
use crate::damage::Parsed;
use crate::protocols::ssh::{self, hostkey, kexinit};

/// Packets of a side that are read until its offer.
const MOST_PACKETS: u8 = 4;

/// How far one side has come.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Side {
    #[default]
    Silent,
    /// Its line was read, and so many packets.
    Introduced(u8),
    /// Its offer was read, and so many packets behind it: the server's key is still to come.
    Offered(u8),
    Over,
}

/// Follows one connection.
#[derive(Default)]
pub struct Ssh {
    sides: [Side; 2],
}

impl Speaker for Ssh {
    fn hear(&mut self, hearing: &mut Hearing<'_>) -> Hear {
        let side = hearing.side;
        loop {
            let next = match self.sides[side] {
                Side::Silent => hear_line(hearing),
                Side::Introduced(packets) => hear_offer(hearing, packets),
                Side::Offered(packets) => hear_key(hearing, packets),
                Side::Over => {
                    let heard = hearing.stream.held().len();
                    hearing.stream.take(heard);
                    None
                }
            };
            let Some(next) = next else {
                return Hear::More;
            };
            self.sides[side] = next;
            if self.sides == [Side::Over; 2] {
                return Hear::Enough;
            }
        }
    }
}

/// The state after the line of a side, if it is there.
fn hear_line(hearing: &mut Hearing<'_>) -> Option<Side> {
    let parsed = ssh::parse(hearing.stream.held());
    let Parsed::Done(message, taken) = parsed else {
        return unread(&parsed, hearing);
    };
    hearing.talk.sight(hearing.out, "ssh.banner", &message.line);
    hearing.stream.take(taken);
    // The first version of the protocol offers no lists.
    let has_offer = message.version != "1.5" && message.version != "1.3";
    Some(if has_offer {
        Side::Introduced(0)
    } else {
        Side::Over
    })
}

/// The state after the next packet of a side, if it is there.
fn hear_offer(hearing: &mut Hearing<'_>, packets: u8) -> Option<Side> {
    if hearing.stream.held().is_empty() {
        return None;
    }
    let parsed = kexinit::parse(hearing.stream.held());
    let Parsed::Done(message, taken) = parsed else {
        return unread(&parsed, hearing);
    };
    hearing.stream.take(taken);
    if message.is_kexinit() {
        let is_by_server = hearing.side == crate::flow::IN;
        let role = if is_by_server { "server" } else { "client" };
        let value = format!("{role}:{}", message.hassh(is_by_server));
        hearing.talk.sight(hearing.out, "ssh.hassh", &value);
        let value = format!("{role}:{}", message.offers(is_by_server));
        hearing.talk.sight(hearing.out, "ssh.offers", &value);
        return Some(if is_by_server {
            Side::Offered(0)
        } else {
            Side::Over
        });
    }
    let is_enough = packets.saturating_add(1) >= MOST_PACKETS;
    Some(if is_enough {
        Side::Over
    } else {
        Side::Introduced(packets.saturating_add(1))
    })
}

/// The state after the next packet of a server behind its offer, if it is there.
fn hear_key(hearing: &mut Hearing<'_>, packets: u8) -> Option<Side> {
    if hearing.stream.held().is_empty() {
        return None;
    }
    let parsed = hostkey::parse(hearing.stream.held());
    let Parsed::Done(message, taken) = parsed else {
        return unread(&parsed, hearing);
    };
    hearing.stream.take(taken);
    let key = message.text();
    hearing.talk.sight(hearing.out, "ssh.hostkey", &key);
    let is_enough = !key.is_empty() || packets.saturating_add(1) >= MOST_PACKETS;
    Some(if is_enough {
        Side::Over
    } else {
        Side::Offered(packets.saturating_add(1))
    })
}

/// Nothing as long as more may come; else the side is over.
fn unread<T>(parsed: &Parsed<T>, hearing: &mut Hearing<'_>) -> Option<Side> {
    if matches!(parsed, Parsed::More(_)) && !hearing.stream.is_stuck() {
        return None;
    }
    super::is_ours(parsed, hearing.out);
    Some(Side::Over)
}
