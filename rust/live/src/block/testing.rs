//! Blocks as the kernel fills them.

use super::{
    COUNT_AT, FIRST_AT, HARDWARE_AT, HEADER_AND_ADDRESS, KIND_AT, VLAN_TPID_VALID, VLAN_VALID,
};

pub const SECOND: u32 = 1_700_000_000;

/// What is to stand in a block.
pub struct Packet {
    pub data: Vec<u8>,
    pub wire: u32,
    pub second: u32,
    pub tag: Option<(u16, u16)>,
    pub hardware: u16,
    pub kind: u8,
}

impl Default for Packet {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            wire: 0,
            second: SECOND,
            tag: None,
            hardware: 1,
            kind: 0,
        }
    }
}

/// Writes bytes at a place.
pub fn set(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A block with those packets, a microsecond apart.
#[must_use]
pub fn block(packets: &[Packet]) -> Vec<u8> {
    let word = |value: u32| value.to_ne_bytes();
    let mut block = vec![0; 48];
    set(&mut block, COUNT_AT, &word(packets.len() as u32));
    set(&mut block, FIRST_AT, &word(48));
    for (place, packet) in packets.iter().enumerate() {
        let at = block.len();
        let from = HEADER_AND_ADDRESS + 14;
        let next = (from + packet.data.len()).next_multiple_of(16);
        let is_last = place + 1 == packets.len();
        let next_at = if is_last { 0 } else { next as u32 };
        block.resize(at + next, 0);
        let header = &mut block[at..];
        set(header, 0, &word(next_at));
        set(header, 4, &word(packet.second));
        set(header, 8, &word(place as u32 * 1000));
        set(header, 12, &word(packet.data.len() as u32));
        set(header, 16, &word(packet.wire));
        set(header, 24, &(from as u16).to_ne_bytes());
        if let Some((kind, control)) = packet.tag {
            set(header, 20, &word(VLAN_VALID | VLAN_TPID_VALID));
            set(header, 32, &word(u32::from(control)));
            set(header, 36, &kind.to_ne_bytes());
        }
        set(header, HARDWARE_AT, &packet.hardware.to_ne_bytes());
        header[KIND_AT] = packet.kind;
        set(header, from, &packet.data);
    }
    block
}
