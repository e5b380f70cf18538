"""A fleet of devices in their ordinary life, as calls: a hundred devices, some dozen models, a week.

What makes it hard is told in `_novelties`: after the devices are known they go on meeting new places, as they do in
homes (0.02 new names a device and day in a week of seven real ones, as the measured rule of new names has it).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cordon.model.tables import DAY, HOUR, MINUTE, SECOND

CALLS: Final = {
    "time": pl.Int64, "device": pl.Int32, "place": pl.Int32, "standing": pl.Int32, "out": pl.Int64, "into": pl.Int64,
}  # fmt: skip
"""One call each: of which device at which place, µs; `standing` numbers the connection it goes over, 0 for its own."""

MODELS: Final = (
    ("dhcp.vendor", "IPCAM"), ("dhcp.vendor", "AXIS,Network Camera,P3225-LV Mk II,9.70.1.5"),
    ("dhcp.vendor", "Hewlett-Packard OfficeJet"), ("dhcp.vendor", "Polycom-VVX410"), ("dhcp.vendor", "APC"),
    ("dhcp.hostname", "shellyplug-s-7A8B"), ("http.agent", "iRobot/3.2"), ("http.agent", "OCPP-J client/1.6"),
    ("dhcp.hostname", "ESP_4F21AA"), ("dhcp.hostname", "thermo-41"),
    ("http.agent", "Linux UPnP/1.0 Sonos/57.6-95171 (ZPS1)"),
    ("dhcp.hostname", "lamp-7"), ("dhcp.vendor", "LG_55UT672M0UC"), ("dhcp.vendor", "android-dhcp-13"),
)  # fmt: skip
"""What a device of each model tells of itself; of some nothing can be told. The last two go where people send them."""
WANDER: Final = 2
PUBLIC: Final = (23, 31, 45, 77, 81, 89, 109, 141, 151, 185)
"""First numbers of addresses that are reachable from everywhere."""


@dataclass(slots=True)
class Place:
    """Somebody outside: by name (or "", by number), its addresses, port and protocol; `service` as the engine tells."""

    name: str
    addresses: tuple[str, ...]
    port: int
    proto: int
    service: str
    by_dns: bool = False  # it is only asked for at the site's resolver


@dataclass(slots=True)
class Fleet:
    """Devices by their model, places, and the calls so far."""

    seed: int
    start: int
    days: int
    models: NDArray[np.int64]
    places: list[Place] = field(default_factory=list)
    parts: list[pl.DataFrame] = field(default_factory=list)
    connections: int = 0
    bad: dict[tuple[int, int], str] = field(default_factory=dict)  # (device, place) → the profile that calls there
    chance: np.random.Generator = field(default_factory=np.random.default_rng)

    def place(
        self, name: str, port: int, service: str, *, proto: int = 6, addresses: int = 1, by_dns: bool = False
    ) -> int:
        """A new place at addresses of its own; its number."""
        nets = (self.chance.choice(PUBLIC), self.chance.integers(0, 256), self.chance.integers(0, 256))
        held = tuple(
            f"{nets[0]}.{nets[1]}.{(nets[2] + at) % 256}.{self.chance.integers(2, 250)}" for at in range(addresses)
        )
        self.places.append(Place(name, held, port, proto, service, by_dns))
        return len(self.places) - 1

    def call(self, device: int, place: int, times: NDArray[np.int64], out: int, into: int, *, wavers: float = 0.1,
             standing: bool = False) -> None:  # fmt: skip
        """Calls at these times (µs from the start of the week)."""
        times = np.sort(times[(times >= 0) & (times < self.days * DAY)])
        many = times.size
        self.connections += standing
        self.parts.append(
            pl.DataFrame(
                {
                    "time": self.start + times,
                    "device": np.full(many, device),
                    "place": np.full(many, place),
                    "standing": np.full(many, self.connections if standing else 0),
                    "out": (out * self.chance.uniform(1 - wavers, 1 + wavers, many)).astype(np.int64),
                    "into": (into * self.chance.uniform(1 - wavers, 1 + wavers, many)).astype(np.int64),
                }
            ).cast(CALLS)  # type: ignore[arg-type]
        )

    def beats(self, period: float, jitter: float = 0.02, begin: int = 0, end: int = 0) -> NDArray[np.int64]:
        """Times of a heartbeat that keeps to its clock, with some lost."""
        end = end or self.days * DAY
        grid = np.arange(begin + self.chance.uniform(0, period), end, period)
        grid = grid + self.chance.uniform(-jitter, jitter, grid.size) * period
        return grid[self.chance.random(grid.size) > 0.005].astype(np.int64)

    def calls(self) -> pl.DataFrame:
        """All calls, in order."""
        return pl.concat(self.parts).sort("time", "device", "place")


def fleet(seed: int, start: int, *, devices: int = 100, days: int = 7) -> Fleet:
    """A fleet that nobody has taken."""
    chance = np.random.default_rng(seed)
    models = np.where(chance.random(devices) < 0.15, len(MODELS) - 1 - chance.integers(0, WANDER, devices),
                      chance.integers(0, len(MODELS) - WANDER, devices))  # fmt: skip
    made = Fleet(seed, start, days, models, chance=chance)
    for model in range(len(MODELS)):
        mine = np.flatnonzero(models == model)
        if mine.size:
            (_people if model >= len(MODELS) - WANDER else _model)(made, model, mine)
    _time_and_weather(made)
    _novelties(made)
    return made


def _model(made: Fleet, model: int, mine: NDArray[np.int64]) -> None:
    """What its maker built in: a broker or a heartbeat, reports, updates, a delivery network."""
    chance, maker = made.chance, f"maker{model}-{made.seed}.example"
    broker = made.place(f"mqtt.{maker}", int(chance.choice([8883, 443, 1883])), "mqtt", addresses=2)
    api = made.place(f"api.{maker}", 443, "tls", addresses=3)
    updates = made.place(f"fw.{maker}", int(chance.choice([443, 80])), "tls")
    files = made.place(f"cdn.delivery{model}.example", 443, "tls", addresses=40)
    keeps_alive, reports = chance.choice([60, 300, 900]) * SECOND, chance.choice([5, 15, 60]) * MINUTE
    for device in mine:
        away = int(chance.uniform(0, made.days)) * DAY + int(chance.uniform(0, DAY))  # it is off for a while, once
        if model % 3:
            times = made.beats(keeps_alive, 0.01)
            made.call(device, broker, times[(times < away) | (times > away + HOUR)], 90, 90, standing=True)
        made.call(device, api, made.beats(reports, 0.05), 1200, 3000, wavers=0.3)
        made.call(device, updates, made.beats(DAY, 0.02), 900, 4000)
        made.call(device, files, made.beats(9 * HOUR, 0.4), 900, 90_000, wavers=0.8)


def _time_and_weather(made: Fleet) -> None:
    pool = made.place("pool.ntp.example", 123, "ntp", proto=17, addresses=60)
    weather = made.place("api.weather.example", 443, "tls", addresses=4)
    checks = made.place("connectivity.example", 80, "http", addresses=2)
    for device in range(made.models.size):
        made.call(device, pool, made.beats(made.chance.choice([1024, 3600, 8000]) * SECOND, 0.03), 90, 90, wavers=0)
        if device % 4 == 0:
            made.call(device, weather, made.beats(15 * MINUTE, 0.1), 700, 5000)
        if device % 7 == 0:
            made.call(device, checks, made.beats(5 * MINUTE, 0.02), 300, 300, wavers=0)


def _people(made: Fleet, model: int, mine: NDArray[np.int64]) -> None:
    """Telephones and television sets: pages of all the world, some of which ask again and again while they are open."""
    chance = made.chance
    world = [made.place(f"www.site{model}-{at}.example", 443, "tls", addresses=2) for at in range(300)]
    for device in mine:
        for day in range(made.days):
            for begin in day * DAY + chance.uniform(7, 22, chance.integers(4, 10)) * HOUR:
                for site in chance.zipf(1.4, 6) % len(world):
                    times = begin + chance.exponential(20, chance.integers(1, 9)).cumsum() * SECOND
                    made.call(device, world[site], times.astype(np.int64), 3000, 60_000, wavers=0.9)
                if chance.random() < 0.3:  # a chat or a mailbox that is looked at every half minute
                    polls = made.beats(30 * SECOND, 0.05, int(begin), int(begin + chance.uniform(0.2, 2) * HOUR))
                    made.call(device, world[int(chance.integers(len(world)))], polls, 900, 1500)


def _novelties(made: Fleet) -> None:
    """New places after the devices are known: a maker that moves, single visits, what people do, one new habit."""
    chance, kinds = made.chance, len(MODELS) - WANDER
    devices = [one for one in range(made.models.size) if made.models[one] < kinds]
    for model in chance.choice(kinds, 3, replace=False):  # its maker moved a service; devices follow one by one
        moved = made.place(f"edge.newhome{model}-{made.seed}.example", 443, "tls", addresses=3)
        within = chance.choice([2 * HOUR, DAY])
        began, period = chance.uniform(0.21, 0.57) * made.days * DAY, chance.choice([1, 5, 30]) * MINUTE
        for device in np.flatnonzero(made.models == model):
            made.call(device, moved, made.beats(period, 0.05, int(began + chance.uniform(0, within))), 1000, 2000)
    many = max(1, round(0.02 * made.days * made.models.size))
    for at in range(many):
        device, when = int(chance.choice(devices)), int(chance.uniform(0.18, 0.97) * made.days * DAY)
        place = made.place(f"host.other{at}-{made.seed}.example" if at % 8 else "", 443, "tls")
        if at % 3:  # once, in a handful of connections
            visits = when + chance.exponential(15, chance.integers(1, 7)).cumsum() * SECOND
            made.call(device, place, visits.astype(np.int64), 1500, 200_000, wavers=0.9)
            continue
        for day in range(when // DAY, made.days):  # whenever somebody uses something, or walks by
            how, often = at % 9, chance.integers(4, 25) if at % 9 == 3 else chance.integers(0, 6)
            for begin in (day * DAY + chance.uniform(7, 23, often) * HOUR).astype(np.int64):
                if how == 3:  # a movement is told, in a call of always the same size
                    made.call(device, place, begin + np.zeros(1, np.int64), 700, 300, wavers=0.02)
                elif how == 6:  # something is looked at for a while, and asked for every half minute
                    polls = made.beats(30 * SECOND, 0.05, int(begin), int(begin + chance.uniform(5, 40) * MINUTE))
                    made.call(device, place, polls, 900, 1500)
                else:
                    times = begin + chance.exponential(25, chance.integers(1, 8)).cumsum() * SECOND
                    made.call(device, place, times.astype(np.int64), 2500, 30_000, wavers=0.9)
    if made.models.size >= 50:  # somebody added an integration: a heartbeat that only this device has
        own = made.place(f"hook.integration-{made.seed}.example", 443, "tls")
        begin = int(chance.uniform(0.21, 0.57) * made.days * DAY)
        made.call(int(chance.choice(devices)), own, made.beats(chance.uniform(5, 60) * MINUTE, 0.05, begin), 800, 900)
