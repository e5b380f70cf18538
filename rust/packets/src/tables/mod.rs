//! The traffic tables: the same columns, in the same order, as `cordon.model.tables` declares.
mod column;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};

use column::{Byte, Column, Flag, Id, Int, IpText, MacText, Short, Text, Texts};

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
        flags_out: Byte,
        flags_in: Byte,
        state: Text,
        service: Text,
        name: Text,
        ja4: Text,
        end: Text,
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
        transport: Text,
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
    /// Handshakes begun.
    Tls of TlsRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        sni: Text,
        alpn: Text,
        version: Text,
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
    /// Connections to brokers.
    Mqtt of MqttRow {
        step: Int,
        time: Int,
        flow: Id,
        segment: Text,
        mac: MacText,
        client: IpText,
        server: IpText,
        port: Short,
        client_id: Text,
        user: Text,
        has_password: Flag,
        level: Byte,
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
        field: Text,
        value: Text,
    }
}

/// All tables of one window.
#[derive(Default)]
pub struct Tables {
    pub flows: Flows,
    pub dns: Dns,
    pub tls: Tls,
    pub http: Http,
    pub logins: Logins,
    pub mqtt: Mqtt,
    pub arp: Arp,
    pub dhcp: Dhcp,
    pub sightings: Sightings,
}

impl Tables {
    /// All rows so far by table, leaving out tables without rows; the tables begin anew.
    pub fn take(&mut self) -> Vec<(&'static str, RecordBatch)> {
        let taken = [
            ("flows", self.flows.take()),
            ("dns", self.dns.take()),
            ("tls", self.tls.take()),
            ("http", self.http.take()),
            ("logins", self.logins.take()),
            ("mqtt", self.mqtt.take()),
            ("arp", self.arp.take()),
            ("dhcp", self.dhcp.take()),
            ("sightings", self.sightings.take()),
        ];
        taken
            .into_iter()
            .filter_map(|(name, batch)| Some((name, batch?)))
            .collect()
    }

    /// How many rows all tables have.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flows.len()
            + self.dns.len()
            + self.tls.len()
            + self.http.len()
            + self.logins.len()
            + self.mqtt.len()
            + self.arp.len()
            + self.dhcp.len()
            + self.sightings.len()
    }

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
