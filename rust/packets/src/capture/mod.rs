//! Capture files in, frames out: one file, or several as one stream.
mod files;
mod frame;
mod input;
mod pcap;
mod pcapng;
mod zstd;

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub use files::{Files, Progress};
use frame::Found;
pub use frame::{Frame, LATEST};
use input::Input;
use pcap::Pcap;
use pcapng::PcapNg;

use crate::damage::Damage;
use crate::tally::Tally;

/// Why a capture cannot be read; the text is a sentence that names the file.
#[derive(Debug)]
pub enum OpenError {
    /// It is missing or cannot be read.
    Unreadable(io::Error),
    /// It is empty or no capture.
    NoCapture(String),
}

impl OpenError {
    /// As an error of reading, for a file that was there a moment ago.
    #[must_use]
    pub fn into_io(self) -> io::Error {
        match self {
            Self::Unreadable(error) => error,
            Self::NoCapture(says) => io::Error::new(io::ErrorKind::InvalidData, says),
        }
    }
}

enum Format {
    Pcap(Pcap),
    PcapNg(PcapNg),
}

/// One open capture file.
pub struct Capture {
    input: Input,
    format: Format,
    found: Option<Found>,
}

impl Capture {
    /// Opens a capture, recognised by its first bytes; `read` grows by the bytes read of the file.
    pub fn open(path: &Path, read: Arc<AtomicU64>) -> Result<Self, OpenError> {
        let unreadable = |error: io::Error| {
            if is_damage(&error) {
                return OpenError::NoCapture(format!(
                    "{} cannot be unpacked: it is damaged or no capture; give a pcap or pcapng file.",
                    path.display()
                ));
            }
            let says = format!("{} cannot be read: {}.", path.display(), plain(&error));
            OpenError::Unreadable(io::Error::new(error.kind(), says))
        };
        let input = Input::open(path, read).map_err(unreadable)?;
        Self::over(input).map_err(unreadable)?.map_err(|says| {
            OpenError::NoCapture(format!(
                "{} {says}; give a pcap or pcapng file.",
                path.display()
            ))
        })
    }

    /// A capture that comes from anywhere, packed or not; the inner error says what the bytes are instead.
    pub fn from_source(source: Box<dyn Read + Send>) -> io::Result<Result<Self, &'static str>> {
        Self::over(Input::over(source).unpacked()?)
    }

    fn over(mut input: Input) -> io::Result<Result<Self, &'static str>> {
        if input.peek(1)?.is_empty() {
            return Ok(Err("is empty"));
        }
        let format = if let Some(pcap) = Pcap::begin(&mut input)? {
            Format::Pcap(pcap)
        } else if let Some(pcapng) = PcapNg::begin(&mut input)? {
            Format::PcapNg(pcapng)
        } else {
            return Ok(Err("is not a capture"));
        };
        Ok(Ok(Self {
            input,
            format,
            found: None,
        }))
    }

    /// Moves to the next packet and says whether there is one; damage to the file is counted and ends it.
    ///
    /// Fails only where the disk does.
    pub fn advance(&mut self, tally: &mut Tally) -> io::Result<bool> {
        self.found = match self.find(tally) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                tally.count(Damage("capture: cut short"));
                None
            }
            Err(error) if is_damage(&error) => {
                tally.count(Damage("capture: packing damaged"));
                None
            }
            found => found?,
        };
        Ok(self.found.is_some())
    }

    /// The packet moved to.
    #[must_use]
    pub fn frame(&self) -> Option<Frame<'_>> {
        let Found {
            time,
            wire,
            link,
            from,
            held,
            ..
        } = self.found?;
        let data = self.input.held().get(from..from + held)?;
        Some(Frame {
            time,
            wire,
            link,
            data,
        })
    }

    fn find(&mut self, tally: &mut Tally) -> io::Result<Option<Found>> {
        if let Some(found) = self.found.take() {
            self.input.skip(found.taken)?;
        }
        match &mut self.format {
            Format::Pcap(pcap) => pcap.next(&mut self.input, tally),
            Format::PcapNg(pcapng) => pcapng.next(&mut self.input, tally),
        }
    }
}

/// Whether the bytes are at fault, not the disk: unpackers report damage so.
fn is_damage(error: &io::Error) -> bool {
    error.raw_os_error().is_none()
}

fn plain(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "you may not read it",
        io::ErrorKind::IsADirectory => "it is a folder",
        _ => "the disk or system refused",
    }
}
