//! Files within the parts of a body: what forms upload (RFC 7578), and what letters have attached (RFC 2046, 2045).
use super::file::{About, File, Way};
use crate::output::Output;
use crate::protocols::base64::Decoder;
use crate::protocols::disposition::{self, Part};
use crate::protocols::head::end_of_head;
use crate::protocols::text::find;

/// The most bytes of the head of a part.
const MOST_HEAD: usize = 4096;
/// The most files of one body that are told.
const MOST_FILES: usize = 256;
/// How deep parts may lie within parts.
const MOST_DEPTH: usize = 4;
/// The most blanks behind a mark.
const MOST_PADDING: usize = 64;

/// What of the body comes next.
enum Place {
    /// Before the first part, or within one that is no file.
    Between,
    /// The head of a part.
    Head,
    /// A part that is a file.
    Within(Box<File>, Option<Decoder>),
    /// Nothing any longer.
    Over,
}

/// A body in parts.
pub struct Parts {
    about: About,
    /// The lines that part it, outermost first, each with the two hyphens it begins with.
    marks: Vec<Vec<u8>>,
    /// What came and is not judged yet: less than a line that parts, or a head.
    held: Vec<u8>,
    place: Place,
    files: usize,
}

impl Parts {
    /// A body parted by that boundary; `about` is what its files share.
    pub fn begin(about: About, boundary: &[u8]) -> Self {
        Self {
            about,
            marks: vec![[b"--", boundary].concat()],
            held: b"\n".to_vec(), // the first line that parts may be the first of all
            place: Place::Between,
            files: 0,
        }
    }

    /// Takes its next bytes.
    pub fn feed(&mut self, bytes: &[u8], way: &Way, out: &mut Output) {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(taken) = self.step(&held[at..], way, out) {
            at += taken;
        }
        held.drain(..at);
        self.held = held;
    }

    /// Tells what was still open; nothing of it is whole.
    pub fn finish(mut self, way: &Way, out: &mut Output) {
        self.end_part(false, way, out);
    }

    /// Takes what can be judged at the front; `None` where more must come.
    fn step(&mut self, held: &[u8], way: &Way, out: &mut Output) -> Option<usize> {
        match self.place {
            Place::Over => (!held.is_empty()).then_some(held.len()),
            Place::Head => self.read_head(held, out),
            Place::Between | Place::Within(..) => {
                let (data, parting) = self.parting(held);
                self.put(&held[..data]);
                let Some(parting) = parting else {
                    return (data > 0).then_some(data);
                };
                self.end_part(true, way, out);
                self.marks
                    .truncate(parting.mark + usize::from(!parting.is_last));
                self.place = match (parting.is_last, parting.mark) {
                    (true, 0) => Place::Over,
                    (true, _) => Place::Between,
                    (false, _) => Place::Head,
                };
                Some(parting.taken)
            }
        }
    }

    /// How many bytes at the front are data for certain, and the line that parts right behind them.
    fn parting(&self, held: &[u8]) -> (usize, Option<Parting>) {
        let longest = self.marks.iter().map(Vec::len).max().unwrap_or(0) + 2;
        let mut from = 0;
        while let Some(at) = find(&held[from..], b"\n--").map(|at| from + at) {
            let line = &held[at + 1..];
            let marks = self.marks.iter().enumerate().rev();
            let mut read = marks.filter_map(|(mark, text)| read_mark(line, text, mark));
            if let Some((found, length)) = read.next() {
                let taken = at + 1 + length;
                return (before_break(held, at), Some(Parting { taken, ..found }));
            }
            if line.len() < longest + MOST_PADDING && !line.contains(&b'\n') {
                return (before_break(held, at), None); // a mark may be coming
            }
            from = at + 1;
        }
        let whole = if held.ends_with(b"\n-") {
            before_break(held, held.len() - 2)
        } else if held.ends_with(b"\n") {
            before_break(held, held.len() - 1)
        } else {
            before_break(held, held.len())
        };
        (whole, None)
    }

    fn put(&mut self, data: &[u8]) {
        if let Place::Within(file, decoder) = &mut self.place {
            match decoder {
                Some(decoder) => file.feed(&decoder.decode(data)),
                None => file.feed(data),
            }
        }
    }

