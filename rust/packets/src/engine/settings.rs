//! What the engine is told before it begins, and what it has counted.

/// How the engine works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Length of a window, µs.
    pub window: i64,
    /// Rows are cut at each multiple of this, µs.
    pub step: i64,
    /// Name of the untagged broadcast domain.
    pub segment: String,
    /// Key of the hashes that stand for secrets.
    pub secret_key: Vec<u8>,
    /// Bound of the flow table.
    pub max_flows: usize,
    /// A window that has so many rows is over with the step.
    pub full: usize,
}

/// What was counted so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Packets read.
    pub packets: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Flows begun.
    pub flows: u64,
    /// Flows ended because the table was full.
    pub evicted: u64,
    /// Least and greatest time of a packet that was believed, µs.
    pub times: Option<(i64, i64)>,
}
