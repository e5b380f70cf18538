"""A device as it stands on the simulated site: its addresses and what it remembers."""

from dataclasses import dataclass, field
from random import Random

from cordon.lab.unit import Unit
from cordon.lab.wire.frames import ip_text, mac_text
from cordon.lab.wire.tcp import End


@dataclass(slots=True, eq=False)
class Station:
    """One device of the site. `names` and `neighbours` are its DNS and ARP caches, by what was asked."""

    unit: Unit
    mac: bytes
    ip: bytes
    ip6: bytes
    host: str
    rng: Random
    name: str = ""
    names: dict[tuple[str, int], tuple[int, bytes]] = field(default_factory=dict)
    neighbours: dict[bytes, int] = field(default_factory=dict)
    stays: list[tuple[int, int]] = field(default_factory=list)  # when it is on the site, µs
    port: int = 0
    ident: int = 0
    delay: int = 0

    def __post_init__(self) -> None:
        low = 32_768 if self.unit.system == "linux" else 49_152
        self.port = low + self.rng.randrange(8_000)
        self.ident = self.rng.randrange(1 << 16)
        self.delay = self.rng.randrange(180, 420) if self.unit.system != "lwip" else self.rng.randrange(1500, 4000)

    def next_port(self) -> int:
        """A fresh ephemeral port."""
        self.port += self.rng.choice((1, 1, 2, 2, 3, 5, 8))
        if self.port > 60_900:
            self.port = 32_768 if self.unit.system == "linux" else 49_152
        return self.port

    def next_ident(self) -> int:
        self.ident = (self.ident + 1) & 0xFFFF
        return self.ident

    def end(self, port: int) -> End:
        """This device as one end of a TCP connection."""
        unit = self.unit
        return End(
            self.mac,
            self.ip,
            port,
            self.rng.getrandbits(32),
            unit.ttl,
            unit.system,
            self.rng.getrandbits(16),
            self.delay,
        )

    @property
    def mac_text(self) -> str:
        return mac_text(self.mac)

    @property
    def ip_text(self) -> str:
        return ip_text(self.ip)

    def fill(self, text: str) -> str:
        """A text of the catalogue with this unit's own parts put in."""
        if "{" not in text:
            return text
        plain = self.mac.hex().upper()
        return text.format(
            host=self.host,
            mac=plain,
            tail=plain[-6:],
            low=plain[-6:].lower(),
            model=self.unit.model,
            ip=self.ip_text,
        )
