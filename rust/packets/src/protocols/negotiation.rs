//! The commands of Telnet among its text (RFC 854, RFC 855).

pub(super) const IAC: u8 = 255;
pub(super) const SUBNEGOTIATION: u8 = 250;
const END: u8 = 240;

/// Where within a command a side's bytes stand.
#[derive(Debug, Clone, Copy, Default)]
enum Place {
    #[default]
    Text,
    Command,
    Option,
    Inside,
    InsideCommand,
}

/// Takes the commands out of one side's bytes, however they come.
#[derive(Debug, Default)]
pub(super) struct Negotiation {
    place: Place,
    /// Spoken of so far, in their order, each once.
    pub options: Vec<u8>,
}

impl Negotiation {
    /// The text among these bytes.
    pub fn strip(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(bytes.len());
        for byte in bytes {
            self.place = match (self.place, *byte) {
                (Place::Text, IAC) => Place::Command,
                (Place::Text, 0) => Place::Text,
                (Place::Text, byte) => {
                    text.push(byte);
                    Place::Text
                }
                (Place::Command, SUBNEGOTIATION) | (Place::InsideCommand, IAC) => Place::Inside,
                (Place::Command, 251..=254) => Place::Option,
                (Place::Option, option) => {
                    // At most 256 of them, for each stands once.
                    if !self.options.contains(&option) {
                        self.options.push(option);
                    }
                    Place::Text
                }
                (Place::Inside, IAC) => Place::InsideCommand,
                (Place::InsideCommand, byte) if byte != END => Place::Inside,
                (Place::Inside, _) => Place::Inside,
                (Place::Command | Place::InsideCommand, _) => Place::Text,
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_cut_anywhere_are_taken_out_the_same() {
        let bytes = b"\xff\xfd\x01a\xff\xfa\x18\x01\xff\xffb\xff\xf0c\xff\xf9d\0";
        let mut at_once = Negotiation::default();
        assert_eq!(at_once.strip(bytes), b"acd");
        let mut by_bytes = Negotiation::default();
        let text: Vec<u8> = bytes
            .iter()
            .flat_map(|byte| by_bytes.strip(&[*byte]))
            .collect();
        assert_eq!((text, by_bytes.options), (b"acd".to_vec(), at_once.options));
    }
}
