"""What is known to be bad elsewhere, as detectors look it up: the feeds of a state, read again when one changed."""

from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.addresses import address_key
from cordon.model.tables import Schema
from cordon.model.threats import INDICATORS, feed_about, feed_indicators

LISTED: Final[Schema] = {
    **INDICATORS,
    "feed": pl.String,
    "fetched": pl.Int64,  # µs
    "old_after": pl.Int64,  # days
}
"""Indicators with the feed that lists them; what several feeds list stands there for each."""

_MOST_LABELS: Final = 8
"""Labels of a name that are looked at from its end."""


class Threats:
    """The indicators of the feeds in a folder; nothing where there is no folder. A damaged feed is left out."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._kinds: dict[str, pl.DataFrame] = {}
        self._networks: list[tuple[int, pl.DataFrame]] = []  # addresses by the length of their keys

    def refresh(self) -> None:
        """Reads the feeds again if one of them was added, changed or removed since."""
        files = [] if self._folder is None else sorted(self._folder.glob("[!.]*.parquet"))
        seen = []
        for path in files:
            try:
                told = path.stat()
            except OSError:
                continue  # removed in this moment
            seen.append((path.name, told.st_mtime_ns, told.st_size))
        if tuple(seen) == self._seen:
            return
        self._seen = tuple(seen)
        frames = [rows for path in files if (rows := _listed(path)) is not None]
        whole = pl.concat(frames) if frames else pl.DataFrame(schema=LISTED)
        whole = whole.sort("key", "feed")
        self._kinds = {str(kind): rows for (kind,), rows in whole.group_by(["kind"], maintain_order=True)}
        lengths = (
            self.of("address").with_columns(length=pl.col("key").str.len_bytes().cast(pl.Int64)).sort("length", "key")
        )
        parts = lengths.partition_by("length", maintain_order=True)
        self._networks = [(int(part["length"][0]), part.drop("length")) for part in parts]

    def of(self, kind: str) -> pl.DataFrame:
        """All indicators of a kind (`LISTED`), sorted by key."""
        found = self._kinds.get(kind)
        return pl.DataFrame(schema=LISTED) if found is None else found

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known to be bad."""
        return not self._kinds

    def values(self, kind: str, values: pl.Series) -> pl.DataFrame:
        """Which of these texts are listed: `met` and the columns of `LISTED`."""
        listed = self.of(kind)
        if listed.is_empty():
            return _none()
        asked = values.unique().rename("met").to_frame().with_columns(key=pl.col("met").str.to_lowercase())
        return _among(asked, listed)

    def addresses(self, addresses: pl.Series) -> pl.DataFrame:
        """Which of these addresses are listed, themselves or with their network: `met` and the columns of `LISTED`."""
        if not self._networks:
            return _none()
        asked = addresses.unique().rename("met").to_frame().with_columns(whole=address_key(pl.col("met")))
        asked = asked.filter(pl.col("whole").is_not_null())
        begun = ((asked.with_columns(key=pl.col("whole").str.head(length)), part) for length, part in self._networks)
        return pl.concat([_among(keys, listed) for keys, listed in begun])

    def names(self, names: pl.Series) -> pl.DataFrame:
        """Which of these names are listed, themselves or what they are below: `met` and the columns of `LISTED`."""
        listed = self.of("name")
        if listed.is_empty():
            return _none()
        asked = names.unique().rename("met").to_frame().filter(pl.col("met").str.contains(".", literal=True))
        asked = asked.with_columns(whole=pl.col("met").str.to_lowercase().str.strip_suffix("."))
        asked = asked.with_columns(labels=pl.col("whole").str.split("."))
        found = [_among(asked.with_columns(key="whole"), listed)]
        for labels in range(2, _MOST_LABELS + 1):
            deeper = asked.filter(pl.col("labels").list.len() > labels)
            if deeper.is_empty():
                break
            ends = deeper.with_columns(key=pl.col("labels").list.tail(labels).list.join("."))
            found.append(_among(ends, listed).filter(~pl.col("is_exact")))
        return pl.concat(found)


def _among(asked: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The rows of `listed` whose key was asked for, with what it was asked as (`met`).

    Few are asked for among many that are listed, and nearly none is there: so they are looked up in what is sorted
    before anything is joined.
    """
    places = listed["key"].search_sorted(asked["key"]).clip(0, listed.height - 1)
    hits = asked.filter(listed["key"].gather(places) == asked["key"])
    if hits.is_empty():
        return _none()
    these = listed.filter(pl.col("key").is_in(hits["key"].unique().implode()))
    return hits.join(these, on="key", how="inner").select("met", *LISTED)


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={"met": pl.String, **LISTED})


def _listed(path: Path) -> pl.DataFrame | None:
    about, rows = feed_about(path), feed_indicators(path)
    if about is None or rows is None:
        return None
    told = rows.with_columns(
        feed=pl.lit(about.name), fetched=pl.lit(about.fetched, pl.Int64), old_after=pl.lit(about.old_after, pl.Int64)
    )
    return told.select(pl.col(column).cast(kind) for column, kind in LISTED.items())
