"""The tables of the record. Facts are kept whole as JSON, beside them only the columns that are searched or sorted."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Key = String(64)
TIGHT: dict[str, bool] = {"sqlite_with_rowid": False}
"""Of tables with many small rows: they are kept by their key alone, which halves them."""


class Record(DeclarativeBase):
    """All tables."""


class DeviceRow(Record):
    """Each device as people see it: what they said of it stands before what was discovered.

    `search` holds everything a person may type, in lower case. `told` and `heard` are the JSON of what people and
    imported files say now; the fact itself stands apart, so that a list of all devices reads little.
    """

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    vendor: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    os: Mapped[str] = mapped_column(Text)
    firmware: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(Text)
    ip: Mapped[str] = mapped_column(Text)  # the first address so written that text order is number order
    location: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(Text, default="")
    zone: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    criticality: Mapped[str] = mapped_column(Text, default="")
    known: Mapped[str] = mapped_column(
        String(8), default="seen", index=True
    )  # seen, import (never seen), gone (joined)
    likeness: Mapped[str] = mapped_column(Key, default="", index=True)  # the same for devices that look alike
    search: Mapped[str] = mapped_column(Text)
    told: Mapped[str] = mapped_column(Text, default="")
    heard: Mapped[str] = mapped_column(Text, default="")


class DeviceFactRow(Record):
    """The newest fact of each device, as it was discovered."""

    __tablename__ = "device_fact"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    fact: Mapped[str] = mapped_column(Text)


class TagRow(Record):
    """The tags of devices, to filter by."""

    __tablename__ = "tag"
    __table_args__ = TIGHT
    tag: Mapped[str] = mapped_column(Text, primary_key=True)
    device: Mapped[str] = mapped_column(Key, primary_key=True, index=True)


class EditRow(Record):
    """Everything that people ever said of a device; nothing is taken out of it."""

    __tablename__ = "edit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    site: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Key)
    field: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    time: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool]


class VersionRow(Record):
    """Which model, system and firmware a device was found to have, from when on."""

    __tablename__ = "version"
    __table_args__ = TIGHT
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)  # model, os, firmware
    time: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # µs, when it was first found
    value: Mapped[str] = mapped_column(Text)


class QuestionRow(Record):
    """What people are asked about a device, once: whether it is what one like it was called, or ("") what it is."""

    __tablename__ = "question"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    like: Mapped[str] = mapped_column(Key)  # the device that somebody said it of
    asked: Mapped[int] = mapped_column(BigInteger)  # µs, by the wall clock
    answer: Mapped[str] = mapped_column(String(8), default="")  # "", yes, no
    who: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[int] = mapped_column(BigInteger, default=0)


class AliasRow(Record):
    """What a device answers to: its addresses and names, in lower case."""

    __tablename__ = "alias"
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    device: Mapped[str] = mapped_column(Key, primary_key=True, index=True)


class BindingRow(Record):
    """Which endpoint was which device."""

    __tablename__ = "binding"
    site: Mapped[str] = mapped_column(Text, primary_key=True)
    segment: Mapped[str] = mapped_column(Text, primary_key=True)
    endpoint: Mapped[str] = mapped_column(Text, primary_key=True)
    begin: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    device: Mapped[str] = mapped_column(Key, index=True)
    end: Mapped[int] = mapped_column(BigInteger)


class PresenceRow(Record):
    """Counters of a device; they add up. Without times it was spoken to, but never heard."""

    __tablename__ = "presence"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    first_seen: Mapped[int | None] = mapped_column(BigInteger)
    last_seen: Mapped[int | None] = mapped_column(BigInteger)
    packets: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    steps: Mapped[int] = mapped_column(BigInteger)
    unicast_out: Mapped[int] = mapped_column(BigInteger)
    unicast_in: Mapped[int] = mapped_column(BigInteger)
    group_packets: Mapped[int] = mapped_column(BigInteger)


class RhythmRow(Record):
    """One hour of a device."""

    __tablename__ = "rhythm"
    __table_args__ = TIGHT
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    hour: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    bytes_out: Mapped[int] = mapped_column(BigInteger)
    bytes_in: Mapped[int] = mapped_column(BigInteger)
    flows: Mapped[int] = mapped_column(BigInteger)
    low: Mapped[int] = mapped_column(BigInteger)
    high: Mapped[int] = mapped_column(BigInteger)
    departed: Mapped[bool]


class BaselineRow(Record):
    """The newest baseline of each device."""

    __tablename__ = "baseline"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    fact: Mapped[str] = mapped_column(Text)


class SegmentRow(Record):
    """Traffic of a segment; it adds up."""

    __tablename__ = "segment"
    site: Mapped[str] = mapped_column(Text, primary_key=True)
    segment: Mapped[str] = mapped_column(Text, primary_key=True)
    packets: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)


class FindingRow(Record):
    """All findings."""

    __tablename__ = "finding"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    device: Mapped[str] = mapped_column(Key, index=True)
    detector: Mapped[str] = mapped_column(Text)
    family: Mapped[str] = mapped_column(Text)
    severity: Mapped[int]
    began: Mapped[int] = mapped_column(BigInteger)
    noticed: Mapped[int] = mapped_column(BigInteger, index=True)
    says: Mapped[str] = mapped_column(Text)
    fact: Mapped[str] = mapped_column(Text)


class ExposureRow(Record):
    """The newest fact of each exposure, what is gone included."""

    __tablename__ = "exposure"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    device: Mapped[str] = mapped_column(Key, index=True)
    check: Mapped[str] = mapped_column(Text)
    severity: Mapped[int]
    standing: Mapped[str] = mapped_column(String(8), index=True)
    time: Mapped[int] = mapped_column(BigInteger)
    fact: Mapped[str] = mapped_column(Text)


class AcceptanceRow(Record):
    """Everything that people ever said of living with an exposure; nothing is taken out of it."""

    __tablename__ = "acceptance"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    site: Mapped[str] = mapped_column(Text)
    exposure: Mapped[str] = mapped_column(Key)
    owner: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(Text)
    time: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[bool]


class VerdictRow(Record):
    """Everything that people ever said of findings; nothing is taken out of it."""

    __tablename__ = "verdict"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Key)
    finding: Mapped[str] = mapped_column(Key, index=True)
    time: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(Text)
    fact: Mapped[str] = mapped_column(Text)


class TrustRow(Record):
    """Every score a device ever had."""

    __tablename__ = "trust"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    time: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    fact: Mapped[str] = mapped_column(Text)


class StandingRow(Record):
    """How a device stands now: its newest score, and its findings in short. Derived, to sort and filter by."""

    __tablename__ = "standing"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    score: Mapped[int | None]
    band: Mapped[str] = mapped_column(Text, default="", index=True)
    trust: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[int] = mapped_column(default=0)
    latest_finding: Mapped[str] = mapped_column(Key, default="")
    latest_severity: Mapped[int | None]
    worst_severity: Mapped[int | None]


class ProfileRow(Record):
    """The newest profile of each device."""

    __tablename__ = "profile"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    fact: Mapped[str] = mapped_column(Text)


class DecisionRow(Record):
    """All decisions."""

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    device: Mapped[str] = mapped_column(Key, index=True)
    time: Mapped[int] = mapped_column(BigInteger)
    fact: Mapped[str] = mapped_column(Text)


class ChangeRow(Record):
    """All changes."""

    __tablename__ = "change"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    decision: Mapped[str] = mapped_column(Key, index=True)
    fact: Mapped[str] = mapped_column(Text)


class IncidentRow(Record):
    """The newest fact of each incident."""

    __tablename__ = "incident"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    severity: Mapped[int]
    began: Mapped[int] = mapped_column(BigInteger, index=True)
    closed: Mapped[int] = mapped_column(BigInteger)
    fact: Mapped[str] = mapped_column(Text)


class IncidentDeviceRow(Record):
    """Which devices an incident concerns."""

    __tablename__ = "incident_device"
    device: Mapped[str] = mapped_column(Key, primary_key=True)
    incident: Mapped[str] = mapped_column(Key, primary_key=True)


class MessageRow(Record):
    """What became of the message that tells of an incident on a channel. Times are µs of the wall clock."""

    __tablename__ = "message"
    __table_args__ = TIGHT
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    incident: Mapped[str] = mapped_column(Key, primary_key=True)  # "" stands for the channel itself
    state: Mapped[str] = mapped_column(String(8))  # before (its channel was there), waiting, sent, given-up
    time: Mapped[int] = mapped_column(BigInteger)  # of the last try
    tries: Mapped[int]  # in vain
    since: Mapped[int] = mapped_column(BigInteger)  # the first of them
    due: Mapped[int] = mapped_column(BigInteger)
    error: Mapped[str] = mapped_column(Text)


class SourceRow(Record):
    """What was read."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(Key, primary_key=True)
    begin: Mapped[int] = mapped_column(BigInteger)
    fact: Mapped[str] = mapped_column(Text)


class PartRow(Record):
    """The files the history consists of: readers take this list, so that they never see half a rewriting."""

    __tablename__ = "part"
    table: Mapped[str] = mapped_column(Key, primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    file: Mapped[str] = mapped_column(Key, primary_key=True)
    level: Mapped[int]


class SpanRow(Record):
    """From when until when there are events: one row."""

    __tablename__ = "span"
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)


for _name in ("segment", "vendor", "kind", "location", "owner", "zone"):
    Index(f"device_{_name}", getattr(DeviceRow, _name), DeviceRow.known)  # also counts them without the rows
Index("edit_said", EditRow.device, EditRow.field, EditRow.value, EditRow.time, EditRow.who, unique=True)
Index("acceptance_said", AcceptanceRow.exposure, AcceptanceRow.time, AcceptanceRow.who, unique=True)
Index("verdict_said", VerdictRow.id, VerdictRow.time, VerdictRow.who, unique=True)
Index("question_open", QuestionRow.answer)
Index("question_like", QuestionRow.like)
Index("standing_score", StandingRow.score)
Index("finding_device_noticed", FindingRow.device, FindingRow.noticed)
Index("presence_last_seen", PresenceRow.last_seen)
