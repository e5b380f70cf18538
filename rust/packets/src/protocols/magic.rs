//! What a file is, told by its first bytes alone: executables and for which machine, scripts, archives, firmware,
//! documents, pictures. Names and extensions lie; these marks are what loaders, boot loaders and unpackers go by.

use super::text::{after, find};

/// The bytes from the front that all marks but one lie within.
pub const HEAD: usize = 512;
/// Where the mark of ISO 9660 stands (ECMA-119 section 8.1: the first volume descriptor, sector 16), and its length.
pub const DISC: std::ops::Range<usize> = 0x8001..0x8006;
/// The mark itself.
pub const DISC_MARK: &[u8] = b"CD001";
/// The kind of a disc image.
pub const DISC_KIND: &str = "application/x-iso9660-image";

type Mark = (usize, &'static [u8], &'static str);

/// Bytes that stand at a place and what they tell; the first that fits counts.
const MARKS: [Mark; 58] = [
    (0, b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (0, b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"dex\n", "application/x-dex"),
    (0, b"\0asm", "application/wasm"),
    (0, b"\x1bLua", "application/x-lua-bytecode"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\x04\x22\x4d\x18", "application/x-lz4"),
    (0, b"\x5d\0\0", "application/x-lzma"),
    (0, b"\x89LZO\0\r\n\x1a\n", "application/x-lzop"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"070701", "application/x-cpio"),
    (0, b"070702", "application/x-cpio"),
    (
        0,
        b"!<arch>\ndebian",
        "application/vnd.debian.binary-package",
    ),
    (0, b"!<arch>\n", "application/x-archive"),
    (0, b"\xed\xab\xee\xdb", "application/x-rpm"),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (0, b"hsqs", "application/x-squashfs"),
    (0, b"sqsh", "application/x-squashfs"),
    (0, b"\x45\x3d\xcd\x28", "application/x-cramfs"),
    (0, b"\x28\xcd\x3d\x45", "application/x-cramfs"),
    (0, b"\x85\x19\x03\x20", "application/x-jffs2"),
    (0, b"\x19\x85\x20\x03", "application/x-jffs2"),
    (0, b"UBI#", "application/x-ubi"),
    (0, b"\x31\x18\x10\x06", "application/x-ubifs"),
    (0, b"-rom1fs-", "application/x-romfs"),
    (0, b"\x27\x05\x19\x56", "application/x-uimage"),
    (0, b"\xd0\x0d\xfe\xed", "application/x-device-tree"),
    (0, b"HDR0", "application/x-trx-firmware"),
    (0, b"ANDROID!", "application/x-android-boot"),
    (0, b"CrAU", "application/x-android-update"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (
        0,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "application/x-ole-storage",
    ),
    (0, b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"\0\0\x01\0", "image/vnd.microsoft.icon"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "application/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"FWS", "application/x-shockwave-flash"),
    (0, b"CWS", "application/x-shockwave-flash"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
    (0, b"\x0a\x0d\x0d\x0a", "application/x-pcapng"),
];

/// How texts begin, blanks and case aside, and what that tells; the first that fits counts.
const WORDS: [(&[u8], &str); 17] = [
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<head", "text/html"),
    (b"<body", "text/html"),
    (b"<script", "text/html"),
    (b"<?php", "text/x-php"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "application/xml"),
    (b"<job", "application/x-windows-script"),
    (b"-----begin ", "application/x-pem-file"),
    (b"@echo off", "application/x-bat"),
    (b"on error resume next", "text/vbscript"),
    (b"set-executionpolicy", "text/x-powershell"),
    (b"powershell", "text/x-powershell"),
    (b"[internetshortcut]", "application/x-mswinurl"),
    (b"windows registry editor", "application/x-windows-registry"),
    (b"regedit4", "application/x-windows-registry"),
];

/// Who runs a script whose first line names it, and what the script is then; anything else is some script.
const INTERPRETERS: [(&[u8], &str); 7] = [
    (b"python", "text/x-python"),
    (b"perl", "text/x-perl"),
    (b"php", "text/x-php"),
    (b"node", "text/javascript"),
    (b"ruby", "text/x-ruby"),
    (b"lua", "text/x-lua"),
    (b"sh", "text/x-shellscript"), // bash, dash, ash, zsh, busybox sh
];

/// Machines by their number in ELF (gABI, `e_machine`), the kind of their executables.
const MACHINES: [(u16, &str); 18] = [
    (2, "application/x-executable; machine=sparc"),
    (3, "application/x-executable; machine=x86"),
    (4, "application/x-executable; machine=m68k"),
    (8, "application/x-executable; machine=mips"),
    (20, "application/x-executable; machine=powerpc"),
    (21, "application/x-executable; machine=powerpc64"),
    (22, "application/x-executable; machine=s390"),
    (40, "application/x-executable; machine=arm"),
    (42, "application/x-executable; machine=sh"),
    (45, "application/x-executable; machine=arc"),
    (50, "application/x-executable; machine=ia64"),
    (62, "application/x-executable; machine=x86-64"),
    (93, "application/x-executable; machine=arc"),
    (94, "application/x-executable; machine=xtensa"),
    (183, "application/x-executable; machine=aarch64"),
    (195, "application/x-executable; machine=arc"),
    (243, "application/x-executable; machine=riscv"),
    (258, "application/x-executable; machine=loongarch"),
];

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

fn marked(head: &[u8]) -> Option<&'static str> {
    let stands = |(at, mark, _): &&Mark| head.get(*at..).is_some_and(|rest| rest.starts_with(mark));
    MARKS.iter().find(stands).map(|found| found.2)
}

fn elf(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"\x7fELF")?;
    let is_big = rest.get(1) == Some(&2);
    let half = |at: usize| {
        let pair = *head.get(at..)?.first_chunk()?;
        Some(if is_big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        })
    };
    let machine = half(18).unwrap_or(0);
    if machine == 8 && !is_big {
        return Some("application/x-executable; machine=mipsel");
    }
    let known = MACHINES.iter().find(|(number, _)| *number == machine);
    match half(16) {
        Some(1) => Some("application/x-object"),
        Some(4) => Some("application/x-coredump"),
        _ => Some(known.map_or("application/x-executable", |found| found.1)),
    }
}

/// PE and its older kin: where the DOS header points at tells which, if that place is near enough.
fn windows(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"MZ")?;
    let at = rest
        .get(58..)?
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes))?;
    let header = usize::try_from(at)
        .ok()
        .and_then(|at| head.get(at..))
        .unwrap_or_default();
    Some(if header.starts_with(b"PE\0\0") {
        "application/vnd.microsoft.portable-executable"
    } else {
        "application/x-dosexec"
    })
}

