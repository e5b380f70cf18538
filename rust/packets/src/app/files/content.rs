//! What a body holds: one file, several in parts, or nothing that is worth a row.
use super::file::{About, File, Way};
use super::parts::Parts;
use crate::output::Output;
use crate::protocols::magic;

/// So many first bytes are enough to judge a body by.
const ENOUGH: usize = 16;
/// Bodies of unknown kind and no telling name are files from this size on.
const LARGE: u64 = 32 * 1024;
/// Names that end so are what pages are made of.
const PAGES: [&str; 25] = [
    "html", "htm", "shtml", "xhtml", "php", "asp", "aspx", "jsp", "do", "cgi", "css", "js", "mjs",
    "map", "json", "xml", "rss", "svg", "png", "gif", "jpg", "jpeg", "ico", "woff", "woff2",
];
/// The most letters of the ending of a name.
const MOST_ENDING: usize = 8;

/// A body of which nothing is known but what its head says.
pub struct Offer {
    /// What the file would be.
    pub about: About,
    /// The name was given as that of a file, not as a place asked for.
    pub is_named: bool,
    /// Its size, as far as its head tells; 0 where it does not.
    pub size: u64,
}

impl Offer {
    /// Whether it is worth a row: what its sender calls a file; what its first bytes tell to be something else than the
    /// material of pages; what the ending of its name does; and all that is large.
    fn is_worth(&self, first: &[u8]) -> bool {
        let kind = if self.about.is_encoded {
            ""
        } else {
            magic::kind(first)
        };
        self.is_named
            || self.size >= LARGE
            || !magic::is_page_material(kind)
            || is_file_name(&self.about.name)
    }
}

/// Whether the ending of a name says that this is a file and not a page.
fn is_file_name(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return false;
    };
    let ending = ending.to_ascii_lowercase();
    let is_ending = (1..=MOST_ENDING).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && ending.bytes().any(|byte| byte.is_ascii_alphabetic());
    !stem.is_empty() && is_ending && !PAGES.contains(&ending.as_str())
}

/// What is made of the bytes of a body.
pub enum Content {
    /// Not judged yet; the few first bytes that came so far.
    Offered(Box<Offer>, Vec<u8>),
    /// One file.
    File(Box<File>),
    /// Files within parts.
    Parts(Box<Parts>),
    /// Not followed, or no longer.
    Nothing,
}

impl Content {
    /// A body to be judged by its first bytes.
    pub fn offered(offer: Offer) -> Self {
        Self::Offered(Box::new(offer), Vec::new())
    }

    /// Whether these first bytes are enough to judge it by, and it is worth nothing.
    pub fn is_surely_nothing(&self, first: &[u8]) -> bool {
        match self {
            Self::Offered(offer, _) => first.len() >= ENOUGH && !offer.is_worth(first),
            Self::File(_) | Self::Parts(_) | Self::Nothing => false,
        }
    }

    /// Whether nothing of it has come.
    pub fn is_untouched(&self) -> bool {
        matches!(self, Self::Offered(_, first) if first.is_empty())
    }

    /// Whether its bytes are of interest.
    pub fn is_followed(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// Takes its next bytes.
    pub fn feed(&mut self, bytes: &[u8], way: &Way, out: &mut Output) {
        match self {
            Self::Offered(_, first) if first.len() + bytes.len() < ENOUGH => {
                first.extend_from_slice(bytes);
            }
            Self::Offered(..) => {
                let first = self.judge(bytes, out);
                if let Self::File(file) = self {
                    file.feed(&first);
                    file.feed(bytes);
                }
            }
            Self::File(file) => {
                file.feed(bytes);
                if file.is_too_large() {
                    self.finish(false, way, out);
                }
            }
            Self::Parts(parts) => parts.feed(bytes, way, out),
            Self::Nothing => {}
        }
    }

    /// Bytes of it were not seen.
    pub fn tear(&mut self, way: &Way, out: &mut Output) {
        if matches!(self, Self::Offered(..)) {
            let first = self.judge(&[], out);
            if let Self::File(file) = self {
                file.feed(&first);
            }
        }
        match self {
            Self::File(file) => file.tear(),
            Self::Parts(_) => self.finish(false, way, out), // where a part ends may lie in the gap
            Self::Offered(..) | Self::Nothing => {}
        }
    }

    /// Tells what it was; `is_complete` says that all of it came.
    pub fn finish(&mut self, is_complete: bool, way: &Way, out: &mut Output) {
        if matches!(self, Self::Offered(..)) {
            let first = self.judge(&[], out);
            if let Self::File(file) = self {
                file.feed(&first);
            }
        }
        match std::mem::replace(self, Self::Nothing) {
            Self::File(file) => file.tell(way, is_complete, out),
            Self::Parts(parts) => parts.finish(way, out),
            Self::Offered(..) | Self::Nothing => {}
        }
    }

    /// Turns an offer into a file or nothing; returns the first bytes that were held back.
    fn judge(&mut self, bytes: &[u8], out: &mut Output) -> Vec<u8> {
        let Self::Offered(offer, first) = std::mem::replace(self, Self::Nothing) else {
            return Vec::new();
        };
        let is_worth = if first.is_empty() {
            offer.is_worth(bytes)
        } else {
            offer.is_worth(&[&first, &bytes[..bytes.len().min(magic::HEAD)]].concat())
        };
        if is_worth && let Some(file) = File::begin(offer.about, out) {
            *self = Self::File(file);
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(name: &str, size: u64) -> Offer {
        let about = About {
            service: "http",
            name: name.to_owned(),
            is_upload: false,
            is_part: false,
            is_encoded: false,
        };
        Offer {
            about,
            is_named: false,
            size,
        }
    }

    #[test]
    fn pages_are_no_files_and_programs_are() {
        assert!(!offer("index.html", 900).is_worth(b"<html>"));
        assert!(!offer("", 900).is_worth(b"{\"a\": 1}"));
        assert!(!offer("logo.png", 900).is_worth(b"\x89PNG\r\n\x1a\n"));
        assert!(!offer("v1.0", 900).is_worth(b"ok"));
        assert!(offer("arm7", 900).is_worth(b"\x7fELF\x01\x01\x01"));
        assert!(offer("bins.sh", 0).is_worth(b"cd /tmp\n"));
        assert!(offer("index.html", 1 << 20).is_worth(b"<html>"));
    }
}
