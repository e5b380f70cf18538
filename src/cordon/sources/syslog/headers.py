"""What stands before a message of a log: when it was written, by whom, and by which program.

Read are RFC 5424, RFC 3164, ISO times as rsyslog writes them, and the files of logread (OpenWrt), Mosquitto and
FreeRADIUS.
"""

from typing import Final

import polars as pl

from cordon.model.tables import DAY
from cordon.sources.parsing import LATEST, address, epoch

_PRI: Final = r"(?:<\d{1,3}>)?"
_STAMP: Final = r"(?P<stamp>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)"
_DATA: Final = r'(?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)'
"""The structured data of RFC 5424, which is not looked at."""
FORMS: Final = (
    rf"^<\d{{1,3}}>\d{{1,2}} (?P<iso>\S+) (?P<host>\S+) (?P<program>\S+) \S+ \S+ {_DATA} ?(?P<message>.*)$",
    rf"^{_PRI}{_STAMP}(?:\.\d+)? (?P<host>\S*[^\s:]) (?P<rest>.*)$",
    rf"^{_PRI}{_STAMP}(?:\.\d+)? (?P<rest>\S+: .*)$",
    rf"^{_PRI}(?P<iso>\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\S*) (?P<host>\S*[^\s:]) (?P<rest>.*)$",
    rf"^[A-Z][a-z]{{2}} {_STAMP} (?P<year>\d{{4}}) [a-z0-9]+\.[a-z]+ (?P<rest>.*)$",
    rf"^[A-Z][a-z]{{2}} {_STAMP} (?P<year>\d{{4}}) : (?P<radius>\w+: .*)$",
    r"^(?P<epoch>\d{10}): (?P<mosquitto>.*)$",
)
"""The forms of a line, told apart by how they begin; the first that fits."""
BARE: Final = r"^<\d{1,3}>(?P<rest>.*)$"
"""A message that came over the network with nothing but its priority."""
_TAG: Final = r"^(?P<program>[\w./-]{1,48})(?:\[\d+\])?: ?(?P<message>.*)$"
_GROUPS: Final = ("iso", "stamp", "year", "epoch", "host", "program", "message", "rest", "radius", "mosquitto")
_CISCO: Final = r"%[A-Z0-9_]+-\d-[A-Z0-9_]+: "
LONGEST: Final = 8192
"""Characters of a message that are looked at (RFC 5424 asks for 2048)."""


def headed(lines: pl.DataFrame, around: int, *, is_live: bool = False) -> pl.DataFrame:
    """The lines with `time` (µs), `host` (an address, or ""), `program` and `text`; `time` is null where there is no
    header.

    Args:
        lines: with the column `line`.
        around: a time (µs) near the newest line: a line that tells no year is of the year that ends a day after it.
        is_live: messages with nothing but a priority are read too; their time is `around`.
    """
    forms = (*FORMS, BARE) if is_live else FORMS
    rows = lines.with_columns(line=pl.col("line").str.head(LONGEST).str.strip_suffix("\r"))
    found = [rows.select(pl.col("line").str.extract_groups(form)).to_series().struct.unnest() for form in forms]
    columns = []
    for name in _GROUPS:
        told = [one[name] for one in found if name in one.columns]
        columns.append(pl.select(pl.coalesce(told)).to_series().alias(name))
    parts = rows.hstack(columns)
    tag = pl.col("rest").str.extract_groups(_TAG).struct
    parts = parts.with_columns(
        time=_time(around, is_live),
        program=pl.coalesce(
            pl.col("program"),
            tag.field("program"),
            pl.when(pl.col("radius").is_not_null()).then(pl.lit("radiusd")),
            pl.when(pl.col("mosquitto").is_not_null()).then(pl.lit("mosquitto")),
            pl.lit(""),
        ),
        message=pl.coalesce("message", tag.field("message"), "rest", "radius", "mosquitto", pl.lit("")),
        host=pl.coalesce(address("host"), pl.lit("")),
    )
    is_cisco = pl.col("message").str.contains(_CISCO) | pl.col("rest").fill_null("").str.contains(_CISCO)
    whole = pl.coalesce("rest", "message").str.replace(rf"^.*?({_CISCO})", "${1}")
    parts = parts.with_columns(
        program=pl.when(is_cisco)
        .then(pl.lit("cisco"))
        .otherwise(pl.col("program").str.replace(r"^.*/", "").str.to_lowercase()),
        text=pl.when(is_cisco)
        .then(whole)
        .otherwise(pl.col("message").str.replace(r"^\x{feff}?(\[ *\d+\.\d+\] )?", "")),
    )
    return parts.drop(set(_GROUPS) - {"host", "program"}, "line")


def _time(around: int, is_live: bool) -> pl.Expr:
    """The time a line tells; without a zone it is taken as UTC, without a year as the last such day."""
    year = pl.lit(around + DAY).cast(pl.Datetime("us")).dt.year()
    given = pl.col("year").cast(pl.Int32, strict=False)
    stamps = [_stamp(pl.coalesce(given, year - back)) for back in (0, 1)]
    last = pl.when((stamps[0] <= around + DAY) | given.is_not_null()).then(stamps[0]).otherwise(stamps[1])
    told = pl.coalesce(epoch("iso"), last, epoch("epoch"))
    if is_live:
        has_header = pl.any_horizontal(pl.col(name).is_not_null() for name in ("iso", "stamp", "rest"))
        told = pl.coalesce(told, pl.when(has_header).then(pl.lit(around)))
    return pl.when(told.is_between(1, LATEST)).then(told)


def _stamp(year: pl.Expr) -> pl.Expr:
    whole = pl.concat_str([year.cast(pl.String), pl.col("stamp")], separator=" ")
    return whole.str.to_datetime("%Y %b %e %H:%M:%S", strict=False, time_unit="us").dt.timestamp("us")
