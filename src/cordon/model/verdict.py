"""What a person says of a finding: that such a thing is fine, or that it is not, for whom, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cordon.model.finding import Finding


class Scope(StrEnum):
    """For whom a verdict holds."""

    DEVICE = "device"
    KIND = "kind"  # for all devices of its kind
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word on what a detector tells; of one `id` the latest holds.

    While it is `fine`, findings it covers are kept but marked: they cost no trust, make no incident, are told to
    nobody, and what they speak of is learned. While it is not, what it speaks of is never learned, and told again each
    day.
    `withdrawn` takes it back. Like an edit it is kept for good.
    """

    id: str  # derived from the site, detector, scope, `whose` and `about`
    site: str
    finding: str  # the finding of which it was said
    device: str  # that finding's
    detector: str
    fine: bool
    scope: Scope
    whose: str  # a device or a kind; "" for the site
    about: str  # one of what findings concern (`concerned`); "": whatever it is
    owner: str  # who answers for it
    reason: str
    until: int  # µs of event time
    who: str  # who said so
    time: int  # µs, when it was said, by the wall clock
    withdrawn: bool = False

    def covers(self, finding: Finding, kind: str) -> bool:
        """Whether it speaks of that finding, of a device that was of that kind."""
        whose = {Scope.DEVICE: finding.device, Scope.KIND: kind, Scope.SITE: ""}[self.scope]
        same = self.detector == finding.detector and self.whose == whose and finding.noticed < self.until
        return same and (not self.about or self.about in concerned(finding))


def concerned(finding: Finding) -> tuple[str, ...]:
    """What a finding speaks of besides its device: other devices, an address, a place, or ``tcp/23``, a service that
    the device offered; sorted."""
    where, measured = dict(finding.rows.where) if finding.rows else {}, dict(finding.measured)
    named = {*finding.peers, where.get("peer", ""), *(str(measured.get(one, "")) for one in ("destination", "place"))}
    if "peer" not in where and "port" in where:
        named.add(f"tcp/{where['port']}")
    return tuple(sorted(named - {""}))


def standing(words: Iterable[Verdict], time: int) -> tuple[Verdict, ...]:
    """Of all that was said what holds at `time` (µs): the latest of each id, not withdrawn, not over; sorted by id."""
    latest: dict[str, Verdict] = {}
    for word in sorted(words, key=lambda one: one.time):
        latest[word.id] = word
    return tuple(latest[id] for id in sorted(latest) if not latest[id].withdrawn and latest[id].until > time)
