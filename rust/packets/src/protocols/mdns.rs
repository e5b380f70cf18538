//! Multicast DNS (RFC 6762) and service discovery over it (RFC 6763): what a host says of itself.

use std::collections::BTreeSet;

use super::dns::{self, Data, Name, Record};
use super::text::printable;
use crate::damage::Parsed;

pub use super::dns::{Message, looks_like};

/// The service name of flows that speak this.
pub const NAME: &str = "mdns";
/// The most announcements taken from one message.
const MAX_ANNOUNCED: usize = 256;

/// One thing a message announces, in the form of the `mdns.*` sightings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Announced {
    /// Own host name (the name of an A or AAAA record), without `.local`.
    Name(String),
    /// Service type, `_ipp._tcp`.
    Service(String),
    /// Instance of a service, `name|service`.
    Instance(String),
    /// One TXT pair, `key=value|service`.
    Txt(String),
}

impl Announced {
    /// The sighting field and its value.
    #[must_use]
    pub fn sighting(&self) -> (&'static str, &str) {
        match self {
            Self::Name(value) => ("mdns.name", value),
            Self::Service(value) => ("mdns.service", value),
            Self::Instance(value) => ("mdns.instance", value),
            Self::Txt(value) => ("mdns.txt", value),
        }
    }
}

/// A whole datagram.
pub fn parse(bytes: &[u8]) -> Parsed<Message> {
    dns::parse(bytes)
}

/// What an answer says of its sender, in the order of its records and without repeats; nothing for a question.
/// Records with no time left to live are farewells (RFC 6762 section 10.1) and are left out.
#[must_use]
pub fn announced(message: &Message) -> Vec<Announced> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    if !message.is_response {
        return found;
    }
    for record in message
        .answers
        .iter()
        .chain(&message.additional)
        .filter(|record| record.ttl > 0)
    {
        for said in of_record(record) {
            if found.len() >= MAX_ANNOUNCED {
                return found;
            }
            if known.insert(said.clone()) {
                found.push(said);
            }
        }
    }
    found
}

fn of_record(record: &Record) -> Vec<Announced> {
    match &record.data {
        Data::Address(_) => host(&record.name)
            .map(Announced::Name)
            .into_iter()
            .collect(),
        Data::Name(target) if record.kind == 12 => of_pointer(&record.name, target),
        Data::Service { .. } => of_instance(&record.name),
        Data::Text(pairs) => of_text(&record.name, pairs),
        _ => Vec::new(),
    }
}

/// The name without `.local`; none for names of the reverse tree.
fn host(name: &Name) -> Option<String> {
    let text = name.text();
    let host = text.strip_suffix(".local").unwrap_or(&text);
    (!host.is_empty() && host != "." && !is_reverse(name)).then(|| host.to_owned())
}

/// Whether the name is one of an address, below `arpa`.
fn is_reverse(name: &Name) -> bool {
    name.labels()
        .last()
        .is_some_and(|label| label.eq_ignore_ascii_case(b"arpa"))
}

fn of_pointer(name: &Name, target: &Name) -> Vec<Announced> {
    let text = name.text();
    if is_reverse(name) {
        return Vec::new();
    }
    if text.starts_with("_services._dns-sd._udp") {
        return service(target, 0)
            .map(Announced::Service)
            .into_iter()
            .collect();
    }
    of_instance(target)
}

fn of_instance(name: &Name) -> Vec<Announced> {
    let Some(service) = service(name, 1) else {
        return Vec::new();
    };
    let instance = format!("{}|{service}", name.label(0));
    vec![Announced::Service(service), Announced::Instance(instance)]
}

fn of_text(name: &Name, pairs: &[Vec<u8>]) -> Vec<Announced> {
    let service = service(name, 1).unwrap_or_default();
    let filled = pairs.iter().filter(|pair| !pair.is_empty());
    filled
        .map(|pair| Announced::Txt(format!("{}|{service}", printable(pair))))
        .collect()
}

/// The service type that begins at label `from`: two labels that begin with an underscore.
fn service(name: &Name, from: usize) -> Option<String> {
    let (kind, transport) = (name.label(from), name.label(from.saturating_add(1)));
    let both = kind.starts_with('_') && transport.starts_with('_');
    both.then(|| format!("{kind}.{transport}").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::testing::{done, never_panics};

    /// A printer: its service pointer, its SRV and TXT, its address with the cache-flush bit.
    fn announcement() -> Vec<u8> {
        let mut bytes = b"\0\0\x84\0\0\0\0\x04\0\0\0\0".to_vec();
        bytes.extend(
            b"\x04_ipp\x04_tcp\x05local\0\0\x0c\0\x01\0\0\x11\x94\0\x08\x05K\xc3\xbcl1\xc0\x0c",
        );
        bytes.extend(b"\xc0\x27\0\x21\x80\x01\0\0\0\x78\0\x0b\0\0\0\0\x02\x77\x02P1\xc0\x16");
        bytes.extend(b"\xc0\x27\0\x10\x80\x01\0\0\x11\x94\0\x07\x06ty=Inc");
        bytes.extend(b"\x02P1\x05local\0\0\x01\x80\x01\0\0\0\x78\0\x04\xc0\0\x02\x09");
        bytes
    }

    #[test]
    fn an_announcement_tells_name_service_instance_and_text() {
        let message = done(parse(&announcement()));
        let told: Vec<(&str, String)> = announced(&message)
            .iter()
            .map(|said| (said.sighting().0, said.sighting().1.to_owned()))
            .collect();
        let wanted = [
            ("mdns.service", "_ipp._tcp"),
            ("mdns.instance", "Kül1|_ipp._tcp"),
            ("mdns.txt", "ty=Inc|_ipp._tcp"),
            ("mdns.name", "p1"),
        ];
        assert_eq!(told, wanted.map(|(field, value)| (field, value.to_owned())));
        assert!(message.answers[3].flush && !message.answers[0].flush);
        assert_eq!(message.answers[3].class, 1);
    }

    #[test]
    fn a_question_announces_nothing_and_may_ask_for_a_unicast_answer() {
        let question = b"\0\0\0\0\0\x01\0\0\0\0\0\0\x04_ipp\x04_tcp\x05local\0\0\x0c\x80\x01";
        let message = done(parse(question));
        assert!(message.questions[0].unicast);
        assert!(announced(&message).is_empty());
    }

    #[test]
    fn a_farewell_announces_nothing() {
        let farewell = b"\0\0\x84\0\0\0\0\x01\0\0\0\0\x02P1\x05local\0\0\x01\x80\x01\0\0\0\0\0\x04\xc0\0\x02\x09";
        assert!(announced(&done(parse(farewell))).is_empty());
    }

    #[test]
    fn it_never_panics() {
        never_panics(&[&announcement()], |bytes| {
            let _ = parse(bytes).map(|message| announced(&message));
        });
    }
}
