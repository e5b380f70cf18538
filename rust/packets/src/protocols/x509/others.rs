//! The names that a certificate is for beside its subject (RFC 5280 section 4.2.1.6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::der::{self, Der};
use crate::protocols::text::{MAX_TEXT, printable};

/// The most extensions that are looked at.
const MAX_EXTENSIONS: usize = 32;
/// The most names that are read.
const MAX_NAMES: usize = 100;
/// `subjectAltName`.
const KIND: &str = "2.5.29.17";
const OCTETS: u8 = 0x04;
const EXTENSIONS: u8 = 0xa3;
const HOST: u8 = 0x82;
const ADDRESS: u8 = 0x87;

/// Hosts and addresses with commas between, from what follows the key of a certificate; no more than fits a text.
#[must_use]
pub fn text(mut behind_key: Der<'_>) -> String {
    let mut text = String::new();
    for name in read(&mut behind_key).unwrap_or_default() {
        if text.len().saturating_add(name.len()) >= MAX_TEXT {
            break;
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&name);
    }
    text
}

fn read(behind_key: &mut Der<'_>) -> Option<Vec<String>> {
    let mut extensions = loop {
        let element = behind_key.any()?;
        if element.tag == EXTENSIONS {
            break Der::new(element.body).within(der::SEQUENCE)?;
        }
    };
    for _ in 0..MAX_EXTENSIONS {
        let mut extension = extensions.within(der::SEQUENCE)?;
        if der::oid(extension.of(der::OID)?) != KIND {
            continue;
        }
        let mut value = extension.any()?;
        if value.tag != OCTETS {
            value = extension.any()?; // behind whether it is critical
        }
        let mut names = Der::new(value.body).within(der::SEQUENCE)?;
        let all = std::iter::from_fn(|| names.any()).take(MAX_NAMES);
        return Some(
            all.filter_map(|one| match one.tag {
                HOST => Some(printable(one.body).to_ascii_lowercase()),
                ADDRESS => address(one.body).map(|ip| ip.to_string()),
                _ => None,
            })
            .filter(|name| !name.is_empty())
            .collect(),
        );
    }
    None
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::V4(Ipv4Addr::from(four)));
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(IpAddr::V6(Ipv6Addr::from(sixteen)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::element;
    use super::*;

    fn extensions(critical: &[u8]) -> Vec<u8> {
        let names = element(
            0x30,
            &[
                &element(HOST, &[b"Cam.Example"]),
                &element(ADDRESS, &[&[192, 0, 2, 7]]),
                &element(ADDRESS, &[&[1, 2, 3]]),
                &element(0x81, &[b"a@b"]),
            ],
        );
        let one = element(
            0x30,
            &[
                b"\x06\x03\x55\x1d\x11",
                critical,
                &element(OCTETS, &[&names]),
            ],
        );
        let other = element(0x30, &[b"\x06\x03\x55\x1d\x0f", &element(OCTETS, &[b"x"])]);
        element(EXTENSIONS, &[&element(0x30, &[&other, &one])])
    }

    #[test]
    fn hosts_and_addresses_are_told_and_all_else_left_out() {
        for critical in [&b""[..], b"\x01\x01\xff"] {
            let bytes = extensions(critical);
            assert_eq!(text(Der::new(&bytes)), "cam.example,192.0.2.7");
        }
        assert_eq!(text(Der::new(b"")), "");
        let whole = extensions(b"");
        for size in 0..whole.len() {
            assert!(text(Der::new(&whole[..size])).len() <= 22);
        }
    }
}
