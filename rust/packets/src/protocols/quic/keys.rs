//! The keys of a client's first packets, which follow from the id it sends to (RFC 9001 section 5, RFC 9369 section 3.3).

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::{AeadInOut, Aes128Gcm};
use hkdf::Hkdf;
use sha2::Sha256;

use super::{LAST_DRAFT, V1, V2};

const SALT_1: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad,
    0xcc, 0xbb, 0x7f, 0x0a,
];
const SALT_2: [u8; 20] = [
    0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb,
    0xf9, 0xbd, 0x2e, 0xd9,
];
/// Of the drafts 29 to 32.
const SALT_29: [u8; 20] = [
    0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0,
    0x43, 0x90, 0xa8, 0x99,
];
/// Of the drafts 23 to 28.
const SALT_23: [u8; 20] = [
    0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65,
    0xbe, 0xf9, 0xf5, 0x02,
];
/// The most bytes of a label of TLS with what frames it.
const MAX_LABEL: usize = 32;

/// What a client's first packets are protected with.
#[derive(Clone)]
pub struct Keys {
    packet: [u8; 16],
    vector: [u8; 12],
    header: [u8; 16],
}

impl Keys {
    /// The keys for a connection begun towards that id; none for versions whose salt is not known.
    #[must_use]
    pub fn of_client(version: u32, id: &[u8]) -> Option<Self> {
        let salt = match version {
            V1 | 0xff00_0021..=LAST_DRAFT => &SALT_1,
            V2 => &SALT_2,
            0xff00_001d..=0xff00_0020 => &SALT_29,
            0xff00_0017..=0xff00_001c => &SALT_23,
            _ => return None,
        };
        let first = Hkdf::<Sha256>::new(Some(salt), id);
        let client = Hkdf::<Sha256>::from_prk(&expand::<32>(&first, "client in")?).ok()?;
        let [packet, vector, header] = if version == V2 {
            ["quicv2 key", "quicv2 iv", "quicv2 hp"]
        } else {
            ["quic key", "quic iv", "quic hp"]
        };
        Some(Self {
            packet: expand(&client, packet)?,
            vector: expand(&client, vector)?,
            header: expand(&client, header)?,
        })
    }

    /// What is in a packet, whose number begins at `number_at`; none if these are not its keys.
    #[must_use]
    pub fn open(&self, packet: &[u8], number_at: usize) -> Option<Vec<u8>> {
        let sample_at = number_at.checked_add(4)?;
        let sample = packet.get(sample_at..sample_at.checked_add(16)?)?;
        let mask = self.mask(sample.try_into().ok()?);
        let first = packet.first()? ^ mask[0] & 0x0f;
        let payload_at = number_at.checked_add(usize::from(first & 3) + 1)?;
        let mut header = packet.get(..payload_at)?.to_vec();
        *header.first_mut()? = first;
        let mut vector = self.vector;
        let number = header.get_mut(number_at..)?;
        for (byte, mask) in number.iter_mut().zip(&mask[1..]) {
            *byte ^= mask;
        }
        for (byte, of_number) in vector.iter_mut().rev().zip(number.iter().rev()) {
            *byte ^= of_number;
        }
        let mut payload = packet.get(payload_at..)?.to_vec();
        let cipher = Aes128Gcm::new_from_slice(&self.packet).ok()?;
        cipher
            .decrypt_in_place(&vector.into(), &header, &mut payload)
            .ok()?;
        Some(payload)
    }

    /// The mask of the header (RFC 9001 section 5.4.3).
    fn mask(&self, sample: [u8; 16]) -> [u8; 5] {
        let mut block = sample.into();
        Aes128::new(&self.header.into()).encrypt_block(&mut block);
        std::array::from_fn(|place| block[place])
    }
}

/// TLS's way to derive a key (RFC 8446 section 7.1), without context.
fn expand<const N: usize>(secret: &Hkdf<Sha256>, label: &str) -> Option<[u8; N]> {
    let size = u16::try_from(N).ok()?.to_be_bytes();
    let mut info = Vec::with_capacity(MAX_LABEL);
    info.extend(size);
    info.push(u8::try_from(label.len()).ok()?.checked_add(6)?);
    info.extend(b"tls13 ");
    info.extend(label.as_bytes());
    info.push(0);
    let mut key = [0; N];
    secret.expand(&info, &mut key).ok()?;
    Some(key)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::protocols::hex::hex;

    /// The id in the examples of RFC 9001 and RFC 9369.
    pub const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

    /// A packet of that header (its number's first byte is its last) with that payload, protected.
    pub fn sealed(keys: &Keys, header: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut vector = keys.vector;
        vector[11] ^= header[header.len() - 1];
        let mut body = payload.to_vec();
        Aes128Gcm::new_from_slice(&keys.packet)
            .unwrap()
            .encrypt_in_place(&vector.into(), header, &mut body)
            .unwrap();
        let mut packet = [header, &body].concat();
        let number_at = header.len() - 1;
        let mask = keys.mask(packet[number_at + 4..number_at + 20].try_into().unwrap());
        packet[0] ^= mask[0] & 0x0f;
        packet[number_at] ^= mask[1];
        packet
    }

    #[test]
    fn the_keys_of_the_standards_examples_come_out() {
        let one = Keys::of_client(V1, &ID).unwrap();
        assert_eq!(hex(&one.packet), "1f369613dd76d5467730efcbe3b1a22d");
        assert_eq!(hex(&one.vector), "fa044b2f42a3fd3b46fb255c");
        assert_eq!(hex(&one.header), "9f50449e04a0e810283a1e9933adedd2");
        let two = Keys::of_client(V2, &ID).unwrap();
        assert_eq!(hex(&two.packet), "8b1a0bc121284290a29e0971b5cd045d");
        assert_eq!(hex(&two.vector), "91f73e2351d8fa91660e909f");
        assert_eq!(hex(&two.header), "45b95e15235d6f45a6b19cbcb0294ba9");
        assert!(Keys::of_client(0x5130_3436, &ID).is_none());
    }

    #[test]
    fn the_header_mask_of_the_standards_example_comes_out() {
        let sample = [
            0xd1, 0xb1, 0xc9, 0x8d, 0xd7, 0x68, 0x9f, 0xb8, 0xec, 0x11, 0xd2, 0x42, 0xb1, 0x23,
            0xdc, 0x9b,
        ];
        let mask = Keys::of_client(V1, &ID).unwrap().mask(sample);
        assert_eq!(hex(&mask), "437b9aec36");
    }

    #[test]
    fn only_the_right_keys_open_a_packet() {
        let keys = Keys::of_client(0xff00_001d, &ID).unwrap();
        let packet = sealed(&keys, b"\xc0header\x02", b"a payload that is long enough");
        assert_eq!(
            keys.open(&packet, 7).unwrap(),
            b"a payload that is long enough"
        );
        let others = Keys::of_client(V1, &ID).unwrap();
        assert_eq!(others.open(&packet, 7), None);
        assert_eq!(keys.open(&packet[..20], 7), None);
    }
}
