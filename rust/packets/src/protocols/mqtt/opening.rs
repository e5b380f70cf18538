//! How a connection of MQTT opens: CONNECT and its answer, in versions 3.1, 3.1.1 and 5 (OASIS).

use super::properties::{ASSIGNED_CLIENT, Properties};
use crate::damage::Damage;
use crate::protocols::login::{Login, Outcome, Secret};
use crate::protocols::reader::Reader;
use crate::protocols::text::printable;

const CUT: Damage = Damage("mqtt: cut short");

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
    pub will: Option<Will>,
}

/// What the broker is to publish when the client is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    pub topic: String,
    pub qos: u8,
    pub retain: bool,
    /// Of the payload, bytes.
    pub size: usize,
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

    /// From what follows the length of the packet.
    pub(super) fn read(body: &[u8]) -> Result<Self, Damage> {
        let mut reader = Reader::new(body);
        reader.block16().ok_or(CUT)?;
        // Bridges between brokers set the top bit.
        let level = reader.u8().ok_or(CUT)? & 0x7f;
        if !(3..=5).contains(&level) {
            return Err(Damage("mqtt: unknown level"));
        }
        let flags = reader.u8().ok_or(CUT)?;
        let keep_alive = reader.u16().ok_or(CUT)?;
        Properties::read(&mut reader, level)?;
        let client_id = printable(reader.block16().ok_or(CUT)?);
        let will = if flags & 0x04 == 0 {
            None
        } else {
            Properties::read(&mut reader, level)?;
            Some(Will {
                topic: printable(reader.block16().ok_or(CUT)?),
                qos: flags >> 3 & 3,
                retain: flags & 0x20 != 0,
                size: reader.block16().ok_or(CUT)?.len(),
            })
        };
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
        Ok(Self {
            level,
            client_id,
            user,
            password,
            keep_alive,
            clean: flags & 0x02 != 0,
            will,
        })
    }
}

/// What a broker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connack {
    /// The return code, or the reason code of MQTT 5; 0 is success.
    pub code: u8,
    pub session_present: bool,
    /// The name the broker gave a client that came without one (MQTT 5).
    pub assigned: String,
}

impl Connack {
    /// Whether the broker let the client in.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.code == 0)
    }

    /// The code in words; those of versions 3 and 5 do not overlap but for success.
    #[must_use]
    pub fn result(&self) -> &'static str {
        match self.code {
            0 => "accepted",
            1 | 0x84 => "bad-version",
            2 | 0x85 => "bad-client-id",
            3 | 0x88 => "server-unavailable",
            4 | 0x86 => "bad-password",
            5 | 0x87 => "not-authorised",
            0x81 => "malformed",
            0x82 => "protocol-error",
            0x83 => "implementation-error",
            0x89 => "server-busy",
            0x8a => "banned",
            0x8c => "bad-method",
            0x90 => "bad-topic",
            0x95 => "too-large",
            0x97 => "quota-exceeded",
            0x99 => "bad-payload",
            0x9a => "no-retain",
            0x9b => "no-qos",
            0x9c => "use-another-server",
            0x9d => "server-moved",
            0x9f => "rate-exceeded",
            _ => "refused",
        }
    }

    /// From what follows the length of the packet; nothing when it cannot be one.
    pub(super) fn read(body: &[u8], level: u8) -> Option<Self> {
        let mut reader = Reader::new(body);
        let [flags @ (0 | 1), code] = reader.array()? else {
            return None;
        };
        let assigned = Properties::read(&mut reader, level)
            .map(|properties| printable(properties.bytes(ASSIGNED_CLIENT)))
            .unwrap_or_default();
        Some(Self {
            code,
            session_present: flags == 1,
            assigned,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_will_tells_how_it_is_to_be_published() {
        let body =
            b"\0\x04MQTT\x05\xac\0\x3c\x05\x11\0\0\0\x0a\0\x01x\0\0\x06t/will\0\x02by\0\x01u";
        let connect = Connect::read(body).unwrap();
        let will = Will {
            topic: "t/will".to_owned(),
            qos: 1,
            retain: true,
            size: 2,
        };
        assert_eq!(connect.will, Some(will));
        assert_eq!((connect.level, connect.user.as_str()), (5, "u"));
        for end in 0..body.len() {
            assert!(Connect::read(&body[..end]).is_err());
        }
    }

    #[test]
    fn an_answer_may_give_a_name() {
        let answer = Connack::read(b"\0\0\x06\x12\0\x03abc", 5).unwrap();
        assert_eq!(
            (answer.assigned.as_str(), answer.result()),
            ("abc", "accepted")
        );
        assert_eq!(
            Connack::read(b"\0\x05", 4).unwrap().result(),
            "not-authorised"
        );
        assert_eq!(Connack::read(b"\x07\0", 4), None);
    }
}
