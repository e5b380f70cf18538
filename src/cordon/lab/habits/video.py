"""A video recorder pulls its cameras' pictures by RTSP with interleaved RTP (RFC 2326, RFC 3550), thinned."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from struct import pack
from typing import Final

from cordon.lab.lan import HOUR, SECOND, Lan
from cordon.lab.rhythm import jitter
from cordon.lab.station import Station
from cordon.lab.talk.tls import noise
from cordon.lab.wire.tcp import Connection

_MOST: Final = 1000  # bytes of one RTP packet


@dataclass(frozen=True, slots=True)
class Record:
    """One session to each camera on the site; a few RTP packets each `every` seconds stand for the stream."""

    every: float = 10
    packets: int = 2

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + 30 * SECOND
        for camera in lan.of_kind("camera"):
            if 554 in camera.unit.serves:
                lan.start(lan.now + rng.randrange(60 * SECOND), self._follow(lan, who, camera, until))

    def _follow(self, lan: Lan, who: Station, camera: Station, until: int) -> Iterator[int]:
        rng = lan.rng("video", camera.mac.hex())
        while lan.now < until:
            talk = lan.connect(who, camera, 554)
            _set_up(talk, camera, rng)
            yield talk.time + 1
            ends = min(until, lan.now + jitter(rng, 6 * HOUR, 0.3))
            sequence, stamp, source = rng.getrandbits(15), rng.getrandbits(31), rng.getrandbits(32)
            while lan.now < ends:
                frames = []
                for at in range(self.packets):
                    sequence = (sequence + 1) & 0xFFFF
                    mark = 0x80 if at == self.packets - 1 else 0
                    size = _MOST if not mark else rng.randrange(300, _MOST)
                    frames.append(_interleaved(rng, pack(">BBHII", 0x80, 96 | mark, sequence, stamp, source), size))
                stamp = (stamp + int(self.every * 90_000)) & 0xFFFFFFFF
                talk.pause(lan.now).reply(b"".join(frames)).settle()
                yield max(talk.time + 1, lan.now + jitter(rng, self.every * SECOND, 0.05))
            talk.pause(lan.now).close()
            yield talk.time + 2 * SECOND


def _interleaved(rng: Random, head: bytes, size: int) -> bytes:
    rtp = head + b"\x7c\x01" + noise(rng, size - 14)
    return b"$\0" + len(rtp).to_bytes(2, "big") + rtp


def _set_up(talk: Connection, camera: Station, rng: Random) -> None:
    url = f"rtsp://{camera.ip_text}:554/stream1"
    session = f"{rng.getrandbits(32):08X}"
    sdp = (
        f"v=0\r\no=- {rng.getrandbits(31)} 1 IN IP4 {camera.ip_text}\r\ns=Media Presentation\r\n"
        "t=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
    )
    description = f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}"
    steps = (
        ("OPTIONS", url, "", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n"),
        ("DESCRIBE", url, "Accept: application/sdp\r\n", description),
        (
            "SETUP",
            f"{url}/trackID=1",
            "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
            f"Session: {session};timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
        ),
        ("PLAY", url, f"Session: {session}\r\nRange: npt=0.000-\r\n", f"Session: {session}\r\n\r\n"),
    )
    for number, (verb, where, ask, tell) in enumerate(steps, 1):
        talk.send(f"{verb} {where} RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: NVR\r\n{ask}\r\n".encode(), 800)
        talk.reply(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{tell}".encode(), 3000)
