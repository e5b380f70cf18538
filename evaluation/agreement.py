"""Measures how far the native engine and tshark read the same in captures, field by field.

    python -m evaluation.agreement [FOLDER | FILE]... [--most N] [--jobs N] [--differences FIELD] [--json]

FOLDER is searched for captures (default: `../shared/data/captures`). For each capture and field both sides give a
multiset of (time, value); agreement is what both have over what either has. Times are cut to a millisecond; what the
engine tells once in ten seconds (DHCP, NTP clients) counts once in ten seconds on either side; and of HTTP the two ends
are compared instead of the time, for tshark tells a message at the end of its body, the engine at the end of its head.
Empty values are compared too where the message itself counts (DNS answers, TLS server names), and left out where a
field is optional.
What remains different is explained in `docs/agreement.md`.
"""

import argparse
import json
import multiprocessing
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from evaluation.agreement_tshark import Seen

from cordon import _native
from cordon.model.tables import MINUTE
from evaluation import agreement_tshark as tshark

HERE = Path(__file__).resolve().parent.parent
SUFFIXES = (".pcap", ".pcapng", ".cap", ".trace", ".dmp", ".gz")
FIELDS = (
    *("arp", "dns name", "dns type", "dns code", "dns answers", "mdns name", "mdns type", "mdns answers"),
    *("llmnr name", "llmnr type", "llmnr answers", "dhcp host name", "dhcp vendor class", "dhcp parameters"),
    *("tls hello", "tls server name", "tls version", "tls alpn", "http method", "http host", "http path"),
    *("http agent", "http status", "http server", "ntp client"),
    *("tls ja3", "tls version chosen", "tls suite chosen", "quic server name", "quic alpn"),
    *("mqtt client", "mqtt message", "mqtt topic", "coap code", "modbus operation", "s7 operation"),
)
GROUPS = ("aalto", "attacks", "zeek-traces", "tcpdump-tests", "icsnpp", "ipfixprobe")
"""Folders whose captures are also counted by themselves: the first two hold captures of real devices."""


@dataclass
class Tally:
    """Of one field: how much each side has, how much both, in how many captures, and what only one of them has."""

    theirs: int = 0
    ours: int = 0
    both: int = 0
    captures: int = 0
    differences: list[tuple[str, str, int, str, int]] = field(default_factory=list)  # capture, side, time, value, times

    def add(self, capture: str, name: str, theirs: Seen, ours: Seen) -> None:
        """Adds what both sides have of one capture."""
        one, other = theirs.items.get(name, Counter()), ours.items.get(name, Counter())
        if not one and not other:
            return
        self.captures += 1
        self.theirs += one.total()
        self.ours += other.total()
        self.both += (one & other).total()
        for side, only, seen in (("tshark", one - other, theirs), ("ours", other - one, ours)):
            for item, count in sorted(only.items()):
                self.differences.append((capture, side, seen.first.get((name, item), 0), item[1], count))

    def merge(self, other: "Tally") -> None:
        """Adds what another has of other captures."""
        self.theirs += other.theirs
        self.ours += other.ours
        self.both += other.both
        self.captures += other.captures
        self.differences += other.differences

    @property
    def agreement(self) -> float:
        """Per cent of what either side has that both have."""
        union = self.theirs + self.ours - self.both
        return 100 * self.both / union if union else 100.0


def read_engine(path: Path) -> Seen:
    """What the native engine reads in a capture.

    Raises:
        ValueError: the file is empty or no capture.
    """
    reader = _native.CaptureReader([str(path)], window=10 * MINUTE)
    seen = Seen()
    while (window := reader.next()) is not None:
        for name, table in window.tables.items():
            frame = pl.DataFrame(table)
            if name in {"tls", "http"}:
                seen.ports |= {(name, port) for port in frame["port"].unique()}
            for said, at, value, time in READERS.get(name, _nothing)(frame):
                if said in FIELDS:
                    seen.add(said, at, value, time)
    seen.packets = reader.stats()["packets"]
    return seen


Told = Iterator[tuple[str, int, str, int]]
"""Field, moment compared (µs), value, moment seen."""


