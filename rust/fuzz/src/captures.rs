//! Capture files of every format; and a whole file through the whole engine.
use packets::capture::Capture;
use packets::tally::Tally;

use crate::frames::engine as new_engine;

/// The first bytes that make a file what it is.
const PCAP: [u8; 4] = [0xd4, 0xc3, 0xb2, 0xa1];
const PCAPNG: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The classic format, in either byte order and precision as the first byte says.
pub fn pcap(bytes: &[u8]) {
    let magic = match bytes.first().copied().unwrap_or_default() % 4 {
        0 => PCAP,
        1 => [0xa1, 0xb2, 0xc3, 0xd4],
        2 => [0x4d, 0x3c, 0xb2, 0xa1],
        _ => [0x34, 0xcd, 0xb2, 0xa1],
    };
    frames_of(&magic, bytes);
}

/// The format of blocks.
pub fn pcapng(bytes: &[u8]) {
    frames_of(&PCAPNG, bytes);
}

/// A file packed with gzip.
pub fn gz(bytes: &[u8]) {
    frames_of(&GZIP, bytes);
}

/// A file packed with zstd.
pub fn zst(bytes: &[u8]) {
    frames_of(&ZSTD, bytes);
}

/// Reads the frames of a file whose first bytes are taken for the magic.
fn frames_of(magic: &[u8], bytes: &[u8]) {
    let mut file = bytes.to_vec();
    for (place, byte) in magic.iter().enumerate().take(bytes.len()) {
        file[place] = *byte;
    }
    let mut tally = Tally::default();
    let Some(mut capture) = open(file) else {
        return;
    };
    while let Ok(true) = capture.advance(&mut tally) {
        let frame = capture.frame().expect("what was moved to is there");
        assert!(frame.wire as usize >= frame.data.len() || frame.wire == 0);
    }
}

fn open(file: Vec<u8>) -> Option<Capture> {
    let source = Box::new(std::io::Cursor::new(file));
    Capture::from_source(source).ok()?.ok()
}

/// A whole capture file through the whole engine.
pub fn engine(bytes: &[u8]) {
    let Some(mut capture) = open(bytes.to_vec()) else {
        return;
    };
    let (mut engine, mut taken) = (new_engine(), 0);
    while let Ok(true) = capture.advance(engine.tally()) {
        if let Some(frame) = capture.frame() {
            engine.take(&frame, taken == 0);
            taken += 1;
        }
        while engine.ready().is_some() {}
    }
    engine.finish();
    assert_eq!(engine.stats().packets, taken);
}
