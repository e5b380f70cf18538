"""What people may say of a finding: that such a thing is fine, or that it is not, for whom and until when."""

from typing import Final

from cordon.model.finding import Finding
from cordon.model.ids import derive
from cordon.model.kinds import KIND
from cordon.model.tables import DAY
from cordon.model.verdict import Scope, Verdict, concerned
from cordon.promises import AcceptError, said, until_of
from cordon.store import Store

LONGEST: Final = 366 * DAY
"""A year from now, and the rest of its last day."""
USUAL: Final = "90d"
"""Until when, where nobody says."""


def meant(store: Store, asked: str) -> Finding | None:
    """The finding with that id, with or without the word before it."""
    asked = asked.strip()
    return store.finding(asked) or store.finding(f"finding-{asked}")


def now_of(store: Store, wall: int) -> int:
    """The time from which a verdict runs (µs): that of the newest event, as it ends by event time; else the wall's."""
    return store.as_of() or wall


def judging(
    store: Store,
    one: Finding,
    *,
    fine: bool,
    owner: str,
    reason: str,
    until: str = "",
    scope: str = "device",
    about: str = "",
    who: str,
    wall: int,
) -> Verdict:
    """A person's word on a finding; `wall` is the time on the wall, µs.

    Raises:
        AcceptError: something is missing or cannot be; the message says what.
    """
    owner, reason, about = said("owner", owner), said("reason", reason), about.strip()
    if scope not in {*Scope}:
        raise AcceptError(f"It cannot be said for {scope!r}; say it for device, kind or site.")
    choices = concerned(one)
    if about and about not in choices:
        raise AcceptError(f"The finding does not speak of {about!r}, but of {', '.join(choices) or 'nobody else'}.")
    if not fine and not about:
        if not choices:
            raise AcceptError("The finding speaks of nobody whose talk could be told again; it is told anew anyway.")
        if len(choices) > 1:
            raise AcceptError(f"Say what is not normal of what it speaks of: {', '.join(choices)}.")
        about = choices[0]
    ends = until_of(until.strip() or USUAL, now_of(store, wall), LONGEST, "a year")
    whose = {Scope.DEVICE: one.device, Scope.SITE: ""}.get(Scope(scope))
    if whose is None:
        whose = _kind(store, one)
    id = derive("verdict", one.site, one.detector, scope, whose, about)
    return Verdict(
        id, one.site, one.id, one.device, one.detector, fine, Scope(scope), whose, about, owner, reason, ends, who, wall
    )


def _kind(store: Store, one: Finding) -> str:
    view = store.device(one.device)
    kind = view.device.kind.value if view is not None else ""
    if not kind:
        raise AcceptError("What kind its device is, is not known; say it for the device or the site.")
    return kind


def withdrawing(word: Verdict | None, asked: str, who: str, wall: int) -> Verdict:
    """The word that takes a verdict back.

    Raises:
        AcceptError: nobody said anything, or it was taken back already.
    """
    if word is None or word.withdrawn:
        raise AcceptError(f"Nobody said anything of {asked} that holds; there is nothing to take back.")
    return Verdict(
        word.id, word.site, word.finding, word.device, word.detector, word.fine, word.scope, word.whose, word.about,
        word.owner, word.reason, word.until, who, wall, withdrawn=True,
    )  # fmt: skip


def standing_of(store: Store, one: Finding) -> Verdict | None:
    """The latest word said of this very finding, or by which it is accepted, that holds."""
    holds = {word.id: word for word in store.verdicts(at=now_of(store, 1))}
    said_of = [word for word in store.verdicts(one.id) if word.id in holds]
    return holds.get(one.accepted) or (holds[said_of[-1].id] if said_of else None)


def scope_says(word: Verdict, names: dict[str, str]) -> str:
    """For whom it holds, in words."""
    if word.scope is Scope.SITE:
        return "the whole site"
    if word.scope is Scope.KIND:
        return f"every {KIND[word.whose].says if word.whose in KIND else word.whose}"
    return names.get(word.whose, word.whose)
