"""What is known to be bad elsewhere: indicators from feeds, each a Parquet file in the folder `feeds` of a state.

They stand beside the record, not in it: a feed is replaced as a whole, by a rename, while somebody else owns the record
and goes on writing it; nobody asks for one indicator, but all of them are joined with traffic at once; and what was
imported can be imported again. A file carries its own account (`FeedAbout`), so that the two cannot part.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.codec import decode, encode
from cordon.model.tables import DAY, Schema

KINDS: Final = ("address", "name", "sha256", "sha1", "md5", "ja3", "ja4")
"""What an indicator can be. `address` is also a network."""

INDICATORS: Final[Schema] = {
    "kind": pl.String,  # one of KINDS
    "key": pl.String,  # what is compared: see `cordon.model.addresses`; of the others the value in lower case
    "value": pl.String,  # as people write it
    "is_exact": pl.Boolean,  # of a name: it alone, not what is below it
    "says": pl.String,  # what the feed says of it, or ""
}

_ABOUT: Final = "cordon.feed"


@dataclass(frozen=True, slots=True)
class FeedAbout:
    """The account of a feed: whence, when, how much. Times are µs."""

    name: str
    source: str  # file or address it came from
    form: str  # lines, hosts, csv, misp, stix
    kind: str  # what its values are, where they do not tell; or ""
    old_after: int  # days from which on it weighs less
    fetched: int
    count: int
    broken: int  # entries that could not be read
    aside: int  # entries that were left out: private, far too wide, or withdrawn

    def age(self, now: int) -> int:
        """Whole days since it was fetched; 0 for times before."""
        return max(0, now - self.fetched) // DAY

    def is_old(self, now: int) -> bool:
        """Whether it weighs less by now."""
        return now - self.fetched > self.old_after * DAY


def feed_path(folder: Path, name: str) -> Path:
    """Where the feed of that name is kept."""
    return folder / f"{name}.parquet"


def keep_feed(folder: Path, about: FeedAbout, indicators: pl.DataFrame) -> None:
    """Writes a feed in the place of an earlier one.

    Raises:
        OSError: it cannot be written; the earlier one stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{about.name}.{os.getpid()}.new"
    told = json.dumps(encode(about), sort_keys=True)
    try:
        indicators.select(*INDICATORS).write_parquet(fresh, metadata={_ABOUT: told})
        fresh.replace(feed_path(folder, about.name))
    finally:
        fresh.unlink(missing_ok=True)


def feed_about(path: Path) -> FeedAbout | None:
    """The account of a kept feed; None where the file is damaged or no feed."""
    try:
        return decode(FeedAbout, json.loads(pl.read_parquet_metadata(path)[_ABOUT]))
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None


def feeds(folder: Path) -> dict[str, FeedAbout | None]:
    """All kept feeds by name, in order; None for one that is damaged."""
    return {path.stem: feed_about(path) for path in sorted(folder.glob("[!.]*.parquet"))}


def feed_indicators(path: Path) -> pl.DataFrame | None:
    """A kept feed's rows (`INDICATORS`); None where they cannot be read."""
    try:
        rows = pl.read_parquet(path, memory_map=False)
    except (OSError, pl.exceptions.PolarsError):
        return None
    return rows if dict(rows.schema) == INDICATORS else None
