"""Which endpoints are one device.

Each endpoint is a device by itself, with an id of its own. A reason to take two for one is a link between them, and
what hangs together by links is one device; it bears the id of the endpoint that was seen first. Evidence stays with
the endpoint it came from, so a link that is taken back parts what it had joined, and nothing is lost.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from cordon.model.edit import SAME_AS


@dataclass(frozen=True, slots=True)
class Link:
    """One reason to take an endpoint and `other` (the id it has by itself) for one device."""

    other: str
    field: str  # of SIGHTING_FIELDS; SAME_AS: a person says so
    value: str
    time: int  # µs


class Groups:
    """A working copy of the links, and of which devices have several endpoints.

    Args:
        links: by the id that an endpoint has by itself; each link stands at both ends.
        apart: endpoints of which people said that they are devices of their own; their word alone joins those.
        members: of devices that have more than one endpoint, the ids these have by themselves.
    """

    def __init__(
        self,
        links: Mapping[str, tuple[Link, ...]],
        apart: Collection[str],
        members: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.links = dict(links)
        self.apart = set(apart)
        self.members = dict(members)

    def of(self, device: str) -> tuple[str, ...]:
        """The endpoints of a device by their own ids, in the order of their first sight."""
        return self.members.get(device, (device,))

    def link(self, one: str, other: str, field: str, value: str, time: int) -> bool:
        """Adds a reason, unless it is there already or the two are the same."""
        if one == other or any((has.other, has.field, has.value) == (other, field, value) for has in self._of(one)):
            return False
        self.links[one] = (*self._of(one), Link(other, field, value, time))
        self.links[other] = (*self._of(other), Link(one, field, value, time))
        return True

    def unlink(self, one: str, other: str, field: str) -> None:
        """Takes back the reasons of one field."""
        for here, there in ((one, other), (other, one)):
            left = tuple(link for link in self._of(here) if (link.other, link.field) != (there, field))
            if left:
                self.links[here] = left
            else:
                self.links.pop(here, None)

    def regroup(
        self, natives: Iterable[str], device_of: Callable[[str], str], age: Callable[[str], tuple[int, str]]
    ) -> dict[str, str]:
        """Finds anew what hangs together with these endpoints; yields the devices of those that changed theirs."""
        waiting = sorted({member for native in natives for member in self.of(device_of(native))})
        moved: dict[str, str] = {}
        done: set[str] = set()
        found: dict[str, tuple[str, ...]] = {}
        for native in waiting:
            if native in done:
                continue
            together = tuple(sorted(self._together(native), key=age))
            done |= set(together)
            found[together[0]] = together
            moved |= {one: together[0] for one in together if device_of(one) != together[0]}
        for one in done:
            self.members.pop(device_of(one), None)
        self.members |= {device: together for device, together in found.items() if len(together) > 1}
        return moved

    def reasons(self, device: str) -> list[tuple[str, Link]]:
        """Why a device's endpoints are one: each link once, with the end that was seen later."""
        members = self.of(device)
        place = {native: at for at, native in enumerate(members)}
        return [
            (native, link)
            for native in members
            for link in self._of(native)
            if self._counts(native, link) and place.get(link.other, len(members)) < place[native]
        ]

    def _of(self, native: str) -> tuple[Link, ...]:
        return self.links.get(native, ())

    def _counts(self, native: str, link: Link) -> bool:
        return link.field == SAME_AS or not ({native, link.other} & self.apart)

    def _together(self, native: str) -> set[str]:
        reached, ends = {native}, [native]
        while ends:
            here = ends.pop()
            fresh = {link.other for link in self._of(here) if self._counts(here, link)} - reached
            reached |= fresh
            ends.extend(fresh)
        return reached
