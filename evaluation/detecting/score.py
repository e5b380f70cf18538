"""The rules of counting: which events of a scenario were found, how late, and which incidents are false.

An incident is a story of several findings. An event is found by a finding in an incident, of its family and about its
device (or naming it), that lies between its start and `LATE` after its end; more of them belong to the same story. An
incident none of whose findings shows an event is false. Exposures and changes are no attack and never count.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl
from evaluation.detecting.expected import Event, Expected
from evaluation.detecting.follow import Outcome

from cordon.model.families import ATTACKS
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.incident import Incident
from cordon.model.tables import DAY, SECOND, STEP

LATE: Final = 300 * SECOND


@dataclass(frozen=True, slots=True)
class Row:
    """What a scenario came to. `seconds` has the time to detect of each event, None where it was missed."""

    name: str
    families: tuple[str, ...]
    seconds: tuple[float | None, ...]
    false: tuple[str, ...]  # title and findings of each false incident
    device_days: float
    error: str = ""


def judge(expected: Expected, out: Outcome) -> Row:
    """Counts what came of a scenario."""
    since = out.begin + expected.learn
    stories = [story for story in _stories(out, since) if story]
    pairs = [(event, story) for event in expected.events for story in stories]
    shown = {id(story) for event, story in pairs if any(_shows(one, event, out) for one in story)}
    seconds = []
    for event in expected.events:
        times = [told_at(one, out) for story in stories for one in story if _shows(one, event, out)]
        start = out.begin + max(event.start, 0)
        seconds.append((min(times) - start) / SECOND if times else None)
    false = tuple(_said(story) for story in stories if id(story) not in shown and _is_raised(story))
    families = tuple(event.family for event in expected.events)
    return Row(expected.name, families, tuple(seconds), false, device_days(expected, out))


def _stories(out: Outcome, since: int) -> list[list[Finding]]:
    """The counted findings of each incident; one that went into another is that one's."""
    incidents = sorted(out.incidents.values(), key=lambda one: (-len(one.events), one.id))
    kept: list[set[str]] = []
    for incident in incidents:
        named = _named(incident)
        if not any(named <= other for other in kept):
            kept.append(named)
    found = []
    for named in kept:
        story = [out.findings[one] for one in sorted(named) if one in out.findings]
        found.append([one for one in story if one.family in ATTACKS and one.noticed > since])
    return found


def _named(incident: Incident) -> set[str]:
    return {event.source for event in incident.events if event.what == "finding"}


def _is_raised(story: list[Finding]) -> bool:
    """Whether what is counted of it would have made an incident."""
    return any(one.severity >= Severity.MEDIUM for one in story)


def _shows(finding: Finding, event: Event, out: Outcome) -> bool:
    start = out.begin + max(event.start, 0)
    end = out.end + STEP if event.end < 0 else out.begin + event.end
    if finding.family != event.family or not start <= told_at(finding, out) <= end + LATE:
        return False
    return not event.device or concerns(finding, event.device, out)


def concerns(finding: Finding, address: str, out: Outcome) -> bool:
    """Whether a finding is about the device with that address, or names it."""
    mine = {device for device, held in out.addresses.items() if address in held}
    if finding.device in mine or not mine.isdisjoint(finding.peers):
        return True
    values = [value for _, value in finding.measured] + [
        value for _, value in (finding.rows.where if finding.rows else ())
    ]
    return address in values


def spoken_of(rows: Rows, own: Iterable[str], *, port: str) -> pl.Expr:
    """Whether a connection is one that these rows of a device with addresses `own` speak of; `port` is its column."""
    mine, where = sorted(own), dict(rows.where)
    such = (pl.col("src").is_in(mine) | pl.col("dst").is_in(mine)) & (pl.col("last") >= rows.begin)
    if "peer" in where:
        such &= (pl.col("src") == where["peer"]) | (pl.col("dst") == where["peer"])
    if "port" in where:
        such &= pl.col(port) == int(where["port"])
    if "proto" in where:
        such &= pl.col("proto") == int(where["proto"])
    return such


def told_at(finding: Finding, out: Outcome) -> int:
    """When it could be known: at the close of its step; for a log, once the connections that show it had ended."""
    if not out.is_log or finding.rows is None:
        return finding.noticed
    such = spoken_of(finding.rows, out.addresses.get(finding.device, ()), port="dst_port")
    such &= pl.col("began") < finding.noticed
    shown = out.flows.filter(pl.col("flow").is_in(out.flows.filter(such)["flow"].unique().implode()))["last"].max()
    return max(finding.noticed, shown) if isinstance(shown, int) else finding.noticed


def _said(story: list[Finding]) -> str:
    told = sorted({f"{one.detector}: {one.says}" for one in story if one.severity >= Severity.MEDIUM})
    return "; ".join(told[:3])


def device_days(expected: Expected, out: Outcome) -> float:
    """How long devices of the scenario's own networks were there in all, after what does not count."""
    since, total = out.begin + expected.learn, 0
    for device, (first, last) in out.spans.items():
        if not expected.local or any(_within(one, expected) for one in out.addresses.get(device, ())):
            total += max(0, last - max(first, since))
    return total / DAY


def _within(address: str, expected: Expected) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False  # a MAC address
    return any(parsed in network for network in expected.local)
