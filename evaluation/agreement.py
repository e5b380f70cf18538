"""Measures how far the native engine and tshark read the same in captures, field by field.

    python -m evaluation.agreement [FOLDER | FILE]... [--most N] [--differences FIELD] [--json]

FOLDER is searched for captures (default: `../shared/data/captures`). For each capture and field both sides give a
multiset of (time, value); agreement is what both have over what either has. Times are rounded to a millisecond; what
the engine tells once in ten seconds (DHCP, NTP clients) counts once in ten seconds on either side. Empty values are
compared too where the message itself counts (DNS answers, TLS server names), and left out where a field is optional.
What remains different is explained in `docs/agreement.md`.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from cordon import _native
from cordon.model.tables import MINUTE
from evaluation import agreement_tshark as tshark
from evaluation.agreement_tshark import Item, Seen

HERE = Path(__file__).resolve().parent.parent
SUFFIXES = (".pcap", ".pcapng", ".cap", ".trace", ".dmp")
FIELDS = (
    *("arp", "dns name", "dns type", "dns code", "dns answers", "mdns name", "mdns type", "mdns answers"),
    *("llmnr name", "llmnr type", "llmnr answers", "dhcp host name", "dhcp vendor class", "dhcp parameters"),
    *("tls hello", "tls server name", "tls version", "tls alpn", "http method", "http host", "http path"),
    *("http agent", "http status", "http server", "mqtt client", "ntp client"),
)


@dataclass
class Tally:
    """Of one field: how much each side has, how much both, in how many captures, and what only one of them has."""

    theirs: int = 0
    ours: int = 0
    both: int = 0
    captures: int = 0
    differences: list[tuple[str, str, int, str, int]] = field(default_factory=list)  # capture, side, time, value, times

    def add(self, capture: str, theirs: Counter[Item], ours: Counter[Item]) -> None:
        """Adds what both sides have of one capture."""
        if not theirs and not ours:
            return
        self.captures += 1
        self.theirs += theirs.total()
        self.ours += ours.total()
        self.both += (theirs & ours).total()
        for side, only in (("tshark", theirs - ours), ("ours", ours - theirs)):
            self.differences += [(capture, side, time, value, n) for (time, value), n in sorted(only.items())]

    @property
    def agreement(self) -> float:
        """Per cent of what either side has that both have."""
        union = self.theirs + self.ours - self.both
        return 100 * self.both / union if union else 100.0


def read_engine(path: Path) -> tuple[Seen, int]:
    """The items of every field as the native engine tells them, and how many packets there are.

    Raises:
        ValueError: the file is empty or no capture.
    """
    reader = _native.CaptureReader([str(path)], window=10 * MINUTE)
    seen: Seen = {name: Counter() for name in FIELDS}
    while (window := reader.next()) is not None:
        for name, table in window.tables.items():
            if name in READERS:
                for said, time, value in READERS[name](pl.DataFrame(table)):
                    if said in seen:
                        seen[said][time, value] += 1
    for name in tshark.SETS:
        seen[name] = Counter(dict.fromkeys(seen[name], 1))
    return seen, reader.stats()["packets"]


def _arp(table: pl.DataFrame) -> Iterator[tuple[str, int, str]]:
    columns = table.select("time", "operation", "sender_mac", "sender_ip", "target_ip")
    for time, operation, mac, sender, target in columns.iter_rows():
        yield "arp", time, f"{operation} {mac} {sender} → {target}"


def _dns(table: pl.DataFrame) -> Iterator[tuple[str, int, str]]:
    columns = table.select("time", "transport", "is_response", "name", "type", "rcode", "answers")
    for time, transport, is_response, name, kind, code, answers in columns.iter_rows():
        yield f"{transport} name", time, f"{'answer' if is_response else 'question'} {name}"
        yield f"{transport} type", time, kind
        if is_response:
            yield f"{transport} code", time, code
            yield f"{transport} answers", time, ",".join(answers)


def _tls(table: pl.DataFrame) -> Iterator[tuple[str, int, str]]:
    for time, sni, version, alpn in table.select("time", "sni", "version", "alpn").iter_rows():
        yield "tls hello", time, ""
        yield "tls server name", time, sni
        yield "tls version", time, version
        yield "tls alpn", time, alpn


def _http(table: pl.DataFrame) -> Iterator[tuple[str, int, str]]:
    columns = table.select("time", "is_response", "method", "host", "path", "agent", "status", "server_name")
    for time, is_response, method, host, path, agent, status, server in columns.iter_rows():
        if is_response:
            yield "http status", time, str(status)
        else:
            yield "http method", time, method
            yield "http path", time, path
        for name, value in (("http host", host), ("http agent", agent), ("http server", server)):
            if value:
                yield name, time, value


def _mqtt(table: pl.DataFrame) -> Iterator[tuple[str, int, str]]:
    for time, client in table.select("time", "client_id").iter_rows():
        yield "mqtt client", time, client


SIGHTED = {
    "dhcp.hostname": "dhcp host name",
    "dhcp.vendor": "dhcp vendor class",
    "dhcp.params": "dhcp parameters",
    "ntp.client": "ntp client",
}


def _sightings(table: pl.DataFrame) -> Iterator[tuple[str, int, str]]:
    wanted = table.filter(pl.col("field").is_in(list(SIGHTED)))
    for step, mac, name, value in wanted.select("step", "mac", "field", "value").iter_rows():
        yield SIGHTED[name], step, f"{mac} {value}"


READERS = {"arp": _arp, "dns": _dns, "tls": _tls, "http": _http, "mqtt": _mqtt, "sightings": _sightings}


def captures(places: Sequence[Path], most: int | None) -> list[Path]:
    """The captures below the folders, or the first `most` of each folder that holds any."""
    found: list[Path] = []
    for place in places:
        if place.is_file():
            found.append(place)
            continue
        inside = sorted(path for path in place.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        if most is None:
            found += inside
            continue
        taken: Counter[Path] = Counter()
        for path in inside:
            taken[path.parent] += 1
            if taken[path.parent] <= most:
                found.append(path)
    return found


def compare(paths: Sequence[Path]) -> tuple[dict[str, Tally], list[str]]:
    """What both sides read, by field, and the names of the captures that the engine refuses."""
    tallies = {name: Tally() for name in ("packets", *FIELDS)}
    refused = []
    for done, path in enumerate(paths):
        if sys.stderr.isatty():
            print(f"\r{done} of {len(paths)}", end="", file=sys.stderr)
        try:
            ours, packets = read_engine(path)
        except ValueError:
            refused.append(str(path))
            continue
        theirs, frames = tshark.read(path)
        capture = "/".join(path.parts[-2:])
        tallies["packets"].add(capture, Counter({(0, ""): frames}), Counter({(0, ""): packets}))
        for name in FIELDS:
            tallies[name].add(capture, _rounded(theirs.get(name)), _rounded(ours.get(name)))
    return tallies, refused


def _rounded(items: Counter[Item] | None) -> Counter[Item]:
    rounded: Counter[Item] = Counter()
    for (time, value), count in (items or {}).items():
        rounded[time // 1000 * 1000, value] += count
    return rounded


def show(tallies: dict[str, Tally], count: int, refused: Sequence[str]) -> None:
    """Prints the table."""
    print(f"{count} captures; {tshark.version()}\n")
    print("| field | in tshark | in ours | both | agreement | captures |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, tally in tallies.items():
        if tally.captures:
            numbers = f"{tally.theirs:,} | {tally.ours:,} | {tally.both:,} | {tally.agreement:.2f} %"
            print(f"| {name} | {numbers} | {tally.captures} |")
    if refused:
        print(f"\nno captures to the engine, left out: {len(refused)}")


def show_differences(tally: Tally) -> None:
    """Prints what only one side has, a line each: capture, side, time in seconds, how often, value."""
    for capture, side, time, value, count in tally.differences:
        print(f"{capture}\tonly {side}\t{time / 1e6:.3f}\t{count}\t{value}")


def main(arguments: Sequence[str]) -> None:
    """Reads the arguments and prints what they ask for."""
    shared = Path(os.environ.get("CORDON_SHARED", HERE.parent / "shared"))
    parser = argparse.ArgumentParser(prog="agreement", description="Compares the native engine with tshark.")
    parser.add_argument("places", nargs="*", type=Path, default=[shared / "data" / "captures"])
    parser.add_argument("--most", type=int, help="so many captures of each folder, in the order of their names")
    parser.add_argument("--differences", choices=("all", "packets", *FIELDS), help="list what differs in a field")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    paths = captures(asked.places, asked.most)
    if not paths:
        sys.exit(f"no captures in {', '.join(map(str, asked.places))}: name a folder that holds some")
    try:
        tshark.version()
    except OSError:
        sys.exit("tshark is not installed: install it to compare with it")
    tallies, refused = compare(paths)
    if asked.json:
        print(json.dumps(_as_json(tallies, len(paths), refused), indent=1, ensure_ascii=True))
        return
    show(tallies, len(paths), refused)
    for name, tally in tallies.items():
        if asked.differences in {"all", name} and tally.differences:
            print(f"\n{name}")
            show_differences(tally)


def _as_json(tallies: dict[str, Tally], count: int, refused: Sequence[str]) -> dict[str, object]:
    return {
        "captures": count,
        "refused": list(refused),
        "fields": {
            name: {
                "tshark": tally.theirs,
                "ours": tally.ours,
                "both": tally.both,
                "agreement": round(tally.agreement, 3),
                "captures": tally.captures,
                "differences": tally.differences,
            }
            for name, tally in tallies.items()
        },
    }


if __name__ == "__main__":
    main(sys.argv[1:])
