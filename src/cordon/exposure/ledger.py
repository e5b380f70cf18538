"""What stands while a window is judged: signs open and end exposures, time and people's words change how they stand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.model.exposure import Acceptance, Exposure, Standing, expires, standing_of, with_word
from cordon.model.ids import derive
from cordon.model.tables import DAY, HOUR, STEP

MOST: Final = 50_000
"""Exposures that are remembered of a site."""
MOST_OF_DEVICE: Final = 48
"""Exposures that stand of one device at once; of more than that nobody reads the last."""
MOST_PEERS: Final = 16
KEPT: Final = 30 * DAY
"""How long what is gone is remembered, so that what comes back is known again."""


class Ledger:
    """A working copy of what stands; `told` are the new and changed facts."""

    def __init__(self, standing: Mapping[str, Exposure], site: str, checks: Mapping[str, Check]) -> None:
        self.standing = dict(standing)
        self.told: list[Exposure] = []
        self._site, self._checks = site, checks
        self._count: Counter[str] | None = None

    def take(self, sign: Sign) -> None:
        """Takes one step's sign in; signs come in the order of their steps."""
        id, end = derive("exposure", self._site, sign.check, sign.device, sign.about), sign.step + STEP
        known = self.standing.get(id)
        if known is not None:
            known = self._passed(known, end)
        if sign.proper:
            self._end(known, sign, end)
        elif known is None or not known.stands:
            self._open(id, known, sign, end)
        elif end > known.seen:
            self._go_on(known, sign, end)

    def pass_time(self, time: int) -> None:
        """Lets time come to `time` (µs) for everything that stands."""
        for one in list(self.standing.values()):
            self._passed(one, time)

    def say(self, word: Acceptance, time: int) -> None:
        """Takes a person's word in; one about what is not known here changes nothing."""
        known = self.standing.get(word.exposure)
        if known is not None:
            self._tell(with_word(known, word, time))

    def move(self, other: str, device: str, time: int) -> None:
        """The device `other` is a part of `device` from now on, which has its exposures."""
        for one in [one for one in self.standing.values() if one.device == other and one.stands]:
            self._tell(replace(one, standing=Standing.MOVED, time=time, gone="is a part of another device now"))
            id = derive("exposure", self._site, one.check, device, one.about)
            there = self.standing.get(id)
            if there is None or not there.stands:
                self._tell(replace(one, id=id, device=device, time=time, accepted=one.accepted))

    def forget(self, before: int) -> None:
        """Lets go of what has been gone since before that time (µs), unless somebody's word of it still holds."""
        gone = [one for one in self.standing.values() if not one.stands and one.time < before]
        for one in gone:
            if expires(one) <= before + KEPT:
                del self.standing[one.id]

    @property
    def least(self) -> int:
        """When the first of what was told changes by time alone, µs; 0: never."""
        return min((self._due(one) for one in self.told if one.stands), default=0)

    def due(self) -> int:
        """When something changes by time alone, µs; 0: nothing will."""
        return min((self._due(one) for one in self.standing.values() if one.stands), default=0)

    def _open(self, id: str, known: Exposure | None, sign: Sign, end: int) -> None:
        if self._of_device[sign.device] >= MOST_OF_DEVICE or (known is None and len(self.standing) >= MOST):
            return
        check = self._checks[sign.check]
        fresh = Exposure(
            id, self._site, sign.device, sign.check, sign.about, check.family, sign.severity, str(check.level),
            check.weight, check.effort, sign.reach, sign.first, end, end, Standing.OPEN, sign.says, "", sign.measured,
            sign.peers[:MOST_PEERS], sign.rows, known.accepted if known is not None else None,
        )  # fmt: skip
        self._tell(replace(fresh, standing=standing_of(fresh, end)))

    def _go_on(self, known: Exposure, sign: Sign, end: int) -> None:
        """It is still there. That is told when it is worse than before, and else once an hour."""
        peers = known.peers
        if not set(sign.peers) <= set(peers):
            peers = tuple(sorted({*peers, *sign.peers}))[:MOST_PEERS]
        after = replace(known, seen=end, peers=peers)
        worse = sign.severity > known.severity or sign.reach > known.reach
        if worse:
            after = replace(
                after,
                severity=max(sign.severity, known.severity),
                reach=max(sign.reach, known.reach),
                says=sign.says,
                measured=sign.measured,
                rows=sign.rows,
            )
        if worse or end // HOUR > known.time // HOUR:
            self._tell(replace(after, time=end))
        else:
            self.standing[known.id] = after

    def _end(self, known: Exposure | None, sign: Sign, end: int) -> None:
        if known is None or not known.stands or end <= known.seen:
            return
        if end - known.seen >= self._checks[sign.check].settles:
            self._tell(replace(known, standing=Standing.REPAIRED, time=end, gone=sign.says))

    def _passed(self, one: Exposure, time: int) -> Exposure:
        """The exposure when time has come to `time`."""
        while one.stands and (due := self._due(one)) <= time:
            if due >= self._forgotten(one):
                one = replace(one, standing=Standing.UNSEEN, time=due, gone="was not seen doing it since")
            else:
                one = replace(one, standing=Standing.OPEN, time=due, accepted=None)
            self._tell(one)
        return one

    def _due(self, one: Exposure) -> int:
        forgotten = self._forgotten(one)
        return min(forgotten, expires(one)) if one.standing is Standing.ACCEPTED else forgotten

    def _forgotten(self, one: Exposure) -> int:
        check = self._checks.get(one.check)
        return one.seen + (check.forgotten if check is not None else Check.forgotten)

    @property
    def _of_device(self) -> Counter[str]:
        """How many stand of each device; counted when it is first asked for, and kept up from then on."""
        if self._count is None:
            self._count = Counter(one.device for one in self.standing.values() if one.stands)
        return self._count

    def _tell(self, one: Exposure) -> None:
        before = self.standing.get(one.id)
        if self._count is not None:
            self._count[one.device] += int(one.stands) - int(before is not None and before.stands)
        self.standing[one.id] = one
        self.told.append(one)