/// Java classes and Mach-O for several machines share a mark; classes have a major version of at least 45 behind it.
fn cafe_babe(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"\xca\xfe\xba\xbe")?;
    let major = rest
        .get(2..)?
        .first_chunk()
        .map(|bytes| u16::from_be_bytes(*bytes))?;
    Some(if major >= 45 {
        "application/java-vm"
    } else {
        "application/x-mach-binary"
    })
}

/// What a ZIP archive is, by the names of its first members.
fn zip(head: &[u8]) -> Option<&'static str> {
    const MEMBERS: [(&[u8], &str); 8] = [
        (
            b"AndroidManifest.xml",
            "application/vnd.android.package-archive",
        ),
        (b"META-INF/", "application/java-archive"),
        (
            b"word/",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"xl/",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            b"ppt/",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            b"[Content_Types].xml",
            "application/vnd.openxmlformats-officedocument",
        ),
        (b"mimetypeapplication/epub", "application/epub+zip"),
        (
            b"mimetypeapplication/vnd.oasis",
            "application/vnd.oasis.opendocument",
        ),
    ];
    head.strip_prefix(b"PK")?;
    let begins = [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x07\x08"];
    begins.iter().find(|mark| head.starts_with(mark))?;
    let member = MEMBERS.iter().find(|(name, _)| find(head, name).is_some());
    Some(member.map_or("application/zip", |found| found.1))
}

fn riff(head: &[u8]) -> Option<&'static str> {
    head.strip_prefix(b"RIFF")?;
    match head.get(8..12)? {
        b"WEBP" => Some("image/webp"),
        b"WAVE" => Some("audio/wav"),
        b"AVI " => Some("video/x-msvideo"),
        _ => None,
    }
}

