"""What Cordon can see of each network, in a sentence and a picture, and what to connect next."""

import math
from dataclasses import dataclass
from typing import Final

from cordon.server.console.words import count, plural, size
from cordon.store import LOST, NEXT, SEES, Coverage

SPOKES: Final = 14
CENTRE: Final = (132.0, 66.0)
MOSTLY: Final = 0.85  # from this share on a network counts as seen
WANTING: Final = {
    "missed": "Yet not all of it came in, so quick things may have passed unseen.",
    "cut": "Yet packets came without their ends, so names and logins are missing.",
}
"""What keeps a network from being seen fully though all its devices are; the rest is as good as it gets."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """One line of the picture, from the switch to a device."""

    x1: float
    y1: float
    x2: float
    y2: float
    seen: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """One network: its picture, what Cordon sees of it, and what to do to see more."""

    title: str
    says: str
    next: str
    numbers: str
    ways: tuple[tuple[str, str], ...]  # how many devices, seen how
    losses: tuple[tuple[str, str], ...]  # how much, and what became of it
    spokes: tuple[Spoke, ...]
    picture_says: str


def sight(seen: Coverage) -> Sight:
    """What is seen of one network."""
    devices = seen.both_ways + seen.one_way + seen.group_only
    share = seen.both_ways / devices if devices else 0.0
    sources = ", ".join(dict.fromkeys(seen.sources))
    read = f"From {sources}" if sources else "Read so far"
    numbers = f"{read}: {plural(seen.packets, 'packet')}, {size(seen.bytes)}."
    return Sight(
        title=f"Network {seen.segment}" if seen.segment else "Network without a name",
        says=_says(seen, devices, share),
        next=NEXT[seen.next] + "." if seen.next else "",
        numbers=numbers,
        ways=_ways(seen) if devices else (),
        losses=tuple((count(number), LOST[sort]) for sort, number in seen.lost.items()),
        spokes=spokes(share),
        picture_says=f"A switch with its devices; the talk of {round(share * 100)} in 100 of them reaches Cordon.",
    )


def _says(seen: Coverage, devices: int, share: float) -> str:
    if not devices:
        return "No device has been seen here."
    if seen.sees and "packets" not in seen.sees:
        return f"Both ways of {seen.both_ways} of {plural(devices, 'device')}, from {SEES[seen.sees[0]]}."
    if share >= MOSTLY:
        told = f"Both ways of what {seen.both_ways} of {plural(devices, 'device')} say."
        return f"{told} {WANTING.get(seen.next, 'This is close to a full view.')}"
    rest = []
    if seen.one_way:
        rest.append(f"{seen.one_way} in one direction only")
    if seen.group_only:
        rest.append(f"{seen.group_only} only when they speak to everybody (broadcast)")
    return f"Both ways of {seen.both_ways} of {plural(devices, 'device')}; {' and '.join(rest)}."


def _ways(seen: Coverage) -> tuple[tuple[str, str], ...]:
    """The devices by what reaches Cordon of them; what none is seen by is left out."""
    each = ((seen.both_ways, "both ways"), (seen.one_way, "one direction only"), (seen.group_only, "broadcast only"))
    return tuple((count(number), says) for number, says in each if number)


def spokes(share: float) -> tuple[Spoke, ...]:
    """The lines of the picture; so many of them are seen as the share says."""
    seen = round(SPOKES * share)
    made = []
    for at in range(SPOKES):
        angle = math.radians(28 + at * (304 / (SPOKES - 1)))  # the right side stays free for Cordon itself
        across, down = math.cos(angle), math.sin(angle)
        made.append(
            Spoke(
                round(CENTRE[0] + across * min(40 / max(abs(across), 0.01), 16 / max(abs(down), 0.01)), 1),
                round(CENTRE[1] + down * min(40 / max(abs(across), 0.01), 16 / max(abs(down), 0.01)), 1),
                round(CENTRE[0] + across * 112, 1),
                round(CENTRE[1] + down * 56, 1),
                at < seen,
            )
        )
    return tuple(made)


NOTHING: Final = Sight(
    "",
    "",
    "",
    "",
    (),
    (),
    spokes(3 / SPOKES),
    "A switch with its devices; on an ordinary port few of them reach Cordon.",
)
