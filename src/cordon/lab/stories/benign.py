"""Stories that look alarming and are not: nobody may be thought worse of for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cordon.lab.habits.arrival import announce
from cordon.lab.lan import HOUR, MINUTE, SECOND, Lan
from cordon.lab.rhythm import jitter
from cordon.lab.station import Station
from cordon.lab.stories.everyday import allowed_findings
from cordon.lab.stories.story import Plot
from cordon.lab.talk import http, tls


@dataclass(frozen=True, slots=True)
class Benign:
    """After two quiet hours something harmless happens at several devices."""

    name: str
    doing: Callable[[Lan], list[Iterator[int]]]
    lead: int = 2 * HOUR
    length: int = 40 * MINUTE

    def tell(self, lan: Lan, begin: int) -> Plot:
        for steps in self.doing(lan):
            lan.start(begin, steps)
        return Plot(allowed=allowed_findings(lan))


def _update(lan: Lan, who: Station, host: str) -> Iterator[int]:
    """One device fetches its maker's new firmware, from a content network it has not used before."""
    rng = lan.rng("update", who.mac.hex())
    yield lan.now + rng.randrange(20 * MINUTE)
    talk = lan.connect(who, host, 80)
    talk.send(http.request("GET", host, "/release/image.bin", who.fill(who.unit.agent)))
    image = tls.noise(rng, 3_000_000 + rng.randrange(1_000_000))
    talk.reply(http.response(200, "AmazonS3", "application/octet-stream", image), 30_000).close()


def _updates(lan: Lan) -> list[Iterator[int]]:
    chosen = lan.of_kind("smart-plug", "hub", "thermostat", "speaker", "printer")
    return [_update(lan, who, f"firmware-cdn.{who.unit.vendor.lower().replace(' ', '')}.com") for who in chosen]


def _long_backup(lan: Lan) -> list[Iterator[int]]:
    """The network storage sends three times its usual amount where it sends each night."""

    def steps() -> Iterator[int]:
        nas, rng = lan.named("nas"), lan.rng("long backup")
        talk = lan.secure(nas, "backup-eu.c2.synology.com", 443, ("http/1.1",))
        for _ in range(60):
            talk.send(tls.data(rng, 250_000)).reply(tls.data(rng, 300), 50_000).settle()
            yield max(talk.time + 1, lan.now + jitter(rng, 20 * SECOND, 0.3))
            talk.pause(lan.now)
        talk.close()

    return [steps()]


def _storm(lan: Lan) -> list[Iterator[int]]:
    """After a flicker of the wireless network all devices announce themselves again and again."""

    def steps(who: Station) -> Iterator[int]:
        rng = lan.rng("storm", who.mac.hex())
        for _ in range(12):
            yield lan.now + rng.randrange(SECOND, 15 * SECOND)
            announce(lan, who, lan.now)

    return [steps(who) for who in lan.stations if who.unit.presence == "always" and who is not lan.router]


BENIGN: Final = (
    Benign("update-day", _updates),
    Benign("long-backup", _long_backup),
    Benign("announcement-storm", _storm),
)
