"""A weakness that stands: from the evidence that shows it until evidence shows it gone, or a person lives with it."""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Final

from cordon.model.edit import Edit
from cordon.model.finding import Rows, Severity
from cordon.model.tables import STEP
from cordon.model.verdict import Verdict


class Standing(StrEnum):
    """How an exposure stands now."""

    OPEN = "open"
    ACCEPTED = "accepted"  # a person lives with it for a time, and said why
    REPAIRED = "repaired"  # the device was seen doing it properly instead
    UNSEEN = "unseen"  # not seen since, which is less than repaired
    MOVED = "moved"  # its device is a part of another now, which has it


STANDS: Final = frozenset({Standing.OPEN, Standing.ACCEPTED})
"""The weakness is there, whether somebody lives with it or not."""


class Reach(IntEnum):
    """From where the weakness can be used."""

    PATH = 0  # by who sits on the way that its traffic takes
    NETWORK = 1  # by everything in the same network
    INTERNET = 2  # by everybody: somebody outside was seen to


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A person's word that an exposure is lived with; of one exposure the latest holds.

    `withdrawn` takes it back. Like an edit it is kept for good.
    """

    site: str
    exposure: str
    owner: str  # who answers for it
    reason: str
    until: int  # µs; from then on it stands open again
    who: str  # who said so
    time: int  # µs, when it was said, by the wall clock
    withdrawn: bool = False


Word = Edit | Acceptance | Verdict
"""What people say that the stages are told."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a check says of a device, from `time` on; a newer fact of the same id replaces it.

    `severity`, `weight` (tenths of trust) and `effort` (minutes of a person's work on one device) are the check's.
    """

    id: str
    site: str
    device: str
    check: str
    about: str  # which of several of one device: a service and port, a name
    family: str
    severity: Severity
    level: str  # of the check: trial, sound, proven
    weight: int
    effort: int
    reach: Reach
    began: int  # µs, the first that showed it
    seen: int  # µs, the end of the last step that showed it, told once an hour
    time: int
    standing: Standing
    says: str  # completes the sentence "‹device› …"
    gone: str = ""  # how it is known to be gone
    measured: tuple[tuple[str, int | str], ...] = ()
    peers: tuple[str, ...] = ()  # other devices concerned, by id
    rows: Rows | None = None
    accepted: Acceptance | None = None

    @property
    def stands(self) -> bool:
        """Whether the weakness is there, accepted or not."""
        return self.standing in STANDS


def with_word(exposure: Exposure, word: Acceptance, time: int) -> Exposure:
    """The exposure after a person's word, as known at `time` (µs): accepted, or open again."""
    if word.withdrawn:
        standing = Standing.OPEN if exposure.standing is Standing.ACCEPTED else exposure.standing
        return replace(exposure, accepted=None, standing=standing, time=max(time, exposure.time))
    accepted = replace(exposure, accepted=word, time=max(time, exposure.time))
    return replace(accepted, standing=standing_of(accepted, time)) if exposure.stands else accepted


def standing_of(exposure: Exposure, time: int) -> Standing:
    """How an exposure that is there stands at `time`, by its acceptance."""
    return Standing.ACCEPTED if exposure.accepted is not None and expires(exposure) > time else Standing.OPEN


def expires(exposure: Exposure) -> int:
    """The end of the step in which its acceptance ends, µs; 0 without one."""
    return -(-exposure.accepted.until // STEP) * STEP if exposure.accepted is not None else 0