/// Texts: by their first line or word.
fn written(head: &[u8]) -> Option<&'static str> {
    let head = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    if let Some(rest) = head.strip_prefix(b"#!") {
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let known = INTERPRETERS
            .iter()
            .find(|(name, _)| find(line, name).is_some());
        return Some(known.map_or("text/x-script", |found| found.1));
    }
    let begun = WORDS.iter().find(|(word, _)| after(head, word).is_some());
    begun
        .map(|found| found.1)
        .or_else(|| is_intel_hex(head).then_some("application/x-intel-hex"))
        .or_else(|| is_json(head).then_some("application/json"))
}

/// A colon, then pairs of hex digits whose first is the count of data and whose sum is nought.
fn is_intel_hex(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b":") else {
        return false;
    };
    let line = rest
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    let pair = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = line.chunks(2).map(pair).collect();
    bytes.is_some_and(|bytes| {
        let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        bytes.len() >= 5 && bytes.len() == usize::from(bytes[0]) + 5 && sum == 0
    })
}

/// An object or a list: a brace or a bracket, then what may follow it.
fn is_json(head: &[u8]) -> bool {
    let next = |rest: &[u8]| rest.trim_ascii_start().first().copied();
    match head.first() {
        Some(b'{') => matches!(next(&head[1..]), Some(b'"' | b'}')),
        Some(b'[') => matches!(
            next(&head[1..]),
            Some(b'{' | b'[' | b'"' | b']' | b'0'..=b'9')
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::never_panics;

    fn elf_of(order: u8, machine: u16) -> Vec<u8> {
        let half = |number: u16| {
            if order == 2 {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        let mut head = b"\x7fELF\x01".to_vec();
        head.extend([order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        head.extend(half(2));
        head.extend(half(machine));
        head
    }

    #[test]
    fn executables_tell_their_machine() {
        assert_eq!(
            kind(&elf_of(1, 40)),
            "application/x-executable; machine=arm"
        );
        assert_eq!(
            kind(&elf_of(2, 8)),
            "application/x-executable; machine=mips"
        );
        assert_eq!(
            kind(&elf_of(1, 8)),
            "application/x-executable; machine=mipsel"
        );
        assert_eq!(kind(&elf_of(1, 999)), "application/x-executable");
        let mut program = vec![0; 100];
        program[..2].copy_from_slice(b"MZ");
        program[60] = 80;
        assert_eq!(kind(&program), "application/x-dosexec");
        program[80..84].copy_from_slice(b"PE\0\0");
        assert_eq!(
            kind(&program),
            "application/vnd.microsoft.portable-executable"
        );
        assert_eq!(kind(b"\xca\xfe\xba\xbe\0\0\x004"), "application/java-vm");
        assert_eq!(
            kind(b"\xca\xfe\xba\xbe\0\0\0\x02"),
            "application/x-mach-binary"
        );
    }

    #[test]
    fn archives_tell_what_they_hold() {
        let of = |name: &[u8]| kind(&[b"PK\x03\x04", &[0; 26][..], name].concat());
        assert_eq!(of(b"a.txt"), "application/zip");
        assert_eq!(of(b"META-INF/MANIFEST.MF"), "application/java-archive");
        assert_eq!(
            of(b"AndroidManifest.xml"),
            "application/vnd.android.package-archive"
        );
        let mut tar = vec![b'a'; 300];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(kind(&tar), "application/x-tar");
    }

    #[test]
    fn texts_tell_what_they_are() {
        assert_eq!(kind(b"#!/bin/busybox ash\n"), "text/x-shellscript");
        assert_eq!(kind(b"#!/usr/bin/env python3\n"), "text/x-python");
        assert_eq!(kind(b"\xef\xbb\xbf <!DOCTYPE HTML>"), "text/html");
        assert_eq!(kind(b"{ \"a\": 1}"), "application/json");
        assert_eq!(
            kind(b":10010000214601360121470136007EFE09D2190140\r\n"),
            "application/x-intel-hex"
        );
        assert_eq!(kind(b":10010000214601360121470136007EFE09D2190141\r\n"), "");
        assert_eq!(kind(b"plain words"), "");
        assert_eq!(kind(b""), "");
    }

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
