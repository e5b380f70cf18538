//! Frames of the data link (clause 9), each block of them with its checksum.

use crate::damage::{Damage, Parsed};

/// Length of a frame's header with its checksum.
const HEADER: usize = 10;
/// Data between two checksums.
pub(super) const BLOCK: usize = 16;
pub(super) const CHECKSUM: Damage = Damage("dnp3: bad checksum");

/// Whether a whole header of a frame with a sound checksum stands in front; no port is needed to tell.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    let Some(
        [
            0x05,
            0x64,
            length,
            control,
            to,
            to_high,
            from,
            from_high,
            low,
            high,
        ],
    ) = bytes.first_chunk()
    else {
        return false;
    };
    let header = [5, 0x64, *length, *control, *to, *to_high, *from, *from_high];
    *length >= 5 && checksum(&header) == u16::from_le_bytes([*low, *high])
}

/// The checksum of the link (IEEE 1815 9.2.4.6): polynomial 0x3d65, reflected, complemented.
pub(super) fn checksum(bytes: &[u8]) -> u16 {
    let sum = bytes.iter().fold(0_u16, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte), |sum, _| {
            if sum & 1 == 0 {
                sum >> 1
            } else {
                sum >> 1 ^ 0xa6bc
            }
        })
    });
    !sum
}

/// A frame of the link.
pub(super) struct Frame {
    pub(super) is_by_master: bool,
    pub(super) to: u16,
    pub(super) from: u16,
    /// Data without checksums.
    pub(super) data: Vec<u8>,
    pub(super) is_sound: bool,
    /// Bytes it took.
    pub(super) whole: usize,
}

pub(super) fn frame(bytes: &[u8]) -> Parsed<Frame> {
    let Some(header) = bytes.first_chunk::<HEADER>() else {
        let is_ours = bytes
            .iter()
            .zip([5, 0x64])
            .all(|(byte, start)| *byte == start);
        return if is_ours {
            Parsed::More(HEADER.saturating_sub(bytes.len()))
        } else {
            Parsed::Foreign
        };
    };
    if !header.starts_with(&[5, 0x64]) {
        return Parsed::Foreign;
    }
    if !looks_like(bytes) {
        return Parsed::Damaged(CHECKSUM);
    }
    let size = usize::from(header[2]).saturating_sub(5);
    let whole = size
        .div_ceil(BLOCK)
        .saturating_mul(2)
        .saturating_add(size)
        .saturating_add(HEADER);
    let Some(body) = bytes.get(HEADER..whole) else {
        return Parsed::More(whole.saturating_sub(bytes.len()));
    };
    let mut frame = Frame {
        is_by_master: header[3] & 0x80 != 0,
        to: u16::from_le_bytes([header[4], header[5]]),
        from: u16::from_le_bytes([header[6], header[7]]),
        data: Vec::with_capacity(size),
        is_sound: true,
        whole,
    };
    for block in body.chunks(BLOCK.saturating_add(2)) {
        if let Some((data, sum)) = block.split_last_chunk() {
            frame.is_sound &= checksum(data) == u16::from_le_bytes(*sum);
            frame.data.extend_from_slice(data);
        }
    }
    Parsed::Done(frame, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // The check value of CRC-16/DNP in the catalogue of parametrised CRC algorithms.
        assert_eq!(checksum(b"123456789"), 0xea82);
    }
}
