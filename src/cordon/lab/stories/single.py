"""Stories of one act each: one kind of misuse on an otherwise ordinary site."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cordon.lab.address import stranger
from cordon.lab.lan import HOUR, MINUTE, SECOND, Lan
from cordon.lab.station import Station
from cordon.lab.stories import intrusion, misuse
from cordon.lab.stories.everyday import allowed_findings
from cordon.lab.stories.story import Plot, Step

_SPAN: Final = 15 * MINUTE
_Doing = Callable[[Lan, Station], Iterator[int]]


@dataclass(frozen=True, slots=True)
class Single:
    """After two quiet hours one device does one thing."""

    name: str
    actor: str
    says: str
    doing: _Doing
    lead: int = 2 * HOUR
    length: int = 40 * MINUTE

    def tell(self, lan: Lan, begin: int) -> Plot:
        actor = lan.named(self.actor)
        plot = Plot(allowed=allowed_findings(lan), roles={actor.mac: "acts"})
        plot.add(lan, begin, Step(self.name, self.name, actor, self.says), self.doing(lan, actor))
        return plot


def _beacon(lan: Lan, who: Station) -> Iterator[int]:
    lan.strangers = {"cc.sync-telemetry.top": stranger(lan.seed, "master")}
    return misuse.beacon(lan, who, ("cc.sync-telemetry.top", 4821), lan.rng("beacon"), lan.end)


def _sweep(lan: Lan, who: Station) -> Iterator[int]:
    return misuse.sweep(lan, who, (80, 443), lan.rng("sweep"), SECOND)


def _scan(lan: Lan, who: Station) -> Iterator[int]:
    return misuse.scan(lan, who, lan.named("nas"), list(range(1, 1000, 3)), lan.rng("scan"))


def _spread(lan: Lan, who: Station) -> Iterator[int]:
    rng = lan.rng("spread")
    for other in lan.stations:
        if other is not who and other is not lan.router and lan.present(other):
            yield from intrusion.spread(lan, who, other, rng, falls=False)
            yield lan.now + rng.randrange(3 * SECOND, 6 * SECOND)


def _tunnel(lan: Lan, who: Station) -> Iterator[int]:
    yield lan.now  # `lan.now` is the story's begin only once it runs
    yield from misuse.tunnel(lan, who, "t.data-relay.top", lan.rng("tunnel"), lan.now + _SPAN)


def _spoof(lan: Lan, who: Station) -> Iterator[int]:
    yield lan.now  # `lan.now` is the story's begin only once it runs
    yield from misuse.spoof(lan, who, lan.named("server"), lan.rng("spoof"), lan.now + _SPAN)


def _carry_off(lan: Lan, who: Station) -> Iterator[int]:
    return misuse.carry_off(lan, who, stranger(lan.seed, "store"), 40, lan.rng("carry off"))


def _flood(lan: Lan, who: Station) -> Iterator[int]:
    return misuse.flood(lan, who, stranger(lan.seed, "victim"), 20_000, lan.rng("flood"))


def _break_in(lan: Lan, who: Station) -> Iterator[int]:
    return intrusion.break_in(lan, who, stranger(lan.seed, "guesser"), lan.rng("break in"))


SINGLES: Final = (
    Single("default-credential", "camera-yard", "its factory password opened Telnet to the Internet", _break_in),
    Single("beacon", "camera-gate", "it reports to a stranger each minute", _beacon),
    Single("address-scan", "camera-roof", "it tries every address of the network", _sweep),
    Single("port-scan", "camera-lobby", "it tries many ports of the network storage", _scan),
    Single("telnet-spread", "nvr", "it opens Telnet to everybody", _spread),
    Single("dns-tunnel", "camera-kitchen", "it carries data in names it asks for", _tunnel),
    Single("arp-spoofing", "camera-desk", "it poses as the gateway to the server", _spoof),
    Single(
        "exfiltration",
        "camera-dock",
        "it uploads far more than ever, to an address never seen before",
        _carry_off,
    ),
    Single("flood", "hue", "it floods an address on the Internet", _flood),
)
"""One for each kind of misuse."""
