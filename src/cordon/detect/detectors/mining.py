"""The detector of devices that reckon for others."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, MINUTE, STEP
from cordon.parts import Level

POOLS: Final = (
    r"(^|[.-])(xmr|monero|stratum|minergate|nicehash|nanopool|2miners|f2pool|ethermine|supportxmr|minexmr|hashvault"
    r"|moneroocean|unmineable|c3pool|miningpoolhub|dwarfpool|viabtc|antpool|slushpool|braiins|prohashing"
    r"|herominers|woolypooly|flexpool|xmrpool|moneropool|cryptonight)[\w-]*[.-]|(^|[.-])pool\.(xmr|eth|btc)"
)
"""Names of pools that share out the reckoning of crypto-currencies."""
PORTS: Final = (3333, 3334, 3335, 10_128, 14_433, 14_444, 20_128, 45_560, 45_700)
"""Ports on which pools take work."""
LASTS: Final = 5 * MINUTE
"""Talk over one of these ports that goes on so long, a word now and then, is work."""
SPARSE: Final = 50_000
"""Bytes that a word has at most, and a hundred for each second where a log tells of many words at once."""


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
        yield from self._by_port(seen)
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

    def _by_port(self, seen: Features) -> Iterator[Finding]:
        """Long, sparse talk over a pool's port with a place outside."""
        such = (
            (pl.col("proto") == 6)
            & pl.col("initiated")
            & (pl.col("scope") == "internet")
            & pl.col("port").is_in(PORTS)
            & (pl.col("payload_in") > 0)
            & (pl.col("time") - pl.col("began") >= LASTS)
            & (pl.col("bytes_out") + pl.col("bytes_in") <= SPARSE + (pl.col("time") - pl.col("began")) // 10_000)
        )
        rows = seen.now(seen.talks.filter(such))
        each = rows.group_by("device", "peer", "port", "step").agg(pl.col("began").min())
        for row in each.sort("step", "device", "peer", "port").iter_rows(named=True):
            where = (("device", row["device"]), ("peer", row["peer"]), ("port", str(row["port"])))
            yield self.finding(
                row["device"],
                f"keeps talking with {row['peer']} over port {row['port']}, on which pools that mine take work",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("place", row["peer"]), ("port", row["port"])),
                about=row["peer"],
                rows=Rows("talks", row["began"], row["step"] + STEP, where),
            )
