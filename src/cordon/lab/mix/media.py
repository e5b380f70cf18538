"""Pictures and sound as they cross the LAN: RTSP that sets up RTP over UDP, and voice over RTP alone."""

from collections.abc import Iterator
from random import Random
from struct import pack
from typing import Final

from cordon.lab.mix.script import MS, SERIAL_TEXT, Script
from cordon.lab.talk.tls import noise
from cordon.lab.wire.tcp import Connection

_MOST: Final = 1_000  # bytes of one RTP packet
_PICTURE: Final = 66_667  # µs: fifteen a second
_VOICE: Final = 20 * MS


def streams(rng: Random) -> Iterator[Script]:
    """Video of a camera, and calls."""
    for number in range(8):
        yield _video(rng, 20_000 + 4 * number)
        yield _call(rng, 30_000 + 4 * number)


def _video(rng: Random, port: int) -> Script:
    """Two to six seconds of pictures after RTSP has agreed on the ports (RFC 2326, RFC 3550)."""
    script = Script(ttl=64)
    talk = script.connect(554, delay=700)
    _set_up(talk, rng, port)
    sequence, stamp, source = rng.getrandbits(15), rng.getrandbits(31), rng.getrandbits(32)
    begin = talk.time + 40 * MS
    for picture in range(rng.randrange(30, 90)):
        sizes = [_MOST] * (14 if picture % 30 == 0 else rng.randrange(0, 4)) + [rng.randrange(100, _MOST)]
        for part, size in enumerate(sizes):
            mark = 0x80 if part == len(sizes) - 1 else 0
            head = pack(">BBHII", 0x80, 96 | mark, sequence, stamp, source)
            script.reply(
                begin + picture * _PICTURE + part * 110, (port + 2, port), head + b"\x7c\x01" + noise(rng, size)
            )
            sequence = (sequence + 1) & 0xFFFF
        stamp = (stamp + 6_000) & 0xFFFFFFFF  # a clock of 90 kHz
    talk.pause(begin + 90 * _PICTURE).close()
    return script


def _set_up(talk: Connection, rng: Random, port: int) -> None:
    url, session = f"rtsp://camera-{SERIAL_TEXT}.lan/stream1", f"{rng.getrandbits(32):08X}"
    sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Stream\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    ports = f"Transport: RTP/AVP;unicast;client_port={port}-{port + 1}"
    steps = (
        ("OPTIONS", "", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n"),
        ("DESCRIBE", "", f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}"),
        ("SETUP", f"{ports}\r\n", f"Session: {session}\r\n{ports};server_port={port + 2}-{port + 3}\r\n\r\n"),
        ("PLAY", f"Session: {session}\r\n", f"Session: {session}\r\n\r\n"),
    )
    for number, (verb, ask, answer) in enumerate(steps, 1):
        talk.send(f"{verb} {url} RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: NVR\r\n{ask}\r\n".encode(), 900)
        talk.reply(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{answer}".encode(), 3 * MS)


def _call(rng: Random, port: int) -> Script:
    """Two to four seconds of G.711 both ways (RFC 3551)."""
    script = Script(ttl=64)
    here, there = rng.getrandbits(32), rng.getrandbits(32)
    for number in range(rng.randrange(100, 200)):
        head = pack(">BBHI", 0x80, 0, number, number * 160)
        time = number * _VOICE + rng.randrange(2 * MS)
        script.send(time, (port, port + 2), head + pack(">I", here) + noise(rng, 160))
        script.reply(time + 7 * MS, (port + 2, port), head + pack(">I", there) + noise(rng, 160))
    return script
