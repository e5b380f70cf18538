//! One file on its way: its bytes are hashed and forgotten, and the first of them looked at to tell what it is.
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::app::{Party, Talk};
use crate::damage::Damage;
use crate::output::Output;
use crate::protocols::magic;
use crate::tables::FileRow;

/// Files open at once, over all flows; those beyond are not followed. One takes about 1 kB.
pub const MOST_OPEN: usize = 8192;
/// The most bytes of one file that are followed; what is larger is told as not whole.
pub const MOST_SIZE: u64 = 1 << 30;

/// What is known of a file before its first byte.
#[derive(Debug, Clone)]
pub struct About {
    /// The protocol that carries it.
    pub service: &'static str,
    /// As the protocol tells it; may be empty.
    pub name: String,
    /// From the client to the server.
    pub is_upload: bool,
    /// It is known to be a part of a file only: its bytes need no hash.
    pub is_part: bool,
    /// It was compressed for the way: its first bytes do not tell what it is.
    pub is_encoded: bool,
}

/// Who carries it where.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// When and in which flow; the ends do not matter.
    pub talk: Talk,
    /// Who asked for it or offered it.
    pub client: Party,
    /// The other end.
    pub server: Party,
}

impl Way {
    /// The way of a file within a conversation, at a message of that end.
    pub fn of(talk: &Talk, is_by_server: bool) -> Self {
        let (client, server) = talk.roles(is_by_server);
        Self {
            talk: *talk,
            client,
            server,
        }
    }
}

/// A file that is being followed.
pub struct File {
    about: About,
    head: Vec<u8>,
    is_disc: bool,
    size: u64,
    hash: Sha256,
    is_torn: bool,
}

impl File {
    /// Begins to follow a file, unless too many are open; each one begun must be told.
    pub fn begin(about: About, out: &mut Output) -> Option<Box<Self>> {
        if out.files.open >= MOST_OPEN {
            out.tally.count(Damage("files: too many at once"));
            return None;
        }
        out.files.open += 1;
        Some(Box::new(Self {
            is_torn: false,
            about,
            head: Vec::new(),
            is_disc: false,
            size: 0,
            hash: Sha256::new(),
        }))
    }

    /// Takes its next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = magic::HEAD - self.head.len();
        if room > 0 && !self.is_torn {
            self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        self.look_for_disc(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.may_be_whole() {
            self.hash.update(bytes);
        }
    }

    /// Bytes of it were not seen.
    pub fn tear(&mut self) {
        self.is_torn = true;
    }

    /// Whether no more of it is followed.
    pub fn is_too_large(&self) -> bool {
        self.size > MOST_SIZE
    }

    fn may_be_whole(&self) -> bool {
        !self.is_torn && !self.about.is_part && !self.is_too_large()
    }

    /// The mark of a disc image stands far behind; it may come in two parts, and is then not seen.
    fn look_for_disc(&mut self, bytes: &[u8]) {
        let at = usize::try_from(self.size).unwrap_or(usize::MAX);
        if let Some(place) = magic::DISC.start.checked_sub(at) {
            let mark = bytes.get(place..).unwrap_or_default();
            self.is_disc |= !self.is_torn && mark.starts_with(magic::DISC_MARK);
        }
    }

    fn kind(&self) -> &'static str {
        match magic::kind(&self.head) {
            _ if self.about.is_encoded => "",
            "" if self.is_disc => magic::DISC_KIND,
            kind => kind,
        }
    }

    /// Writes it down; `is_complete` tells that its end was seen.
    pub fn tell(self, way: &Way, is_complete: bool, out: &mut Output) {
        out.files.open = out.files.open.saturating_sub(1);
        if self.size == 0 {
            return;
        }
        let is_whole = is_complete && self.may_be_whole();
        let step = out.step_of(way.talk.at.time);
        let kind = self.kind();
        let sha256 = if is_whole {
            hex(&self.hash.finalize())
        } else {
            String::new()
        };
        out.tables.files.push(FileRow {
            step,
            time: way.talk.at.time,
            flow: way.talk.flow,
            segment: out.segments.name(way.talk.at.vlan),
            mac: way.client.mac,
            client: Some(way.client.ip),
            server: Some(way.server.ip),
            port: way.server.port,
            service: self.about.service,
            is_upload: self.about.is_upload,
            name: &self.about.name,
            kind,
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            is_whole,
            sha256: &sha256,
        });
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // writing to a `String` cannot fail
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            service: "http",
            name: "a".to_owned(),
            is_upload: false,
            is_part: false,
            is_encoded: false,
        }
    }

    #[test]
    fn the_hash_is_that_of_the_standard_however_the_bytes_come() {
        let mut out = Output::new(10, "lan", &[]);
        let mut file = File::begin(about(), &mut out).unwrap();
        file.feed(b"a");
        file.feed(b"bc");
        // FIPS 180-4, the example of "abc"
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&file.hash.clone().finalize()), wanted);
    }

    #[test]
    fn no_more_are_open_than_the_bound() {
        let mut out = Output::new(10, "lan", &[]);
        out.files.open = MOST_OPEN;
        assert!(File::begin(about(), &mut out).is_none());
    }

    #[test]
    fn a_disc_image_is_told_by_its_far_mark() {
        let mut out = Output::new(10, "lan", &[]);
        let mut file = File::begin(about(), &mut out).unwrap();
        file.feed(&vec![0; 0x8000]);
        file.feed(b"\x01CD001\x01");
        assert_eq!(file.kind(), magic::DISC_KIND);
    }

    #[test]
    fn what_follows_a_gap_at_the_front_tells_no_kind() {
        let mut out = Output::new(10, "lan", &[]);
        let mut file = File::begin(about(), &mut out).unwrap();
        file.tear();
        file.feed(b"\x7fELF");
        assert_eq!((file.kind(), file.size), ("", 4));
    }
}
