//! Conversations that open with a greeting or a login.
use crate::frames::{ACK, SYN, tcp};
use crate::seen::{CLIENT, STEP, answered, last, run, said, sighted, texts};

#[test]
fn both_sides_of_ssh_tell_what_they_offer() {
    let offer = |kex: &[u8]| {
        let mut body = vec![4, 20];
        body.extend([9; 16]);
        body.extend((kex.len() as u32).to_be_bytes());
        body.extend(kex);
        body.extend([0; 45]);
        [&(body.len() as u32).to_be_bytes()[..], &body].concat()
    };
    let said = [b"SSH-2.0-c\r\n".to_vec(), offer(b"curve")].concat();
    let answer = offer(b"group");
    let windows = run(
        STEP,
        &answered(&said, &[b"SSH-2.0-s\r\n", &answer[..9], &answer[9..]]),
    );
    let fields = texts(&windows, "sightings", "field");
    let values = texts(&windows, "sightings", "value");
    let told: Vec<&str> = fields
        .iter()
        .zip(&values)
        .filter(|(field, _)| *field == "ssh.hassh")
        .map(|(_, value)| &value[..7])
        .collect();
    assert_eq!(told, ["client:", "server:"]);
    assert_eq!(
        sighted(&windows, "ssh.offers"),
        ["client:curve;;;", "server:group;;;"]
    );
}

#[test]
fn a_server_of_ssh_is_known_by_its_key() {
    let text = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let offer = text(&[&[4, 20][..], &[9; 16], &[0; 45]].concat());
    let key = [text(b"ssh-ed25519"), text(&[7; 32])].concat();
    let reply = text(&[&[4, 31][..], &text(&key), &text(&[1; 32])].concat());
    let said = [b"SSH-2.0-c\r\n".to_vec(), offer.clone()].concat();
    let frames = answered(
        &said,
        &[b"SSH-2.0-s\r\n", &offer, &reply[..30], &reply[30..]],
    );
    let keys = sighted(&run(STEP, &frames), "ssh.hostkey");
    assert_eq!(keys.len(), 1);
    assert!(keys[0].starts_with("ssh-ed25519 0 "), "{keys:?}");
}

#[test]
fn a_question_over_tcp_may_come_in_pieces() {
    let server = (1, 53);
    let question = b"\x00\x13\0\x07\x01\0\0\x01\0\0\0\0\0\0\x01x\0\0\x01\0\x01";
    let frames = [
        (0, tcp(CLIENT, server, SYN, 0, b"")),
        (1, tcp(CLIENT, server, ACK, 1, &question[..15])),
        (2, tcp(CLIENT, server, ACK, 16, &question[15..])),
    ];
    assert_eq!(texts(&run(STEP, &frames), "dns", "name"), ["x"]);
}

#[test]
fn a_telnet_login_is_followed() {
    let server = (1, 23);
    let frames = [
        (0, tcp(CLIENT, server, SYN, 0, b"")),
        (1, tcp(server, CLIENT, SYN | ACK, 0, b"")),
        (2, tcp(server, CLIENT, ACK, 1, b"box login: ")),
        (3, tcp(CLIENT, server, ACK, 1, b"root\r\n")),
        (4, tcp(server, CLIENT, ACK, 12, b"Password: ")),
        (5, tcp(CLIENT, server, ACK, 7, b"12345\r\n")),
        (6, tcp(server, CLIENT, ACK, 22, b"\r\nLogin incorrect\r\n")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "logins", "service"), ["telnet"]);
    assert_eq!(texts(&windows, "logins", "user"), ["root"]);
    assert_eq!(texts(&windows, "logins", "outcome"), ["failure"]);
    assert!(texts(&windows, "sightings", "field").contains(&"telnet.banner".to_owned()));
}

#[test]
fn a_session_of_file_sharing_names_its_server() {
    let mut setup = [&b"\0\0\0\x80\xfeSMB"[..], &[0; 60]].concat();
    (setup[16], setup[20]) = (1, 1);
    setup.extend(b"NTLMSSP\0\x02\0\0\0");
    setup.extend([0; 28]);
    setup.extend(b"\x10\0\x10\0\x30\0\0\0\x01\0\x04\0N\0A\0\x02\0\x04\0W\0G\0");
    let frames = [
        (0, tcp(CLIENT, (1, 445), SYN, 0, b"")),
        (1, tcp((1, 445), CLIENT, ACK, 1, &setup)),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(last(&windows, "service"), "smb");
    assert_eq!(sighted(&windows, "ntlm.host"), ["NA"]);
    assert_eq!(sighted(&windows, "ntlm.domain"), ["WG"]);
}

#[test]
fn servers_greet_and_connections_have_fingerprints() {
    let greeting: &[(usize, &[u8])] = &[(1, b"220 box FTP server ready\r\n"), (0, b"USER a\r\n")];
    let windows = run(STEP, &said([CLIENT, (1, 21)], greeting));
    assert_eq!(sighted(&windows, "ftp.banner"), ["box FTP server ready"]);
    assert_eq!(sighted(&windows, "tcp.syn"), ["64_256_-_-_"]);
    assert_eq!(sighted(&windows, "tcp.synack"), ["64_256_-_-_"]);
}

#[test]
fn a_directory_bound_in_clear_is_a_login() {
    let parts: &[(usize, &[u8])] = &[
        (
            0,
            b"\x30\x14\x02\x01\x01\x60\x0f\x02\x01\x03\x04\x04cn=a\x80\x04pass",
        ),
        (1, b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0"),
    ];
    let windows = run(STEP, &said([CLIENT, (1, 389)], parts));
    assert_eq!(texts(&windows, "logins", "service"), ["ldap"]);
    assert_eq!(texts(&windows, "logins", "outcome"), ["success"]);
    assert_eq!(sighted(&windows, "ldap.user"), ["cn=a"]);
}
