"""The shapes of exposures and repairs, and how facts become them."""

from collections.abc import Mapping
from dataclasses import dataclass

from cordon.exposure import Expected, Repair, Subject
from cordon.exposure.advice import advice_for, advice_of
from cordon.exposure.page import page_of
from cordon.leaving import Place
from cordon.model.exposure import Acceptance, Exposure
from cordon.repairs import check_of
from cordon.shapes.declared import SelectorEntry
from cordon.shapes.entries import iso


@dataclass(frozen=True, slots=True)
class AcceptanceEntry:
    """A person's word that an exposure is lived with `until` a time; `withdrawn` took it back."""

    exposure: str
    owner: str
    reason: str
    until: str | None
    who: str
    time: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class AdviceEntry:
    """How it is repaired on devices of this maker or kind, and where that is known from."""

    says: str
    source: str


@dataclass(frozen=True, slots=True)
class EvidenceOfExposure:
    """What shows a weakness: what was measured, and which rows of the history hold it."""

    measured: dict[str, int | str]
    rows: SelectorEntry | None


@dataclass(frozen=True, slots=True)
class ExposureEntry:
    """One exposure. `standing` is open, accepted, repaired or unseen (not seen since); `reach` is path (who sits on the
    way), network or internet; `minutes` of work on one device; `points` of trust it costs while it is open; `repair` is
    how it is done in general, `advice` how on this very make; `verify` says how it will be known to be done."""

    id: str
    site: str
    check: str
    about: str
    family: str
    device: str
    device_name: str
    severity: str
    level: str
    reach: str
    standing: str
    says: str
    gone: str
    since: str | None
    seen: str | None
    time: str | None
    minutes: int
    points: float
    why: str
    evidence: EvidenceOfExposure
    repair: str
    advice: list[AdviceEntry]
    verify: str
    requirements: list[str]
    peers: list[str]
    accepted: AcceptanceEntry | None


@dataclass(frozen=True, slots=True)
class ExpectedEntry:
    """What is expected of a kind of device: `services` that may answer on it, `protocols` it may use towards others,
    that it takes the `time` and sends its log (`logging`); `strict` judges what has no name too."""

    kind: str
    services: list[str]
    protocols: list[str]
    time: bool
    logging: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One host on the Internet that a device talked to. `enciphered` is enciphered, in clear, partly or "" (not known);
    `tracker` what it measures, where it is known to; `country` as far as its name tells."""

    host: str
    organisation: str
    country: str
    enciphered: str
    tracker: str
    services: list[str]
    flows: int
    sent: int
    received: int
    last: str | None


@dataclass(frozen=True, slots=True)
class RepairEntry:
    """One thing to do at one device or several alike. `risk` is what it takes away (severity × reach × how much depends
    on the device, added up), `worth` that for ten hours of work: repairs are ranked by it."""

    id: str
    check: str
    action: str
    title: str
    severity: str
    reach: str
    minutes: int
    risk: int
    worth: int
    kind: str
    vendor: str
    model: str
    why: str
    repair: str
    advice: list[AdviceEntry]
    verify: str
    requirements: list[str]
    devices: list[str]
    device_names: list[str]
    exposures: list[str]


def acceptance_entry(word: Acceptance) -> AcceptanceEntry:
    """A person's word as it is printed."""
    return AcceptanceEntry(
        word.exposure, word.owner, word.reason, iso(word.until), word.who, iso(word.time), word.withdrawn
    )


def exposure_entry(one: Exposure, device_name: str, of: Subject | None = None) -> ExposureEntry:
    """An exposure as it is printed; `of` is what is known of its device."""
    check, rows = check_of(one.check), one.rows
    known = advice_for(one.check, of.kind, of.vendor, of.model) if of is not None else ()
    page = page_of(check)
    return ExposureEntry(
        id=one.id,
        site=one.site,
        check=one.check,
        about=one.about,
        family=one.family,
        device=one.device,
        device_name=device_name,
        severity=one.severity.name.lower(),
        level=one.level,
        reach=one.reach.name.lower(),
        standing=one.standing.value,
        says=one.says,
        gone=one.gone,
        since=iso(one.began),
        seen=iso(one.seen),
        time=iso(one.time),
        minutes=one.effort,
        points=one.weight / 10,
        why=page.why,
        evidence=EvidenceOfExposure(
            dict(one.measured),
            SelectorEntry(rows.table, iso(rows.begin), iso(rows.end), dict(rows.where)) if rows else None,
        ),
        repair=page.repair,
        advice=[AdviceEntry(said.says, said.source) for said in known],
        verify=page.known,
        requirements=list(check.requirements) if check else [],
        peers=list(one.peers),
        accepted=acceptance_entry(one.accepted) if one.accepted else None,
    )


def expected_entry(kind: str, one: Expected) -> ExpectedEntry:
    """A baseline as it is printed."""
    return ExpectedEntry(kind, sorted(one.services), sorted(one.protocols), one.time, one.logging, one.strict)


def place_entry(one: Place) -> PlaceEntry:
    """A place as it is printed."""
    return PlaceEntry(
        one.host, one.organisation, one.country, one.enciphered, one.tracker, list(one.services), one.flows, one.sent,
        one.received, iso(one.last),
    )  # fmt: skip


def repair_entry(one: Repair, names: Mapping[str, str]) -> RepairEntry:
    """A repair as it is printed; `names` are those of its devices."""
    check = check_of(one.check)
    page = page_of(check)
    return RepairEntry(
        id=one.id,
        check=one.check,
        action=check.action if check else one.check,
        title=page.title,
        severity=one.severity.name.lower(),
        reach=one.reach.name.lower(),
        minutes=one.minutes,
        risk=one.risk,
        worth=one.worth,
        kind=one.kind,
        vendor=one.vendor,
        model=one.model,
        why=page.why,
        repair=page.repair,
        advice=[AdviceEntry(said.says, said.source) for said in advice_of(one.check, one.kind, one.makes)],
        verify=page.known,
        requirements=list(check.requirements) if check else [],
        devices=list(one.devices),
        device_names=[names.get(device, device) for device in one.devices],
        exposures=[exposure.id for exposure in one.exposures],
    )
