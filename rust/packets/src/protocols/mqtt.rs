//! The opening of MQTT: CONNECT and its answer, in versions 3.1, 3.1.1 and 5 (OASIS).

use super::login::{Login, Outcome, Secret};
use super::reader::Reader;
use super::text::printable;
use crate::damage::{Damage, Parsed};

/// The service name of flows that speak this.
pub const NAME: &str = "mqtt";
/// The most bytes of a CONNECT or CONNACK; wills are the only long part of either.
const MAX_PACKET: usize = 64 * 1024;
/// The most bytes of a length (MQTT 5 section 1.5.5).
const MAX_LENGTH_BYTES: usize = 4;

const CUT: Damage = Damage("mqtt: cut short");
const LENGTH: Damage = Damage("mqtt: bad length");

/// How a conversation opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Connect(Connect),
    Connack(Connack),
}

/// What a client opens with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// 3 (3.1), 4 (3.1.1), 5.
    pub level: u8,
    pub client_id: String,
    /// Empty without a user.
    pub user: String,
    pub password: Option<Secret>,
    /// Seconds.
    pub keep_alive: u16,
    pub clean: bool,
    /// Empty without a will.
    pub will_topic: String,
}

impl Connect {
    /// The login, when there is a user or a password.
    #[must_use]
    pub fn login(&self) -> Option<Login> {
        let present = !self.user.is_empty() || self.password.is_some();
        present.then(|| Login {
            user: self.user.clone(),
            password: self.password.clone(),
            outcome: Outcome::Unseen,
        })
    }
}

/// What a broker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connack {
    /// The return code, or the reason code of MQTT 5; 0 is success.
    pub code: u8,
    pub session_present: bool,
}

impl Connack {
    /// Whether the broker let the client in.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.code == 0)
    }
}

/// Whether the bytes begin a CONNECT with one of the two protocol names.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.u8() == Some(0x10)
        && matches!(length(&mut reader), Length::Is(_))
        && matches!(reader.block16(), Some(b"MQTT" | b"MQIsdp"))
}

/// A CONNECT or a CONNACK; every other packet is foreign here.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    let mut reader = Reader::new(bytes);
    let kind = match reader.u8() {
        None => return Parsed::More(1),
        Some(kind @ (0x10 | 0x20)) => kind,
        Some(_) => return Parsed::Foreign,
    };
    let size = match length(&mut reader) {
        Length::Is(size) => size,
        Length::Unfinished => return Parsed::More(1),
        Length::Bad => return Parsed::Foreign,
    };
    if kind == 0x10 && !may_be_connect(reader.rest())
        || kind == 0x20 && !(2..=MAX_PACKET).contains(&size)
    {
        return Parsed::Foreign;
    }
    if size > MAX_PACKET {
        return Parsed::Damaged(Damage("mqtt: packet too long"));
    }
    let Some(body) = reader.take(size) else {
        return Parsed::More(size.saturating_sub(reader.rest().len()));
    };
    if kind == 0x10 {
        return Parsed::from_result(connect(body).map(Message::Connect), reader.at());
    }
    match body {
        [flags @ (0 | 1), code, ..] => Parsed::Done(
            Message::Connack(Connack {
                code: *code,
                session_present: *flags == 1,
            }),
            reader.at(),
        ),
        _ => Parsed::Foreign,
    }
}

/// Whether the body, as far as it goes, begins with a protocol name.
fn may_be_connect(body: &[u8]) -> bool {
    [&b"\0\x04MQTT"[..], b"\0\x06MQIsdp"].iter().any(|name| {
        let shorter = name.len().min(body.len());
        name.get(..shorter) == body.get(..shorter)
    })
}

enum Length {
    Is(usize),
    Unfinished,
    Bad,
}

/// A length in bytes of seven bits, the lowest first.
fn length(reader: &mut Reader) -> Length {
    let mut size = 0_usize;
    for place in 0..MAX_LENGTH_BYTES {
        let Some(byte) = reader.u8() else {
            return Length::Unfinished;
        };
        size |= usize::from(byte & 0x7f) << place.saturating_mul(7);
        if byte & 0x80 == 0 {
            return Length::Is(size);
        }
    }
    Length::Bad
}

