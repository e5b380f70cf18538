"""What the rows of all of Zeek's logs of connections have: time, ends, flow."""

import polars as pl

from cordon.model.tables import STEP
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.parsing import address, epoch, hashed, port, sound, text


def ended(rows: pl.DataFrame, context: Context, damage: Damage, name: str, place: str) -> pl.DataFrame:
    """Rows of a connection's log with time, ends and flow; rows without them are damage."""
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        client=address("id.orig_h"),
        server=address("id.resp_h"),
        source_port=port("id.orig_p"),
        port=port("id.resp_p"),
    )
    rows = sound(rows, ["time"], damage, f"{name} log: no time", place)
    rows = sound(rows, ["client", "server"], damage, f"{name} log: no address", place)
    return rows.with_columns(flow=_flow(rows), step=pl.col("time") // STEP * STEP)


def _flow(rows: pl.DataFrame) -> pl.Series:
    """Zeek's own id of the connection; where a log has none, its time and ends."""
    named = pl.col("uid").fill_null("") != ""
    ends = pl.concat_str([text(c) for c in ("ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")], separator="|")
    return hashed(rows, pl.when(named).then("uid").otherwise(ends))
