"""TLS, HTTP and QUIC conversations with servers outside."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.mix.script import LABEL_TEXT, MS, PORT, SECOND, SERIAL_TEXT, Script
from cordon.lab.talk import http, quic, tls

_DOMAINS: Final = (
    "device-cloud.example.net", "iot.eu-central.example.com", "push.example.org", "img.example-cdn.net",
    "telemetry.example.io", "time-series.example.com", "firmware.example.net", "stream.example-cdn.net",
    "relay.example.org", "login.example.com", "static.example-cdn.net",
)  # fmt: skip
_ALPN: Final = (("h2", "http/1.1"), ("http/1.1",), ())
_AGENTS: Final = ("ESP8266HTTPClient", "curl/7.68.0", "Dalvik/2.1.0 (Linux; U; Android 9)", "CameraUpdater/2.4", "")
_QUIC: Final = 64  # Initials made once a seed


def secured(rng: Random) -> Iterator[Script]:
    """TLS of every library, with one to six questions and answers of 0.2 to 3 kB."""
    for library in sorted(set(tls.LIBRARIES) - {"quic"}):
        for exchanges in (1, 2, 4, 6):
            script = Script()
            talk = script.connect(443, delay=rng.randrange(7 * MS, 40 * MS))
            name = f"{rng.choice(('api', 'd', 'edge'))}-{LABEL_TEXT}.{rng.choice(_DOMAINS)}"
            tls.handshake(talk, tls.LIBRARIES[library], name, rng.choice(_ALPN), rng)
            for _ in range(exchanges):
                talk.send(tls.data(rng, rng.randrange(60, 1_100)), rng.randrange(400 * MS))
                talk.reply(tls.data(rng, int(200 * 16 ** rng.random())), 4 * MS)
            talk.close(by_server=rng.random() < 0.3)
            yield script


def plain(rng: Random) -> Iterator[Script]:
    """HTTP/1.1: one to five requests on a connection."""
    for number in range(32):
        script = Script()
        talk = script.connect(80 if number % 4 else 8080, delay=rng.randrange(5 * MS, 30 * MS))
        host, agent = f"web-{LABEL_TEXT}.{rng.choice(_DOMAINS)}", rng.choice(_AGENTS)
        for _ in range(1 + number % 5):
            path = f"/v1/{rng.choice(('state', 'status', 'update', 'clip'))}?id={SERIAL_TEXT}"
            body = http.filler(rng, rng.randrange(40, 400)) if rng.random() < 0.3 else b""
            talk.send(http.request("POST" if body else "GET", host, path, agent, body=body), rng.randrange(300 * MS))
            content = http.filler(rng, int(100 * 50 ** rng.random()))
            talk.reply(http.response(200, "nginx/1.18.0", "application/json", content), 6 * MS)
        talk.close(by_server=number % 3 == 0)
        yield script


def datagrams(rng: Random) -> Iterator[Script]:
    """QUIC: a handshake whose Initials open, then packets with short headers."""
    for number in range(_QUIC):
        script, server = Script(), rng.randbytes(8)
        connection, name = rng.randbytes(8), f"h3-{number:02}.{rng.choice(_DOMAINS)}"
        there, back = (PORT, 443), (443, PORT)
        script.send(0, there, quic.client_initial(connection, name, rng))
        time = rng.randrange(9 * MS, 30 * MS)
        script.reply(time, back, quic.server_initial(connection, server, rng))
        script.reply(time + 60, back, quic.handshake(b"", server, 900, rng))
        script.send(time + 900, there, quic.handshake(server, b"", 82, rng) + quic.short(server, 48, rng))
        for _ in range(rng.randrange(1, 5)):
            time = _exchange(script, server, time + rng.randrange(2 * MS, SECOND), rng)
        yield script


def _exchange(script: Script, server: bytes, time: int, rng: Random) -> int:
    """A question and its answer in up to 24 datagrams, every fourth acknowledged."""
    script.send(time, (PORT, 443), quic.short(server, rng.randrange(60, 500), rng))
    time += 11 * MS
    for number in range(rng.randrange(2, 25)):
        time += rng.randrange(40, 900)
        script.reply(time, (443, PORT), quic.short(b"", rng.randrange(100, 1_240), rng))
        if number % 4 == 3:
            script.send(time + 120, (PORT, 443), quic.short(server, 32, rng))
    return time
