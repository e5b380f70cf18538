//! Texts: by their first line or word.

use crate::protocols::text::{after, find};

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

/// Texts: by their first line or word.
pub(super) fn written(head: &[u8]) -> Option<&'static str> {
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
    use crate::protocols::magic::kind;

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
}
