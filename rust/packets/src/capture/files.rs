//! Several captures as one stream, in the order of their first packets.
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Capture, Frame, OpenError};
use crate::tally::Tally;

/// How far the reading has come; can be asked for while another thread reads.
#[derive(Debug, Default)]
pub struct Progress {
    read: Arc<AtomicU64>,
    size: u64,
}

impl Progress {
    /// Bytes of the files read so far, and in all.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        (self.read.load(Ordering::Relaxed), self.size)
    }
}

/// Captures read one after another.
pub struct Files {
    paths: std::vec::IntoIter<PathBuf>,
    open: Option<Capture>,
    met: u64,
    progress: Arc<Progress>,
}

impl Files {
    /// Looks into every file before any is read, so that a mistake is told at once.
    pub fn open(paths: Vec<PathBuf>) -> Result<Self, OpenError> {
        let mut size = 0_u64;
        let mut ordered = Vec::with_capacity(paths.len());
        for path in paths {
            let mut capture = Capture::open(&path, Arc::default())?;
            capture
                .advance(&mut Tally::default())
                .map_err(OpenError::Unreadable)?;
            let begins = capture.frame().map_or(i64::MAX, |frame| frame.time);
            size += path.metadata().map_err(OpenError::Unreadable)?.len();
            ordered.push((begins, path));
        }
        ordered.sort_by_key(|(begins, _)| *begins); // stable: equal times keep the order given
        let paths: Vec<PathBuf> = ordered.into_iter().map(|(_, path)| path).collect();
        Ok(Self {
            paths: paths.into_iter(),
            open: None,
            met: 0,
            progress: Arc::new(Progress {
                read: Arc::default(),
                size,
            }),
        })
    }

    /// Tells how far the reading has come.
    #[must_use]
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Moves to the next packet of the stream and says whether there is one.
    pub fn advance(&mut self, tally: &mut Tally) -> io::Result<bool> {
        loop {
            if let Some(open) = &mut self.open {
                if open.advance(tally)? {
                    self.met = self.met.saturating_add(1);
                    return Ok(true);
                }
                self.open = None;
            }
            let Some(path) = self.paths.next() else {
                return Ok(false);
            };
            let opened = Capture::open(&path, Arc::clone(&self.progress.read));
            self.open = Some(opened.map_err(OpenError::into_io)?);
            self.met = 0;
        }
    }

    /// The packet moved to, and whether it is the first of its file.
    #[must_use]
    pub fn frame(&self) -> Option<(Frame<'_>, bool)> {
        Some((self.open.as_ref()?.frame()?, self.met == 1))
    }
}
