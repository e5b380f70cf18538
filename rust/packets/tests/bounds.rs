//! What an attacker can make grow stops at its bound, and that it did is counted.
mod frames;

use frames::{ACK, SECOND, tcp};
use packets::capture::Frame;
use packets::engine::{Engine, Settings};

const SHED: &str = "engine: connection not looked into";
/// With 8 KiB each they hold more than the 64 MiB there are for all.
const CONNECTIONS: u16 = 9000;

fn engine() -> Engine {
    Engine::new(&Settings {
        window: 10 * SECOND,
        step: 10 * SECOND,
        segment: "lan".to_owned(),
        secret_key: vec![7; 32],
        max_flows: 16_384,
    })
}

fn take(engine: &mut Engine, frame: &[u8]) {
    let frame = Frame {
        time: SECOND,
        wire: frame.len() as u32,
        link: 1,
        data: frame,
    };
    engine.take(&frame, false);
}

#[test]
fn connections_that_never_end_their_first_line_hold_no_more_than_the_bound() {
    let mut engine = engine();
    let said = |engine: &mut Engine, sequence, text: &[u8]| {
        for port in 0..CONNECTIONS {
            let client = (9, 10_000 + port);
            take(engine, &tcp(client, (1, 80), ACK, sequence, text));
        }
    };
    said(&mut engine, 1, b"GET /");
    assert_eq!(engine.tally().of(SHED), 0);
    let line = [b'a'; 1400];
    for segment in 0..6_u32 {
        said(&mut engine, 6 + segment * 1400, &line);
    }
    let shed = engine.tally().of(SHED);
    assert!(
        shed > 0 && shed < u64::from(CONNECTIONS),
        "{shed} were shed"
    );
    engine.finish();
    assert_eq!(engine.stats().flows, u64::from(CONNECTIONS));
}
