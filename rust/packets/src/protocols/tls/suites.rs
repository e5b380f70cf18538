//! The names of cipher suites.

use std::sync::LazyLock;

/// A line each: the number in hexadecimal, a blank, the name; sorted by number.
const LIST: &str = include_str!("suites.txt");

static NAMES: LazyLock<Vec<(u16, &str)>> = LazyLock::new(|| {
    let lines = LIST.lines().filter_map(|line| line.split_once(' '));
    lines
        .filter_map(|(number, name)| Some((u16::from_str_radix(number, 16).ok()?, name)))
        .collect()
});

/// The suite's name in IANA's registry, or its number as `0xC02F` where it has none there.
#[must_use]
pub fn name(suite: u16) -> String {
    let known = NAMES.binary_search_by_key(&suite, |(number, _)| *number);
    known.map_or_else(
        |_| format!("0x{suite:04X}"),
        |place| NAMES[place].1.to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(NAMES.len() + 1, LIST.lines().count());
    }

    #[test]
    fn a_suite_has_its_name_and_an_unknown_one_its_number() {
        assert_eq!(name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assert_eq!(name(0x1301), "TLS_AES_128_GCM_SHA256");
        assert_eq!(name(0x000a), "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
        assert_eq!(name(0x0a0b), "0x0A0B");
    }
}
