//! Services of OPC UA: the numbers of their binary encodings (OPC Foundation, NodeIds.csv) and what they do.

use crate::protocols::plant::{CONTROL, READ, WRITE};

/// A service.
#[derive(Debug)]
pub struct Service {
    /// Number of the question; an answer's is greater by three.
    pub id: u32,
    /// Name in the standard.
    pub name: &'static str,
    /// What it does to the server.
    pub access: &'static str,
}

impl Service {
    /// Number of the answer.
    #[must_use]
    pub fn answer(&self) -> u32 {
        self.id.saturating_add(3)
    }
}

const fn service(id: u32, name: &'static str, access: &'static str) -> Service {
    Service { id, name, access }
}

/// All services that are told by name.
pub const SERVICES: [Service; 37] = [
    service(422, "FindServers", ""),
    service(428, "GetEndpoints", ""),
    service(437, "RegisterServer", ""),
    service(446, "OpenSecureChannel", ""),
    service(452, "CloseSecureChannel", ""),
    service(461, "CreateSession", ""),
    service(467, "ActivateSession", ""),
    service(473, "CloseSession", ""),
    service(479, "Cancel", ""),
    service(488, "AddNodes", CONTROL),
    service(494, "AddReferences", CONTROL),
    service(500, "DeleteNodes", CONTROL),
    service(506, "DeleteReferences", CONTROL),
    service(527, "Browse", READ),
    service(533, "BrowseNext", READ),
    service(554, "TranslateBrowsePathsToNodeIds", READ),
    service(560, "RegisterNodes", ""),
    service(566, "UnregisterNodes", ""),
    service(615, "QueryFirst", READ),
    service(621, "QueryNext", READ),
    service(631, "Read", READ),
    service(664, "HistoryRead", READ),
    service(673, "Write", WRITE),
    service(700, "HistoryUpdate", WRITE),
    service(712, "Call", CONTROL),
    service(751, "CreateMonitoredItems", READ),
    service(763, "ModifyMonitoredItems", ""),
    service(769, "SetMonitoringMode", ""),
    service(775, "SetTriggering", ""),
    service(781, "DeleteMonitoredItems", ""),
    service(787, "CreateSubscription", READ),
    service(793, "ModifySubscription", ""),
    service(799, "SetPublishingMode", ""),
    service(826, "Publish", READ),
    service(832, "Republish", READ),
    service(841, "TransferSubscriptions", ""),
    service(847, "DeleteSubscriptions", ""),
];
