//! One captured packet.

/// Times after this (the year 9999) are taken for damage.
pub const LATEST: i64 = 253_402_300_799_999_999;

/// One captured packet: when, what the link is, and its bytes as far as they were captured.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// µs since the Unix epoch.
    pub time: i64,
    /// Length on the wire, bytes.
    pub wire: u32,
    /// Link type as registered for capture files.
    pub link: u16,
    /// What was captured of it.
    pub data: &'a [u8],
}

/// Where the next packet lies in the input.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// See [`Frame::time`].
    pub time: i64,
    /// See [`Frame::wire`].
    pub wire: u32,
    /// See [`Frame::link`].
    pub link: u16,
    /// The first byte of the packet, counted from where the input stands.
    pub from: usize,
    /// How many bytes were captured.
    pub held: usize,
    /// How many bytes of the input the packet takes with what stands around it.
    pub taken: usize,
}
