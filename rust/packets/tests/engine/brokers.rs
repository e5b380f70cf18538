//! Connections to brokers of telemetry, followed for their whole life.
use crate::frames::{ACK, End, tcp};
use crate::seen::{CLIENT, STEP, numbers, run, said, sighted, texts};

#[test]
fn a_connection_to_a_broker_is_followed_for_its_life() {
    let broker: End = (1, 1883);
    let large = [&b"\x30\xa3\x9c\x01\0\x01b"[..], &vec![7; 20_000]].concat();
    let mut parts: Vec<(usize, &[u8])> = vec![
        (0, b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03cam"),
        (1, b"\x20\x02\0\0"),
        (0, b"\x82\x06\0\x01\0\x01#\x01\x33\x07\0\x01a\0\x02hi\xc0\0"),
    ];
    parts.extend(large.chunks(1400).map(|part| (0, part)));
    parts.push((0, b"\x30\x05\0\x01cxy"));
    parts.push((1, b"\x30\x04\0\x01dz\xd0\0"));
    parts.push((0, b"\xe0\0"));
    let windows = run(STEP, &said([CLIENT, broker], &parts));
    let wanted = [
        "connect",
        "connack",
        "subscribe",
        "publish",
        "publish",
        "publish",
        "publish",
        "disconnect",
    ];
    assert_eq!(texts(&windows, "mqtt", "message"), wanted);
    assert_eq!(
        texts(&windows, "mqtt", "topic"),
        ["", "", "#", "a", "b", "c", "d", ""]
    );
    assert_eq!(
        numbers(&windows, "mqtt", "size"),
        [0, 0, 0, 2, 20_000, 2, 1, 0]
    );
    assert!(
        texts(&windows, "mqtt", "client_id")
            .iter()
            .all(|id| id == "cam")
    );
    assert!(
        texts(&windows, "mqtt", "client")
            .iter()
            .all(|ip| ip == "10.0.0.9")
    );
    assert_eq!(sighted(&windows, "mqtt.topic"), ["a", "b", "c"]);
}

#[test]
fn after_a_gap_a_connection_to_a_broker_is_followed_on() {
    let broker: End = (1, 1883);
    let connect = b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03cam";
    let mut frames = said([CLIENT, broker], &[(0, connect)]);
    for (place, topic) in (0_u32..).zip(b'a'..=b'z') {
        let sequence = 1000 + place * 5;
        let packet = [0x30, 3, 0, 1, topic];
        let frame = tcp(CLIENT, broker, ACK, sequence, &packet);
        frames.push((10 + i64::from(place), frame));
    }
    let windows = run(STEP, &frames);
    assert_eq!(texts(&windows, "mqtt", "topic").len(), 27);
    assert_eq!(sighted(&windows, "mqtt.topic").len(), 16);
}
