"""Three trivial rules on the same flows, as a yardstick: a detector that does not beat them is worth nothing.

Each learns during the first tenth of the traffic, a day at most. Their alarms are joined as incidents are: those of a
device less than six hours apart are one. They know no family: any alarm about its device finds an event.
"""

import ipaddress
from collections.abc import Callable
from typing import Final

import polars as pl
from evaluation.detecting.expected import Expected
from evaluation.detecting.follow import Outcome
from evaluation.detecting.score import LATE, Row, device_days

from cordon.model.tables import DAY, HOUR, MINUTE, SECOND

APART: Final = 6 * HOUR
PRIVATE: Final = tuple(ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))

Alarms = pl.DataFrame
"""device (its address), time."""


def packet_rate(rows: pl.DataFrame, until: int) -> Alarms:
    """More packets in a minute than the box plot's upper whisker (Q3 + 1.5 IQR) of the minutes learned."""
    minute = pl.col("first") // MINUTE * MINUTE
    each = rows.group_by("device", minute=minute).agg(packets=pl.col("packets").sum())
    learned = each.filter(pl.col("minute") < until).group_by("device").agg(
        q1=pl.col("packets").quantile(0.25), q3=pl.col("packets").quantile(0.75)
    )  # fmt: skip
    whisker = pl.col("q3") + 1.5 * (pl.col("q3") - pl.col("q1"))
    over = each.join(learned, on="device", how="left").filter(pl.col("packets") > whisker.fill_null(0))
    return over.select("device", time=pl.col("minute") + MINUTE)


def new_destination(rows: pl.DataFrame, until: int) -> Alarms:
    """A network (/24) on the Internet that the device did not meet while it was learned."""
    outside = rows.filter(~pl.col("is_private") & pl.col("opened"))
    return _unknown(outside.with_columns(net=pl.col("peer").str.replace(r"\.\d+$", "")), ["device", "net"], until)


def allow_list(rows: pl.DataFrame, until: int) -> Alarms:
    """An address, port and protocol that the device did not use while it was learned."""
    return _unknown(rows.filter("opened"), ["device", "peer", "port", "proto"], until)


def _unknown(rows: pl.DataFrame, keys: list[str], until: int) -> Alarms:
    firsts = rows.group_by(keys).agg(time=pl.col("last").min(), first=pl.col("first").min())
    return firsts.filter(pl.col("first") >= until).select("device", "time")


RULES: Final[dict[str, Callable[[pl.DataFrame, int], Alarms]]] = {
    "packet-rate box plot": packet_rate,
    "new destination": new_destination,
    "allow-list": allow_list,
}


def judge(rule: str, expected: Expected, out: Outcome) -> Row:
    """What a rule comes to on the flows of `out`."""
    learn = max(expected.learn, min(DAY, (out.end - out.begin) // 10))
    rows = _rows(out.flows)
    alarms = RULES[rule](rows, out.begin + learn).filter(pl.col("time") >= out.begin + learn).sort("device", "time")
    fresh = (pl.col("time").diff().over("device") >= APART).fill_null(True)
    alarms = alarms.with_columns(story=fresh.cum_sum().over("device"))
    seconds, shown = [], set()
    for event in expected.events:
        mine = {event.device}
        mine.update(*(held for held in out.addresses.values() if event.device in held))
        start, end = out.begin + max(event.start, 0), out.begin + event.end if event.end >= 0 else out.end
        hits = alarms.filter(pl.col("time").is_between(start, end + LATE))
        hits = hits.filter(pl.col("device").is_in(list(mine))) if event.device else hits
        seconds.append((hits["time"].min() - start) / SECOND if hits.height else None)
        shown.update(hits.select("device", "story").iter_rows())
    stories = set(alarms.select("device", "story").unique().iter_rows())
    false = tuple(f"{device}" for device, _ in sorted(stories - shown))
    return Row(expected.name, tuple(one.family for one in expected.events), tuple(seconds), false,
               device_days(expected, out))  # fmt: skip


def _rows(flows: pl.DataFrame) -> pl.DataFrame:
    """A row for each end of a flow that has a private address."""
    packets = (pl.col("packets_out") + pl.col("packets_in")).alias("packets")
    sides = [
        flows.select(
            "first", "last", "proto", packets, device=own, peer=other, port="dst_port", opened=pl.lit(own == "src")
        )
        for own, other in (("src", "dst"), ("dst", "src"))
    ]
    rows = pl.concat(sides)
    private = {one: _is_private(one) for one in {*rows["device"].unique(), *rows["peer"].unique()}}
    rows = rows.filter(pl.col("device").replace_strict(private, return_dtype=pl.Boolean))
    return rows.with_columns(is_private=pl.col("peer").replace_strict(private, return_dtype=pl.Boolean))


def _is_private(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in net for net in PRIVATE) if parsed.version == 4 else parsed.is_private
