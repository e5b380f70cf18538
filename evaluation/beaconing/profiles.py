"""Profiles of command and control: how often a taken device calls, how it wavers, over what, and what it lets out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordon.model.tables import DAY, HOUR, MINUTE, SECOND

Times = NDArray[np.int64]

SHAPES: Final = ("clock", "uniform-25", "uniform-50", "uniform-100", "gaussian", "exponential", "drop-outs", "hours")
"""How calls waver. Of `uniform-N` pauses lie evenly within N per cent of the period, of `gaussian` normally."""

BANDS: Final = (
    ("5 s to 1 min", 5 * SECOND, MINUTE),
    ("1 to 10 min", MINUTE, 10 * MINUTE),
    ("10 min to 1 h", 10 * MINUTE, HOUR),
    ("1 to 4 h", HOUR, 4 * HOUR),
    ("4 to 12 h", 4 * HOUR, 12 * HOUR),
    ("12 to 24 h", 12 * HOUR, DAY),
)
SLOW: Final = 4 * HOUR
"""Of longer periods a week holds too few calls to hide half of them; drop-outs and working hours are left out there."""

TRANSPORTS: Final = ("https", "https by number", "dns", "mqtt", "tcp", "udp", "dns at its own server")


@dataclass(frozen=True, slots=True)
class Profile:
    """One way of calling home. `jitter` is a share of the period; `begin` and `end` are µs from the start."""

    name: str
    shape: str
    band: str
    transport: str
    period: int
    jitter: float
    lost: float  # share of the calls that are not made
    size: int  # bytes sent in a call
    wavers: float  # share by which the size differs
    begin: int
    end: int
    seed: int

    @property
    def is_gentle(self) -> bool:
        """Whether its pauses differ by half at most."""
        return self.shape not in ("exponential", "hours", "drop-outs") and self.jitter <= 0.5

    def calls(self, start: int) -> Times:
        """When it calls, µs, with the week's first midnight (a Monday) at `start`."""
        chance = np.random.default_rng(self.seed)
        many = int((self.end - self.begin) / self.period * 2) + 30
        times = self.begin + np.concatenate(([0], np.cumsum(_pauses(self, many, chance))))
        times = times[times < self.end]
        if self.shape == "drop-outs":
            times = times[chance.random(times.size) >= self.lost]
            away = self.begin + (self.end - self.begin) * chance.uniform(0.2, 0.7)  # and once for longer
            times = times[(times < away) | (times > away + 8 * self.period)]
        if self.shape == "hours":
            opens = 8 * HOUR
            times = times[(times % DAY >= opens) & (times % DAY < opens + 9 * HOUR) & (times // DAY % 7 < 5)]
        return start + times.astype(np.int64)


def _pauses(one: Profile, many: int, chance: np.random.Generator) -> NDArray[np.float64]:
    if one.shape == "exponential":
        return chance.exponential(one.period, many)
    if one.shape == "gaussian":
        return np.maximum(one.period * (1 + one.jitter * chance.standard_normal(many)), SECOND)
    return one.period * (1 + one.jitter * chance.uniform(-1, 1, many))


def profiles(seed: int) -> tuple[Profile, ...]:
    """The profiles of a seed: every shape in every band, what else they are drawn by lot."""
    chance = np.random.default_rng(seed)
    found: list[Profile] = []
    for band, least, most in BANDS:
        for shape in SHAPES:
            if least >= SLOW and shape in ("drop-outs", "hours"):
                continue
            for _ in range(2 if shape == "exponential" else 1):  # as many as make a share
                found.append(_profile(len(found), shape, (band, least, most), chance))
    return tuple(found)


def _profile(at: int, shape: str, band: tuple[str, int, int], chance: np.random.Generator) -> Profile:
    name, least, most = band
    period = int(np.exp(chance.uniform(np.log(least), np.log(most))))
    jitter = {
        "clock": chance.uniform(0, 0.05),
        "uniform-25": chance.uniform(0.05, 0.25),
        "uniform-50": chance.uniform(0.3, 0.5),
        "uniform-100": chance.uniform(0.6, 1.0),
        "gaussian": chance.uniform(0.05, 0.5),
        "drop-outs": chance.uniform(0, 0.3),
        "hours": chance.uniform(0, 0.3),
    }.get(shape, 1.0)
    begin = int(chance.uniform(30 * HOUR, 36 * HOUR))
    lasts = max(2 * DAY, 400 * period)  # it is there to stay; of the quickest two days must do
    transport = TRANSPORTS[int(chance.integers(len(TRANSPORTS)))]
    return Profile(
        f"{at:02d} {shape} {name}", shape, name, transport, period, float(jitter), float(chance.uniform(0.1, 0.4)),
        int(chance.uniform(120, 1500)), float(chance.choice([0, 0.05, 0.3])), begin, begin + lasts,
        int(chance.integers(1 << 31)),
    )  # fmt: skip
