"""Habits towards the Internet: links to a maker's cloud, checks, downloads, the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from struct import pack
from typing import Final

from cordon.lab.lan import GATEWAY, HOUR, MINUTE, SECOND, Lan
from cordon.lab.rhythm import activity, busy_pause, jitter
from cordon.lab.station import Station
from cordon.lab.talk import http, tls

_NTP_EPOCH: Final = 2_208_988_800  # seconds from 1900 to 1970 (RFC 5905)


@dataclass(frozen=True, slots=True)
class CloudLink:
    """One TLS connection that stays open, with a heartbeat each `every` seconds; renewed every few hours."""

    name: str
    every: int = 60
    up: int = 90
    down: int = 60
    port: int = 443
    alpn: tuple[str, ...] = ()

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(2 * SECOND, 20 * SECOND)
        while lan.now < until:
            talk = lan.secure(who, self.name, self.port, self.alpn)
            talk.send(tls.data(rng, 300 + rng.randrange(400))).reply(tls.data(rng, 250 + rng.randrange(300)), 20_000)
            talk.settle()
            ends = min(until, lan.now + jitter(rng, 5 * HOUR, 0.4))
            while True:
                again = max(talk.time + 1000, lan.now + jitter(rng, self.every * SECOND, 0.08))
                if again >= ends:
                    break
                yield again
                talk.pause(lan.now).send(tls.data(rng, self.up + rng.randrange(12)))
                talk.reply(tls.data(rng, self.down + rng.randrange(8)), 4000).settle()
            yield max(ends, talk.time + 1)
            talk.pause(lan.now).close(by_server=rng.random() < 0.3)
            yield talk.time + rng.randrange(SECOND, 8 * SECOND)


@dataclass(frozen=True, slots=True)
class Check:
    """A short TLS connection each `every` seconds. With `busy` it keeps to the hours people are there."""

    name: str
    every: int = 300
    up: int = 600
    down: int = 900
    port: int = 443
    alpn: tuple[str, ...] = ()
    busy: bool = False

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(3 * SECOND, 30 * SECOND)
        while lan.now < until:
            talk = lan.secure(who, self.name, self.port, self.alpn)
            talk.send(tls.data(rng, jitter(rng, self.up, 0.3)))
            talk.reply(tls.data(rng, jitter(rng, self.down, 0.4)), rng.randrange(5_000, 60_000))
            talk.close(by_server=rng.random() < 0.4)
            mean = self.every * SECOND
            pause = busy_pause(rng, lan.now, mean) if self.busy else jitter(rng, mean, 0.15)
            yield max(talk.time + 1, lan.now + pause)


@dataclass(frozen=True, slots=True)
class Fetch:
    """A clear HTTP request each `every` seconds: firmware checks, forecasts."""

    host: str
    path: str
    every: int
    size: int = 400
    kind: str = "application/json"
    port: int = 80
    post: bool = False

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(5 * SECOND, 90 * SECOND)
        while lan.now < until:
            talk = lan.connect(who, self.host, self.port)
            body = tls.noise(rng, 120) if self.post else b""
            method = "POST" if self.post else "GET"
            talk.send(http.request(method, self.host, who.fill(self.path), who.fill(who.unit.agent), body=body))
            talk.reply(
                http.response(200, "nginx", self.kind, http.filler(rng, self.size)),
                rng.randrange(9_000, 40_000),
            )
            talk.close()
            yield max(talk.time + 1, lan.now + jitter(rng, self.every * SECOND, 0.1))


@dataclass(frozen=True, slots=True)
class Download:
    """A maker's update day: at `hour` o'clock a big file comes in clear from its content network."""

    host: str
    path: str
    hour: float
    size: int

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        due = lan.now - lan.now % (24 * HOUR) + int(self.hour * HOUR) + rng.randrange(10 * MINUTE)
        if due < lan.now:
            due += 24 * HOUR
        yield due
        if lan.now < until:
            talk = lan.connect(who, self.host, 80)
            talk.send(http.request("GET", self.host, who.fill(self.path), who.fill(who.unit.agent)))
            talk.reply(http.response(200, "AmazonS3", "application/octet-stream", tls.noise(rng, self.size)), 30_000)
            talk.close()


@dataclass(frozen=True, slots=True)
class Clock:
    """Asks for the time each `every` seconds (RFC 5905); `name` "" asks the router."""

    name: str = ""
    every: int = 1024

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(SECOND, 15 * SECOND)
        while lan.now < until:
            time, target = (lan.now, GATEWAY) if not self.name else lan.lookup(who, self.name, lan.now)
            asked, told = _time_message(time, 0xE3, 0), _time_message(time + 9000, 0x24, 2)
            lan.ask(time, who, (target, 123), asked, told)
            yield lan.now + jitter(rng, self.every * SECOND, 0.03)


def _time_message(time: int, first: int, stratum: int) -> bytes:
    seconds, rest = divmod(time, SECOND)
    stamp = pack(">II", (seconds + _NTP_EPOCH) & 0xFFFFFFFF, (rest << 32) // SECOND)
    if not stratum:
        return pack(">BBbb", first, 0, 10, -6) + bytes(36) + stamp
    return pack(">BBbb", first, stratum, 10, -20) + pack(">II", 980, 1410) + b"\xc0\x35\x67\x6c" + stamp * 4


@dataclass(frozen=True, slots=True)
class Play:
    """Music or video in bursts while people are there: some minutes of chunks, then silence."""

    name: str
    every: int = 3600
    chunk: int = 40_000
    chunks: int = 20
    apart: int = 10

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + busy_pause(rng, lan.now, self.every * SECOND)
        while lan.now < until:
            talk = lan.secure(who, self.name, 443, ("h2", "http/1.1"))
            for _ in range(1 + int(rng.random() * 2 * self.chunks * activity(lan.now))):
                talk.send(tls.data(rng, 420)).reply(tls.data(rng, jitter(rng, self.chunk, 0.4)), 20_000).settle()
                yield max(talk.time + 1, lan.now + jitter(rng, self.apart * SECOND, 0.2))
                talk.pause(lan.now)
            talk.close()
            yield max(talk.time + 1, lan.now + busy_pause(rng, lan.now, self.every * SECOND))


@dataclass(frozen=True, slots=True)
class Upload:
    """A big regular upload by night: a backup, in pieces, each evening from `hour` on."""

    name: str
    hour: float
    pieces: int = 20
    size: int = 250_000

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        due = lan.now - lan.now % (24 * HOUR) + int(self.hour * HOUR)
        due += 24 * HOUR if due < lan.now else 0
        while due < until:
            yield due + rng.randrange(3 * MINUTE)
            talk = lan.secure(who, self.name, 443, ("http/1.1",))
            for _ in range(self.pieces):
                talk.send(tls.data(rng, jitter(rng, self.size, 0.2))).reply(tls.data(rng, 300), 50_000).settle()
                yield max(talk.time + 1, lan.now + jitter(rng, 40 * SECOND, 0.3))
                talk.pause(lan.now)
            talk.close()
            due += 24 * HOUR
