"""Measures how far the native engine and tshark read the same in captures, field by field.

    python -m evaluation.agreement [FOLDER | FILE]... [--most N] [--jobs N] [--differences FIELD] [--json]

FOLDER is searched for captures (default: `../shared/data/captures`). For each capture and field both sides give a
multiset of (time, value); agreement is what both have over what either has. Times are cut to a millisecond; what the
engine tells once in ten seconds (DHCP, NTP clients) counts once in ten seconds on either side; and of HTTP the two ends
are compared instead of the time, for tshark tells a message at the end of its body, the engine at the end of its head.
Empty values are compared too where the message itself counts (DNS answers, TLS server names), and left out where a
field is optional.
What only the engine told is asked of tshark again with other options (`agreement_again`); the table tells the
agreement before (`at first`) and after it. What remains different is explained in `docs/agreement.md`; the last column
(`rest`) leaves out what is explained there by name, and what tshark reads in packets that it calls malformed itself.
"""

import argparse
import json
import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.agreement_again import ask_again
from evaluation.agreement_engine import FIELDS
from evaluation.agreement_explained import Explained
from evaluation.agreement_tshark import Seen

from evaluation import agreement_engine as engine
from evaluation import agreement_tshark as tshark

HERE = Path(__file__).resolve().parent.parent
SUFFIXES = (".pcap", ".pcapng", ".cap", ".trace", ".dmp", ".gz")
GROUPS = ("aalto", "attacks", "zeek-traces", "tcpdump-tests", "icsnpp", "ipfixprobe")
"""Folders whose captures are also counted by themselves: the first two hold captures of real devices."""


Difference = tuple[str, str, int, str, int, str]
"""Capture, who alone has it, when first (µs), value, how often, and whether it is explained."""


@dataclass
class Tally:
    """Of one field: how much each side has, how much both, in how many captures, and what only one of them has."""

    theirs: int = 0
    ours: int = 0
    both: int = 0
    again: int = 0  # of both, what tshark told only when it was asked again
    malformed: int = 0  # what tshark alone read in packets that it calls malformed itself
    explained: int = 0  # other differences that `docs/agreement.md` explains by name
    captures: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, capture: str, name: str, theirs: Seen, ours: Seen, explained: Explained) -> None:
        """Adds what both sides have of one capture."""
        one, other = theirs.items.get(name, Counter()), ours.items.get(name, Counter())
        if not one and not other:
            return
        self.captures += 1
        self.theirs += one.total()
        self.ours += other.total()
        self.both += (one & other).total()
        self.again += theirs.again[name]
        for side, only, seen in (("tshark", one - other, theirs), ("ours", other - one, ours)):
            for item, count in sorted(only.items()):
                said = self._explain((capture, name, side, count), (name, item) in seen.malformed, explained)
                self.differences.append((capture, side, seen.first.get((name, item), 0), item[1], count, said))

    def _explain(self, difference: tuple[str, str, str, int], is_malformed: bool, explained: Explained) -> str:
        count = difference[-1]
        if is_malformed:
            self.malformed += count
            return "malformed"
        known = explained.take(*difference)
        self.explained += known
        return "explained" if known == count else f"{count - known} not explained"

    def merge(self, other: "Tally") -> None:
        """Adds what another has of other captures."""
        self.theirs += other.theirs
        self.ours += other.ours
        self.both += other.both
        self.again += other.again
        self.malformed += other.malformed
        self.explained += other.explained
        self.captures += other.captures
        self.differences += other.differences

    @property
    def agreement(self) -> float:
        """Per cent of what either side has that both have."""
        return _share(self.both, self.union)

    @property
    def at_first(self) -> float:
        """The same before tshark was asked again."""
        return _share(self.both - self.again, self.union)

    @property
    def rest(self) -> float:
        """The same without the differences that are explained."""
        return _share(self.both, self.union - self.malformed - self.explained)

    @property
    def union(self) -> int:
        """What either side has."""
        return self.theirs + self.ours - self.both


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


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
    refused, explained = [], Explained()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for done, (path, read) in enumerate(zip(paths, pool.map(read_both, paths), strict=True), 1):
            if done % 20 == 0 or done == len(paths):
                print(f"{done} of {len(paths)}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
            if read is None:
                refused.append(str(path))
                continue
            tallies = groups.setdefault(group(path), {name: Tally() for name in ("packets", *FIELDS)})
            for name, tally in tallies.items():
                tally.add("/".join(path.parts[-2:]), name, *read, explained)
    return groups, refused


def read_both(path: Path) -> tuple[Seen, Seen] | None:
    """What tshark and the engine read in a capture; none where the engine holds it for no capture."""
    try:
        ours = engine.read(path)
    except ValueError:
        return None
    theirs = tshark.read(path)
    theirs.again = ask_again(path, theirs, ours)
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
    print("| field | in tshark | in ours | both | at first | agreement | malformed | explained | rest | captures |")
    print(f"|---|{'---:|' * 9}")
    whole = {name: tally for name, tally in together(groups).items() if tally.captures}
    for name, tally in whole.items():
        numbers = f"{tally.theirs:,} | {tally.ours:,} | {tally.both:,} | {tally.at_first:.2f} %"
        numbers += f" | {tally.agreement:.2f} % | {tally.malformed} | {tally.explained} | {tally.rest:.2f} %"
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
    """Prints what only one side has, a line each: capture, side, seconds, how often, whether explained, value."""
    for capture, side, time, value, count, said in tally.differences:
        print(f"{capture}\tonly {side}\t{time / 1e6:.3f}\t{count}\t{said}\t{value}")


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
                "at_first": round(tally.at_first, 3),
                "agreement": round(tally.agreement, 3),
                "malformed": tally.malformed,
                "explained": tally.explained,
                "rest": round(tally.rest, 3),
                "captures": tally.captures,
                "differences": tally.differences,
            }
            for name, tally in tallies.items()
        },
    }


if __name__ == "__main__":
    main(sys.argv[1:])
