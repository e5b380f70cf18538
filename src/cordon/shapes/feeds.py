"""The shapes of feeds of threat intelligence."""

from dataclasses import dataclass

from cordon.model.threats import FeedAbout
from cordon.shapes.entries import iso


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed: whence and when it came, and how much is in it. Of a damaged one only its name is known."""

    name: str
    source: str
    form: str
    indicators: int
    broken: int
    set_aside: int
    fetched: str | None
    age_days: int
    old_after_days: int
    is_old: bool
    is_damaged: bool


def feed_entry(name: str, about: FeedAbout | None, source: str, now: int) -> FeedEntry:
    """A feed as it is printed; `source` is what may be shown of it, `now` in µs."""
    if about is None:
        return FeedEntry(name, "", "", 0, 0, 0, None, 0, 0, False, True)
    counts = about.count, about.broken, about.aside
    old = about.age(now), about.old_after, about.is_old(now)
    return FeedEntry(name, source, about.form, *counts, iso(about.fetched), *old, False)
