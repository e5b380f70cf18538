"""Follows a fleet with its taken devices through the whole pipeline, and counts what was noticed of them."""

from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import polars as pl
from evaluation.beaconing import rita, rows
from evaluation.beaconing.fleet import MODELS, WANDER, Fleet, fleet
from evaluation.beaconing.profiles import Profile

from cordon.config import Config
from cordon.model.finding import Finding, Severity
from cordon.model.tables import DAY, HOUR
from cordon.pipeline import Pipeline

START = 20_002 * DAY  # a Monday, UTC
RITA = (0.5, 0.75, 0.9)


@dataclass(slots=True)
class Measured:
    """What came of some profiles in their fleet."""

    found: dict[str, float | None] = field(default_factory=dict)  # profile → periods until it was noticed
    by: dict[str, str] = field(default_factory=dict)  # profile → the detectors that noticed it
    false: list[str] = field(default_factory=list)
    weeks: float = 0.0  # of a hundred devices
    rita: dict[str, float] = field(default_factory=dict)  # profile → its score
    rita_other: list[float] = field(default_factory=list)  # scores of all other pairs
    flows: int = 0
    seconds: float = 0.0


def measure(profiles: tuple[Profile, ...], seed: int, *, devices: int = 100, days: int = 7) -> Measured:
    """One fleet with these profiles among its devices."""
    made = fleet(seed, START, devices=devices, days=days)
    _take(made, profiles)
    tables = rows.tables(made)
    out = Measured(weeks=devices / 100 * days / 7, flows=tables["flows"].height)
    began = perf_counter()
    found, ids = _follow(tables)
    out.seconds = perf_counter() - began
    _count(out, made, profiles, found, ids)
    _beside(out, made)
    return out


def _take(made: Fleet, profiles: tuple[Profile, ...]) -> None:
    """Each profile gets a device that does not go wherever people send it, and a place of its own."""
    chance = np.random.default_rng(made.seed + 1)
    steady = np.flatnonzero(made.models < len(MODELS) - WANDER)
    if steady.size < len(profiles):
        raise ValueError(f"{len(profiles)} profiles want as many devices; there are {steady.size}.")
    for one, device in zip(profiles, chance.choice(steady, len(profiles), replace=False), strict=True):
        place = _place(made, one, chance)
        made.bad[int(device), place] = one.name
        times = one.calls(made.start) - made.start
        # keep-alives of one connection are what is seen of slow calls over a broker; longer pauses mean a new one
        standing = one.transport == "mqtt" and one.period <= HOUR // 2
        made.call(int(device), place, times, one.size, one.size // 2, wavers=one.wavers, standing=standing)


def _place(made: Fleet, one: Profile, chance: np.random.Generator) -> int:
    name = f"c{one.seed % 100_000}.example"
    if one.transport == "https":
        return made.place(f"api.{name}", 443, "tls")
    if one.transport == "https by number":
        return made.place("", int(chance.choice([443, 8443])), "tls")
    if one.transport == "dns":
        return made.place(name, 53, "dns", proto=17, by_dns=True)
    if one.transport == "mqtt":
        return made.place(name if one.seed % 2 else "", int(chance.choice([1883, 8883])), "mqtt")
    if one.transport == "tcp":
        return made.place("", int(chance.integers(1025, 30_000)), "")
    port = 53 if one.transport == "dns at its own server" else int(chance.integers(1025, 30_000))
    return made.place("", port, "dns" if port == 53 else "", proto=17)


def _follow(tables: dict[str, pl.DataFrame]) -> tuple[list[Finding], dict[str, str]]:
    """Findings of attacks in incidents, and which MAC address each device has."""
    pipeline = Pipeline("site", Config(site="site"), bytes(32))
    findings: dict[str, Finding] = {}
    ids: dict[str, str] = {}
    told: set[str] = set()
    for window in rows.windows(tables):
        for facts in pipeline.advance(window):
            findings.update({one.id: one for one in facts.findings})
            ids.update({one.id: one.macs[0] for one in facts.devices if one.macs})
            told.update(event.source for incident in facts.incidents for event in incident.events)
    if pipeline.health.reasons:
        raise RuntimeError(f"A part failed: {pipeline.health.reasons}")
    return [one for one in findings.values() if one.id in told], ids


def _count(
    out: Measured, made: Fleet, profiles: tuple[Profile, ...], found: list[Finding], ids: dict[str, str]
) -> None:
    """A finding of command and control is right if it is about a taken device and says its place; else it is false."""
    numbers = {rows.mac(device): device for device in range(made.models.size)}
    periods = {one.name: one for one in profiles}
    first: dict[str, int] = {}
    by: dict[str, set[str]] = {}
    for finding in found:
        if finding.family not in ("command-and-control", "tunnel") or finding.severity < Severity.MEDIUM:
            continue
        device = numbers.get(ids.get(finding.device, ""), -1)
        hit = next(
            (name for (who, place), name in made.bad.items() if who == device and _says(finding, made, place)), ""
        )
        if hit:
            first[hit] = min(first.get(hit, finding.noticed), finding.noticed)
            by.setdefault(hit, set()).add(finding.detector)
        else:
            out.false.append(f"{finding.detector}: device {device} {finding.says}")
    for name, one in periods.items():
        calls = one.calls(made.start)
        out.found[name] = (first[name] - int(calls[0])) / one.period if name in first else None
        out.by[name] = " ".join(sorted(by.get(name, ())))


def _says(finding: Finding, made: Fleet, at: int) -> bool:
    place, told = made.places[at], [str(value) for _, value in finding.measured] + [finding.says]
    told += [value for _, value in finding.rows.where] if finding.rows else []
    nets = [address.rpartition(".")[0] + "." for address in place.addresses]
    domain = ".".join(place.name.split(".")[-2:])
    return any((domain and domain in text) or any(net in text for net in nets) for text in told)


def _beside(out: Measured, made: Fleet) -> None:
    """RITA's score of every pair, questions of DNS by their domain as if they were connections."""
    for key, pair in made.calls().sort("time").partition_by("device", "place", as_dict=True).items():
        device, place = (int(one) for one in key)
        scored = rita.score(pair["time"].to_numpy(), pair["out"].to_numpy())
        name = made.bad.get((device, place))
        if name:
            out.rita[name] = scored
        else:
            out.rita_other.append(scored)


def groups(profiles: tuple[Profile, ...]) -> dict[str, list[str]]:
    """Which profiles belong to which group, by name."""
    found: dict[str, list[str]] = {"jitter to 50 %": [one.name for one in profiles if one.is_gentle]}
    for shape in ("uniform-100", "exponential", "drop-outs", "hours"):
        found[shape] = [one.name for one in profiles if one.shape == shape]
    for one in profiles:
        found.setdefault(f"period {one.band}", []).append(one.name)
    for one in sorted(profiles, key=lambda one: one.transport):
        found.setdefault(f"over {one.transport}", []).append(one.name)
    found["all"] = [one.name for one in profiles]
    return found


def detectors(out: Measured) -> Counter[str]:
    """How many profiles each detector noticed."""
    return Counter(by for one in out.by.values() for by in one.split())
