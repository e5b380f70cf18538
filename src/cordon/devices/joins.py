"""Finds endpoints that are one device, from what stays with a device when its address does not."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from cordon.devices.addresses import Heard
from cordon.devices.fuse import fuse
from cordon.devices.groups import Groups
from cordon.devices.identity import MOST_SHARED, NAMES, may_share_id, may_share_name, particular_name, stable_id
from cordon.devices.oui import is_random
from cordon.devices.state import Known, key
from cordon.model.tables import STEP

_MOST: Final = 64  # endpoints remembered of one id or name, the latest
_SURE: Final = 700  # kinds believed so far speak against each other

SERIES: Final = ("",)
"""Stands for all who say what a whole series says."""
May = Callable[[str, str], bool]
"""Whether two MAC addresses may be of one device."""


class Joins:
    """A working copy of who said which id; links endpoints in `groups`.

    `parts` and `known` are the register's own: what is known of endpoints, and the values they said by field.
    """

    def __init__(
        self,
        groups: Groups,
        ids: Mapping[str, tuple[str, ...]],
        parts: Mapping[str, Known],
        known: Mapping[str, tuple[str, ...]],
        heard: Heard,
    ) -> None:
        self.ids = dict(ids)
        self._groups = groups
        self._parts = parts
        self._known = known
        self._heard = heard

    def note(self, native: str, field: str, value: str, *, step: int, time: int) -> set[str]:
        """Takes in what an endpoint says; yields the endpoints whose links changed."""
        if id := stable_id(field, value):
            return self._note_id(native, field, id, time)
        names = [(field, particular_name(field, value))] if field in NAMES else []
        if field == "dhcp.params":  # what was missing to compare the names
            place = self._parts[native].place
            names = [
                (one, particular_name(one, text)) for one in NAMES for text in self._known.get(key(place, one), ())
            ]
        changed: set[str] = set()
        for named, name in names:
            if name:
                changed |= self._note_name(native, named, name, step, time)
        return changed

    def _note_id(self, native: str, field: str, id: str, time: int) -> set[str]:
        before, series = self._said(native, field, id)
        if native in before or series is not None:
            return series or set()
        return self._link(native, before, field, id.partition(":")[2], time, may_share_id)

    def _note_name(self, native: str, field: str, name: str, step: int, time: int) -> set[str]:
        before, series = self._said(native, field, f"name:{name}")
        if series is not None:
            return series
        changed: set[str] = set()
        asks = self._asks(native)
        for other in before:
            if other == native or not asks & self._asks(other):
                continue
            overlap = is_random(self._mac(native)) + is_random(self._mac(other)) and self._overlap(native, other, step)
            may = partial(may_share_name, name=name, overlap=bool(overlap))
            changed |= self._link(native, (other,), field, name, time, may)
        return changed

    def _said(self, native: str, field: str, id: str) -> tuple[tuple[str, ...], set[str] | None]:
        """Who said it before. Where too many did it names a series, and these endpoints are joined by it no more."""
        before = self.ids.get(id, ())
        if before == SERIES:
            return before, set()
        if native in before:
            return before, None
        said = self.ids[id] = (*before, native)[-_MOST:]
        assigned = [one for one in said if not is_random(self._mac(one))]
        if len(assigned) <= MOST_SHARED:
            return before, None
        self.ids[id] = SERIES
        for one in said:
            for other in said:
                self._groups.unlink(one, other, field)
        return SERIES, set(said)

    def _link(self, native: str, others: tuple[str, ...], field: str, value: str, time: int, may: May) -> set[str]:
        linked = set()
        for other in others:
            fits = may(self._mac(native), self._mac(other)) and not self._contradict(native, other)
            if fits and self._groups.link(other, native, field, value, time):
                linked |= {native, other}
        return linked

    def _contradict(self, one: str, other: str) -> bool:
        """One forwards for others, so that what it says may be theirs; or both are known to be of different kinds."""
        parts = self._parts[one], self._parts[other]
        if any(part.is_gateway for part in parts):
            return True
        kinds = [fuse(part.claims.get("kind", ())) for part in parts]
        return all(kind.confidence >= _SURE for kind in kinds) and kinds[0].value != kinds[1].value

    def _overlap(self, one: str, other: str, step: int) -> bool:
        older, newer = sorted((self._parts[one], self._parts[other]), key=lambda part: part.first_seen)
        segment, _, mac = older.place.rpartition("|")
        return self._heard(segment, mac, step) >= newer.first_seen // STEP * STEP

    def _asks(self, native: str) -> set[str]:
        return set(self._known.get(key(self._parts[native].place, "dhcp.params"), ()))

    def _mac(self, native: str) -> str:
        return self._parts[native].place.rpartition("|")[2]
