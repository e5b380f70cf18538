"""The detector of devices that reckon for others."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Level

POOLS: Final = (
    r"(^|[.-])(xmr|monero|stratum|minergate|nicehash|nanopool|2miners|f2pool|ethermine|supportxmr|minexmr|hashvault"
    r"|moneroocean|unmineable|c3pool|miningpoolhub|dwarfpool|viabtc|antpool|slushpool|braiins|prohashing"
    r"|herominers|woolypooly|flexpool|xmrpool|moneropool|cryptonight)[\w-]*[.-]|(^|[.-])pool\.(xmr|eth|btc)"
)
"""Names of pools that share out the reckoning of crypto-currencies."""


class Mining(Detector):
    """A device works for a pool that mines crypto-currency.

    Why it matters: somebody runs a program on it, on your power; the way in stays open.
    False alarms: somebody mines on purpose, on a computer of their own.
    What to do: ask whose program it is; if nobody's, cordon the device off.
    """

    id = "mining"
    family = "abuse"
    technique = "T1496"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 300
    span = DAY
    reads = ("links",)

    def look(self, seen: Features) -> Iterator[Finding]:
        names = seen.talks.select("name").unique().filter(pl.col("name").str.contains(POOLS))
        if names.is_empty():
            return
        such = (
            (pl.col("proto") == 6) & pl.col("initiated") & (pl.col("scope") == "internet") & (pl.col("payload_in") > 0)
        )
        rows = seen.now(seen.talks.filter(such).join(names, on="name", how="semi"))
        each = rows.group_by("device", "name", "step").agg(
            pl.col("time").min(), pl.col("peer").min(), pl.col("port").min()
        )
        for row in each.sort("step", "device", "name").iter_rows(named=True):
            yield self.finding(
                row["device"],
                f"works for {row['name']}, where crypto-currency is mined",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("place", row["name"]), ("port", row["port"])),
                about=row["name"],
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", row["device"]), ("peer", row["peer"]))),
            )
