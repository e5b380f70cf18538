//! What a file is, told by its first bytes alone: executables and for which machine, scripts, archives, firmware,
//! documents, pictures. Names and extensions lie; these marks are what loaders, boot loaders and unpackers go by.

mod containers;
mod executables;
mod marks;
mod texts;

use containers::{riff, zip};
use executables::{cafe_babe, elf, windows};
use marks::marked;
use texts::written;

/// The bytes from the front that all marks but one lie within.
pub const HEAD: usize = 512;
/// Where the mark of ISO 9660 stands (ECMA-119 section 8.1: the first volume descriptor, sector 16), and its length.
pub const DISC: std::ops::Range<usize> = 0x8001..0x8006;
/// The mark itself.
pub const DISC_MARK: &[u8] = b"CD001";
/// The kind of a disc image.
pub const DISC_KIND: &str = "application/x-iso9660-image";

/// The media type these first bytes of a file tell, or empty; no more than [`HEAD`] of them are looked at.
#[must_use]
pub fn kind(head: &[u8]) -> &'static str {
    let head = head.get(..HEAD).unwrap_or(head);
    let special = [elf, windows, cafe_babe, zip, riff];
    special
        .iter()
        .find_map(|tell| tell(head))
        .or_else(|| marked(head))
        .or_else(|| written(head))
        .unwrap_or("")
}

/// Whether a kind is what web pages are made of, rather than something one would call a file.
#[must_use]
pub fn is_page_material(kind: &str) -> bool {
    let pages = [
        "",
        "text/html",
        "application/json",
        "application/xml",
        "text/x-php",
    ];
    pages.contains(&kind) || kind.starts_with("image/") || kind.starts_with("font/")
}

#[cfg(test)]
mod tests {
    use super::marks::MARKS;
    use super::*;
    use crate::protocols::testing::never_panics;

    #[test]
    fn pictures_belong_to_pages_and_firmware_does_not() {
        assert!(is_page_material(kind(b"\x89PNG\r\n\x1a\n")) && is_page_material(kind(b"<html>")));
        for firmware in [
            &b"hsqs"[..],
            b"\x27\x05\x19\x56",
            b"\xd0\x0d\xfe\xed",
            b"\x1f\x8b\x08",
        ] {
            assert!(!is_page_material(kind(firmware)));
        }
    }

    #[test]
    fn it_never_panics() {
        let samples: Vec<&[u8]> = MARKS.iter().map(|mark| mark.1).collect();
        never_panics(&samples, |bytes| {
            let _ = kind(bytes);
        });
    }
}
