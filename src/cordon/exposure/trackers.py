"""Names of companies that measure or advertise: a small list of our own, as data."""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Tracker:
    """Who stands behind a domain, and what for."""

    domain: str
    owner: str
    what: str


@cache
def shipped() -> dict[str, Tracker]:
    """All of them by their domain."""
    text = files("cordon.exposure.data").joinpath("trackers.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {domain: Tracker(domain, owner, what) for domain, owner, what in rows}


@lru_cache(maxsize=65_536)
def tracker_of(name: str) -> Tracker | None:
    """The tracker that a host name belongs to: its domain or one below it."""
    labels = name.lower().strip(".").split(".")
    return next((found for at in range(len(labels)) if (found := shipped().get(".".join(labels[at:])))), None)
