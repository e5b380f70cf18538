//! What one head of HTTP or RTSP says: its row, its sightings, its login, and the body behind it.

use crate::app::files;
use crate::app::speaker::Hearing;
use crate::damage::Parsed;
use crate::protocols::login::Login;
use crate::protocols::{http, rtsp};
use crate::tables::HttpRow;

/// What one head says that matters beyond its row.
pub(super) struct Said {
    pub(super) is_response: bool,
    pub(super) status: u16,
    pub(super) login: Option<Login>,
    pub(super) body: usize,
    pub(super) web: Option<files::Head>,
    /// Somebody says who they are, or a way of signing in is named.
    pub(super) has_login: bool,
    /// What a request of RTSP asks for.
    pub(super) asks: String,
    /// Media type of the body.
    pub(super) kind: String,
}

/// Reads a head of HTTP.
pub(super) fn read_http(hearing: &mut Hearing<'_>) -> Parsed<Said> {
    let parsed = http::parse(hearing.stream.held());
    let in_chunks = match &parsed {
        Parsed::Done(message, taken) if message.chunked => {
            http::body_in_chunks(hearing.stream.held().get(*taken..).unwrap_or_default())
        }
        _ => 0,
    };
    parsed.map(|mut message| {
        let Hearing {
            talk, known, out, ..
        } = hearing;
        let (client, server) = talk.roles(message.is_response);
        let step = out.step_of(talk.at.time);
        out.tables.http.push(HttpRow {
            step,
            time: talk.at.time,
            flow: talk.flow,
            segment: out.segments.name(talk.at.vlan),
            mac: client.mac,
            client: Some(client.ip),
            server: Some(server.ip),
            port: server.port,
            is_response: message.is_response,
            method: &message.method,
            host: &message.host,
            path: &message.path,
            agent: &message.agent,
            status: message.status,
            server_name: &message.server,
            content_type: &message.content_type,
            realm: &message.realm,
        });
        if message.is_response {
            talk.sight(out, "http.server", &message.server);
            talk.sight(out, "http.realm", &message.realm);
        } else {
            known.name(without_port(&message.host), "");
            talk.sight(out, "http.agent", &message.agent);
        }
        let length = message.content_length.map(usize::try_from);
        Said {
            web: Some(files::Head::of(&mut message)),
            is_response: message.is_response,
            status: message.status,
            has_login: !message.scheme.is_empty(),
            asks: String::new(),
            login: message.login,
            body: length.map_or(in_chunks, |length| length.unwrap_or(usize::MAX)),
            kind: message.content_type,
        }
    })
}

/// Reads a head of RTSP.
pub(super) fn read_rtsp(hearing: &mut Hearing<'_>) -> Parsed<Said> {
    rtsp::parse(hearing.stream.held()).map(|message| {
        let Hearing { talk, out, .. } = hearing;
        if message.is_response {
            talk.sight(out, "http.server", &message.server);
            talk.sight(out, "http.realm", &message.realm);
        } else {
            talk.sight(out, "http.agent", &message.agent);
        }
        Said {
            is_response: message.is_response,
            status: message.status,
            has_login: !message.scheme.is_empty() || message.names_user,
            asks: message.method,
            login: message.login,
            body: message.content_length,
            web: None,
            kind: String::new(),
        }
    })
}

/// The host alone; an IPv6 address keeps its brackets.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|byte| byte.is_ascii_digit())
                && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_told_without_its_port() {
        assert_eq!(without_port("cam.example:8080"), "cam.example");
        assert_eq!(without_port("cam.example"), "cam.example");
        assert_eq!(without_port("[fe80::1]:80"), "[fe80::1]");
        assert_eq!(without_port("fe80::1"), "fe80::1");
    }
}
