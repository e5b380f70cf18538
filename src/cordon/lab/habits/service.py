"""Small habits inside the house: printer status, telephones, badges, an administrator's visits."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Final

from cordon.lab.habits import paper
from cordon.lab.lan import DAY, HOUR, MINUTE, SECOND, Lan
from cordon.lab.rhythm import busy_pause, jitter
from cordon.lab.station import Station
from cordon.lab.talk import http, ssh, tls


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """Asks every printer for its status by SNMP."""

    every: int = 600

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(60 * SECOND, 120 * SECOND)
        while lan.now < until:
            for printer in lan.of_kind("printer"):
                number = rng.randrange(1 << 16, 1 << 22)
                asked, told = paper.snmp(0xA0, number, b"\x05\x00"), paper.snmp(0xA2, number, b"\x02\x01\x03")
                lan.ask(lan.now + rng.randrange(SECOND), who, (printer.ip, 161), asked, told)
            yield lan.now + jitter(rng, self.every * SECOND, 0.02)


@dataclass(frozen=True, slots=True)
class Watch:
    """A monitoring program looks at one device's web page each `every` seconds, in turn."""

    every: int

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(60 * SECOND, 120 * SECOND)
        watched = cycle([station for station in lan.stations if station.unit.web])
        while lan.now < until:
            device = next(watched)
            talk = lan.connect(who, device, 80)
            agent = "check_http/v2.3.3 (monitoring-plugins 2.3.3)"
            talk.send(http.request("GET", device.ip_text, "/", agent, headers=("Connection: close",)))
            page = b"<html><head><title>" + device.unit.model.encode() + b"</title></head></html>"
            talk.reply(http.response(200, device.fill(device.unit.web), "text/html", page), 4000)
            talk.close(by_server=True)
            yield max(talk.time + 1, lan.now + jitter(rng, self.every * SECOND, 0.02))


@dataclass(frozen=True, slots=True)
class Register:
    """A telephone registers at its provider by SIP each `every` seconds (RFC 3261)."""

    provider: str
    number: str
    every: int = 300

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(10 * SECOND, 40 * SECOND)
        count = 0
        while lan.now < until:
            count += 1
            time, server = lan.lookup(who, self.provider, lan.now)
            common = (
                f"Via: SIP/2.0/UDP {who.ip_text}:5060;branch=z9hG4bK{rng.getrandbits(40):010x}\r\n"
                f"From: <sip:{self.number}@{self.provider}>;tag={who.mac.hex()}\r\n"
                f"To: <sip:{self.number}@{self.provider}>\r\nCall-ID: {who.mac.hex()}@{who.ip_text}\r\n"
                f"CSeq: {count} REGISTER\r\nContact: <sip:{self.number}@{who.ip_text}:5060>\r\n"
            )
            asked = f"REGISTER sip:{self.provider} SIP/2.0\r\n{common}Max-Forwards: 70\r\n"
            asked += f"User-Agent: {who.fill(who.unit.agent)}\r\nExpires: 600\r\nContent-Length: 0\r\n\r\n"
            told = f"SIP/2.0 200 OK\r\n{common}Expires: 600\r\nContent-Length: 0\r\n\r\n"
            lan.ask(time, who, (server, 5060), asked.encode(), told.encode())
            yield lan.now + jitter(rng, self.every * SECOND, 0.05)


@dataclass(frozen=True, slots=True)
class Badge:
    """A door reader asks the server for each badge that is held to it, over one TLS connection each time."""

    every: int = 240

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(20 * SECOND, 60 * SECOND)
        server = lan.named("server")
        while lan.now < until:
            talk = lan.secure(who, server, 8443, name="access.office.lan")
            talk.send(tls.data(rng, 180)).reply(tls.data(rng, 90), 8000).close()
            yield max(talk.time + 1, lan.now + busy_pause(rng, lan.now, self.every * SECOND))


@dataclass(frozen=True, slots=True)
class Visit:
    """An administrator logs in to a device by SSH at a fixed hour."""

    target: str
    hour: float

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        due = lan.now - lan.now % DAY + int(self.hour * HOUR)
        if not lan.now < due < until:
            return
        yield due
        talk = lan.connect(who, lan.named(self.target), 22)
        ssh.begin(talk, rng)
        for _ in range(rng.randrange(20, 60)):
            yield max(talk.time + 1, lan.now + rng.randrange(SECOND, 15 * SECOND))
            talk.pause(lan.now).send(rng.randbytes(44)).reply(rng.randbytes(rng.choice((44, 76, 220, 900))), 3000)
        talk.close()


_PAGES: Final = ("/", "/status", "/settings/network", "/settings/time", "/log")


@dataclass(frozen=True, slots=True)
class ClearLogin:
    """An administrator opens an old device's pages by HTTP Basic: the right password crosses in clear."""

    target: str
    hour: float
    user: str
    password: str

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        due = lan.now - lan.now % DAY + int(self.hour * HOUR)
        if not lan.now < due < until:
            return
        yield due
        device = lan.named(self.target)
        talk = lan.connect(who, device, 80)
        agent = "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0"
        server = device.fill(device.unit.web)
        talk.send(http.request("GET", device.ip_text, "/", agent))
        ask = f'WWW-Authenticate: Basic realm="{device.unit.model}"'
        talk.reply(http.response(401, server, "text/html", b"<html>401</html>", headers=(ask,)), 4000)
        secret = http.basic(self.user, self.password)
        for page in _PAGES:
            talk.send(http.request("GET", device.ip_text, page, agent, headers=(secret,)), 2 * SECOND)
            talk.reply(http.response(200, server, "text/html", b"<html>" + http.filler(rng, 1500) + b"</html>"), 6000)
        talk.close()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Fetches a file from the network storage by FTP, logging in with a password in clear."""

    target: str
    hour: float
    user: str
    password: str

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        due = lan.now - lan.now % DAY + int(self.hour * HOUR) + rng.randrange(MINUTE)
        if not lan.now < due < until:
            return
        yield due
        talk = lan.connect(who, lan.named(self.target), 21)
        talk.reply(b"220 NAS FTP server ready.\r\n", 4000)
        lines = (
            (f"USER {self.user}", f"331 Password required for {self.user}."),
            (f"PASS {self.password}", f"230 User {self.user} logged in."),
            ("TYPE I", "200 Type set to I."),
            ("PWD", '257 "/" is the current directory.'),
            ("QUIT", "221 Goodbye."),
        )
        for say, hear in lines:
            talk.send(f"{say}\r\n".encode(), rng.randrange(200_000, 900_000)).reply(f"{hear}\r\n".encode(), 5000)
        talk.close(by_server=True)
