//! Capture files in, windows out.
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::capture::{Files, OpenError, Progress};
use crate::engine::{Engine, Settings, Stats, Window};

/// Reads captures as one stream, window after window.
pub struct Reader {
    files: Files,
    engine: Engine,
    is_over: bool,
}

impl Reader {
    /// Opens the captures; every one is looked into before any is read.
    pub fn open(paths: Vec<PathBuf>, settings: &Settings) -> Result<Self, OpenError> {
        Ok(Self {
            files: Files::open(paths)?,
            engine: Engine::new(settings),
            is_over: false,
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
                    self.engine.take(&frame, is_first);
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
