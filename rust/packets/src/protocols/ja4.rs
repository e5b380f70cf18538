//! The JA4 fingerprint of a TLS client (`FoxIO`, BSD 3-Clause part; technical details of JA4, 2023).

use sha2::{Digest, Sha256};

use super::hex::hex;
use super::tls::ClientHello;

/// How many hexadecimal digits of each hash are kept.
const HASH_DIGITS: usize = 12;
/// The greatest count that is written out.
const MAX_COUNT: usize = 99;
/// The extensions that are counted but not hashed: they change from one server to the next.
const SERVER_NAME: u16 = 0;
const ALPN: u16 = 16;

/// Whether the value is one of those reserved to be ignored (RFC 8701).
#[must_use]
pub fn is_grease(value: u16) -> bool {
    let [high, low] = value.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// The fingerprint; `transport` is `t` over TCP, `q` over QUIC, `d` for DTLS.
#[must_use]
pub fn fingerprint(hello: &ClientHello, transport: char) -> String {
    let ciphers = without_grease(&hello.ciphers);
    let extensions = without_grease(&hello.extensions);
    let name = if extensions.contains(&SERVER_NAME) {
        'd'
    } else {
        'i'
    };
    let version = version_digits(hello.version());
    let (cipher_count, extension_count) = (
        ciphers.len().min(MAX_COUNT),
        extensions.len().min(MAX_COUNT),
    );
    let alpn = alpn_ends(hello.alpn.first().map(Vec::as_slice).unwrap_or_default());
    format!(
        "{transport}{version}{name}{cipher_count:02}{extension_count:02}{alpn}_{}_{}",
        hash(&hex_list(ciphers, true)),
        hash(&extension_list(extensions, &hello.signature_algorithms)),
    )
}

fn without_grease(values: &[u16]) -> Vec<u16> {
    values
        .iter()
        .copied()
        .filter(|value| !is_grease(*value))
        .collect()
}

fn version_digits(version: u16) -> &'static str {
    match version {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        0xfeff => "d1",
        0xfefd => "d2",
        0xfefc => "d3",
        _ => "00",
    }
}

/// First and last character; where either is neither letter nor digit, first and last digit of the hexadecimal form.
fn alpn_ends(name: &[u8]) -> String {
    let (Some(first), Some(last)) = (name.first(), name.last()) else {
        return "00".to_owned();
    };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [*first, *last].map(char::from).iter().collect();
    }
    format!("{:x}{:x}", first >> 4, last & 0xf)
}

fn hex_list(mut values: Vec<u16>, sorted: bool) -> String {
    if sorted {
        values.sort_unstable();
    }
    let mut list = String::with_capacity(values.len() * 5);
    for value in values {
        if !list.is_empty() {
            list.push(',');
        }
        let digits = [12, 8, 4, 0].map(|shift| u32::from(value >> shift & 15));
        list.extend(
            digits
                .iter()
                .filter_map(|digit| char::from_digit(*digit, 16)),
        );
    }
    list
}

/// Extensions sorted, and behind an underscore the signature algorithms in their order.
fn extension_list(extensions: Vec<u16>, algorithms: &[u16]) -> String {
    let hashed = extensions
        .into_iter()
        .filter(|kind| !matches!(*kind, SERVER_NAME | ALPN))
        .collect();
    let mut list = hex_list(hashed, true);
    let algorithms = without_grease(algorithms);
    if !list.is_empty() && !algorithms.is_empty() {
        list.push('_');
        list.push_str(&hex_list(algorithms, false));
    }
    list
}

fn hash(list: &str) -> String {
    if list.is_empty() {
        return "0".repeat(HASH_DIGITS);
    }
    let mut digits = hex(&Sha256::digest(list.as_bytes()));
    digits.truncate(HASH_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the published technical details.
    fn published() -> ClientHello {
        ClientHello {
            legacy_version: 0x0303,
            supported_versions: vec![0x0a0a, 0x0304, 0x0303],
            ciphers: vec![
                0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
            ],
            extensions: vec![
                0x6a6a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015,
            ],
            alpn: vec![b"h2".to_vec()],
            signature_algorithms: vec![
                0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
            ],
            ..ClientHello::default()
        }
    }

    #[test]
    fn the_published_example_comes_out_as_published() {
        assert_eq!(
            fingerprint(&published(), 't'),
            "t13d1516h2_8daaf6152771_e5627efa2ab1"
        );
    }

    #[test]
    fn order_and_grease_do_not_show() {
        let mut shuffled = published();
        shuffled.ciphers.reverse();
        shuffled.extensions.reverse();
        shuffled.extensions.push(0xdada);
        assert_eq!(fingerprint(&shuffled, 't'), fingerprint(&published(), 't'));
    }

    #[test]
    fn a_bare_hello_has_zeroes_for_hashes() {
        let bare = ClientHello {
            legacy_version: 0x0301,
            ..ClientHello::default()
        };
        assert_eq!(
            fingerprint(&bare, 't'),
            "t10i000000_000000000000_000000000000"
        );
    }

    #[test]
    fn odd_protocol_names_are_given_by_their_hexadecimal_ends() {
        assert_eq!(alpn_ends(b"h"), "hh");
        assert_eq!(alpn_ends(&[0xab, 0xcd]), "ad");
        assert_eq!(alpn_ends(b""), "00");
    }
}
