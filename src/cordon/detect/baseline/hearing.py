"""What devices do in the hour that is watched, gathered until it is over: only what no other memory holds."""

from typing import TYPE_CHECKING, Final

import polars as pl

from cordon.detect.baseline.memory import DOMAIN, FAILED, HEARD
from cordon.detect.data.suffixes import registered_domain
from cordon.model.baseline import What
from cordon.model.sides import owner
from cordon.model.tables import HOUR, STEP

if TYPE_CHECKING:
    from cordon.detect.features import Features

MANY: Final = 100_000
"""Rows from which on those of the same are brought together."""
CHUNKS: Final = 16


def heard(before: pl.DataFrame, seen: "Features") -> pl.DataFrame:
    """What was heard so far in this hour, with the steps of `seen`."""
    fresh = [rows for rows in (_places(seen), _questions(seen), _hellos(seen), _operations(seen)) if len(rows)]
    if not fresh:
        return before
    rows = pl.concat([before, *fresh])
    if len(rows) > MANY and len(rows) > 4 * len(before):
        return gathered(rows)
    return rows.rechunk() if rows.n_chunks() > CHUNKS else rows


def gathered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the same brought together; in no order, and may be done again."""
    return (
        rows.group_by("device", "what", "key", "net")
        .agg(
            pl.col("first").min(),
            pl.col("last").max(),
            pl.col("times").sum(),
            pl.col("low").min(),
            pl.col("high").max(),
            pl.col("marks").explode(),
        )
        .select(*HEARD)
    )


def _rows(
    rows: pl.DataFrame,
    what: int,
    key: pl.Expr,
    *,
    net: pl.Expr | None = None,
    opened: pl.Expr | None = None,
    low: pl.Expr | None = None,
    high: pl.Expr | None = None,
) -> pl.DataFrame:
    """Rows with a device and a step in the form of `HEARD`."""
    within = (pl.col("step") % HOUR // STEP).cast(pl.UInt16) * 2
    marks = within + opened.cast(pl.UInt16) if opened is not None else None
    columns = {
        "device": pl.col("device"),
        "what": pl.lit(what, pl.UInt8),
        "key": key,
        "net": net if net is not None else pl.lit(""),
        "first": pl.col("step"),
        "last": pl.col("step"),
        "times": pl.lit(1, pl.Int64),
        "low": low if low is not None else pl.lit(float("inf")),
        "high": high if high is not None else pl.lit(float("-inf")),
        "marks": pl.concat_list(marks) if marks is not None else pl.lit([], pl.List(pl.UInt16)),
    }
    return rows.select(**columns)


def _places(seen: "Features") -> pl.DataFrame:
    rows = seen.contacts
    return (
        rows if rows.is_empty() else _rows(rows, What.PLACE, pl.col("dest"), net=pl.col("net"), opened=pl.col("opened"))
    )


def _questions(seen: "Features") -> pl.DataFrame:
    """Domains asked of DNS, and answers that say that there is no such thing or that it cannot be told."""
    asked = seen.lookups
    if asked.is_empty():
        return asked
    names = {name: registered_domain(name) for name in asked["name"].unique().to_list()}
    failed = asked.filter(pl.col("is_response") & ~pl.col("rcode").is_in(["", "NOERROR"]))
    domain = pl.col("name").replace_strict(names, return_dtype=pl.String)
    questions = asked.filter(~pl.col("is_response"))
    return pl.concat([_rows(questions, DOMAIN, domain), _rows(failed, FAILED, pl.lit(""))])


def _hellos(seen: "Features") -> pl.DataFrame:
    """Fingerprints of the hellos of clients."""
    found = []
    for name in ("tls", "quic"):
        rows = seen.window.table(name)
        rows = rows if rows.is_empty() else rows.filter(pl.col("ja4") != "")
        if not rows.is_empty():
            mine = owner(rows, seen.state.bindings, mac="mac", ip="client", into="device")
            found.append(_rows(mine.filter(pl.col("device") != ""), What.FINGERPRINT, pl.col("ja4")))
    return pl.concat(found) if found else pl.DataFrame()


def _operations(seen: "Features") -> pl.DataFrame:
    """What was asked of controllers, and the first of the values that were written or read, where it is a number."""
    rows = seen.operations
    told = (pl.col("client_device") != "") & (pl.col("operation") != "")
    rows = rows if rows.is_empty() else rows.filter(told & (~pl.col("is_response") | (pl.col("address") != "")))
    if rows.is_empty():
        return rows
    value = pl.col("value").str.extract(r"^(-?\d+(?:\.\d+)?)(?:,|$)").cast(pl.Float64, strict=False)
    place = pl.format("{} {} {} {}", "protocol", "operation", "server", "address").str.strip_chars()
    mine = rows.with_columns(device="client_device")
    return _rows(mine, What.OPERATION, place, low=value.fill_null(float("inf")), high=value.fill_null(float("-inf")))
