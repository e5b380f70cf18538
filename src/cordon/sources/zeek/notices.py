"""The log of notices: what Zeek's scripts found worth telling."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import address, complete, epoch, hashed, port, protocol, sound, text
from cordon.sources.reports import alerted

_BLOCKED: Final = "Notice::ACTION_DROP"
_ALARMS: Final = ("Notice::ACTION_ALARM", "Notice::ACTION_PAGE")


def notice(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """One row each. A notice has no severity of its own: those that the site has told Zeek to alarm or page of are
    high, the rest medium. What concerns no address (losses of the sensor itself) is set aside."""
    actions = pl.col("actions").fill_null([])
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        flow=pl.when(text("uid") != "").then(hashed(rows, "uid")).otherwise(pl.lit(0, pl.UInt64)),
        src=pl.coalesce(address("src"), address("id.orig_h"), pl.lit("")),
        dst=pl.coalesce(address("dst"), address("id.resp_h"), pl.lit("")),
        src_port=port("id.orig_p"),
        dst_port=pl.when(text("p") != "").then(port("p")).otherwise(port("id.resp_p")),
        proto=protocol("proto"),
        source=pl.lit("zeek"),
        signature=text("note"),
        text=pl.concat_str(
            [text("msg"), pl.when(text("sub") != "").then(pl.format(" ({})", "sub"))], ignore_nulls=True
        ),
        severity=pl.when(actions.list.set_intersection(list(_ALARMS)).list.len() > 0)
        .then(pl.lit("high"))
        .otherwise(pl.lit("medium")),
        is_blocked=actions.list.contains(_BLOCKED),
    )
    rows = sound(rows, ["time"], damage, "notice log: no time", place)
    told = rows.filter((pl.col("signature") != "") & ((pl.col("src") != "") | (pl.col("dst") != "")))
    return {"alerts": complete("alerts", alerted(told))}
