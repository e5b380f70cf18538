//! Which protocol the first bytes of a connection begin, and who follows it.
use super::dns::Dns;
use super::heads::Heads;
use super::messages::{Ldap, Messages};
use super::mqtt::Mqtt;
use super::preamble::{self, Preamble};
use super::proxied::Proxied;
use super::session::Session;
use super::smb::Smb;
use super::speaker::Speaker;
use super::ssh::Ssh;
use super::tls::Tls;
use super::{Talk, files, ot};
use crate::protocols::{
    dns, ftp, http, imap, kerberos, ldap, mqtt, pop, rtsp, smb, smtp, socks, ssh, telnet, tls,
    tplink,
};

/// The protocol whose conversation these first bytes of a side begin, if they do.
pub fn recognise(
    bytes: &[u8],
    side: usize,
    talk: &Talk,
) -> Option<(&'static str, Box<dyn Speaker>)> {
    if tls::looks_like(bytes) {
        return Some((tls::NAME, Box::<Tls>::default()));
    }
    if rtsp::looks_like(bytes) {
        return Some((rtsp::NAME, Box::new(Heads::rtsp())));
    }
    if http::looks_like(bytes) {
        return Some((http::NAME, Box::new(Heads::http())));
    }
    if ssh::looks_like(bytes) {
        return Some((ssh::NAME, Box::new(Ssh::default())));
    }
    if mqtt::looks_like(bytes) {
        return Some((mqtt::NAME, Box::new(Mqtt::default())));
    }
    if smb::looks_like(bytes) {
        return Some((smb::NAME, Box::new(Smb::default())));
    }
    if let Some(session) = dialogue(bytes, side, talk) {
        let service = session.service();
        return Some(if service == ftp::NAME {
            (service, Box::new(files::Control::with(session)))
        } else {
            (service, Box::new(session))
        });
    }
    if talk.has_port(53) && dns::looks_like_tcp(bytes) {
        return Some((dns::NAME, Box::new(Dns)));
    }
    if (talk.has_port(389) || talk.has_port(3268)) && ldap::looks_like(bytes) {
        return Some((ldap::NAME, Box::new(Ldap::default())));
    }
    if talk.has_port(88) && kerberos::looks_like_tcp(bytes) {
        return Some((kerberos::NAME, Box::new(Messages::kerberos())));
    }
    if talk.has_port(9999) && tplink::looks_like_tcp(bytes) {
        return Some((tplink::NAME, Box::new(Messages::tplink())));
    }
    if talk.has_port(1883) && mqtt::continues(bytes) {
        return Some((mqtt::NAME, Box::new(Mqtt::default())));
    }
    if let Some(service) = preamble::service(bytes, talk) {
        return Some((service, Box::<Preamble>::default()));
    }
    if let Some(recognised) = ot::recognise(bytes, side, talk) {
        return Some(recognised);
    }
    socks::looks_like(bytes).then(|| (socks::NAME, Box::new(Proxied::by(side)) as Box<dyn Speaker>))
}

/// The protocols that are followed line by line.
fn dialogue(bytes: &[u8], side: usize, talk: &Talk) -> Option<Session> {
    let greeted = |service, session| Some(Session::greeted_by(side, service, session));
    let opened = |service, session| Some(Session::opened(service, session));
    if talk.has_port(110) && (pop::looks_like(bytes) || bytes.starts_with(b"USER ")) {
        return opened(pop::NAME, Box::<pop::Session>::default());
    }
    if smtp::looks_like(bytes) {
        return opened(smtp::NAME, Box::<smtp::Session>::default());
    }
    if ftp::looks_like(bytes) || talk.has_port(21) && bytes.starts_with(b"220") {
        return opened(ftp::NAME, Box::<ftp::Session>::default());
    }
    if pop::looks_like(bytes) {
        return greeted(pop::NAME, Box::<pop::Session>::default());
    }
    if imap::looks_like(bytes) {
        return greeted(imap::NAME, Box::<imap::Session>::default());
    }
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n' | 0x1b | b' '..=b'~' | 255);
    let is_telnet_port = talk.has_port(23) || talk.has_port(2323);
    if telnet::looks_like(bytes) || is_telnet_port && bytes.iter().all(is_text) {
        return opened(telnet::NAME, Box::<telnet::Session>::default());
    }
    None
}
