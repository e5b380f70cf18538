//! The telemetry protocol of brokers and things, in versions 3.1, 3.1.1 and 5 (OASIS).

mod opening;
mod properties;

use super::reader::Reader;
use super::text::printable;
use crate::damage::{Damage, Parsed};
pub use opening::{Connack, Connect};
use properties::{Length, Properties, TOPIC_ALIAS, length};

/// The service name of flows that speak this.
pub const NAME: &str = "mqtt";
/// The most bytes of a packet that is read to its end; payloads of publications may be longer.
const MAX_PACKET: usize = 64 * 1024;
/// The most filters of one subscription that are told.
const MAX_FILTERS: usize = 64;
/// The least a packet id with what must follow takes in (un)subscriptions.
const MIN_SUBSCRIPTION: usize = 5;

const CUT: Damage = Damage("mqtt: cut short");

/// One packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Connect(Connect),
    Connack(Connack),
    Publish(Publish),
    Subscribe(Vec<Filter>),
    Unsubscribe(Vec<Filter>),
    Disconnect,
    /// Acknowledgements, signs of life and the like.
    Other,
}

/// What is published, without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// Empty when `alias` stands for it.
    pub topic: String,
    /// The number that stands for the topic from here on, or 0 (MQTT 5).
    pub alias: u16,
    pub qos: u8,
    pub retain: bool,
    /// Of the payload, bytes.
    pub size: usize,
}

/// Which topics a client wants, or no longer wants (`qos` is 0 then).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub topic: String,
    pub qos: u8,
}

/// Whether the bytes begin a CONNECT with one of the two protocol names.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.u8() == Some(0x10)
        && matches!(length(&mut reader), Length::Is(_))
        && matches!(reader.block16(), Some(b"MQTT" | b"MQIsdp"))
}

/// Whether the bytes are whole packets as they come in the midst of a connection; at the usual port that is enough.
#[must_use]
pub fn continues(bytes: &[u8]) -> bool {
    let plausible = matches!(
        bytes.first(),
        Some(0x30..=0x3d | 0x40 | 0x50 | 0x62 | 0x90 | 0xc0 | 0xd0)
    );
    plausible
        && matches!(parse(bytes), Parsed::Done(_, taken) if match bytes.get(taken..) {
            Some([]) => true,
            Some(rest) => !matches!(parse(rest), Parsed::Foreign | Parsed::Damaged(_)),
            None => false,
        })
}

/// The packet at the front, of a connection whose version is not known, or before 5.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    parse_at(bytes, 4)
}

/// The packet at the front of a connection of that protocol level. What is taken of a publication may be more than
/// there is: its payload need not have come.
pub fn parse_at(bytes: &[u8], level: u8) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let Some(first) = reader.u8() else {
        return Parsed::More(1);
    };
    let size = match length(&mut reader) {
        Length::Is(size) => size,
        Length::Unfinished => return Parsed::More(1),
        Length::Bad => return Parsed::Foreign,
    };
    let (head, rest) = (reader.at(), reader.rest());
    if !is_possible(first, size, rest) {
        return Parsed::Foreign;
    }
    let whole = head.saturating_add(size);
    if first >> 4 == 3 {
        return match publish(first, size, rest, level) {
            Some(read) => Parsed::from_result(read, whole),
            None if rest.len() < size => Parsed::More(1),
            None => Parsed::Damaged(CUT),
        };
    }
    if size > MAX_PACKET {
        return Parsed::Damaged(Damage("mqtt: packet too long"));
    }
    let Some(body) = rest.get(..size) else {
        return Parsed::More(size.saturating_sub(rest.len()));
    };
    let read = match first >> 4 {
        1 => Connect::read(body).map(Message::Connect),
        2 => match Connack::read(body, level) {
            Some(answer) => Ok(Message::Connack(answer)),
            None => return Parsed::Foreign,
        },
        8 => filters(body, level, true).map(Message::Subscribe),
        10 => filters(body, level, false).map(Message::Unsubscribe),
        14 => Ok(Message::Disconnect),
        _ => Ok(Message::Other),
    };
    Parsed::from_result(read, whole)
}

