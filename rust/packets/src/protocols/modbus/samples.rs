//! Messages as both sides send them, for the tests.

pub(super) const WHO: &[u8] = b"\0\x05\0\0\0\x05\x01\x2b\x0e\x01\0";

pub(super) const ME: &[u8] =
    b"\0\x05\0\0\0\x19\x01\x2b\x0e\x01\x81\0\0\x03\0\x04Acme\x01\x02P1\x02\x05V1.20";
