//! Which bodies of HTTP are files, and how they are called.
use std::collections::VecDeque;

use super::body::Framing;
use super::chunks::Chunks;
use super::content::{Content, Offer};
use super::file::About;
use super::parts::Parts;
use crate::protocols::disposition::base_name;
use crate::protocols::http;

/// Requests of one connection that wait for their response.
const MOST_ASKED: usize = 32;

/// What a head says of the body behind it.
pub struct Head {
    is_response: bool,
    status: u16,
    method: String,
    /// What is asked for.
    name: String,
    /// The name the head gives its own body.
    file_name: String,
    is_encoded: bool,
    boundary: Vec<u8>,
    length: Option<u64>,
    is_chunked: bool,
}

impl Head {
    /// What matters of a message.
    pub fn of(message: &mut http::Message) -> Self {
        Self {
            is_response: message.is_response,
            status: message.status,
            method: std::mem::take(&mut message.method),
            name: if message.is_response {
                String::new()
            } else {
                base_name(message.path.as_bytes())
            },
            file_name: std::mem::take(&mut message.file_name),
            is_encoded: message.is_encoded,
            boundary: std::mem::take(&mut message.boundary),
            length: message.content_length,
            is_chunked: message.chunked,
        }
    }
}

/// What a response will answer.
struct Asked {
    has_body: bool,
    name: String,
}

/// One connection.
#[derive(Default)]
pub struct Web {
    asked: VecDeque<Asked>,
}

impl Web {
    /// The body behind a head, if it may be a file; `first` is what has come of it.
    pub fn body(&mut self, head: Head, first: &[u8]) -> Option<(Framing, Content)> {
        let framing = match head.length {
            _ if head.is_chunked => Framing::Chunks(Chunks::begin()),
            Some(length) => Framing::Length(length),
            None => Framing::Connection,
        };
        let data = match framing {
            // Its first chunk is data, the line of its size is not.
            Framing::Chunks(_) => first.splitn(2, |byte| *byte == b'\n').nth(1),
            Framing::Length(_) | Framing::Connection => Some(first),
        };
        let content = if head.is_response {
            self.answered(head)
        } else {
            self.asked(head)
        }?;
        if matches!(framing, Framing::Length(0))
            || content.is_surely_nothing(data.unwrap_or_default())
        {
            return None;
        }
        Some((framing, content))
    }

    fn answered(&mut self, head: Head) -> Option<Content> {
        if (100..200).contains(&head.status) {
            return None; // the real answer comes later
        }
        let asked = self.asked.pop_front();
        // RFC 9110 sections 9.3.2, 9.3.6, 15.3.5; errors are no files.
        let has_body = asked.as_ref().is_none_or(|asked| asked.has_body);
        if !has_body || !(200..300).contains(&head.status) || head.status == 204 {
            return None;
        }
        let is_named = !head.file_name.is_empty();
        let about = About {
            service: http::NAME,
            name: if is_named {
                head.file_name
            } else {
                asked.map(|asked| asked.name).unwrap_or_default()
            },
            is_upload: false,
            is_part: head.status == 206,
            is_encoded: head.is_encoded,
        };
        let size = head.length.unwrap_or(0);
        Some(Content::offered(Offer {
            about,
            is_named,
            size,
        }))
    }

    fn asked(&mut self, head: Head) -> Option<Content> {
        let is_put = head.method == "PUT";
        if self.asked.len() < MOST_ASKED {
            self.asked.push_back(Asked {
                has_body: !matches!(head.method.as_str(), "HEAD" | "CONNECT"),
                name: head.name.clone(),
            });
        }
        if head.length.is_none() && !head.is_chunked {
            return None;
        }
        let about = About {
            service: http::NAME,
            name: match head.file_name {
                name if name.is_empty() && is_put => head.name,
                name => name, // what a form is posted to is no name of a file
            },
            is_upload: true,
            is_part: false,
            is_encoded: head.is_encoded,
        };
        if !head.boundary.is_empty() {
            return Some(Content::Parts(Box::new(Parts::begin(
                about,
                &head.boundary,
            ))));
        }
        let is_named = !about.name.is_empty();
        let size = head.length.unwrap_or(0);
        Some(Content::offered(Offer {
            about,
            is_named,
            size,
        }))
    }
}
