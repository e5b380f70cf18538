"""The shape of what people said of findings."""

from collections.abc import Mapping
from dataclasses import dataclass

from cordon.model.verdict import Verdict
from cordon.shapes.entries import iso
from cordon.verdicts import scope_says


@dataclass(frozen=True, slots=True)
class VerdictEntry:
    """A person's word on what a detector tells: `fine`, or not normal, `until` a time by the clock of the traffic.
    `scope` is device, kind or site, `whose` the device's id or the kind, `whose_name` that in words; `about` is the
    peer, place or service it is limited to, "" for any; `withdrawn` took it back. `finding` is the one it was said
    of."""

    id: str
    finding: str
    device: str
    detector: str
    fine: bool
    scope: str
    whose: str
    whose_name: str
    about: str
    owner: str
    reason: str
    until: str | None
    who: str
    time: str | None
    withdrawn: bool


def verdict_entry(word: Verdict, names: Mapping[str, str]) -> VerdictEntry:
    """A verdict as it is printed; `names` are those of devices."""
    return VerdictEntry(
        id=word.id,
        finding=word.finding,
        device=word.device,
        detector=word.detector,
        fine=word.fine,
        scope=word.scope.value,
        whose=word.whose,
        whose_name=scope_says(word, dict(names)),
        about=word.about,
        owner=word.owner,
        reason=word.reason,
        until=iso(word.until),
        who=word.who,
        time=iso(word.time),
        withdrawn=word.withdrawn,
    )