/// Whether a packet may begin with that byte, and be so long.
fn is_possible(first: u8, size: usize, rest: &[u8]) -> bool {
    match first {
        0x10 => may_be_connect(rest),
        0x30..=0x3f => first & 6 != 6 && size >= 2,
        0x20 | 0x40 | 0x50 | 0x70 | 0x62 | 0x6a => (2..=MAX_PACKET).contains(&size),
        0x82 | 0x8a | 0xa2 | 0xaa => size >= MIN_SUBSCRIPTION,
        0x90 | 0xb0 => size >= 2,
        0xc0 | 0xd0 => size == 0,
        0xe0 | 0xf0 => size <= MAX_PACKET,
        _ => false,
    }
}

/// Whether the body, as far as it goes, begins with a protocol name.
fn may_be_connect(body: &[u8]) -> bool {
    [&b"\0\x04MQTT"[..], b"\0\x06MQIsdp"].iter().any(|name| {
        let shorter = name.len().min(body.len());
        name.get(..shorter) == body.get(..shorter)
    })
}

/// A publication, from as much of it as has come; nothing when that is too little.
fn publish(first: u8, size: usize, rest: &[u8], level: u8) -> Option<Result<Message, Damage>> {
    let mut reader = Reader::new(rest.get(..size).unwrap_or(rest));
    let topic = reader.block16()?;
    let qos = first >> 1 & 3;
    if qos > 0 {
        reader.u16()?;
    }
    let properties = Properties::read(&mut reader, level).ok()?;
    let alias = properties.number(TOPIC_ALIAS);
    let is_bad = topic.is_empty() && alias == 0
        || topic.iter().any(|byte| matches!(byte, 0 | b'#' | b'+'))
        || std::str::from_utf8(topic).is_err();
    if is_bad {
        return Some(Err(Damage("mqtt: bad topic")));
    }
    Some(Ok(Message::Publish(Publish {
        topic: printable(topic),
        alias,
        qos,
        retain: first & 1 != 0,
        size: size.saturating_sub(reader.at()),
    })))
}

