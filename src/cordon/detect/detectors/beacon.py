"""The detector of beacons."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.data.kinds import WANDERING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.habits import EVERYDAY
from cordon.detect.features.novelty import UNREMARKABLE
from cordon.detect.features.rhythm import GETTING_TO_KNOW
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND, STEP
from cordon.parts import Level, Setting

NETWORK: Final = r"/(24|48)$"
"""A destination without a name is a network."""
SLOW: Final = 4 * HOUR
"""Of periods so long few calls must do."""


class Beacon(Detector):
    """A device calls the same new place again and again, as regular as a clock, or at random but day and night alike.

    Why it matters: a taken device reports to its master and waits for orders.
    False alarms: every device has heartbeats; only those to places met after the device was known, which few others
    here know, are spoken of.
    What to do: look whom the destination belongs to; with a second sign, of it or of another
    that calls there, cordon it off.
    """

    id = "beacon"
    family = "command-and-control"
    technique = "T1071"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 200
    span = 6 * HOUR
    reads = ("beats",)
    second = True
    beats = Setting(8, at_least=6, at_most=24, says="calls before anything is said")
    regular = Setting(80, at_least=50, at_most=100, says="per cent of the pauses that are alike")
    jittered = Setting(16, at_least=12, at_most=48, says="calls before anything is said, if their pauses waver")
    random = Setting(24, at_least=16, at_most=48, says="calls before anything is said, if their pauses are random")
    named = Setting(60, at_least=0, at_most=10_000, says="minutes that calls of a named place over a usual port go on")
    shared = Setting(2, at_least=1, at_most=1000, says="devices here that may know the place")

    def look(self, seen: Features) -> Iterator[Finding]:
        told: set[tuple[str, str, int]] = set()
        steady = seen.rhythms.filter(self._steady())
        knowing = _knowing(seen, steady)
        for row in steady.iter_rows(named=True):
            device, dest, step = row["device"], row["dest"], row["step"]
            if (device, dest, step) in told:
                continue
            told.add((device, dest, step))
            is_asked = row["port"] == 53 and not dest.endswith(("/24", "/48"))
            if not self._may_be_told(seen, row, seen.since(device, ("%" if is_asked else "=") + dest)):
                continue
            fellows = [who for who, since in knowing.get(("%" if is_asked else "=") + dest, ()) if since <= step]
            if len(fellows) > self["shared"] or self._goes_anywhere(seen, device, dest, step):
                continue
            if self._is_usual(row) and self._may_be_the_makers(seen, row, fellows):
                continue
            signs = [one for one in seen.signs if one.device in fellows and one.strong and one.noticed <= step + STEP]
            yield self.finding(
                device,
                f"{'asks for' if is_asked else 'calls'} {dest} {_spell(row)}, a place it did not know before",
                began=row["began"],
                noticed=step + STEP,
                measured=(("calls", row["beats"]), ("period in seconds", row["period"] // SECOND), ("place", dest)),
                peers=tuple(fellows),
                about=dest,
                severity=Severity.HIGH if signs else None,
                weight=400 if signs else None,
                compromise=bool(signs),
                rows=self._rows(seen, row, is_asked=is_asked),
            )

    def _steady(self) -> pl.Expr:
        """The rhythms that are worth a word: alike, wavering about a period, or random but steady."""
        beats, slow, even = pl.col("beats"), pl.col("period") >= SLOW, pl.col("uneven") <= 500
        wide = pl.when(pl.col("period") >= HOUR).then(40).otherwise(25)  # nights and days off lie between long ones
        dense = pl.col("covered") * 10 <= wide * beats * pl.col("period")  # else it is many short times
        few = pl.when(pl.col("period") >= 3 * SLOW).then(3).when(slow).then(2).otherwise(0)
        clock = (beats >= self["beats"] - few) & (pl.col("regular") >= self["regular"] * 10) & dense
        jittered = (
            (beats >= pl.when(slow).then(self["jittered"] // 2 - few + 2).otherwise(self["jittered"]))
            & (pl.col("wavers") <= 700)
            & (pl.col("breaks") <= 100)
            & (pl.col("bursts") <= 600)
            & dense
            & even
        )
        sleepless = (pl.col("covered") >= 20 * HOUR) & (pl.col("night") <= 7 * HOUR)
        random = (
            (beats >= pl.when(slow).then(self["random"] // 2).otherwise(self["random"]))
            & (pl.col("breaks") <= 150)
            & (pl.col("bursts") <= 1600)
            & sleepless
            & even
        )
        named = ~pl.col("dest").str.contains(NETWORK)
        usual = named & pl.col("port").is_in([*EVERYDAY])
        long_enough = pl.col("covered") >= pl.when(usual).then(self["named"] * MINUTE).otherwise(4 * MINUTE)
        remarkable = ~pl.col("port").is_in(UNREMARKABLE) | (pl.col("port") == 53)
        small = (pl.col("bytes") <= 20_000) & pl.col("period").is_between(8 * SECOND, 26 * HOUR)
        return (clock | jittered | random) & long_enough & remarkable & small

    def _goes_anywhere(self, seen: Features, device: str, dest: str, step: int) -> bool:
        """Whether it is one of those that people send to ever new places, and this one has a name."""
        kind = seen.kind(device, step)
        wanders = kind in WANDERING if kind else seen.wanders(device, step)
        return wanders and not dest.endswith(("/24", "/48"))

    def _may_be_told(self, seen: Features, row: dict[str, Any], met: int) -> bool:
        """Whether it is new to the device: had it called there ever since, it would have before we knew the device."""
        settled = seen.settled(row["device"])
        if settled and met >= settled:
            return bool(met - settled + GETTING_TO_KNOW * HOUR >= row["period"] * 6 // 5)
        enough = row["covered"] >= HOUR // 4 and row["beats"] >= self["beats"] * 3 // 2
        return enough and not seen.wanders(row["device"], row["step"])

    def _is_usual(self, row: dict[str, Any]) -> bool:
        """Whether the place has a name and the port is one that many use."""
        return row["port"] in EVERYDAY and not row["dest"].endswith(("/24", "/48"))

    def _may_be_the_makers(self, seen: Features, row: dict[str, Any], fellows: list[str]) -> bool:
        """Whether the maker may have moved a service: devices that are like this one follow one by one within a day."""
        mates = seen.mates(row["device"])
        if not mates or any(one.strong and one.device in fellows for one in seen.signs):
            return False
        return row["covered"] < DAY or mates <= {*fellows}

    def _rows(self, seen: Features, row: dict[str, Any], *, is_asked: bool) -> Rows:
        device, began, step = row["device"], row["began"], row["step"]
        if is_asked:
            return Rows("dns", began, step + STEP, seen.selector("dns", device, step, ip="client"))
        return Rows("talks", began, step + STEP, (("device", device), ("port", str(row["port"]))))


def _knowing(seen: Features, rows: pl.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """Which devices know the destinations of these rows, called or asked for, since when."""
    if rows.is_empty():
        return {}
    keys = [prefix + dest for dest in rows["dest"].unique().to_list() for prefix in "=%"]
    found: dict[str, list[tuple[str, int]]] = {}
    for key, device, first in seen.known.filter(pl.col("key").is_in(keys)).select("key", "device", "first").iter_rows():
        found.setdefault(key, []).append((device, first))
    return found


def _spell(row: dict[str, Any]) -> str:
    seconds = round(row["period"] / SECOND)
    every = f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
    if seconds >= 7200:
        every = f"{round(seconds / 3600)} hours"
    return f"every {every}" if row["regular"] >= 800 else f"about every {every}"