    fn end_part(&mut self, is_complete: bool, way: &Way, out: &mut Output) {
        if let Place::Within(file, decoder) = std::mem::replace(&mut self.place, Place::Between) {
            let is_sound = decoder.is_none_or(|decoder| decoder.is_sound());
            file.tell(way, is_complete && is_sound, out);
        }
    }

    fn read_head(&mut self, held: &[u8], out: &mut Output) -> Option<usize> {
        let Some(end) = end_of_head(held) else {
            if held.len() > MOST_HEAD {
                self.place = Place::Over;
            }
            return (held.len() > MOST_HEAD).then_some(held.len());
        };
        let part: Part = disposition::part(&held[..end]);
        self.place = Place::Between;
        if !part.boundary.is_empty() && self.marks.len() < MOST_DEPTH {
            self.marks.push([b"--", &part.boundary[..]].concat());
        } else if !part.name.is_empty() && self.files < MOST_FILES {
            self.files += 1;
            let about = About {
                name: part.name,
                is_encoded: part.is_encoded,
                ..self.about.clone()
            };
            if let Some(file) = File::begin(about, out) {
                self.place = Place::Within(file, part.is_base64.then(Decoder::default));
            }
        }
        // The end of the empty line stays where no file follows: it may begin a line that parts.
        Some(end - usize::from(!matches!(self.place, Place::Within(..))))
    }
}

/// A line that parts.
struct Parting {
    /// Which mark it bears.
    mark: usize,
    /// Where what follows it begins.
    taken: usize,
    /// No part of that mark follows.
    is_last: bool,
}

/// Reads a line that begins with a mark: `--boundary`, then `--` or blanks; and how long it is.
fn read_mark(line: &[u8], text: &[u8], mark: usize) -> Option<(Parting, usize)> {
    let behind = line.strip_prefix(text)?;
    let of = |is_last| Parting {
        mark,
        taken: 0,
        is_last,
    };
    if behind.starts_with(b"--") {
        return Some((of(true), text.len() + 2));
    }
    let padding = behind.iter().take(MOST_PADDING);
    let end = padding
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
        .count();
    (behind.get(end) == Some(&b'\n')).then(|| (of(false), text.len() + end + 1))
}

/// Where data ends for certain when the LF at that place, and a CR before it, may belong to a line that parts.
fn before_break(held: &[u8], at: usize) -> usize {
    at - usize::from(at > 0 && held.get(at - 1) == Some(&b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Talk;
    use crate::app::files::testing;

    fn about() -> About {
        About {
            service: "http",
            name: String::new(),
            is_upload: true,
            is_part: false,
            is_encoded: false,
        }
    }

    /// Sizes and wholeness of the files in a body that comes in parts of that size.
    fn files(boundary: &[u8], body: &[u8], part: usize) -> Vec<(i64, String)> {
        let mut out = Output::new(10, "lan", &[]);
        let talk: Talk = testing::talk();
        let way = Way::of(&talk, false);
        let mut parts = Parts::begin(about(), boundary);
        for part in body.chunks(part) {
            parts.feed(part, &way, &mut out);
        }
        parts.finish(&way, &mut out);
        assert_eq!(out.files.open, 0);
        testing::sizes_and_names(&mut out)
    }

    #[test]
    fn each_uploaded_file_is_told_however_the_body_comes() {
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--XX\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"fw.bin\"\r\n\r\n\r\n--X \n--\r\n--XX\r\n\
            Content-Disposition: form-data; filename=two\r\n\r\nab\r\n--XX--\r\n";
        for part in 1..body.len() {
            let wanted = [(9, "fw.bin".to_owned()), (2, "two".to_owned())];
            assert_eq!(files(b"XX", body, part), wanted, "in parts of {part}");
        }
    }

    #[test]
    fn attachments_of_nested_parts_are_decoded() {
        let body = b"hello\r\n--A\r\nContent-Type: multipart/alternative; boundary=\"AB\"\r\n\r\n--AB\r\n\r\ntext\r\n\
            --AB--\r\n\r\n--A\r\nContent-Disposition: attachment; filename=x.exe\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nTVqQ\r\nAAM=\r\n--A--\r\n";
        for part in 1..body.len() {
            assert_eq!(files(b"A", body, part), [(5, "x.exe".to_owned())]);
        }
    }
}
