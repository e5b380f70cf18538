//! The numbers of a connection's bytes: which segments bring only what had come before.
use crate::transport::{FIN, RST, SYN, Tcp};

/// How far each side has come, and the last gap that was left open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sequence {
    /// The number behind the greatest that came, by side.
    next: [u32; 2],
    /// First missing number and the one behind the last.
    gap: (u32, u32),
    traits: u8,
}

/// Bit of each side: `next` is known.
const KNOWN: [u8; 2] = [1, 2];
/// Bit of each side: the gap is its.
const GAP: [u8; 2] = [4, 8];
/// Bit of each side: its opening was seen, and where its bytes begin.
const OPENED: [u8; 2] = [16, 32];

impl Sequence {
    /// Takes a segment of so many bytes; whether all it brings had come before.
    ///
    /// SYN and FIN count as a byte, as they do in the protocol. A segment that falls into the last gap is late and not
    /// resent. A byte or none right before what is expected keeps the connection alive and is not resent either
    /// (RFC 9293, 3.8.4; Wireshark tells them apart so).
    pub fn is_resent(&mut self, side: usize, tcp: Tcp, length: u32) -> bool {
        if tcp.flags & RST != 0 {
            return false;
        }
        if tcp.flags & SYN != 0 {
            return self.open(side, tcp.sequence.wrapping_add(1), length);
        }
        let (begin, end) = (tcp.sequence, tcp.sequence.wrapping_add(length));
        let is_finished = tcp.flags & FIN != 0;
        let end = end.wrapping_add(u32::from(is_finished));
        if begin == end {
            return false;
        }
        if self.traits & KNOWN[side] == 0 {
            self.traits |= KNOWN[side];
            self.next[side] = end;
            return false;
        }
        let next = self.next[side];
        if distance(next, end) > 0 {
            if distance(next, begin) > 0 {
                self.leave(side, (next, begin));
            }
            self.next[side] = end;
            return false;
        }
        let is_probe = length == 1 && !is_finished && end == next;
        !(is_probe || self.fills(side, begin, end))
    }

    /// Where a side's bytes begin, as long as none came.
    pub fn start(&self, side: usize) -> Option<u32> {
        let begin = if self.traits & GAP[side] == 0 {
            self.next[side]
        } else {
            self.gap.0
        };
        (self.traits & OPENED[side] != 0).then_some(begin)
    }

    fn open(&mut self, side: usize, start: u32, length: u32) -> bool {
        if self.traits & KNOWN[side] != 0 && self.next[side] == start.wrapping_add(length) {
            return true;
        }
        self.traits |= KNOWN[side] | OPENED[side];
        self.traits &= !GAP[side];
        self.next[side] = start.wrapping_add(length);
        false
    }

    fn leave(&mut self, side: usize, gap: (u32, u32)) {
        self.traits = self.traits & !(GAP[0] | GAP[1]) | GAP[side];
        self.gap = gap;
    }

    /// Whether those numbers bring something of the gap, which shrinks by them.
    fn fills(&mut self, side: usize, begin: u32, end: u32) -> bool {
        let (from, to) = self.gap;
        if self.traits & GAP[side] == 0 || distance(from, end) <= 0 || distance(begin, to) <= 0 {
            return false;
        }
        match (distance(from, begin) <= 0, distance(end, to) <= 0) {
            (true, true) => self.traits &= !GAP[side],
            (false, true) => self.gap.1 = begin,
            _ => self.gap.0 = end, // of two gaps the later one is remembered
        }
        true
    }
}

/// How far `to` lies after `from`, in the circle of sequence numbers.
fn distance(from: u32, to: u32) -> i32 {
    to.wrapping_sub(from).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::ACK;

    /// What of the segments of one side is taken for resent.
    fn resent(segments: &[(u8, u32, u32)]) -> Vec<bool> {
        let mut sequence = Sequence::default();
        let of = |&(flags, offset, length): &(u8, u32, u32)| {
            let number = (u32::MAX - 2).wrapping_add(offset);
            let tcp = Tcp {
                flags,
                sequence: number,
                ..Tcp::default()
            };
            sequence.is_resent(0, tcp, length)
        };
        segments.iter().map(of).collect()
    }

    #[test]
    fn what_had_come_before_is_resent() {
        let segments = [
            (SYN, 0, 0),
            (SYN, 0, 0),
            (ACK, 1, 10),
            (ACK, 1, 10),
            (ACK, 5, 10),
            (ACK, 15, 0),
            (ACK | FIN, 15, 0),
            (ACK | FIN, 15, 0),
        ];
        let told = [false, true, false, true, false, false, false, true];
        assert_eq!(resent(&segments), told);
    }

    #[test]
    fn what_comes_late_is_not_resent() {
        let late = [
            (ACK, 1, 10),
            (ACK, 31, 10),
            (ACK, 21, 10),
            (ACK, 11, 10),
            (ACK, 11, 10),
        ];
        assert_eq!(resent(&late), [false, false, false, false, true]);
        let forwards = [(ACK, 1, 10), (ACK, 31, 10), (ACK, 11, 10), (ACK, 21, 10)];
        assert_eq!(resent(&forwards), [false; 4]);
        assert_eq!(
            resent(&[&forwards[..], &forwards[2..]].concat())[4..],
            [true; 2]
        );
    }

    #[test]
    fn what_keeps_a_connection_alive_is_not_resent() {
        let probes = [(ACK, 1, 10), (ACK, 10, 1), (ACK, 10, 0), (ACK, 9, 2)];
        assert_eq!(resent(&probes), [false, false, false, true]);
    }

    #[test]
    fn each_side_begins_behind_its_opening() {
        let mut sequence = Sequence::default();
        let tcp = |flags, sequence| Tcp {
            flags,
            sequence,
            ..Tcp::default()
        };
        sequence.is_resent(0, tcp(SYN, 7), 0);
        sequence.is_resent(0, tcp(FIN | ACK, 108), 0);
        sequence.is_resent(1, tcp(ACK, 50), 10);
        assert_eq!((sequence.start(0), sequence.start(1)), (Some(8), None));
        sequence.is_resent(1, tcp(SYN | ACK, 70), 0);
        assert_eq!(sequence.start(1), Some(71));
    }
}
