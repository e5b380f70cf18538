"""The contract of a check: declares itself, looks at what a window shows, yields signs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Rows, Severity
from cordon.model.tables import DAY
from cordon.parts import Part


@dataclass(frozen=True, slots=True)
class Sign:
    """What one step shows of one thing about one device: the weakness, or (`proper`) the same done well."""

    check: str
    device: str
    about: str
    step: int
    first: int
    says: str
    proper: bool = False
    severity: Severity = Severity.LOW
    reach: Reach = Reach.NETWORK
    measured: tuple[tuple[str, int | str], ...] = ()
    peers: tuple[str, ...] = ()
    rows: Rows | None = None


MOST_TEXT: Final = 300
"""The most characters of anything that a check says: what devices present of themselves may be of any length."""


def plain(text: str) -> str:
    """What a device presented, harmless wherever it is shown: without what steers terminals or turns writing round."""
    text = text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"
    return text if text.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in text)


class Check(Part):
    """One weakness, looked for on every step.

    A check yields a sign for *every* step that shows the weakness, and one for every step that shows the same service
    done properly: in the order of the steps, or the weakness of all steps first. The stage keeps what stands. The
    docstring of a check is its page in the manual, under "Why it matters", "False alarms", "How to repair" and "How we
    will know".
    """

    action: ClassVar[str]
    """What to do, as people say it; the device's name follows after a colon."""
    family: ClassVar[str]
    """credentials, encryption, services, placement, updates, privacy."""
    severity: ClassVar[Severity]
    weight: ClassVar[int]
    """Tenths of trust that it costs while it stands open."""
    effort: ClassVar[int]
    """Minutes that a person needs for it on the first device."""
    requirements: ClassVar[tuple[str, ...]]
    """Published requirements that it touches; keys of `cordon.exposure.requirements.SAYS`."""
    reads: ClassVar[tuple[str, ...]]
    """Tables (or "talks") without a row of which there is nothing to look at."""
    settles: ClassVar[int] = DAY
    """It counts as repaired when it is done properly so long after the weakness was last seen, µs."""
    forgotten: ClassVar[int] = 14 * DAY
    """It counts as not seen since when nothing showed it for so long, µs."""

    def look(self, seen: Sight) -> Iterator[Sign]:
        """The weakness, and its opposite, wherever a step of `seen` shows it."""
        raise NotImplementedError

    def shown(
        self,
        device: str,
        step: int,
        says: str,
        *,
        about: str = "",
        first: int = 0,
        reach: Reach = Reach.NETWORK,
        severity: Severity | None = None,
        measured: tuple[tuple[str, int | str], ...] = (),
        peers: tuple[str, ...] = (),
        rows: Rows | None = None,
    ) -> Sign:
        """That a step shows the weakness; `says` completes the sentence "‹device› …"."""
        told = tuple((what, plain(value) if isinstance(value, str) else value) for what, value in measured)
        return Sign(
            self.id, device, plain(about), step, first or step, plain(says), False,
            self.severity if severity is None else severity, reach, told,
            tuple(sorted(peer for peer in set(peers) if peer and peer != device)), rows,
        )  # fmt: skip

    def proper(self, device: str, step: int, says: str, *, about: str = "") -> Sign:
        """That a step shows the same done properly; `says` completes the sentence "‹device› …"."""
        return Sign(self.id, device, plain(about), step, step, plain(says), True)
