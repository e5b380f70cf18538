"""The shapes of what ``--json`` prints: `docs/reference/json` and the types of the interface are made of these."""

from dataclasses import dataclass
from typing import Any

from cordon.shapes.people import EditEntry, QuestionEntry, VersionEntry


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
class GuessEntry:
    """What an attribute may be: the value and how sure that is, 0–1."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """One device. Not known is "" with confidence 0; `trust` runs from 0 to 100; times are ISO 8601, UTC.

    What people say stands before what was discovered: `told` names the fields that are their word. `known` is seen,
    import (only an imported file speaks of it) or gone (joined with another device). `ranked` has the likeliest
    values of each attribute, `joined` why several addresses are one device, `usual_silence` the seconds within which it
    is usually heard again (null while that is not learned)."""

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
    ranked: dict[str, list[GuessEntry]]
    evidence: list[EvidenceEntry]
    joined: list[EvidenceEntry]
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
    usual_silence: float | None
    location: str
    purpose: str
    owner: str
    tags: list[str]
    zone: str
    criticality: int | None
    notes: str
    told: list[str]
    known: str


@dataclass(frozen=True, slots=True)
class SelectorEntry:
    """Which rows of the history show a finding."""

    table: str
    begin: str | None
    end: str | None
    where: dict[str, str]


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One finding; `severity` is info, low, medium, high or critical; `measured` is what it was judged by. `accepted`
    is the id of the verdict by which a person lives with it, "" where nobody does."""

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
    accepted: str
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
    edits: list[EditEntry]
    versions: list[VersionEntry]
    questions: list[QuestionEntry]


@dataclass(frozen=True, slots=True)
class CorrectResult:
    """What came of a person's word: the device as it stands now, the edits that were kept, and questions about the
    devices that look the same."""

    device: DeviceEntry
    edits: list[EditEntry]
    questions: list[QuestionEntry]


@dataclass(frozen=True, slots=True)
class WhyResult:
    """Why something is claimed: of a device its score and evidence, of a finding or an exposure what it means and the
    rows that show it (columns as in the traffic tables; times in µs)."""

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


@dataclass(frozen=True, slots=True)
class HostEntry:
    """Somebody who answered; `because` says why it was asked nothing more, "" when it was."""

    ip: str
    mac: str
    because: str


@dataclass(frozen=True, slots=True)
class DiscoverResult:
    """A round of asking: how many questions of each kind were sent, and who answered."""

    asked: dict[str, int]
    hosts: list[HostEntry]