def _nothing(_table: pl.DataFrame) -> Told:
    return iter(())


def _arp(table: pl.DataFrame) -> Told:
    columns = table.select("time", "operation", "sender_mac", "sender_ip", "target_ip")
    for time, operation, mac, sender, target in columns.iter_rows():
        yield "arp", time, f"{operation} {mac} {sender} → {target}", time


def _dns(table: pl.DataFrame) -> Told:
    columns = table.select("time", "transport", "is_response", "name", "type", "rcode", "answers")
    for time, transport, is_response, name, kind, code, answers in columns.iter_rows():
        yield f"{transport} name", time, f"{'answer' if is_response else 'question'} {_unmarked(name)}", time
        yield f"{transport} type", time, kind, time
        if is_response:
            yield f"{transport} code", time, code, time
            yield f"{transport} answers", time, ",".join(map(_unmarked, answers)), time


def _unmarked(name: str) -> str:
    """A name as tshark writes it: see `agreement_tshark.plain`."""
    return tshark.plain(re.sub(r"\\(.)", r"\1", re.sub(r"(\\\d{3})+", "\x7f", name)))


def _tls(table: pl.DataFrame) -> Told:
    table = table.filter(~pl.col("ja4").str.starts_with("d"), ~pl.col("version").str.starts_with("DTLS"))
    chosen = table.filter("is_response").select("time", "client", "server", "port", "version", "cipher")
    for time, client, server, port, version, cipher in chosen.iter_rows():
        yield "tls version chosen", 0, f"{client} > {server} {port} {version}", time
        yield "tls suite chosen", 0, f"{client} > {server} {port} {cipher}", time
    hellos = table.filter(~pl.col("is_response")).select("time", "sni", "version", "alpn", "ja3")
    for time, sni, version, alpn, ja3 in hellos.iter_rows():
        yield "tls hello", time, "", time
        yield "tls server name", time, sni, time
        yield "tls version", time, version, time
        yield "tls alpn", time, alpn, time
        yield "tls ja3", time, ja3, time


def _quic(table: pl.DataFrame) -> Told:
    for time, sni, alpn in table.select("time", "sni", "alpn").iter_rows():
        yield "quic server name", time, sni, time
        yield "quic alpn", time, alpn, time


HTTP = {
    **{"method": "http method", "host": "http host", "path": "http path", "agent": "http agent"},
    **{"status": "http status", "server_name": "http server"},
}


def _http(table: pl.DataFrame) -> Told:
    for row in table.iter_rows(named=True):
        ends = f"{row['client']} > {row['server']} {row['port']}"
        for column, name in HTTP.items():
            if row[column]:
                yield name, 0, f"{ends} {row[column]}", row["time"]


def _mqtt(table: pl.DataFrame) -> Told:
    """A message with several filters has as many rows, and counts once."""
    told: set[tuple[int, int, str]] = set()
    rows = table.select("time", "flow", "message", "client_id", "topic").iter_rows()
    for time, flow, message, client, topic in rows:
        if message == "connect":
            yield "mqtt client", time, client, time
        elif topic:
            yield "mqtt topic", time, topic, time
        if not message.endswith("subscribe") or (time, flow, message) not in told:
            yield "mqtt message", time, message, time
            told.add((time, flow, message))


def _coap(table: pl.DataFrame) -> Told:
    for time, code in table.select("time", "code").iter_rows():
        yield "coap code", time, code, time


def _ot(table: pl.DataFrame) -> Told:
    names = {"modbus": "modbus operation", "s7comm": "s7 operation"}
    rows = table.filter(pl.col("protocol").is_in(list(names)))
    for time, protocol, is_response, function in rows.select("time", "protocol", "is_response", "function").iter_rows():
        yield names[protocol], time, f"{'answer' if is_response else 'question'} {function}", time


SIGHTED = {
    "dhcp.hostname": "dhcp host name",
    "dhcp.vendor": "dhcp vendor class",
    "dhcp.params": "dhcp parameters",
    "ntp.client": "ntp client",
}


