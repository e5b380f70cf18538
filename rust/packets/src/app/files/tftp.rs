//! Files by TFTP (RFC 1350, options RFC 2347 and 2348): asked for at one port, carried from another.
use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;

use super::file::{About, File, Way};
use crate::app::{Party, Talk};
use crate::damage::{Damage, Parsed};
use crate::link::Vlan;
use crate::output::Output;
use crate::protocols::disposition::base_name;
use crate::protocols::tftp::{self, Message};

/// Transfers at once, over all clients; each ends with the flow that carries it.
const MOST: usize = 1024;
/// The size of a block unless both agree on another.
const BLOCK: usize = 512;
/// What stands before the data of a block.
const HEADER: usize = 4;

/// A client is one transfer, by its address and port.
type Client = (Vlan, IpAddr, u16);

/// All transfers that go on.
pub type Transfers = HashMap<Client, Transfer, RandomState>;

/// One file on its way.
pub struct Transfer {
    client: Party,
    server: Party,
    file: Box<File>,
    is_upload: bool,
    block: u16,
    size: usize,
    has_begun: bool,
}

fn client_of(talk: &Talk, end: Party) -> Client {
    (talk.at.vlan, end.ip, end.port)
}

/// A request: its file will come to, or from, the port it was sent from.
pub fn see_request(talk: &Talk, payload: &[u8], out: &mut Output) -> bool {
    let parsed = tftp::parse(payload);
    let Parsed::Done(Message::Request { is_write, file, .. }, _) = &parsed else {
        return crate::app::is_ours(&parsed, out);
    };
    let client = client_of(talk, talk.from);
    if let Some(before) = out.files.transfers.remove(&client) {
        tell(before, talk, false, out);
    }
    if out.files.transfers.len() >= MOST {
        out.tally.count(Damage("files: too many at once"));
        return true;
    }
    let about = About {
        service: tftp::NAME,
        name: base_name(file.as_bytes()),
        is_upload: *is_write,
        is_part: false,
        is_encoded: false,
    };
    if let Some(file) = File::begin(about, out) {
        let transfer = Transfer {
            client: talk.from,
            server: talk.to,
            file,
            is_upload: *is_write,
            block: 1,
            size: BLOCK,
            has_begun: false,
        };
        out.files.transfers.insert(client, transfer);
    }
    true
}

/// Takes a datagram of `length` bytes on the wire; returns whether it belongs to a transfer.
pub fn see(talk: &Talk, payload: &[u8], length: u32, out: &mut Output) -> bool {
    let ends = [(talk.from, talk.to), (talk.to, talk.from)];
    let known = ends.into_iter().find_map(|(client, other)| {
        let key = client_of(talk, client);
        let transfer = out.files.transfers.get(&key)?;
        let is_ours = transfer.server.ip == other.ip && other.port != transfer.server.port;
        is_ours.then_some(key)
    });
    let Some(client) = known else {
        return false;
    };
    let Some(transfer) = out.files.transfers.get_mut(&client) else {
        return false;
    };
    let Parsed::Done(message, _) = tftp::parse(payload) else {
        return false;
    };
    let is_by_client = talk.from.ip == transfer.client.ip && talk.from.port == transfer.client.port;
    let is_over = match message {
        Message::Options { block_size } => {
            transfer.size = block_size.map_or(transfer.size, usize::from);
            None
        }
        Message::Data { block, .. } if is_by_client == transfer.is_upload => {
            let data = payload.get(HEADER..).unwrap_or_default();
            let cut = (length as usize).saturating_sub(payload.len());
            transfer.take(block, data, cut).then_some(true)
        }
        Message::Error { .. } => Some(false),
        _ => None,
    };
    if let Some(is_complete) = is_over
        && let Some(transfer) = out.files.transfers.remove(&client)
    {
        tell(transfer, talk, is_complete, out);
    }
    true
}

/// A flow of this service ended: what it carried does not go on.
pub fn give_up(talk: &Talk, out: &mut Output) {
    for (client, other) in [(talk.from, talk.to), (talk.to, talk.from)] {
        let key = client_of(talk, client);
        let is_over = out.files.transfers.get(&key).is_some_and(|transfer| {
            let is_request = other.port == transfer.server.port;
            other.ip == transfer.server.ip && (!is_request || !transfer.has_begun)
        });
        if is_over && let Some(transfer) = out.files.transfers.remove(&key) {
            tell(transfer, talk, false, out);
        }
    }
}

fn tell(transfer: Transfer, talk: &Talk, is_complete: bool, out: &mut Output) {
    let way = Way {
        talk: *talk,
        client: transfer.client,
        server: transfer.server,
    };
    transfer.file.tell(&way, is_complete, out);
}

impl Transfer {
    /// Takes a block of which `cut` bytes were not captured; returns whether it was the last.
    fn take(&mut self, block: u16, data: &[u8], cut: usize) -> bool {
        self.has_begun = true;
        let ahead = block.wrapping_sub(self.block).cast_signed();
        if ahead < 0 {
            return false; // sent again
        }
        if ahead > 0 {
            self.file.tear();
        }
        self.file.feed(data);
        if cut > 0 {
            self.file.tear();
        }
        self.block = block.wrapping_add(1);
        data.len() + cut < self.size
    }
}
