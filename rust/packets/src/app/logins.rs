//! Attempts to log in; of the secret only a keyed hash leaves this crate.
use blake2::Blake2sMac;
use blake2::digest::consts::U16;
use blake2::digest::{FixedOutput, KeyInit, Update};

use super::Talk;
use crate::output::Output;
use crate::protocols::login::Login;
use crate::tables::LoginRow;

/// Writes an attempt down; `is_by_server` tells who sent the message that decided it.
pub fn tell(
    talk: &Talk,
    is_by_server: bool,
    service: &'static str,
    login: &Login,
    out: &mut Output,
) {
    let (client, server) = talk.roles(is_by_server);
    let secret = login
        .password
        .as_ref()
        .and_then(|password| digest(&out.secret_key, login.user.as_bytes(), password.expose()))
        .unwrap_or_default();
    let step = out.step_of(talk.at.time);
    out.tables.logins.push(LoginRow {
        step,
        time: talk.at.time,
        flow: talk.flow,
        segment: out.segments.name(talk.at.vlan),
        mac: client.mac,
        server_mac: server.mac,
        client: Some(client.ip),
        server: Some(server.ip),
        port: server.port,
        service,
        user: &login.user,
        outcome: login.outcome.text(),
        clear: login.password.is_some(),
        secret: &secret,
    });
}

/// Keyed BLAKE2s (RFC 7693) of user NUL password in 16 bytes, as hex; nothing without a key.
pub fn digest(key: &[u8], user: &[u8], password: &[u8]) -> Option<String> {
    if key.is_empty() {
        return None;
    }
    let mut mac = Blake2sMac::<U16>::new_from_slice(key).ok()?;
    for part in [user, b"\0", password] {
        mac.update(part);
    }
    let mut hex = String::with_capacity(32);
    for byte in mac.finalize_fixed() {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16)?);
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // hashlib.blake2s(b"admin\0secret", key=b"k" * 32, digest_size=16).hexdigest()
        let hash = digest(&[b'k'; 32], b"admin", b"secret").unwrap();
        assert_eq!(hash, "814e059bf0aa5714d9c1275db121f067");
        assert_eq!(digest(&[], b"admin", b"secret"), None);
    }
}
