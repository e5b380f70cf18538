"""What Cordon can see of a segment, what it loses there, and what to connect next."""

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cordon.store import tables
from cordon.store.losses import gravest, losses
from cordon.store.views import (
    SEES,
    Coverage,
    Source,
    sees_of,
)

_MOSTLY = 0.85  # from this share of devices seen both ways on a segment counts as seen


def ways(session: Session) -> dict[str, dict[str, int]]:
    """Of each segment, how many devices are seen both ways, one way, or only in group traffic."""
    device, seen = tables.DeviceRow, tables.PresenceRow
    way = case(
        ((seen.unicast_out > 0) & (seen.unicast_in > 0), "both_ways"),
        ((seen.unicast_out > 0) | (seen.unicast_in > 0), "one_way"),
        else_="group_only",
    )
    rows = session.execute(
        select(device.segment, way, func.count())
        .outerjoin(seen, seen.device == device.id)
        .where(device.known == "seen")
        .group_by(device.segment, way)
    )
    found: dict[str, dict[str, int]] = {}
    for segment, name, count in rows:
        found.setdefault(segment, {})[name] = count
    return found


def coverage_of(name: str, sources: Sequence[Source], traffic: tuple[int, int], seen: dict[str, int]) -> Coverage:
    """What is seen of a segment by the sources that reach it."""
    # A capture of a trunk carries lan, lan.12, …: it is a source of all segments that start with its own name.
    of_it = [source for source in sources if name == source.segment or name.startswith(source.segment + ".")]
    damaged: dict[str, int] = {}
    for source in of_it:
        for kind, count in source.damaged.items():
            damaged[kind] = damaged.get(kind, 0) + count
    sees = {sees_of(source.name) for source in of_it}
    return Coverage(
        segment=name,
        sources=tuple(source.label for source in of_it),
        packets=traffic[0],
        bytes=traffic[1],
        both_ways=seen.get("both_ways", 0),
        one_way=seen.get("one_way", 0),
        group_only=seen.get("group_only", 0),
        damaged=damaged,
        sees=tuple(kind for kind in SEES if kind in sees),
        next=_next(sees, seen, gravest(of_it)),
        lost=losses(damaged),
    )


def _next(sees: set[str], seen: dict[str, int], loss: str) -> str:
    """What to connect next: first what shows the devices at all, then what loses less, then what names them."""
    devices = sum(seen.values())
    if not devices:
        return loss or "anything"
    if seen.get("both_ways", 0) < _MOSTLY * devices:
        return "mirror" if seen.get("group_only", 0) >= seen.get("one_way", 0) else "both ways"
    return loss or ("names" if sees == {"flow records"} else "")
