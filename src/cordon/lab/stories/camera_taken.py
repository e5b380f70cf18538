"""A camera with its factory password is taken from outside, and does what such cameras then do."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.address import stranger
from cordon.lab.lan import HOUR, MINUTE, SECOND, Lan
from cordon.lab.station import Station
from cordon.lab.stories import intrusion, misuse
from cordon.lab.stories.everyday import allowed_findings
from cordon.lab.stories.story import Plot, Step

_MASTER: Final = "cc.sync-telemetry.top"
_MIRROR: Final = "upd.firmware-mirror.top"
_TUNNEL: Final = "t.data-relay.top"
_PORTS: Final = (7, 9, 13, 21, 22, 23, 25, 26, 37, 53, 79, 80, 81, 88, 106, 110, 111, 113, 119, 135, 139, 143, 179, 199)


class CameraTaken:
    """Twelve steps over about 70 minutes; the beacons go on until the capture ends."""

    name = "camera-taken"
    lead = 2 * HOUR
    length = 80 * MINUTE

    def tell(self, lan: Lan, begin: int) -> Plot:
        return _Telling(lan, begin).start()


class _Telling:
    """One telling of the story; each act notes its step when it is over."""

    def __init__(self, lan: Lan, begin: int) -> None:
        self.lan, self.begin = lan, begin
        self.first, self.second = lan.named("camera-yard"), lan.named("camera-store")
        self.server = lan.named("server")
        self.rng: Random = lan.rng("camera-taken")
        self.plot = Plot(allowed=allowed_findings(lan))
        self.plot.roles = {self.first.mac: "taken", self.second.mac: "taken by the first"}
        lan.strangers = {name: stranger(lan.seed, name) for name in (_MASTER, _MIRROR)}

    def start(self) -> Plot:
        lan, rng, first, second = self.lan, self.rng, self.first, self.second
        self._act(0, "break-in", "default-credential", first, "its factory password opened Telnet to the Internet",
                  intrusion.break_in(lan, first, self._who("guesser"), rng))
        self._act(2.5, "loader", "new-destination", first, "it fetched a program from an address never seen before", self._load())
        self._act(3.5, "beacon", "beacon", first, "it reports to a stranger each minute",
                  misuse.beacon(lan, first, _MASTER, 4821, lan.rng("beacon 1"), lan.end))
        self._act(7, "address-scan", "address-scan", first, "it tries every address of the network for Telnet",
                  misuse.sweep(lan, first, (23, 2323), rng, 2 * SECOND + SECOND // 2))
        self._act(20, "port-scan", "port-scan", first, "it tries many ports of the server",
                  misuse.scan(lan, first, self.server, self._ports(), SECOND // 3, rng))
        self._act(24, "spread", "telnet-spread", first, "it tries passwords at other devices' Telnet", self._spread())
        self._act(29, "second-taken", "default-credential", second, "its factory password let the first camera in",
                  intrusion.spread(lan, first, second, lan.rng("second"), falls=True))
        self._act(31, "second-beacon", "beacon", second, "it reports to the same stranger each minute",
                  misuse.beacon(lan, second, _MASTER, 4821, lan.rng("beacon 2"), lan.end))
        self._act(35, "dns-tunnel", "dns-tunnel", first, "it carries data in names it asks for",
                  misuse.tunnel(lan, first, _TUNNEL, rng, self._at(45)))
        self._act(47, "arp-spoofing", "arp-spoofing", first, "it poses as the gateway to the server",
                  misuse.spoof(lan, first, self.server, rng, self._at(52)))
        self._act(54, "exfiltration", "exfiltration", first, "it uploads far more than ever, to an address never seen before",
                  misuse.carry_off(lan, first, self._who("store"), 12_000_000, 40, rng, 10 * SECOND))
        self._act(66, "flood", "flood", first, "it floods an address on the Internet",
                  misuse.flood(lan, first, self._who("victim"), 20_000, 60 * SECOND, rng))
        return self.plot  # fmt: skip

    def _who(self, role: str) -> bytes:
        return stranger(self.lan.seed, role)

    def _at(self, minutes: float) -> int:
        return self.begin + int(minutes * MINUTE)

    def _act(self, minutes: float, name: str, what: str, device: Station, says: str, steps: Iterator[int]) -> None:
        self.lan.start(self._at(minutes), self._noted(name, what, device, says, steps))

    def _noted(self, name: str, what: str, device: Station, says: str, steps: Iterator[int]) -> Iterator[int]:
        step = Step(name, what, device, self.lan.now, self.lan.now, says)
        self.plot.steps.append(step)
        for again in steps:
            step.ends = min(again, self.lan.end)
            yield again
        step.ends = max(step.ends, self.lan.now)

    def _load(self) -> Iterator[int]:
        yield intrusion.load(self.lan, self.first, _MIRROR, self.rng)

    def _ports(self) -> list[int]:
        ports = [*_PORTS, *range(389, 1100, 7), 1433, 1521, 2049, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27017]
        self.rng.shuffle(ports)
        return ports

    def _spread(self) -> Iterator[int]:
        """Everybody whose Telnet answered, and some that only might."""
        lan = self.lan
        others = [other for other in lan.stations if other not in (self.first, self.second, lan.router)]
        prey = [other for other in others if 23 in other.unit.serves or other.unit.kind in ("camera", "nvr", "printer")]
        for other in prey:
            if lan.present(other):
                yield from intrusion.spread(lan, self.first, other, self.rng, falls=False)
                yield lan.now + self.rng.randrange(6 * SECOND, 12 * SECOND)
