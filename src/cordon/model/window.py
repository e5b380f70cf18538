"""A window: all traffic tables of one span of event time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from cordon.model.tables import TABLES, empty


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The traffic of ``begin <= time < end`` (µs); rows that arrived late keep their own, earlier time.

    Time itself comes with the window: a window without rows is how silence is told.
    """

    site: str
    begin: int
    end: int
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        """The named table of `TABLES`; empty when the source brought none.

        Raises:
            KeyError: there is no table of that name.
        """
        frame = self.tables.get(name)
        return empty(name) if frame is None else frame

    @classmethod
    def checked(cls, site: str, begin: int, end: int, tables: Mapping[str, pl.DataFrame]) -> "Window":
        """A window whose tables are held against their schemas.

        Raises:
            ValueError: a table is unknown, or its columns or types differ from the schema.
        """
        for name, frame in tables.items():
            if name not in TABLES:
                raise ValueError(f"unknown table {name}")
            if dict(frame.schema) != TABLES[name]:
                raise ValueError(f"table {name} differs from its schema: {dict(frame.schema)}")
        return cls(site, begin, end, tables)
