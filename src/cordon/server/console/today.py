"""What is worth a person's time today: one sentence, and at most five cards."""

from dataclasses import dataclass
from typing import Final

from cordon.model.finding import Severity
from cordon.model.trust import Band
from cordon.server.console.words import clock, plural, span
from cordon.store import DeviceQuery, DeviceView, FindingQuery, Store, Totals

MOST: Final = 5
PASSWORDS: Final = ("cleartext-credentials", "default-credential")
"""The detectors of passwords that want changing."""


@dataclass(frozen=True, slots=True)
class Card:
    """Something to do: what, why, and one action."""

    what: str
    why: str
    action: str
    href: str
    tone: str = ""
    view: DeviceView | None = None
    dismiss: str = ""  # what to press so that it is not asked again


def sentence(totals: Totals | None, now: int) -> tuple[str, str]:
    """The sentence on the site, and what stands under it."""
    if totals is None or not totals.devices:
        return "Cordon has seen nothing yet", ""
    lowered = sum(totals.bands.get(band, 0) for band in Band if band is not Band.NORMAL)
    devices = plural(totals.devices, "device")
    if totals.bands.get(Band.CORDONED, 0):
        cut = totals.bands[Band.CORDONED]
        first = (
            f"{devices}; {'one' if cut == 1 else cut} of them {'is' if cut == 1 else 'are'} in somebody else’s hands"
        )
    elif lowered:
        first = (
            f"{devices}; {'one' if lowered == 1 else lowered} of them {'is' if lowered == 1 else 'are'} unlike itself"
        )
        first = first.replace("are unlike itself", "are unlike themselves")
    else:
        first = f"{devices}, all as usual"
    open_ = totals.open_incidents
    since = f"Seen from {clock(totals.first, now)} to {clock(now, now)}" if totals.first else ""
    incidents = f"{plural(open_, 'incident')} open. " if open_ else ""
    return first, f"{incidents}{since}." if since else incidents


def cards(store: Store, now: int) -> tuple[Card, ...]:
    """The cards, most urgent first."""
    made = [*_incidents(store, now)]
    zeros = {incident.patient_zero for incident in store.incidents(open_only=True)}
    told = {device for incident in store.incidents(open_only=True) for device in incident.devices}
    made += _lowered(store, zeros, now)
    made += _credentials(store, told)
    made += _unknown(store)
    return tuple(made[:MOST])


def _incidents(store: Store, now: int) -> list[Card]:
    return [
        Card(
            what=incident.title,
            why=f"Began {clock(incident.began, now)}, noticed {span(incident.noticed - incident.began)} later;"
            f" {plural(len(incident.devices), 'device')} concerned.",
            action="Read the story",
            href=f"/incidents/{incident.id}",
            tone="confirmed" if incident.severity >= Severity.HIGH else "unlike",
            view=store.device(incident.patient_zero),
        )
        for incident in store.incidents(open_only=True)[:3]
    ]


def _lowered(store: Store, told: set[str], now: int) -> list[Card]:
    made = []
    for band in (Band.CORDONED, Band.ESSENTIALS_ONLY, Band.USUAL_ONLY):
        for view in store.devices(DeviceQuery(band=band.value, sort="trust", limit=MOST)).items:
            if view.device.id in told or view.trust is None:
                continue
            finding = store.finding(view.latest_finding) if view.latest_finding else None
            why = f"It {finding.says}" if finding else "Its trust has fallen"
            made.append(
                Card(
                    what=f"{view.device.name} {_held(band)}",
                    why=f"{why} ({clock(view.trust.time, now)}).",
                    action="Look at it",
                    href=f"/devices/{view.device.id}",
                    tone="confirmed" if band is Band.CORDONED else "unlike",
                    view=view,
                )
            )
    return made


def _held(band: Band) -> str:
    if band is Band.CORDONED:
        return "would be cut off"
    return "would be held to its essentials" if band is Band.ESSENTIALS_ONLY else "would be held to what is usual"


def _credentials(store: Store, told: set[str]) -> list[Card]:
    asked = (FindingQuery(detector=name, limit=20) for name in PASSWORDS)
    found = sorted((one for query in asked for one in store.findings(query).items), key=lambda one: -one.noticed)
    fresh = [finding for finding in found if finding.device not in told]
    if not fresh:
        return []
    return [
        Card(
            what=f"{_name(store, fresh[0].device)} {fresh[0].says}",
            why="Anybody on the network can read or guess such a password. Change it on the device.",
            action="See what was found",
            href=f"/findings/{fresh[0].id}",
            tone="unlike",
            view=store.device(fresh[0].device),
        )
    ]


def _name(store: Store, device: str) -> str:
    return store.device_names([device]).get(device, device)


def _unknown(store: Store) -> list[Card]:
    """Devices that nobody could name are a question, once."""
    count = store.nameless()
    unknown = store.devices(DeviceQuery(kind="unknown", known="seen", sort="last_seen", descending=True, limit=1))
    if not count or not unknown.items:
        return []
    return [
        Card(
            what=f"{plural(count, 'device')} nobody could name: what {'is it' if count == 1 else 'are they'}?",
            why="Too little was heard of them. You may know what they are; you are asked once.",
            action="See them",
            href="/devices?kind=unknown",
            view=unknown.items[0],
            dismiss="Nobody knows",
        )
    ]
