//! What all protocols share that speak in lines: both sides are cut into lines until the clear part is over.

use super::lines::Lines;
use super::login::{Heard, Login, Session};

/// What one protocol makes of the lines of its two sides.
pub trait LineProtocol: Default {
    /// A line of the server, without its end.
    fn server_line(&mut self, line: &[u8], heard: &mut Heard);
    /// A line of the client, without its end; the attempt to log in it makes.
    fn client_line(&mut self, line: &[u8], heard: &mut Heard) -> Option<Login>;
}

/// Follows one conversation of that protocol.
#[derive(Debug, Default)]
pub struct Conversation<P> {
    protocol: P,
    server: Lines,
    client: Lines,
    heard: Heard,
}

impl<P: LineProtocol> Session for Conversation<P> {
    fn from_server(&mut self, bytes: &[u8]) {
        if self.heard.is_over {
            return;
        }
        for line in self.server.push(bytes) {
            if !self.heard.is_over {
                self.protocol.server_line(&line, &mut self.heard);
            }
        }
    }

    fn from_client(&mut self, bytes: &[u8]) {
        if self.heard.is_over {
            return;
        }
        for line in self.client.push(bytes) {
            if !self.heard.is_over {
                let login = self.protocol.client_line(&line, &mut self.heard);
                if let Some(login) = login {
                    self.heard.attempts.begin(login);
                }
            }
        }
    }

    fn heard(&self) -> &Heard {
        &self.heard
    }

    fn heard_mut(&mut self) -> &mut Heard {
        &mut self.heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line of the client is a user; a line of the server ends it all.
    #[derive(Default)]
    struct Toy;

    impl LineProtocol for Toy {
        fn server_line(&mut self, _line: &[u8], heard: &mut Heard) {
            heard.greet(|| "toy".to_owned());
            heard.is_over = true;
        }

        fn client_line(&mut self, line: &[u8], _heard: &mut Heard) -> Option<Login> {
            Some(Login::new(line, None))
        }
    }

    #[test]
    fn nothing_is_read_once_it_is_over() {
        let mut talk = Conversation::<Toy>::default();
        talk.from_client(b"a\nb");
        talk.from_server(b"bye\nmore\n");
        talk.from_client(b"c\nd\n");
        assert_eq!(talk.banner(), "toy");
        assert_eq!(talk.finish(), Some(Login::new(b"a", None)));
        assert_eq!(talk.finish(), None);
    }
}
