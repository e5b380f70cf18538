//! Messages as clients and servers send them, for the tests.

pub(super) fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
}

pub(super) fn framed(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    [&kind[..], &(body.len() as u32 + 8).to_le_bytes(), body].concat()
}

pub(super) fn opened(policy: &str) -> Vec<u8> {
    let mut body = [
        &[0; 4][..],
        &text(policy),
        &[0xff; 8],
        &[1, 0, 0, 0, 1, 0, 0, 0],
    ]
    .concat();
    body.extend([1, 0, 0xbe, 1]);
    body.extend([0, 0]); // no session
    body.extend([0; 16]);
    body.extend([0xff; 4]);
    body.extend([0; 4 + 3]);
    framed(*b"OPNF", &body)
}

pub(super) fn asked(id: u16, rest: &[u8]) -> Vec<u8> {
    let mut body = vec![7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1, 0];
    body.extend(id.to_le_bytes());
    body.extend([0, 0]);
    body.extend([0; 16]);
    body.extend([0xff; 4]);
    body.extend([0; 4 + 3]);
    body.extend(rest);
    framed(*b"MSGF", &body)
}

pub(super) fn answered(id: u16, status: u32, rest: &[u8]) -> Vec<u8> {
    let mut body = vec![7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1, 0];
    body.extend(id.to_le_bytes());
    body.extend([0; 12]);
    body.extend(status.to_le_bytes());
    body.push(0);
    body.extend([0xff; 4]);
    body.extend([0; 3]);
    body.extend(rest);
    framed(*b"MSGF", &body)
}

/// The value of ns=2;s=Pump.
pub(super) fn read() -> Vec<u8> {
    let node = [
        &[3, 2, 0][..],
        &text("Pump"),
        &13_u32.to_le_bytes(),
        &[0xff; 4],
        &[0; 2],
        &[0xff; 4],
    ]
    .concat();
    asked(631, &[&[0; 12][..], &[1, 0, 0, 0], &node].concat())
}

pub(super) fn value() -> Vec<u8> {
    answered(
        634,
        0,
        &[&[1, 0, 0, 0][..], &[1, 11], &2.5_f64.to_le_bytes()].concat(),
    )
}

pub(super) fn write() -> Vec<u8> {
    let node = [
        &[1, 2, 7, 0][..],
        &13_u32.to_le_bytes(),
        &[0xff; 4],
        &[1, 6, 42, 0, 0, 0],
    ]
    .concat();
    asked(673, &[&[1, 0, 0, 0][..], &node].concat())
}

pub(super) fn endpoints() -> Vec<u8> {
    let described = [
        text("urn:plant:press"),
        text("urn:acme"),
        vec![2],
        text("Press"),
    ]
    .concat();
    answered(
        431,
        0,
        &[&[1, 0, 0, 0][..], &text("opc.tcp://press:4840"), &described].concat(),
    )
}
