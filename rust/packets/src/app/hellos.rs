//! Fingerprints of clients' hellos: a program offers the same each time, so those told last are kept.
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::protocols::tls::ClientHello;

/// Places for hellos; a power of two. One that shares its place with another takes it.
const PLACES: usize = 256;
/// The most words of a hello that is kept; real ones have about a hundred.
const MOST_WORDS: usize = 512;
/// Stands where there is no byte.
const NO_BYTE: u16 = 256;

/// What a client is known by.
pub struct Fingerprints {
    pub ja3: String,
    pub ja4: String,
}

/// What a hello was gathered to, and its fingerprints.
type Kept = (Box<[u16]>, Arc<Fingerprints>);

/// The hellos told last.
#[derive(Default)]
pub struct Hellos {
    places: Vec<Option<Kept>>,
    words: Vec<u16>,
    hasher: RandomState,
}

impl Hellos {
    /// The fingerprints of a hello; `transport` is that of its JA4.
    pub fn of(&mut self, hello: &ClientHello, transport: char) -> Arc<Fingerprints> {
        if self.places.is_empty() {
            self.places.resize(PLACES, None);
        }
        self.words.clear();
        gather(hello, transport, &mut self.words);
        let hash = self.hasher.hash_one(&self.words) as usize;
        let place = &mut self.places[hash % PLACES];
        if let Some((words, fingerprints)) = place
            && **words == *self.words
        {
            return Arc::clone(fingerprints);
        }
        let fingerprints = Arc::new(Fingerprints {
            ja3: hello.ja3(),
            ja4: hello.ja4(transport),
        });
        if self.words.len() <= MOST_WORDS {
            *place = Some((self.words.as_slice().into(), Arc::clone(&fingerprints)));
        }
        fingerprints
    }
}

/// All that fingerprints come from; each list behind its length, so that no two hellos that differ look alike.
fn gather(hello: &ClientHello, transport: char, words: &mut Vec<u16>) {
    let name = hello.alpn.first().map(Vec::as_slice).unwrap_or_default();
    let ends = [name.first(), name.last()];
    let [first, last] = ends.map(|byte| byte.map_or(NO_BYTE, |byte| u16::from(*byte)));
    let form = u16::from(hello.is_ssl2_form);
    words.extend([transport as u16, form, hello.legacy_version, first, last]);
    let lists = [
        &hello.supported_versions,
        &hello.ciphers,
        &hello.extensions,
        &hello.groups,
        &hello.signature_algorithms,
    ];
    for list in lists {
        words.push(list.len() as u16);
        words.extend_from_slice(list);
    }
    words.extend(hello.point_formats.iter().map(|format| u16::from(*format)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(cipher: u16) -> ClientHello {
        ClientHello {
            legacy_version: 0x0303,
            ciphers: vec![cipher, 0x1301],
            extensions: vec![10, 11],
            groups: vec![29],
            ..ClientHello::default()
        }
    }

    fn is_right(hellos: &mut Hellos, hello: &ClientHello, transport: char) {
        let told = hellos.of(hello, transport);
        assert_eq!(told.ja3, hello.ja3());
        assert_eq!(told.ja4, hello.ja4(transport));
    }

    #[test]
    fn every_hello_has_its_own_fingerprints_again_and_again() {
        let mut hellos = Hellos::default();
        for _ in 0..2 {
            for cipher in 0..1000 {
                is_right(&mut hellos, &hello(cipher), 't');
                is_right(&mut hellos, &hello(cipher), 'd');
            }
        }
        let kept = hellos.of(&hello(7), 't');
        assert!(Arc::ptr_eq(&kept, &hellos.of(&hello(7), 't')));
    }

    #[test]
    fn every_part_of_a_hello_counts() {
        let mut hellos = Hellos::default();
        let changes: [fn(&mut ClientHello); 10] = [
            |_| {},
            |hello| hello.legacy_version = 0x0301,
            |hello| hello.supported_versions = vec![0x0304],
            |hello| hello.extensions = vec![11, 10],
            |hello| hello.groups = vec![],
            |hello| hello.signature_algorithms = vec![29],
            |hello| hello.point_formats = vec![0],
            |hello| hello.alpn = vec![b"h2".to_vec()],
            |hello| hello.alpn = vec![b"h3".to_vec()],
            |hello| hello.is_ssl2_form = true,
        ];
        for change in changes {
            let mut other = hello(1);
            change(&mut other);
            is_right(&mut hellos, &other, 't');
        }
    }

    #[test]
    fn a_hello_of_many_words_is_not_kept() {
        let mut hellos = Hellos::default();
        let long = ClientHello {
            ciphers: vec![1; MOST_WORDS],
            ..hello(1)
        };
        is_right(&mut hellos, &long, 't');
        assert!(hellos.places.iter().all(Option::is_none));
    }
}
