//! The traffic tables: the same columns, in the same order, as `cordon.model.tables` declares.
mod column;
mod interned;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};

use column::{Byte, Column, Flag, Id, Int, Short, Sizes, Spans, Texts};
use interned::{IpText, MacText, Text, Word};

macro_rules! table {
    ($(#[$doc:meta])* $table:ident of $row:ident { $($column:ident: $kind:ident,)* }) => {
        $(#[$doc])*
        #[derive(Default)]
        pub struct $table {
            $($column: $kind,)*
            rows: usize,
        }

        #[doc = concat!("One row of [`", stringify!($table), "`].")]
        pub struct $row<'a> {
            $(pub $column: <$kind as Column>::Value<'a>,)*
        }

        impl $table {
            /// Adds a row.
            pub fn push(&mut self, row: $row<'_>) {
                $(self.$column.push(row.$column);)*
                self.rows += 1;
            }

            /// How many rows there are.
            #[must_use]
            pub fn len(&self) -> usize {
                self.rows
            }

            /// Whether there is no row.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.rows == 0
            }

            fn take(&mut self) -> Option<RecordBatch> {
                if std::mem::take(&mut self.rows) == 0 {
                    return None;
                }
                let fields = vec![$(Field::new(name(stringify!($column)), $kind::data_type(), false),)*];
                let arrays: Vec<ArrayRef> = vec![$(self.$column.take(),)*];
                RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).ok()
            }
        }
    };
}

table! {
    /// Conversations, a row for each step of each.
    Flows of FlowRow {
        step: Int,
        flow: Id,
        segment: Text,
        is_first: Flag,
        is_last: Flag,
        began: Int,
        first: Int,
        last: Int,
        src_mac: MacText,
        dst_mac: MacText,
        src: IpText,
        dst: IpText,
        src_port: Short,
        dst_port: Short,
        proto: Byte,
        opener_known: Flag,
        packets_out: Int,
        packets_in: Int,
        bytes_out: Int,
        bytes_in: Int,
        payload_out: Int,
        payload_in: Int,
        resent_out: Int,
        resent_in: Int,
        size_min: Int,
        size_max: Int,
        size_squares: Int,
        gap_min: Int,
        gap_max: Int,
        gap_sum: Int,
        gap_squares: Int,
        sizes: Sizes,
        gaps: Spans,
        flags_out: Byte,
        flags_in: Byte,
        state: Word,
        service: Word,
        name: Text,
        ja4: Text,
        end: Word,
    }
}

table! {
    /// The first packets of each sender.
    Heads of HeadRow {
        step: Int,
        time: Int,
        segment: Text,
        mac: MacText,
        gap: Int,
        size: Int,
        cast: Word,
        ether: Short,
        proto: Byte,
        ttl: Byte,
        options: Byte,
        src_port: Short,
        dst_port: Short,
        flags: Byte,
        window: Short,
        header: Byte,
        mss: Short,
        payload: Int,
        entropy: Short,
    }
}

table! {
    /// Questions and answers about names.
    Dns of DnsRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        transport: Word,
        is_response: Flag,
        name: Text,
        r#type: Text,
        rcode: Text,
        answers: Texts,
        ttl: Int,
        size: Int,
    }
}

table! {
    /// Handshakes: the client's hello, and what the server says in clear.
    Tls of TlsRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        is_response: Flag,
        sni: Text,
        alpn: Text,
        version: Text,
        ja3: Text,
        ja4: Text,
        cipher: Text,
        subject: Text,
        issuer: Text,
        not_before: Int,
        not_after: Int,
        key_type: Text,
        key_bits: Int,
        signature: Text,
        self_signed: Flag,
        certificate: Text,
    }
}

table! {
    /// QUIC connections begun.
    Quic of QuicRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        version: Text,
        sni: Text,
        alpn: Text,
        ja4: Text,
    }
}

table! {
    /// Request and response heads.
    Http of HttpRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        is_response: Flag,
        method: Text,
        host: Text,
        path: Text,
        agent: Text,
        status: Short,
        server_name: Text,
        content_type: Text,
        realm: Text,
    }
}

table! {
    /// Attempts to log in.
    Logins of LoginRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        server_mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        service: Text,
        user: Text,
        outcome: Text,
        clear: Flag,
        secret: Text,
    }
}

table! {
    /// Messages to and from brokers.
    Mqtt of MqttRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        message: Text,
        is_by_server: Flag,
        client_id: Text,
        user: Text,
        has_password: Flag,
        level: Byte,
        result: Text,
        topic: Text,
        qos: Byte,
        retain: Flag,
        size: Int,
    }
}

table! {
    /// Questions to constrained devices, and their answers.
    Coap of CoapRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        is_response: Flag,
        kind: Text,
        code: Text,
        path: Text,
        host: Text,
        format: Text,
        observe: Flag,
        size: Int,
    }
}

table! {
    /// Operations of plant protocols.
    Ot of OtRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        server_mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        protocol: Word,
        is_response: Flag,
        function: Int,
        operation: Text,
        access: Word,
        unit: Text,
        address: Text,
        quantity: Int,
        value: Text,
        result: Text,
    }
}

table! {
    /// Files that were transferred in clear.
    Files of FileRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        service: Text,
        is_upload: Flag,
        name: Text,
        kind: Text,
        size: Int,
        is_whole: Flag,
        sha256: Text,
    }
}

table! {
    /// ARP messages.
    Arp of ArpRow {
        step: Int,
        time: Int,
        segment: Text,
        mac: MacText,
        operation: Text,
        sender_mac: MacText,
        sender_ip: IpText,
        target_mac: MacText,
        target_ip: IpText,
    }
}

table! {
    /// DHCP messages, both versions.
    Dhcp of DhcpRow {
        step: Int,
        time: Int,
        segment: Text,
        mac: MacText,
        sender_mac: MacText,
        message: Text,
        ip: IpText,
        server: IpText,
        router: IpText,
        dns: Text,
    }
}

table! {
    /// Evidence of who is who.
    Sightings of SightingRow {
        step: Int,
        time: Int,
        segment: Text,
        mac: MacText,
        ip: IpText,
        field: Word,
        value: Text,
    }
}

macro_rules! tables {
    ($($name:ident: $table:ident,)*) => {
        /// All tables of one window.
        #[derive(Default)]
        pub struct Tables {
            $(pub $name: $table,)*
        }

        impl Tables {
            /// All rows so far by table, leaving out tables without rows; the tables begin anew.
            pub fn take(&mut self) -> Vec<(&'static str, RecordBatch)> {
                let taken = [$((stringify!($name), self.$name.take()),)*];
                taken
                    .into_iter()
                    .filter_map(|(name, batch)| Some((name, batch?)))
                    .collect()
            }

            /// How many rows all tables have.
            #[must_use]
            pub fn len(&self) -> usize {
                [$(self.$name.len(),)*].iter().sum()
            }
        }
    };
}

tables! {
    flows: Flows,
    dns: Dns,
    tls: Tls,
    quic: Quic,
    http: Http,
    logins: Logins,
    mqtt: Mqtt,
    coap: Coap,
    ot: Ot,
    files: Files,
    arp: Arp,
    dhcp: Dhcp,
    sightings: Sightings,
    heads: Heads,
}

impl Tables {
    /// Whether no table has a row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The name of a column, which may be a word of the language.
fn name(column: &str) -> &str {
    column.strip_prefix("r#").unwrap_or(column)
}
