//! Files transferred in clear: what is followed, within which bounds, and what other connections are awaited for them.
//!
//! Bytes are hashed (SHA-256, FIPS 180-4) as they come in order and forgotten. A gap, a bound or the end of the
//! connection before that of the file makes its row say so, and leaves the hash out. Of HTTP those bodies have a row that
//! are worth one (`content`); compressed ones are hashed as they were transferred. Files within SMB are not followed.
mod awaited;
mod body;
mod chunks;
mod content;
mod file;
mod ftp;
mod parts;
mod tftp;
mod web;

pub use body::{Body, Framing};
pub use content::Content;
pub use file::Way;
pub use ftp::{Control, Data};
pub use tftp::{give_up, see as see_transfer, see_request};
pub use web::{Head, Web};

use awaited::Expectations;

/// What all flows share.
#[derive(Default)]
pub struct Files {
    /// Files open.
    open: usize,
    /// Bytes of bodies that came before their turn.
    held: usize,
    /// Data connections announced.
    awaited: Expectations,
    /// Transfers by datagrams.
    transfers: tftp::Transfers,
}

impl Files {
    /// Whether any transfer by datagrams is going on.
    #[must_use]
    pub fn has_transfers(&self) -> bool {
        !self.transfers.is_empty()
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::net::Ipv4Addr;

    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;

    use crate::address::Mac;
    use crate::app::{Party, Talk};
    use crate::link::Vlan;
    use crate::output::{At, Output};

    fn party(last: u8, port: u16) -> Party {
        Party {
            mac: Mac([2, 0, 0, 0, 0, last]),
            ip: Ipv4Addr::new(10, 0, 0, last).into(),
            port,
        }
    }

    /// From 10.0.0.9 to 10.0.0.1.
    pub fn talk() -> Talk {
        Talk {
            at: At {
                time: 5,
                vlan: Vlan::default(),
            },
            flow: 7,
            from: party(9, 40_000),
            to: party(1, 80),
        }
    }

    /// Of all whole files told so far.
    pub fn sizes_and_names(out: &mut Output) -> Vec<(i64, String)> {
        let tables = out.tables.take();
        let Some((_, batch)) = tables.iter().find(|(name, _)| *name == "files") else {
            return Vec::new();
        };
        let column = |name| batch.column_by_name(name).unwrap();
        let sizes = column("size").as_primitive::<Int64Type>().values();
        let names = column("name").as_string_view().iter();
        let whole = column("is_whole").as_boolean().iter();
        let rows = sizes.iter().zip(names).zip(whole);
        rows.filter(|(_, whole)| *whole == Some(true))
            .map(|((size, name), _)| (*size, name.unwrap_or_default().to_owned()))
            .collect()
    }
}
