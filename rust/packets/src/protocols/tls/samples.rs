//! Hellos built by hand, which the tests of several protocols share.

fn extension(kind: u16, value: &[u8]) -> Vec<u8> {
    let size = u16::try_from(value.len()).unwrap();
    [&kind.to_be_bytes(), &size.to_be_bytes(), value].concat()
}

/// A hello with grease, server name `Cam.example`, ALPN h2, and TLS 1.3 among the versions.
pub fn client_body() -> Vec<u8> {
    let extensions = [
        extension(0x1a1a, b""),
        extension(0, b"\0\x0e\0\0\x0bCam.example"),
        extension(10, b"\0\x06\x3a\x3a\0\x1d\0\x17"),
        extension(11, b"\x01\0"),
        extension(16, b"\0\x0c\x02h2\x08http/1.1"),
        extension(13, b"\0\x04\x04\x03\x08\x04"),
        extension(43, b"\x06\x2a\x2a\x03\x04\x03\x03"),
    ]
    .concat();
    let mut body = b"\x03\x03".to_vec();
    body.extend([7; 32]);
    body.extend(b"\0\0\x06\x0a\x0a\x13\x01\xc0\x2b\x01\0");
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    body
}

/// A server's hello that chooses 0xc02b and http/1.1; with a version above 1.2 in its extension.
pub fn server_body(version: u16) -> Vec<u8> {
    let mut extensions = extension(16, b"\0\x09\x08http/1.1");
    if version > 0x0303 {
        extensions = extension(43, &version.to_be_bytes());
    }
    let mut body = version.min(0x0303).to_be_bytes().to_vec();
    body.extend([9; 32]);
    body.extend(b"\0\xc0\x2b\0");
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    body
}

/// A handshake message of that kind.
pub fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind], &size[1..], body].concat()
}

/// A handshake record.
pub fn record(fragment: &[u8]) -> Vec<u8> {
    let size = u16::try_from(fragment.len()).unwrap().to_be_bytes();
    [&[22, 3, 1], &size[..], fragment].concat()
}
