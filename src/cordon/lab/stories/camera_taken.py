"""A camera with its factory password is taken from outside, and does what such cameras then do."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.address import stranger
from cordon.lab.lan import HOUR, MINUTE, SECOND, Lan
from cordon.lab.stories import intrusion, misuse
from cordon.lab.stories.everyday import allowed_findings
from cordon.lab.stories.story import Plot, Step

_MASTER: Final = ("cc.sync-telemetry.top", 4821)
_MIRROR: Final = "upd.firmware-mirror.top"
_TUNNEL: Final = "t.data-relay.top"
_WELL_KNOWN: Final = (
    *(7, 9, 13, 21, 22, 23, 25, 26, 37, 53, 79, 80, 81, 88, 106, 110, 111, 113, 119, 135, 139, 143, 179, 199),
    *(1433, 1521, 2049, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27017),
)


class CameraTaken:
    """Twelve steps over about 70 minutes; the beacons go on until the capture ends."""

    name = "camera-taken"
    lead = 2 * HOUR
    length = 80 * MINUTE

    def tell(self, lan: Lan, begin: int) -> Plot:
        """Starts all acts; each notes in its step when it was over."""
        first, second = lan.named("camera-yard"), lan.named("camera-store")
        lan.strangers = {name: stranger(lan.seed, name) for name in (_MASTER[0], _MIRROR)}
        plot = Plot(allowed=allowed_findings(lan))
        plot.roles = {first.mac: "taken", second.mac: "taken by the first"}
        for minutes, name, what, says, steps in _acts_of_the_first(lan, begin):
            plot.add(lan, begin + _span(minutes), Step(name, what, first, says), steps)
        for minutes, name, what, says, steps in _acts_of_the_second(lan):
            plot.add(lan, begin + _span(minutes), Step(name, what, second, says), steps)
        return plot


def _span(minutes: float) -> int:
    return int(minutes * MINUTE)


_Act = tuple[float, str, str, str, Iterator[int]]
"""Minutes after the story's begin, id, kind of behaviour, what happens in words, and the doing of it."""


def _acts_of_the_first(lan: Lan, begin: int) -> list[_Act]:
    camera, server, rng = lan.named("camera-yard"), lan.named("server"), lan.rng("camera-taken")
    guesser, store, victim = (stranger(lan.seed, role) for role in ("guesser", "store", "victim"))
    beacon = misuse.beacon(lan, camera, _MASTER, lan.rng("first beacon"), lan.end)
    sweep = misuse.sweep(lan, camera, (23, 2323), rng, 5 * SECOND // 2)
    return [
        (0, "break-in", "default-credential", "its factory password opened its Telnet to the Internet",
         intrusion.break_in(lan, camera, guesser, rng)),
        (2.5, "loader", "new-destination", "it fetched a program from an address never seen before",
         intrusion.load(lan, camera, _MIRROR, rng)),
        (3.5, "beacon", "beacon", "it reports to a stranger each minute", beacon),
        (7, "address-scan", "address-scan", "it tries every address of the network for Telnet", sweep),
        (20, "port-scan", "port-scan", "it tries many ports of the server",
         misuse.scan(lan, camera, server, _ports(rng), rng)),
        (24, "spread", "telnet-spread", "it tries passwords at other devices' Telnet", _spread(lan, rng)),
        (35, "dns-tunnel", "dns-tunnel", "it carries data in names it asks for",
         misuse.tunnel(lan, camera, _TUNNEL, rng, begin + _span(45))),
        (47, "arp-spoofing", "arp-spoofing", "it poses as the gateway to the server",
         misuse.spoof(lan, camera, server, rng, begin + _span(52))),
        (54, "exfiltration", "exfiltration", "it uploads far more than ever, to an address never seen before",
         misuse.carry_off(lan, camera, store, 40, rng)),
        (66, "flood", "flood", "it floods an address on the Internet",
         misuse.flood(lan, camera, victim, 20_000, rng)),
    ]  # fmt: skip


def _acts_of_the_second(lan: Lan) -> list[_Act]:
    first, second = lan.named("camera-yard"), lan.named("camera-store")
    fall = intrusion.spread(lan, first, second, lan.rng("second camera"), falls=True)
    beacon = misuse.beacon(lan, second, _MASTER, lan.rng("second beacon"), lan.end)
    return [
        (29, "second-taken", "default-credential", "its factory password let the first camera in", fall),
        (31, "second-beacon", "beacon", "it reports to the same stranger each minute", beacon),
    ]


def _ports(rng: Random) -> list[int]:
    ports = [*_WELL_KNOWN, *range(389, 1100, 7)]
    rng.shuffle(ports)
    return ports


def _spread(lan: Lan, rng: Random) -> Iterator[int]:
    """Everybody whose Telnet answered, and some more; the second camera has an act of its own."""
    first, second = lan.named("camera-yard"), lan.named("camera-store")
    for other in lan.stations:
        likely = 23 in other.unit.serves or other.unit.kind in ("camera", "nvr", "printer")
        if likely and other not in (first, second) and lan.present(other):
            yield from intrusion.spread(lan, first, other, rng, falls=False)
            yield lan.now + rng.randrange(6 * SECOND, 12 * SECOND)
