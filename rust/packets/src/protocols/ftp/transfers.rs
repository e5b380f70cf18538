//! What the control connection of the file transfer protocol tells of its data connections (RFC 959, RFC 2428): where
//! the next one comes, and which file it carries.

use std::net::{IpAddr, Ipv4Addr};

use super::reply;
use crate::protocols::disposition::base_name;
use crate::protocols::lines::Lines;
use crate::protocols::text::after;

/// What a data connection carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Without folders; empty where the server chooses it.
    pub name: String,
    /// From the client to the server.
    pub is_upload: bool,
    /// It begins within the file, or is added to it.
    pub is_part: bool,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The next data connection goes to that port of the client or of the server; without an address it is the one the
    /// control connection has.
    Awaits {
        is_by_server: bool,
        address: Option<IpAddr>,
        port: u16,
    },
    /// It carries a file.
    Carries(Carried),
    /// It carries something else.
    CarriesOther,
}

/// Follows one control connection.
#[derive(Debug, Default)]
pub struct Transfers {
    server: Lines,
    client: Lines,
    is_restarted: bool,
}

impl Transfers {
    /// The next bytes of one side, in order; what they say.
    pub fn hear(&mut self, is_by_server: bool, bytes: &[u8]) -> Vec<Said> {
        if is_by_server {
            let lines = self.server.push(bytes);
            return lines.iter().filter_map(|line| answered(line)).collect();
        }
        let lines = self.client.push(bytes);
        lines.iter().filter_map(|line| self.asked(line)).collect()
    }

    fn asked(&mut self, line: &[u8]) -> Option<Said> {
        let argument = |command: &[u8]| after(line, command).map(<[u8]>::trim_ascii);
        if let Some(text) = argument(b"PORT ") {
            let (address, port) = numbers(text)?;
            return Some(Said::Awaits {
                is_by_server: false,
                address: Some(address),
                port,
            });
        }
        if let Some(text) = argument(b"EPRT ") {
            return extended(text);
        }
        if let Some(offset) = argument(b"REST ") {
            self.is_restarted = offset != b"0";
            return None;
        }
        let transfers: [(&[u8], bool, bool); 4] = [
            (b"RETR ", false, false),
            (b"STOR ", true, false),
            (b"APPE ", true, true),
            (b"STOU", true, false),
        ];
        for (command, is_upload, adds) in transfers {
            if let Some(path) = argument(command) {
                let is_part = std::mem::take(&mut self.is_restarted) || adds;
                return Some(Said::Carries(Carried {
                    name: base_name(path),
                    is_upload,
                    is_part,
                }));
            }
        }
        let listings: [&[u8]; 3] = [b"LIST", b"NLST", b"MLSD"];
        listings
            .iter()
            .any(|command| after(line, command).is_some())
            .then_some(Said::CarriesOther)
    }
}

/// The answers to PASV (227) and EPSV (229).
fn answered(line: &[u8]) -> Option<Said> {
    let (code, text) = reply(line)?;
    let (address, port) = match code {
        227 => {
            // Servers differ in what stands around the numbers (RFC 1123 section 4.1.2.6).
            let from = text.iter().position(u8::is_ascii_digit)?;
            let (address, port) = numbers(text.get(from..)?)?;
            (Some(address), port)
        }
        229 => {
            let from = text.iter().position(|byte| *byte == b'(')?;
            let inner = text.get(from.saturating_add(1)..)?;
            let mark = inner.first()?;
            let field = inner.split(|byte| byte == mark).nth(3)?;
            (None, decimal(field)?)
        }
        _ => return None,
    };
    Some(Said::Awaits {
        is_by_server: true,
        address,
        port,
    })
}

/// `h1,h2,h3,h4,p1,p2`
fn numbers(text: &[u8]) -> Option<(IpAddr, u16)> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b',';
    let end = text
        .iter()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len());
    let fields = text.get(..end)?.split(|byte| *byte == b',');
    let bytes: Option<Vec<u8>> = fields
        .map(|field| u8::try_from(decimal(field)?).ok())
        .collect();
    let [a, b, c, d, high, low] = bytes?.try_into().ok()?;
    Some((
        Ipv4Addr::new(a, b, c, d).into(),
        u16::from_be_bytes([high, low]),
    ))
}

/// `|2|::1|5282|` with any mark (RFC 2428 section 2).
fn extended(text: &[u8]) -> Option<Said> {
    let mark = text.first()?;
    let mut fields = text.split(|byte| byte == mark).skip(2);
    let address = std::str::from_utf8(fields.next()?).ok()?.parse().ok();
    Some(Said::Awaits {
        is_by_server: false,
        address,
        port: decimal(fields.next()?)?,
    })
}

fn decimal(text: &[u8]) -> Option<u16> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    fn awaits(is_by_server: bool, address: Option<&str>, port: u16) -> Said {
        Said::Awaits {
            is_by_server,
            address: address.map(|address| address.parse().unwrap()),
            port,
        }
    }

    #[test]
    fn each_way_to_announce_a_connection_is_understood() {
        let mut transfers = Transfers::default();
        let mut hear = |is_by_server, line: &[u8]| transfers.hear(is_by_server, line);
        assert_eq!(
            hear(false, b"PORT 10,0,0,9,4,1\r\n"),
            [awaits(false, Some("10.0.0.9"), 1025)]
        );
        assert_eq!(
            hear(false, b"EPRT |2|fe80::9|1026|\r\n"),
            [awaits(false, Some("fe80::9"), 1026)]
        );
        assert_eq!(
            hear(true, b"227 Entering Passive Mode (10,0,0,1,4,3).\r\n"),
            [awaits(true, Some("10.0.0.1"), 1027)]
        );
        assert_eq!(
            hear(true, b"229 Extended (|||1028|)\r\n"),
            [awaits(true, None, 1028)]
        );
        assert_eq!(hear(true, b"227 nowhere\r\n"), []);
        assert_eq!(hear(false, b"PORT 10,0,0,9,4\r\n"), []);
    }

    #[test]
    fn a_transfer_tells_its_file_and_whether_it_is_a_part() {
        let mut transfers = Transfers::default();
        let said = transfers.hear(
            false,
            b"retr /pub/fw.bin\r\nREST 100\r\nRETR a\r\nSTOR b\r\nNLST\r\n",
        );
        let carries = |name: &str, is_upload, is_part| {
            Said::Carries(Carried {
                name: name.to_owned(),
                is_upload,
                is_part,
            })
        };
        let wanted = [
            carries("fw.bin", false, false),
            carries("a", false, true),
            carries("b", true, false),
            Said::CarriesOther,
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn it_never_panics() {
        never_panics(
            &[
                b"PORT 1,2,3,4,5,6\r\n",
                b"229 x (|||1|)\r\n",
                b"EPRT |1|1.2.3.4|5|\r\n",
            ],
            |bytes| {
                let mut transfers = Transfers::default();
                transfers.hear(true, bytes);
                transfers.hear(false, bytes);
            },
        );
    }
}
