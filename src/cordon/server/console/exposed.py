"""What pages show of exposures and repairs, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cordon.exposure import Repair
from cordon.exposure.advice import advice_of
from cordon.exposure.page import page_of
from cordon.exposure.requirements import SAYS
from cordon.model.exposure import Exposure, Reach, Standing
from cordon.model.kinds import KIND
from cordon.repairs import check_of
from cordon.server.console.words import clock, plural
from cordon.store import DeviceView, Store

REACHES: Final[Mapping[Reach, str]] = {
    Reach.PATH: "by whoever sits on the way of its traffic",
    Reach.NETWORK: "by anything in your network",
    Reach.INTERNET: "by anybody on the Internet",
}
"""Who can use a weakness."""


@dataclass(frozen=True, slots=True)
class RepairCard:
    """A repair in short: what to do where, why, and how long it takes."""

    repair: Repair
    what: str
    says: str
    why: str
    minutes: str
    href: str
    view: DeviceView | None


def cards(store: Store, repairs: tuple[Repair, ...]) -> tuple[RepairCard, ...]:
    """The repairs as they stand on a page."""
    names = store.device_names(device for one in repairs for device in one.devices)
    return tuple(_card(store, one, names) for one in repairs)


def _card(store: Store, one: Repair, names: Mapping[str, str]) -> RepairCard:
    first = one.exposures[0]
    name = names.get(first.device, first.device)
    more = len(one.devices) - 1
    others = f", and {'one more does' if more == 1 else f'{more} more do'} the same" if more else ""
    return RepairCard(
        repair=one,
        what=headline(one, names),
        says=f"{name} {first.says}{others}.",
        why=page_of(check_of(one.check)).why,
        minutes=f"about {plural(one.minutes, 'minute')}",
        href=f"/repairs/{one.id}",
        view=store.device(first.device),
    )


def headline(one: Repair, names: Mapping[str, str]) -> str:
    """What to do, and where."""
    devices = one.devices
    if len(devices) == 1:
        where = names.get(devices[0], devices[0])
    else:
        kind = KIND[one.kind].says if one.kind in KIND else "device"
        where = " ".join(word for word in (str(len(devices)), one.vendor, _many(kind)) if word)
    return f"{action_of(one.check)}: {where}"


def _many(kind: str) -> str:
    """The plural of a kind: of "camera", "alarm or siren", "PLC"."""
    return " or ".join(
        word if word.endswith("s") else f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in "aeiou"
        else f"{word}es" if word.endswith(("ch", "sh", "x")) else f"{word}s"
        for word in kind.split(" or ")
    )  # fmt: skip


def action_of(check: str) -> str:
    """What to do about a check's weakness."""
    known = check_of(check)
    return known.action if known is not None else check


def manual_of(check: str, kind: str, makes: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What a page tells of a weakness: why, how it is repaired in general and here, how it will be known, and which
    published requirements it touches."""
    known = check_of(check)
    return {
        "check": check,
        "action": action_of(check),
        "page": page_of(known),
        "advice": advice_of(check, kind, makes),
        "requirements": [(one, SAYS.get(one, "")) for one in (known.requirements if known is not None else ())],
    }


def stands(one: Exposure, now: int) -> str:
    """How an exposure stands, as a sentence."""
    if one.standing is Standing.ACCEPTED and one.accepted is not None:
        return f"Accepted: {one.accepted.owner} answers for it until {clock(one.accepted.until, now)}"
    if one.standing is Standing.OPEN:
        return f"Open since {clock(one.began, now)}, last seen {clock(one.seen, now)}"
    if one.standing is Standing.REPAIRED:
        return f"Repaired: on {clock(one.time, now)} it {one.gone}"
    return f"Not seen since {clock(one.seen, now)}"
