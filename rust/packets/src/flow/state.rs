//! The life of a TCP connection, as seen from beside it.
use crate::transport::{ACK, FIN, RST, Tcp};

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not TCP.
    None,
    /// Asked for, not answered.
    Opening,
    /// Asked for and refused.
    Refused,
    /// Both sides agreed.
    Open,
    /// The opening was not seen.
    Partial,
    /// Both sides have finished.
    Closed,
    /// Broken off.
    Reset,
}

impl State {
    /// The word the tables use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Opening => "opening",
            Self::Refused => "refused",
            Self::Open => "open",
            Self::Partial => "partial",
            Self::Closed => "closed",
            Self::Reset => "reset",
        }
    }

    /// Whether nothing more is expected.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Refused | Self::Closed | Self::Reset)
    }

    /// The state a segment begins a flow with.
    #[must_use]
    pub fn first(tcp: Tcp) -> Self {
        if tcp.is_syn() {
            Self::Opening
        } else if tcp.is_syn_ack() {
            Self::Open
        } else if tcp.flags & RST != 0 {
            Self::Reset
        } else {
            Self::Partial
        }
    }

    /// The state after a segment; `flags` are those seen from each side, this segment's included.
    #[must_use]
    pub fn after(self, tcp: Tcp, from_opener: bool, flags: [u8; 2]) -> Self {
        if self.is_over() {
            return self;
        }
        if tcp.flags & RST != 0 {
            return if self == Self::Opening && !from_opener {
                Self::Refused
            } else {
                Self::Reset
            };
        }
        if flags[0] & flags[1] & FIN != 0 {
            return Self::Closed;
        }
        // Whoever acknowledges after asking was answered, even where the answer was not captured.
        let is_answered = !from_opener || tcp.flags & ACK != 0;
        if self == Self::Opening && is_answered && !tcp.is_syn() {
            Self::Open
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::SYN;

    fn run(segments: &[(bool, u8)]) -> State {
        let mut flags = [0; 2];
        let mut state = None;
        for &(from_opener, now) in segments {
            let tcp = Tcp {
                flags: now,
                ..Tcp::default()
            };
            flags[usize::from(!from_opener)] |= now;
            state = Some(match state {
                None => State::first(tcp),
                Some(state) => State::after(state, tcp, from_opener, flags),
            });
        }
        state.unwrap()
    }

    #[test]
    fn a_connection_opens_and_closes() {
        let mut talk = vec![(true, SYN)];
        assert_eq!(run(&talk), State::Opening);
        talk.push((true, SYN));
        assert_eq!(run(&talk), State::Opening);
        talk.push((false, SYN | ACK));
        assert_eq!(run(&talk), State::Open);
        talk.extend([(true, ACK | FIN), (false, ACK)]);
        assert_eq!(run(&talk), State::Open);
        talk.push((false, ACK | FIN));
        assert_eq!(run(&talk), State::Closed);
    }

    #[test]
    fn a_reset_refuses_or_breaks_off() {
        assert_eq!(run(&[(true, SYN), (false, RST | ACK)]), State::Refused);
        assert_eq!(
            run(&[(true, SYN), (false, SYN | ACK), (true, RST)]),
            State::Reset
        );
        assert_eq!(run(&[(true, ACK), (false, RST)]), State::Reset);
    }

    #[test]
    fn one_side_alone_shows_an_open_connection() {
        assert_eq!(run(&[(true, SYN), (true, ACK)]), State::Open);
        assert_eq!(run(&[(true, ACK)]), State::Partial);
    }
}
