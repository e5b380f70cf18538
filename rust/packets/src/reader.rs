//! Capture files in, windows out.
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::capture::{Files, Frame, OpenError, Progress};
use crate::damage::Damage;
use crate::engine::{Engine, Settings, Stats, Window};

/// The most rows of a window, about 300 bytes each; packets that come beyond them are counted and left out.
const MOST_ROWS: usize = 4_000_000;

/// Reads captures as one stream, window after window.
pub struct Reader {
    files: Files,
    engine: Engine,
    is_over: bool,
    most_rows: usize,
}

impl Reader {
    /// Opens the captures; every one is looked into before any is read.
    pub fn open(paths: Vec<PathBuf>, settings: &Settings) -> Result<Self, OpenError> {
        Ok(Self {
            files: Files::open(paths)?,
            engine: Engine::new(settings),
            is_over: false,
            most_rows: MOST_ROWS,
        })
    }

    /// The next window that has rows, or nothing at the end.
    pub fn next_window(&mut self) -> io::Result<Option<Window>> {
        loop {
            if let Some(window) = self.engine.ready() {
                return Ok(Some(window));
            }
            if self.is_over {
                return Ok(None);
            }
            if self.files.advance(self.engine.tally())? {
                if let Some((frame, is_first)) = self.files.frame() {
                    if self.engine.rows() < self.most_rows || closes(&self.engine, &frame) {
                        self.engine.take(&frame, is_first);
                    } else {
                        let beyond = Damage("engine: packet beyond what a window holds");
                        self.engine.tally().count(beyond);
                    }
                }
            } else {
                self.engine.finish();
                self.is_over = true;
            }
        }
    }

    /// Tells how far the reading has come; works from other threads.
    #[must_use]
    pub fn progress(&self) -> Arc<Progress> {
        self.files.progress()
    }

    /// What was counted so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.engine.stats()
    }

    /// Damage so far, by kind.
    pub fn damaged(&mut self) -> Vec<(&'static str, u64)> {
        self.engine.tally().iter().collect()
    }
}

/// Whether the packet's time ends the open window, so that there is room again.
fn closes(engine: &Engine, frame: &Frame<'_>) -> bool {
    engine.open_until().is_none_or(|end| frame.time >= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A capture of one ARP question for each of these seconds.
    fn capture(name: &str, seconds: &[u32]) -> PathBuf {
        let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        file.extend([0xff, 0xff, 0, 0, 1, 0, 0, 0]);
        for second in seconds {
            let mut frame = vec![255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 8, 6];
            frame.extend([0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 9]);
            frame.extend([0, 0, 0, 0, 0, 0, 10, 0, 0, 1]);
            file.extend(second.to_le_bytes());
            file.extend([0, 0, 0, 0, 42, 0, 0, 0, 42, 0, 0, 0]);
            file.extend(frame);
        }
        let path = std::env::temp_dir().join(format!("cordon-{name}-{}.pcap", std::process::id()));
        std::fs::write(&path, file).unwrap();
        path
    }

    #[test]
    fn a_window_holds_no_more_rows_than_its_bound_and_the_next_begins_anew() {
        let path = capture("full", &[1, 1, 1, 1, 1, 1, 1, 1, 11, 12]);
        let settings = Settings {
            window: 10_000_000,
            step: 10_000_000,
            segment: "lan".to_owned(),
            secret_key: Vec::new(),
            max_flows: 16,
            full: usize::MAX,
        };
        let mut reader = Reader::open(vec![path.clone()], &settings).unwrap();
        reader.most_rows = 6;
        let mut rows = Vec::new();
        while let Some(window) = reader.next_window().unwrap() {
            let arp = window.tables.iter().find(|(name, _)| *name == "arp");
            rows.push(arp.map_or(0, |(_, table)| table.num_rows()));
        }
        std::fs::remove_file(path).unwrap();
        let beyond = reader
            .engine
            .tally()
            .of("engine: packet beyond what a window holds");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1], 2);
        assert_eq!(rows[0] as u64 + beyond, 8);
        assert!(beyond > 0);
    }
}
