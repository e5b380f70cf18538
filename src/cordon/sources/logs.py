"""Log files as one stream of windows, whatever the order of their lines and however large they are.

Lines are read in blocks (`cordon.sources.lines.BLOCK`), their rows kept in hourly buckets that go to temporary files
beyond a bound (`cordon.sources.buckets.HELD`), and handed out hour by hour. So memory holds one block, the bound, and
the rows of one hour. Nothing is handed out before all has been read: a connection is logged when it ends, and may have
begun a day earlier.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from cordon.model.tables import HOUR, STEP
from cordon.model.window import Window
from cordon.sources.assembly import Assembly, window_parts
from cordon.sources.buckets import Buckets
from cordon.sources.damage import Damage
from cordon.sources.prints import fingerprint
from cordon.sources.spread import spread

Rows = Mapping[str, pl.DataFrame]
"""Rows by table, as a parser tells them: `flows` are whole flows; `leases` tell who had which address,
`certificates` what the certificates are that rows of `tls` name."""

Parse = Callable[[Path, Damage], Iterator[tuple[int, Rows]]]
"""Reads a file block by block: the position reached (bytes) and the block's rows."""


class LogSource:
    """Logs of another sensor as windows.

    Windows are whole steps and at most an hour long. Stretches without rows come as one window without rows.
    """

    def __init__(
        self,
        files: Sequence[Path],
        parse: Parse,
        *,
        kind: str,
        site: str,
        window: int,
        segment: str = "lan",
        networks: Sequence[str] = (),
    ) -> None:
        """Takes the files as they are; `window` is in µs, `kind` is what the source is called (zeek, suricata),
        `networks` are those of the site's own whose addresses are public."""
        self._networks = tuple(networks)
        self.files = tuple(files)
        self.kind = kind
        self.site = site
        self.segment = segment
        self._parse = parse
        self._window = min(max(window, STEP), HOUR)
        self._damage = Damage()
        self._sizes = [file.stat().st_size for file in self.files]
        self._done = 0
        self._stats = dict.fromkeys(("packets", "bytes", "flows", "evicted", "first", "last"), 0)

    def __iter__(self) -> Iterator[Window]:
        """The windows, oldest first.

        Raises:
            SourceError: a file vanished or broke while it was read (not: is damaged; that is counted).
        """
        with Buckets() as buckets:
            leases, certificates = self._fill(buckets)
            assembly = Assembly(leases, certificates, self._networks)
            hours = buckets.hours()
            reached = None
            for at, hour in enumerate(hours, 1):
                tables = assembly.tables(buckets.take(hour))
                self._count(tables)
                self._done = sum(self._sizes) * at // len(hours)
                for window in self._windows(tables, hour * HOUR):
                    if reached is not None and window.begin > reached:
                        yield Window(self.site, reached, window.begin)
                    yield window
                    reached = window.end

    def _fill(self, buckets: Buckets) -> tuple[pl.DataFrame | None, ...]:
        """Puts all rows into buckets; gives those that count for the whole input: leases and certificates."""
        kept: dict[str, list[pl.DataFrame]] = {"leases": [], "certificates": []}
        for file in self.files:
            for _, rows in self._parse(file, self._damage):
                for name, frame in rows.items():
                    if name in kept:
                        kept[name].append(frame)
                        continue
                    whole = spread(frame) if name == "flows" else frame
                    self._damage.add("more hours than can be told apart", file.name, buckets.add(name, whole))
        return tuple(pl.concat(frames).unique() if frames else None for frames in kept.values())

    def _windows(self, tables: Rows, begin: int) -> Iterator[Window]:
        """The windows of an hour that have rows, on the grid of windows; an hour's last may be shorter."""
        steps = pl.concat([frame.get_column("step") for frame in tables.values()]).unique().sort()
        starts = steps - (steps % self._window if HOUR % self._window == 0 else (steps - begin) % self._window)
        for start in starts.unique().sort().to_list():
            end = min(start + self._window, begin + HOUR)
            yield Window.checked(self.site, start, end, window_parts(tables, start, end))

    def _count(self, tables: Rows) -> None:
        for table in tables.values():
            time = "first" if "first" in table.columns else "time"
            ends = table.select(pl.col(time).min(), pl.col("last" if time == "first" else time).max().alias("end")).row(
                0
            )
            self._stats["first"] = min(self._stats["first"] or ends[0], ends[0])
            self._stats["last"] = max(self._stats["last"], ends[1])
        if "flows" in tables:
            flows = tables["flows"]
            for what in ("packets", "bytes"):
                self._stats[what] += flows.select(pl.col(f"{what}_out").sum() + pl.col(f"{what}_in").sum()).item()
            self._stats["flows"] += int(flows["is_first"].sum())

    @property
    def prints(self) -> tuple[str, ...]:
        """Fingerprints of the files, in their order."""
        return tuple(fingerprint(file) for file in self.files)

    @property
    def label(self) -> str:
        """What people call it: the file's name, and how many more there are."""
        more = len(self.files) - 1
        return self.files[0].name + (f" and {more} more" if more else "")

    def progress(self) -> tuple[int, int]:
        """Bytes whose rows were handed out so far, and in all."""
        return self._done, sum(self._sizes)

    def stats(self) -> dict[str, int]:
        """Counters so far: packets, bytes, flows, evicted, first, last (µs)."""
        return dict(self._stats)

    def damaged(self) -> dict[str, int]:
        """Damage so far, kind → count; each kind names the place where it was met first."""
        return self._damage.counts()