def _sightings(table: pl.DataFrame) -> Told:
    wanted = table.filter(pl.col("field").is_in(list(SIGHTED)))
    for step, time, mac, name, value in wanted.select("step", "time", "mac", "field", "value").iter_rows():
        yield SIGHTED[name], step, f"{mac} {value}", time


READERS = {
    **{"arp": _arp, "dns": _dns, "tls": _tls, "quic": _quic, "http": _http, "mqtt": _mqtt, "coap": _coap},
    **{"ot": _ot, "sightings": _sightings},
}


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


Tallies = dict[str, Tally]
"""By field."""


def group(path: Path) -> str:
    """The group of a capture: the folder of `GROUPS` that it lies in, or `others`."""
    return next((part for part in path.parts if part in GROUPS), "others")


def compare(paths: Sequence[Path], jobs: int) -> tuple[dict[str, Tallies], list[str]]:
    """What both sides read, by group and field, and the names of the captures that the engine refuses."""
    groups: dict[str, Tallies] = {}
    refused = []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for done, (path, read) in enumerate(zip(paths, pool.map(read_both, paths), strict=True), 1):
            if done % 20 == 0 or done == len(paths):
                print(f"{done} of {len(paths)}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
            if read is None:
                refused.append(str(path))
                continue
            tallies = groups.setdefault(group(path), {name: Tally() for name in ("packets", *FIELDS)})
            for name, tally in tallies.items():
                tally.add("/".join(path.parts[-2:]), name, *read)
    return groups, refused


def read_both(path: Path) -> tuple[Seen, Seen] | None:
    """What tshark and the engine read in a capture; none where the engine holds it for no capture."""
    try:
        ours = read_engine(path)
    except ValueError:
        return None
    theirs = tshark.read(path)
    tshark.confirm(path, theirs, ours)
    for seen in (theirs, ours):
        seen.items["packets"] = Counter({(0, ""): seen.packets})
    return theirs, ours


def together(groups: dict[str, Tallies]) -> Tallies:
    """The tallies of all groups in one."""
    whole = {name: Tally() for name in ("packets", *FIELDS)}
    for tallies in groups.values():
        for name, tally in tallies.items():
            whole[name].merge(tally)
    return whole


def show(groups: dict[str, Tallies], count: int, refused: Sequence[str]) -> None:
    """Prints the table of all captures, and the agreement in each group."""
    print(f"{count} captures; {tshark.version()}\n")
    print("| field | in tshark | in ours | both | agreement | captures |")
    print("|---|---:|---:|---:|---:|---:|")
    whole = {name: tally for name, tally in together(groups).items() if tally.captures}
    for name, tally in whole.items():
        numbers = f"{tally.theirs:,} | {tally.ours:,} | {tally.both:,} | {tally.agreement:.2f} %"
        print(f"| {name} | {numbers} | {tally.captures} |")
    if len(groups) > 1:
        ordered = [name for name in (*GROUPS, "others") if name in groups]
        print(f"\n| field | {' | '.join(ordered)} |\n|---|{'---:|' * len(ordered)}")
        for name in whole:
            tallies = [groups[one][name] for one in ordered]
            print(f"| {name} | {' | '.join(f'{one.agreement:.2f} %' if one.captures else '' for one in tallies)} |")
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
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="captures read at a time")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    paths = captures(asked.places, asked.most)
    if not paths:
        sys.exit(f"no captures in {', '.join(map(str, asked.places))}: name a folder that holds some")
    try:
        tshark.version()
    except OSError:
        sys.exit("tshark is not installed: install it to compare with it")
    groups, refused = compare(paths, asked.jobs)
    tallies = together(groups)
    if asked.json:
        print(json.dumps(_as_json(tallies, len(paths), refused), indent=1, ensure_ascii=True))
        return
    show(groups, len(paths), refused)
    for name, tally in tallies.items():
        if asked.differences in {"all", name} and tally.differences:
            print(f"\n{name}")
            show_differences(tally)


def _as_json(tallies: Tallies, count: int, refused: Sequence[str]) -> dict[str, object]:
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
