"""Facts and views become the entries that are printed: times as text, scores and weights as plain numbers."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cordon.model.decision import Allowance, Decision
from cordon.model.device import Attribute, Device, Guess
from cordon.model.edit import Edit
from cordon.model.finding import Finding, Severity
from cordon.model.incident import Incident
from cordon.model.trust import Trust
from cordon.shapes.declared import (
    AllowanceEntry,
    BlockedEntry,
    DecisionEntry,
    DeviceEntry,
    EventEntry,
    EvidenceEntry,
    FindingEntry,
    GuessEntry,
    IncidentEntry,
    NetworkEntry,
    ReasonEntry,
    SelectorEntry,
    SourceEntry,
    TrustEntry,
)
from cordon.shapes.people import EditEntry, QuestionEntry, VersionEntry
from cordon.store import NEXT, Coverage, DeviceView, Question, Source, Version, sees_of

if TYPE_CHECKING:
    from cordon.policy import Blocked


ATTRIBUTES = ("vendor", "kind", "model", "os", "firmware")


def iso(time: int) -> str | None:
    """A time in µs as ISO 8601 in UTC; None for 0, which stands for "not yet"."""
    if not time:
        return None
    return datetime.fromtimestamp(time // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{time % 1_000_000:06d}Z"


def plain(entry: Any) -> Any:
    """The entry, or a list of them, as JSON values."""
    return [asdict(one) for one in entry] if isinstance(entry, list) else asdict(entry)


def evidence_entries(device: Device) -> list[EvidenceEntry]:
    """The evidence of all attributes, in the order of the attributes."""
    return [
        EvidenceEntry(name, seen.field, seen.value, seen.says, seen.weight / 1000, seen.source, iso(seen.time))
        for name in ATTRIBUTES
        for seen in getattr(device, name).evidence
    ]


def ranked(said: Attribute) -> list[GuessEntry]:
    """What an attribute may be, the likeliest first."""
    first = [Guess(said.value, said.confidence)] if said.value else []
    return [GuessEntry(one.value, one.confidence / 1000) for one in (*first, *said.others)]


def device_entry(view: DeviceView) -> DeviceEntry:
    """A device as it is printed."""
    device, trust, seen = view.device, view.trust, view.presence
    return DeviceEntry(
        id=device.id,
        site=device.site,
        segment=device.segment,
        name=device.name,
        macs=list(device.macs),
        ips=list(device.ips),
        names=list(device.names),
        vendor=device.vendor.value,
        kind=device.kind.value,
        model=device.model.value,
        os=device.os.value,
        firmware=device.firmware.value,
        confidence={name: getattr(device, name).confidence / 1000 for name in ATTRIBUTES},
        ranked={name: ranked(getattr(device, name)) for name in ATTRIBUTES},
        evidence=evidence_entries(device),
        joined=[
            EvidenceEntry("endpoint", one.field, one.value, one.says, one.weight / 1000, one.source, iso(one.time))
            for one in device.joined
        ],
        is_gateway=device.is_gateway,
        trust=trust.score / 10 if trust else None,
        uncertainty=trust.uncertainty / 10 if trust else None,
        band=trust.band.value if trust else None,
        getting_to_know=trust.getting_to_know if trust else None,
        findings=view.findings,
        packets=seen.packets if seen else 0,
        bytes=seen.bytes if seen else 0,
        first_seen=iso((seen.first_seen if seen else 0) or device.first_seen),
        last_seen=iso((seen.last_seen if seen else 0) or device.first_seen),
        usual_silence=device.silence / 1_000_000 if device.silence else None,
        location=view.said("location"),
        purpose=view.said("purpose"),
        owner=view.said("owner"),
        tags=list(view.tags),
        zone=view.said("zone"),
        criticality=int(view.said("criticality")) if view.said("criticality").isdigit() else None,
        notes=view.said("notes"),
        told=sorted(view.told),
        known=view.known,
    )


def edit_entry(fact: Edit) -> EditEntry:
    """What a person said, as it is printed."""
    return EditEntry(fact.device, fact.field, fact.value, fact.who, iso(fact.time), fact.why, fact.withdrawn)


def version_entry(fact: Version) -> VersionEntry:
    """A version as it is printed."""
    return VersionEntry(fact.field, fact.value, iso(fact.time))


def question_entry(fact: Question, name: str) -> QuestionEntry:
    """A question as it is printed."""
    return QuestionEntry(fact.device, name, fact.field, fact.value, fact.like)


def finding_entry(finding: Finding, device_name: str) -> FindingEntry:
    """A finding as it is printed."""
    rows = finding.rows
    return FindingEntry(
        id=finding.id,
        site=finding.site,
        detector=finding.detector,
        family=finding.family,
        technique=finding.technique,
        device=finding.device,
        device_name=device_name,
        severity=finding.severity.name.lower(),
        level=finding.level,
        began=iso(finding.began),
        noticed=iso(finding.noticed),
        says=finding.says,
        measured=dict(finding.measured),
        peers=list(finding.peers),
        compromise=finding.compromise,
        accepted=finding.accepted,
        rows=SelectorEntry(rows.table, iso(rows.begin), iso(rows.end), dict(rows.where)) if rows else None,
    )


def trust_entry(trust: Trust) -> TrustEntry:
    """A score as it is printed."""
    return TrustEntry(
        time=iso(trust.time),
        score=trust.score / 10,
        uncertainty=trust.uncertainty / 10,
        band=trust.band.value,
        getting_to_know=trust.getting_to_know,
        next_change=iso(trust.next_change),
        reasons=[ReasonEntry(r.says, r.tenths / 10, r.source, iso(r.fades)) for r in trust.reasons],
    )


def allowance_entry(fact: Allowance) -> AllowanceEntry:
    """An allowance as it is printed."""
    return AllowanceEntry(**{name: getattr(fact, name) for name in AllowanceEntry.__dataclass_fields__})


def blocked_entry(row: "Blocked") -> BlockedEntry:
    """What a draft would have blocked, as it is printed."""
    return BlockedEntry(
        what=row.what,
        direction=row.direction,
        proto=row.proto,
        port=row.port,
        service=row.service,
        flows=row.flows,
        targets=row.targets,
        suspicious=row.suspicious,
        first=iso(row.first),
        last=iso(row.last),
    )


def decision_entry(fact: Decision) -> DecisionEntry:
    """A decision as it is printed."""
    return DecisionEntry(
        fact.id, iso(fact.time), fact.band.value, fact.mode.value, fact.says, list(fact.because), fact.simulated
    )


def incident_entry(fact: Incident) -> IncidentEntry:
    """An incident as it is printed."""
    return IncidentEntry(
        id=fact.id,
        site=fact.site,
        title=fact.title,
        severity=Severity(fact.severity).name.lower(),
        patient_zero=fact.patient_zero,
        devices=list(fact.devices),
        techniques=list(fact.techniques),
        began=iso(fact.began),
        noticed=iso(fact.noticed),
        acted=iso(fact.acted),
        closed=iso(fact.closed),
        events=[EventEntry(iso(e.time), e.what, e.source, e.device, e.says) for e in fact.events],
    )


def network_entry(seen: Coverage) -> NetworkEntry:
    """What is seen of a network as it is printed."""
    return NetworkEntry(
        segment=seen.segment,
        sources=list(seen.sources),
        sees=list(seen.sees),
        packets=seen.packets,
        bytes=seen.bytes,
        both_ways=seen.both_ways,
        one_way=seen.one_way,
        group_only=seen.group_only,
        lost=dict(seen.lost),
        damaged=dict(seen.damaged),
        next=NEXT[seen.next],
    )


def source_entry(fact: Source) -> SourceEntry:
    """A source as it is printed."""
    return SourceEntry(
        id=fact.id,
        name=fact.name,
        label=fact.label,
        segment=fact.segment,
        begin=iso(fact.begin),
        end=iso(fact.end),
        packets=fact.packets,
        bytes=fact.bytes,
        flows=fact.flows,
        damaged=dict(fact.damaged),
        read_at=iso(fact.read_at),
        sees=sees_of(fact.name),
    )
