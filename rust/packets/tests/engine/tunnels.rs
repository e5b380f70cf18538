//! Packets within packets.
use crate::frames::{ipv4, udp, udp_body};
use crate::seen::{CLIENT, STEP, numbers, run, run_with, settings, texts};

/// What remains of a frame without its link layer.
fn packet_of(frame: &[u8]) -> &[u8] {
    &frame[14..]
}

#[test]
fn what_tunnels_carry_counts_and_the_tunnel_does_not() {
    let question = udp(CLIENT, (1, 53), b"xx");
    let packet = packet_of(&question);
    let gre = [&[0, 0, 8, 0][..], packet].concat();
    let overlay = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &question].concat();
    for (tunnel, mac) in [
        (ipv4(20, 21, 4, 0, packet), "02:00:00:00:00:14"),
        (ipv4(20, 21, 47, 0, &gre), "02:00:00:00:00:14"),
        (udp((20, 5000), (21, 4789), &overlay), "02:00:00:00:00:09"),
    ] {
        let size = i64::try_from(tunnel.len()).unwrap();
        let windows = run(STEP, &[(0, tunnel)]);
        assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.9"]);
        assert_eq!(texts(&windows, "flows", "src_mac"), [mac]);
        assert_eq!(numbers(&windows, "flows", "bytes_out"), [size]);
        assert_eq!(numbers(&windows, "flows", "payload_out"), [2]);
        let sighted = texts(&windows, "sightings", "ip");
        assert!(sighted.contains(&"10.0.0.20".to_owned()));
    }
}

#[test]
fn tunnels_in_pieces_and_in_tunnels_are_followed_to_a_depth() {
    let question = udp(CLIENT, (1, 53), b"xx");
    let mut packet = packet_of(&question).to_vec();
    let body = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &question].concat();
    let datagram = udp_body(5000, 4789, &body);
    let pieces = [
        (0, ipv4(20, 21, 17, 0x2000, &datagram[..32])),
        (1, ipv4(20, 21, 17, 4, &datagram[32..])),
    ];
    let windows = run(STEP, &pieces);
    assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.9"]);
    assert_eq!(numbers(&windows, "flows", "packets_out"), [2]);
    for _ in 0..5 {
        packet = packet_of(&ipv4(20, 21, 4, 0, &packet)).to_vec();
    }
    let (windows, mut engine) = run_with(&settings(STEP), &[(0, ipv4(22, 23, 4, 0, &packet))]);
    assert_eq!(engine.tally().of("tunnel: too deep"), 1);
    assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.20"]);
}

#[test]
fn a_tunnel_with_damage_within_is_counted_by_its_kind() {
    let (windows, mut engine) = run_with(
        &settings(STEP),
        &[(0, ipv4(20, 21, 47, 0, &[0x20, 0, 8, 0, 1]))],
    );
    assert_eq!(engine.tally().of("gre: header short"), 1);
    assert_eq!(texts(&windows, "flows", "src"), ["10.0.0.20"]);
}