fn filters(body: &[u8], level: u8, with_options: bool) -> Result<Vec<Filter>, Damage> {
    let mut reader = Reader::new(body);
    reader.u16().ok_or(CUT)?;
    Properties::read(&mut reader, level)?;
    let mut found = Vec::new();
    while !reader.is_empty() && found.len() < MAX_FILTERS {
        let topic = printable(reader.block16().ok_or(CUT)?);
        let options = if with_options {
            reader.u8().ok_or(CUT)?
        } else {
            0
        };
        let qos = options & 3;
        found.push(Filter { topic, qos });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::login::{Login, Outcome};
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const V311: &[u8] = b"\x10\x1a\0\x04MQTT\x04\xc2\0\x3c\0\x04cam1\0\x04user\0\x02pw";
    const V31: &[u8] = b"\x10\x10\0\x06MQIsdp\x03\x02\0\x0a\0\x02ab";
    const SUBSCRIBE: &[u8] = b"\x82\x0b\0\x07\0\x01a\x01\0\x02#b\x02";
    const ALIASED: &[u8] = b"\x3b\x0a\0\x01t\0\x09\x03\x23\0\x05x";

    fn connect_of(bytes: &[u8]) -> Connect {
        match done(parse(bytes)) {
            Message::Connect(connect) => connect,
            other => panic!("{other:?}"),
        }
    }

    fn published(parsed: Parsed<Message>) -> (String, u16, u8, bool, usize) {
        match done(parsed) {
            Message::Publish(said) => (said.topic, said.alias, said.qos, said.retain, said.size),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_connect_tells_client_and_login() {
        let connect = connect_of(V311);
        assert_eq!((connect.level, connect.client_id.as_str()), (4, "cam1"));
        assert_eq!(connect.login(), Some(Login::new(b"user", Some(b"pw"))));
        assert!(looks_like(V311) && connect.clean && connect.keep_alive == 60);
        let old = connect_of(V31);
        assert_eq!((old.level, old.client_id.as_str()), (3, "ab"));
        assert_eq!((old.login(), old.will), (None, None));
    }

    #[test]
    fn the_answer_tells_the_outcome() {
        let refused = done(parse(b"\x20\x02\0\x05"));
        assert!(
            matches!(refused, Message::Connack(answer) if answer.outcome() == Outcome::Failure)
        );
        let taken = done(parse(b"\x20\x03\x01\0\0"));
        assert!(matches!(taken, Message::Connack(answer) if answer.outcome() == Outcome::Success));
    }

    #[test]
    fn a_publication_is_told_before_its_payload_has_come() {
        let begun = b"\x33\xd0\x0f\0\x03a/b\0\x07payload";
        let wanted = ("a/b".to_owned(), 0, 1, true, 1993);
        assert_eq!(published(parse(begun)), wanted);
        assert!(matches!(parse(begun), Parsed::Done(_, 2003)));
        assert_eq!(parse(&begun[..7]), Parsed::More(1));
        assert_eq!(damage(parse(b"\x30\x04\0\x02a#")), "mqtt: bad topic");
        assert_eq!(damage(parse(b"\x30\x03\0\x02a")), "mqtt: cut short");
    }

    #[test]
    fn a_number_may_stand_for_a_topic() {
        assert_eq!(
            published(parse_at(ALIASED, 5)),
            ("t".to_owned(), 5, 1, true, 1)
        );
        let bare = b"\x30\x07\0\0\x03\x23\0\x05y";
        assert_eq!(
            published(parse_at(bare, 5)),
            (String::new(), 5, 0, false, 1)
        );
        assert_eq!(damage(parse(bare)), "mqtt: bad topic");
    }

    #[test]
    fn subscriptions_tell_each_filter() {
        let of = |topic: &str, qos| Filter {
            topic: topic.to_owned(),
            qos,
        };
        let wanted = Message::Subscribe(vec![of("a", 1), of("#b", 2)]);
        assert_eq!(done(parse(SUBSCRIBE)), wanted);
        let wanted = Message::Unsubscribe(vec![of("a", 0)]);
        assert_eq!(done(parse_at(b"\xa2\x06\0\x07\0\0\x01a", 5)), wanted);
        assert_eq!(damage(parse(b"\x82\x05\0\x07\0\x01a")), "mqtt: cut short");
    }

    #[test]
    fn parts_ask_for_more_and_lies_are_damage() {
        assert_eq!(parse(&V311[..20]), Parsed::More(8));
        assert_eq!(parse(b"\x10"), Parsed::More(1));
        let mut lying = V311.to_vec();
        lying[13] = 0xff;
        assert_eq!(damage(parse(&lying)), "mqtt: cut short");
        lying[8] = 9;
        assert_eq!(damage(parse(&lying)), "mqtt: unknown level");
        let long = b"\x10\xff\xff\xff\x7f\0\x04MQTT";
        assert_eq!(damage(parse(long)), "mqtt: packet too long");
    }

    #[test]
    fn other_packets_are_passed_over_and_other_protocols_foreign() {
        assert_eq!(parse(b"\xc0\0"), Parsed::Done(Message::Other, 2));
        assert_eq!(parse(b"\xe0\0"), Parsed::Done(Message::Disconnect, 2));
        assert_eq!(parse(b"\x10\x04\0\x04HTTP"), Parsed::Foreign);
        assert_eq!(parse(b"\x10\xff\xff\xff\xff\x01"), Parsed::Foreign);
        assert_eq!(parse(b"\x20\x02\x07\0"), Parsed::Foreign);
        assert_eq!(parse(b"\x36\x05\0\x01a\0\x01"), Parsed::Foreign);
    }

    #[test]
    fn the_midst_of_a_connection_is_known_by_whole_packets() {
        assert!(continues(b"\xc0\0") && continues(b"\x30\x04\0\x01ab\xc0\0"));
        assert!(!continues(b"\x30\x04\0\x01a") && !continues(b"\xc0\0GET /"));
        assert!(!continues(b"0\x02ab") && !continues(V311));
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[V311, V31, SUBSCRIBE, ALIASED], |bytes| {
            let _ = (parse(bytes), parse_at(bytes, 5));
            let _ = (looks_like(bytes), continues(bytes));
        });
    }
}