/// MQTT 5 puts properties here; what they say is not needed.
fn skip_properties(reader: &mut Reader, level: u8) -> Result<(), Damage> {
    if level < 5 {
        return Ok(());
    }
    match length(reader) {
        Length::Is(size) => reader.take(size).map(|_| ()).ok_or(CUT),
        Length::Unfinished => Err(CUT),
        Length::Bad => Err(LENGTH),
    }
}

fn connect(body: &[u8]) -> Result<Connect, Damage> {
    let mut reader = Reader::new(body);
    reader.block16().ok_or(CUT)?;
    // Bridges between brokers set the top bit.
    let level = reader.u8().ok_or(CUT)? & 0x7f;
    if !(3..=5).contains(&level) {
        return Err(Damage("mqtt: unknown level"));
    }
    let flags = reader.u8().ok_or(CUT)?;
    let keep_alive = reader.u16().ok_or(CUT)?;
    skip_properties(&mut reader, level)?;
    let client_id = printable(reader.block16().ok_or(CUT)?);
    let mut will_topic = String::new();
    if flags & 0x04 != 0 {
        skip_properties(&mut reader, level)?;
        will_topic = printable(reader.block16().ok_or(CUT)?);
        reader.block16().ok_or(CUT)?;
    }
    let user = if flags & 0x80 != 0 {
        printable(reader.block16().ok_or(CUT)?)
    } else {
        String::new()
    };
    let password = if flags & 0x40 != 0 {
        Some(Secret::new(reader.block16().ok_or(CUT)?))
    } else {
        None
    };
    Ok(Connect {
        level,
        client_id,
        user,
        password,
        keep_alive,
        clean: flags & 0x02 != 0,
        will_topic,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{damage, done, never_panics};

    const V311: &[u8] = b"\x10\x1a\0\x04MQTT\x04\xc2\0\x3c\0\x04cam1\0\x04user\0\x02pw";
    const V31: &[u8] = b"\x10\x10\0\x06MQIsdp\x03\x02\0\x0a\0\x02ab";
    const V5: &[u8] =
        b"\x10\x23\0\x04MQTT\x05\x84\0\x3c\x05\x11\0\0\0\x0a\0\x01x\0\0\x06t/will\0\x02by\0\x01u";

    fn connect_of(bytes: &[u8]) -> Connect {
        match done(parse(bytes)) {
            Message::Connect(connect) => connect,
            Message::Connack(connack) => panic!("{connack:?}"),
        }
    }

    #[test]
    fn every_version_tells_client_and_login() {
        let connect = connect_of(V311);
        assert_eq!(
            (
                connect.level,
                connect.client_id.as_str(),
                connect.keep_alive
            ),
            (4, "cam1", 60)
        );
        assert_eq!(connect.login(), Some(Login::new(b"user", Some(b"pw"))));
        assert!(looks_like(V311) && connect.clean);
        let old = connect_of(V31);
        assert_eq!(
            (old.level, old.client_id.as_str(), old.login()),
            (3, "ab", None)
        );
        let new = connect_of(V5);
        assert_eq!(
            (new.level, new.will_topic.as_str(), new.user.as_str()),
            (5, "t/will", "u")
        );
        assert_eq!(new.password, None);
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
    fn parts_ask_for_more_and_lies_are_damage() {
        assert_eq!(parse(&V311[..20]), Parsed::More(8));
        assert_eq!(parse(b"\x10"), Parsed::More(1));
        let mut lying = V311.to_vec();
        lying[13] = 0xff;
        assert_eq!(damage(parse(&lying)), "mqtt: cut short");
        lying[8] = 9;
        assert_eq!(damage(parse(&lying)), "mqtt: unknown level");
        assert_eq!(
            damage(parse(b"\x10\xff\xff\xff\x7f\0\x04MQTT")),
            "mqtt: packet too long"
        );
    }

    #[test]
    fn other_packets_and_protocols_are_foreign() {
        assert_eq!(parse(b"\x30\x02ab"), Parsed::Foreign);
        assert_eq!(parse(b"\x10\x04\0\x04HTTP"), Parsed::Foreign);
        assert_eq!(parse(b"\x10\xff\xff\xff\xff\x01"), Parsed::Foreign);
        assert_eq!(parse(b"\x20\x02\x07\0"), Parsed::Foreign);
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[V311, V31, V5, b"\x20\x02\0\x05"], |bytes| {
            let _ = (parse(bytes), looks_like(bytes));
        });
    }
}
