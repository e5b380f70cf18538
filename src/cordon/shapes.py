"""What ``--json`` prints, declared once: the schemas in `docs/reference/json` are made of these."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cordon.model.decision import Allowance, Decision
from cordon.model.device import Device
from cordon.model.finding import Finding, Severity
from cordon.model.incident import Incident
from cordon.model.trust import Trust
from cordon.store import NEXT, Coverage, DeviceView, Source, sees_of

if TYPE_CHECKING:
    from cordon.policy import Blocked

ATTRIBUTES = ("vendor", "kind", "model", "os", "firmware")


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What came of reading captures: `devices` seen in them, `findings` by severity, `damaged` kind → count,
    `seconds` it took, `begin` and `end` of the captures (ISO 8601, UTC; null without packets)."""

    packets: int
    bytes: int
    flows: int
    devices: int
    findings: dict[str, int]
    damaged: dict[str, int]
    seconds: float
    begin: str | None
    end: str | None
    already_read: list[str]


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One thing seen (`field`, `value`) and what it says of an attribute; `weight` 0–1 is how far it is believed."""

    attribute: str
    field: str
    value: str
    says: str
    weight: float
    source: str
    time: str | None


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """One device. Not known is "" with confidence 0; `trust` runs from 0 to 100; times are ISO 8601, UTC."""

    id: str
    site: str
    segment: str
    name: str
    macs: list[str]
    ips: list[str]
    names: list[str]
    vendor: str
    kind: str
    model: str
    os: str
    firmware: str
    confidence: dict[str, float]
    evidence: list[EvidenceEntry]
    is_gateway: bool
    trust: float | None
    uncertainty: float | None
    band: str | None
    getting_to_know: bool | None
    findings: int
    packets: int
    bytes: int
    first_seen: str | None
    last_seen: str | None


@dataclass(frozen=True, slots=True)
class SelectorEntry:
    """Which rows of the history show a finding."""

    table: str
    begin: str | None
    end: str | None
    where: dict[str, str]


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One finding; `severity` is info, low, medium, high or critical; `measured` is what it was judged by."""

    id: str
    site: str
    detector: str
    family: str
    technique: str
    device: str
    device_name: str
    severity: str
    level: str
    began: str | None
    noticed: str | None
    says: str
    measured: dict[str, int | str]
    peers: list[str]
    compromise: bool
    rows: SelectorEntry | None


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One line of watching an interface. `event` is device (a new one), finding, interface (`says` what happened to
    it) or ended (with the `result` of it all); `time` is ISO 8601, UTC."""

    event: str
    time: str | None
    device: str
    says: str
    finding: FindingEntry | None = None
    result: ReadResult | None = None


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """One addend of a score, in points; `fades` is when it is gone, null if it stays."""

    says: str
    points: float
    source: str
    fades: str | None


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """A score from `time` on. The points of the reasons add up to `score`."""

    time: str | None
    score: float
    uncertainty: float
    band: str
    getting_to_know: bool
    next_change: str | None
    reasons: list[ReasonEntry]


@dataclass(frozen=True, slots=True)
class AllowanceEntry:
    """One thing a device may do. Of `peer`, `name` and `network` one is set, or none for anything."""

    direction: str
    proto: str
    port: int
    service: str
    peer: str
    name: str
    network: str
    essential: bool
    why: str


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """What a device may reach from `time` on. Simulated: nothing was changed."""

    id: str
    time: str | None
    band: str
    mode: str
    says: str
    because: list[str]
    simulated: bool


@dataclass(frozen=True, slots=True)
class ShowResult:
    """All that is known of one device."""

    device: DeviceEntry
    trust: TrustEntry | None
    trust_history: list[TrustEntry]
    findings: list[FindingEntry]
    allowances: list[AllowanceEntry]
    decisions: list[DecisionEntry]


@dataclass(frozen=True, slots=True)
class WhyResult:
    """Why something is claimed: of a device its score and evidence, of a finding what it means and the rows that
    show it (columns as in the traffic tables; times in µs)."""

    about: str
    id: str
    says: str
    trust: TrustEntry | None
    evidence: list[EvidenceEntry]
    finding: FindingEntry | None
    explanation: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One line of an incident's story."""

    time: str | None
    what: str
    source: str
    device: str
    says: str


@dataclass(frozen=True, slots=True)
class IncidentEntry:
    """One incident; times are null for what has not happened yet."""

    id: str
    site: str
    title: str
    severity: str
    patient_zero: str
    devices: list[str]
    techniques: list[str]
    began: str | None
    noticed: str | None
    acted: str | None
    closed: str | None
    events: list[EventEntry]


@dataclass(frozen=True, slots=True)
class NetworkEntry:
    """What Cordon can see of a network: how many devices both ways, one way, in broadcasts only; `lost` by sort
    (missed, cut, let go, damaged), `damaged` by kind, and what to connect `next`, in words."""

    segment: str
    sources: list[str]
    sees: list[str]
    packets: int
    bytes: int
    both_ways: int
    one_way: int
    group_only: int
    lost: dict[str, int]
    damaged: dict[str, int]
    next: str


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One thing that was read."""

    id: str
    name: str
    label: str
    segment: str
    begin: str | None
    end: str | None
    packets: int
    bytes: int
    flows: int
    damaged: dict[str, int]
    read_at: str | None
    sees: str  # what it tells: packets, logs, or flow records (no names, no content)


@dataclass(frozen=True, slots=True)
class BlockedEntry:
    """Flows of the past, taken together, that the draft would have blocked; `suspicious` of them began while the
    device was under suspicion."""

    what: str
    direction: str
    proto: str
    port: int
    service: str
    flows: int
    targets: int
    suspicious: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """A draft of what a device may do, learned from its traffic; `flows` of that traffic, how many of them the
    draft allows and would have blocked; and the draft as a ruleset for ``nft -f``."""

    device: str
    site: str
    simulated: bool
    learned_from: str | None
    learned_until: str | None
    allowances: list[AllowanceEntry]
    left_out: list[AllowanceEntry]
    flows: int
    allowed: int
    blocked: int
    suspicious: int
    would_block: list[BlockedEntry]
    nft: str


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
        evidence=evidence_entries(device),
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
    )


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
