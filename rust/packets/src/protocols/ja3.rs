//! The JA3 fingerprint of a TLS client (Althouse, Atkinson, Atkins; Salesforce 2017).

use std::fmt::{Display, Write};

use md5::{Digest, Md5};

use super::hex::hex;
use super::ja4::is_grease;
use super::tls::ClientHello;

/// The MD5 of the hello's version, suites, extensions, groups and point formats in their order, without grease.
#[must_use]
pub fn fingerprint(hello: &ClientHello) -> String {
    hex(&Md5::digest(list(hello)))
}

fn list(hello: &ClientHello) -> String {
    let mut list = hello.legacy_version.to_string();
    join(&mut list, without_grease(&hello.ciphers));
    join(&mut list, without_grease(&hello.extensions));
    join(&mut list, without_grease(&hello.groups));
    join(&mut list, hello.point_formats.iter());
    list
}

fn without_grease(values: &[u16]) -> impl Iterator<Item = &u16> {
    values.iter().filter(|value| !is_grease(**value))
}

/// Appends a comma and the values with dashes between.
fn join(list: &mut String, values: impl Iterator<Item = impl Display>) {
    let mut mark = ',';
    for value in values {
        let _ = write!(list, "{mark}{value}"); // writing to a `String` cannot fail
        mark = '-';
    }
    if mark == ',' {
        list.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_come_out_as_published() {
        let full = ClientHello {
            legacy_version: 769,
            ciphers: vec![
                0x0a0a, 47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4,
            ],
            extensions: vec![0, 10, 11, 0x1a1a],
            groups: vec![0x2a2a, 23, 24, 25],
            point_formats: vec![0],
            ..ClientHello::default()
        };
        assert_eq!(
            list(&full),
            "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0"
        );
        assert_eq!(fingerprint(&full), "ada70206e40642a3e4461f35503241d5");
        let bare = ClientHello {
            legacy_version: 769,
            ciphers: vec![4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99],
            ..ClientHello::default()
        };
        assert_eq!(list(&bare), "769,4-5-10-9-100-98-3-6-19-18-99,,,");
        assert_eq!(fingerprint(&bare), "de350869b8c85de67a350c8d186f11e6");
    }
}
