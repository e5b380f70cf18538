//! What devices say of themselves, unasked or asked.
use crate::frames::{End, ethernet, ipv4, udp};
use crate::seen::{STEP, last, run, run_with, settings, sighted, texts};

#[test]
fn reports_of_groups_are_recognised() {
    let report = [0x16, 0, 0, 0, 239, 255, 255, 250];
    let windows = run(STEP, &[(0, ipv4(9, 1, 2, 0, &report))]);
    assert_eq!(last(&windows, "service"), "igmp");
}

#[test]
fn announcements_on_the_link_tell_of_their_sender() {
    let lldp = b"\x02\x04\x07abc\x04\x02\x07p\x06\x02\0\x78\x0c\x03Box\0\0";
    let logical = |body: &[u8]| ethernet(9, 1, body.len() as u16, body);
    let cisco = b"\xaa\xaa\x03\0\0\x0c\x20\0\x02\xb4\0\0\0\x06\0\x06C1";
    let root = [
        &[0x42, 0x42, 3, 0, 0, 0, 0, 0][..],
        &[1; 8],
        &[0; 4],
        &[1; 8],
    ]
    .concat();
    let frames = [
        (0, ethernet(9, 1, 0x88cc, lldp)),
        (1, logical(cisco)),
        (2, logical(&root)),
        (3, ethernet(9, 1, 0x888e, &[1, 1, 0, 0])),
        (4, ethernet(9, 1, 0x88cc, b"\x02\x04\x07")),
    ];
    let (windows, mut engine) = run_with(&settings(STEP), &frames);
    assert_eq!(sighted(&windows, "lldp.description"), ["Box"]);
    assert_eq!(sighted(&windows, "cdp.platform"), ["C1"]);
    assert_eq!(sighted(&windows, "stp"), ["root"]);
    assert_eq!(sighted(&windows, "eapol"), ["supplicant"]);
    assert_eq!(engine.tally().of("lldp: part cut short"), 1);
}

#[test]
fn answers_of_managed_and_found_devices_tell_what_they_are() {
    let managed = b"\x30\x2b\x02\x01\0\x04\x06public\xa2\x1e\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x13\x30\x11\x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x04\x05AP 12";
    let found = b"<a:Envelope><a:Hello><a:Types>b:Printer</a:Types></a:Hello></a:Envelope>";
    let called = b"OPTIONS sip:a SIP/2.0\r\nUser-Agent: Door 1.2\r\n\r\n";
    let frames = [
        (0, udp((9, 161), (1, 40_000), managed)),
        (1, udp((9, 3702), (1, 40_000), found)),
        (2, udp((9, 5060), (1, 5060), called)),
        (3, udp((9, 40_000), (1, 5683), b"\x40\x01\0\x01\xb5state")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(sighted(&windows, "snmp.description"), ["AP 12"]);
    assert_eq!(sighted(&windows, "snmp.version").len(), 1);
    assert_eq!(sighted(&windows, "snmp.community")[0].len(), 32);
    assert_eq!(sighted(&windows, "wsd.types"), ["b:Printer"]);
    assert_eq!(sighted(&windows, "sip.agent"), ["Door 1.2"]);
    assert_eq!(sighted(&windows, "coap.path"), ["/state"]);
}

#[test]
fn an_answer_tells_what_it_answers_wherever_it_comes_from() {
    let client: End = (9, 40_000);
    let frames = [
        (
            0,
            udp(
                client,
                (255, 5683),
                b"\x51\x01\0\x01t\xbb.well-known\x04core",
            ),
        ),
        (
            1,
            udp(
                (1, 5683),
                client,
                b"\x51\x45\0\x07t\xc1\x28\xff</a>;rt=\"x\"",
            ),
        ),
        (2, udp(client, (1, 5683), b"\x60\0\0\x07")),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "coap", "code"), ["GET", "2.05", "0.00"]);
    let path = "/.well-known/core";
    assert_eq!(texts(&windows, "coap", "path"), [path, path, ""]);
    assert_eq!(texts(&windows, "coap", "client"), ["10.0.0.9"; 3]);
    assert_eq!(sighted(&windows, "coap.resource"), ["/a|x"]);
}

#[test]
fn consumer_devices_tell_who_they_are() {
    let tuya =
        b"\0\0\x55\xaa\0\0\0\0\0\0\0\0\0\0\0\x20\0\0\0\0{\"gwId\":\"g1\"}\0\0\0\0\0\0\xaa\x55";
    let tapo = b"\x02\0\0\x01\0\x20\x11\0\0\0\0\0\0\0\0\0{\"result\":{\"device_model\":\"L530\"}}";
    let miio = [&b"\x21\x31\0\x20\0\0\0\0\0\0\x01\x02"[..], &[9; 20]].concat();
    let frames = [
        (0, udp((9, 6666), (255, 6666), tuya)),
        (1, udp((9, 20002), (1, 40_000), tapo)),
        (2, udp((9, 54321), (1, 40_000), &miio)),
    ];
    let windows = run(STEP, &frames);
    assert_eq!(sighted(&windows, "tuya.id"), ["g1"]);
    assert_eq!(sighted(&windows, "tplink.model"), ["L530"]);
    assert_eq!(sighted(&windows, "miio.id"), ["258"]);
}
