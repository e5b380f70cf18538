//! Messages as both sides send them, for the tests.

pub(super) const VALUES: &[u8] =
    b"\x03\0\0\x1d\x02\xf0\x80\x32\x03\0\0\0\x05\0\x02\0\x08\0\0\x04\x01\xff\x04\0\x20\0\x07\x01\0";

/// M10.3 is set.
pub(super) const WRITE_VAR: &[u8] =
    b"\x03\0\0\x24\x02\xf0\x80\x32\x01\0\0\0\x06\0\x0e\0\x05\x05\x01\x12\x0a\x10\x01\0\x01\0\0\x83\0\0\x53\0\x03\0\x01\x01";

pub(super) const STOP: &[u8] =
    b"\x03\0\0\x21\x02\xf0\x80\x32\x01\0\0\0\x07\0\x10\0\0\x29\0\0\0\0\0\x09P_PROGRAM";

pub(super) const WHO: &[u8] =
    b"\x03\0\0\x21\x02\xf0\x80\x32\x07\0\0\0\x08\0\x08\0\x08\0\x01\x12\x04\x11\x44\x01\0\xff\x09\0\x04\0\x11\0\0";

pub(super) fn me() -> Vec<u8> {
    let mut module = b"\0\x016ES7 315-2EH14-0AB0 ".to_vec();
    module.extend([0, 0xc0, 0, 4, 0, 1]);
    let mut firmware = b"\0\x07                    ".to_vec();
    firmware.extend([0, 0xc0, b'V', 3, 2, 6]);
    let mut data = b"\xff\x09\0\x40\0\x11\0\0\0\x1c\0\x02".to_vec();
    data.extend([module, firmware].concat());
    let mut bytes = vec![3, 0, 0, 0, 2, 0xf0, 0x80, 0x32, 7, 0, 0, 0, 8, 0, 12, 0, 68];
    bytes.extend(b"\0\x01\x12\x08\x12\x84\x01\x01\0\0\0\0");
    bytes.extend(&data);
    bytes[3] = bytes.len() as u8;
    bytes
}
