"""The table, in Markdown."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evaluation.bench.measure import FailedError, Spent
from evaluation.bench.subject import Subject

_FLOOR, _PEER = "floor: every byte touched", "nDPI reader"
_COLUMNS = ("", "packets/s", "packets per CPU second", "of the floor", "× nDPI reader", "peak MiB", "runs", "yields")


@dataclass(frozen=True, slots=True)
class Line:
    """A subject, how many packets it read, and what that took or why it failed."""

    subject: Subject
    packets: int
    spent: Spent | FailedError

    @property
    def speed(self) -> float:
        """Packets per second of processor time; 0 when it failed."""
        return 0.0 if isinstance(self.spent, FailedError) else self.packets / self.spent.cpu


def machine() -> str:
    """The processor, the system and the day."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    day = datetime.now(UTC).date().isoformat()
    return f"{names[0] if names else platform.processor()}, {len(names)} cores, {platform.system()}, {day}"


def table(lines: Sequence[Line]) -> str:
    """One row each; ratios are of packets per second of processor time, on one core."""
    speeds = {line.subject.name: line.speed for line in lines}
    floor, peer = speeds.get(_FLOOR, 0.0), speeds.get(_PEER, 0.0)
    rows = [_COLUMNS, ("---", *("---:",) * (len(_COLUMNS) - 2), "---"), *(_row(line, floor, peer) for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(line: Line, floor: float, peer: float) -> tuple[str, ...]:
    subject, spent = line.subject, line.spent
    name = f"{subject.name} (first {line.packets:,})" if subject.slow else subject.name
    if isinstance(spent, FailedError):
        return (name, "", "", "", "", "", "", str(spent))
    alone = subject.cores == 1
    return (
        name,
        f"{line.packets / spent.seconds:,.0f}",
        f"{line.speed:,.0f}",
        f"{line.speed / floor:.1%}".replace("%", " %") if alone and floor else "",
        f"{line.speed / peer:.2f}" if alone and peer else "",
        "" if subject.maps else f"{spent.peak:.0f}",
        str(spent.runs),
        subject.yields,
    )


def gain(lines: Sequence[Line]) -> str:
    """How much faster two cores read than one; empty when either failed."""
    took = {line.subject.cores: line.spent for line in lines if line.subject.name.startswith("`cordon read`")}
    one, two = took.get(1), took.get(2)
    if not isinstance(one, Spent) or not isinstance(two, Spent):
        return ""
    return f"`cordon read` on two cores: {one.seconds / two.seconds:.2f} times as fast as on one."
