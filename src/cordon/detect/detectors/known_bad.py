"""The detector of what is known to be bad elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import parties
from cordon.detect.threats import LISTED, Threats
from cordon.model import sides
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP

MET: Final = ("device", "step", "time", "way", "met", "peer", "port", "peer_device", *LISTED)


@dataclass(frozen=True, slots=True)
class Way:
    """How a device had to do with something bad, and what that means."""

    says: str
    severity: Severity
    weight: int
    family: str = "command-and-control"
    technique: str = "T1071"


WAYS: Final = {
    "called": Way("called {met} (port {port})", Severity.HIGH, 300),
    "visited": Way(
        "answered {met}, who came in from the Internet (port {port})", Severity.MEDIUM, 120, "exposure", "T1133"
    ),
    "asked": Way("asked for the address of {met}", Severity.MEDIUM, 150),
    "spoke": Way("spoke TLS as a program with the fingerprint {met} to {peer}", Severity.MEDIUM, 150),
    "trusted": Way("was shown the certificate {met} by {peer}", Severity.HIGH, 300),
    "got": Way("got a file from {peer} with the SHA-256 {met}", Severity.HIGH, 350, "download", "T1105"),
}


class KnownBad(Detector):
    """A device has to do with what a feed of threat intelligence lists: an address, a name, a file, a TLS fingerprint.

    Why it matters: somebody has seen it in an attack before; it needs no time to learn, and tells what it is part of.
    False alarms: lists grow old, addresses get new owners and are shared; an old feed counts less.
    What to do: look what else the device did then; if the list is wrong, remove the feed or take a newer one.
    """

    id = "known-bad"
    family = "command-and-control"
    technique = "T1071"
    severity = Severity.HIGH
    weight = 300
    span = DAY

    def look(self, seen: Features) -> Iterator[Finding]:
        threats = seen.threats
        threats.refresh()
        if threats.is_empty:
            return
        found = [*_called(seen, threats), *_asked(seen, threats), *_by_tls(seen, threats), *_files(seen, threats)]
        whole = pl.concat([one.select(MET) for one in found if not one.is_empty()] or [_nothing()])
        keys = ["step", "device", "way", "kind", "value"]
        rows = whole.sort(*keys, "time", "met", "peer", "port", "feed", "says")
        for of_one in rows.partition_by(keys, maintain_order=True):
            yield self._found(seen, of_one)

    def _found(self, seen: Features, rows: pl.DataFrame) -> Finding:
        row = rows.row(0, named=True)
        way, noticed = WAYS[row["way"]], row["step"] + STEP
        lists = rows.unique("feed").with_columns(age=((noticed - pl.col("fetched")) // DAY).clip(0)).sort("age", "feed")
        is_old = bool((noticed - lists["fetched"] > lists["old_after"] * DAY).all())
        finding = self.finding(
            row["device"],
            f"{way.says.format_map(row)}, which is known to be bad: {_listed(lists, row, is_old)}",
            began=row["time"],
            noticed=noticed,
            measured=(
                ("indicator", row["value"]), ("feeds", ", ".join(lists["feed"])), ("age in days", lists["age"][0]),
            ),
            peers=(row["peer_device"],),
            about=f"{row['way']} {row['kind']} {row['value']}",
            severity=Severity(max(way.severity - is_old, Severity.LOW)),
            weight=way.weight // 2 if is_old else way.weight,
            family=way.family,
            rows=_shown(seen, row),
        )  # fmt: skip
        return replace(finding, technique=way.technique)


def _listed(lists: pl.DataFrame, row: dict[str, Any], is_old: bool) -> str:
    """Which feeds say so, and how old the newest is."""
    names, age = lists["feed"].to_list(), lists["age"][0]
    who = f"feed {names[0]}" if len(names) == 1 else f"feeds {', '.join(names[:-1])} and {names[-1]}"
    when = "today" if age == 0 else f"{age} day{'s' if age != 1 else ''} ago"
    entry = "" if row["value"] == row["met"] else f" lists {row['value']}"
    said = next((f" ({says})" for says in lists["says"] if says), "")
    return f"{who}{entry}{said}, fetched {when}{' and so an old one' if is_old else ''}"


def _shown(seen: Features, row: dict[str, Any]) -> Rows:
    """The rows that show it."""
    begin, end, device = row["step"], row["step"] + STEP, row["device"]
    if row["way"] == "asked":
        where = seen.selector("dns", device, begin, mac="mac", ip="client", such=pl.col("name") == row["met"])
        return Rows("dns", begin, end, (*where, ("name", row["met"])))
    peer = ("peer", row["peer"]) if row["kind"] != "name" else ("name", row["met"])
    return Rows("talks", begin, end, (("device", device), peer))


def _nothing() -> pl.DataFrame:
    types: dict[str, Any] = {"step": pl.Int64, "time": pl.Int64, "port": pl.UInt16}
    return pl.DataFrame(schema={name: LISTED.get(name, types.get(name, pl.String)) for name in MET})


def _met(rows: pl.DataFrame, listed: pl.DataFrame, way: str | pl.Expr, on: str) -> pl.DataFrame:
    """The rows of `on` that are listed."""
    told = pl.lit(way) if isinstance(way, str) else way
    absent = [pl.lit("").alias(name) for name in ("peer_device",) if name not in rows.columns]
    whole = rows.with_columns(*absent, pl.col(on).alias("met"), told.alias("way"), pl.col("port").cast(pl.UInt16))
    return whole.join(listed, on="met", how="inner")


def _called(seen: Features, threats: Threats) -> Iterator[pl.DataFrame]:
    """Strangers that devices called, by address or name, or that came in and were answered."""
    talks = seen.now(seen.talks.filter(pl.col("scope") == "internet"))
    if talks.is_empty():
        return
    way = pl.when("initiated").then(pl.lit("called")).otherwise(pl.lit("visited"))
    if len(by_address := threats.addresses(talks["peer"])):
        counts = pl.col("initiated") | (pl.col("payload_out") > 0)
        yield _met(talks.filter(counts), by_address, way, "peer")
    if len(by_name := threats.names(talks["name"])):
        yield _met(talks.filter("initiated"), by_name, "called", "name")


def _asked(seen: Features, threats: Threats) -> Iterator[pl.DataFrame]:
    """Names that devices asked for, but not those that a name server of ours asks for others."""
    dns = seen.window.table("dns")
    listed = threats.names(dns["name"]) if len(dns) else dns
    if listed.is_empty():
        return
    asked = dns.filter(~pl.col("is_response") & (pl.col("transport") == "dns"))
    asked = parties(seen.state, seen.now(asked.join(listed.select(name="met").unique(), on="name", how="semi")))
    for_others = asked.select("step", "name", client_device="server_device").unique()
    own = asked.filter(pl.col("client_device") != "").join(for_others, on=["step", "name", "client_device"], how="anti")
    if own.is_empty():
        return
    who = own.select("step", "client_device").unique(maintain_order=True)
    handed_on = [seen.device(device, step + STEP).is_gateway for step, device in who.iter_rows()]
    own = own.join(who.filter(pl.Series(handed_on, dtype=pl.Boolean)), on=["step", "client_device"], how="anti")
    told = own.with_columns(device="client_device", peer="server", port=pl.lit(53, pl.UInt16))
    yield _met(told, listed, "asked", "name")


def _by_tls(seen: Features, threats: Threats) -> Iterator[pl.DataFrame]:
    """Programs and servers by their TLS."""
    for table, columns in (("tls", ("ja3", "ja4")), ("quic", ("ja4",))):
        rows = seen.window.table(table)
        if rows.is_empty():
            continue
        for column in columns:
            listed = threats.values(column, rows[column].filter(rows[column] != ""))
            yield from _owned(seen, rows, listed, "spoke", column)
        if table == "tls":
            listed = threats.values("sha256", rows["certificate"].filter(rows["certificate"] != ""))
            yield from _owned(seen, rows, listed, "trusted", "certificate")


def _owned(seen: Features, rows: pl.DataFrame, listed: pl.DataFrame, way: str, column: str) -> Iterator[pl.DataFrame]:
    if len(listed):
        such = seen.now(rows.join(listed.select(pl.col("met").alias(column)).unique(), on=column, how="semi"))
        mine = sides.owner(such, seen.state.bindings, mac="mac", ip="client", into="device")
        mine = mine.filter(pl.col("device") != "").with_columns(peer="server")
        yield _met(mine, listed, way, column)


def _files(seen: Features, threats: Threats) -> Iterator[pl.DataFrame]:
    """Files that devices got."""
    files = seen.window.table("files")
    listed = threats.values("sha256", files["sha256"].filter(files["sha256"] != "")) if len(files) else files
    if listed.is_empty():
        return
    rows = seen.now(seen.files.join(listed.select(sha256="met").unique(), on="sha256", how="semi"))
    pairs = {"device": ("server_device", "client_device"), "peer_device": ("client_device", "server_device"),
             "peer": ("client", "server")}  # fmt: skip
    turned = [pl.when("is_upload").then(up).otherwise(down).alias(name) for name, (up, down) in pairs.items()]
    yield _met(rows.with_columns(turned).filter(pl.col("device") != ""), listed, "got", "sha256")
