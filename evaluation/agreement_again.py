"""Asks tshark again, with other options, for what only the engine told of a capture.

tshark goes by ports and by what it has made up its mind on; asked in another way it often tells the same. Of what it
says then only that counts which the engine said too, and the table tells the agreement before it as well.
"""

import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evaluation.agreement_tshark import Item, Seen, frames, microseconds, read_once

AT_ONCE = ("-o", "http.desegment_body:FALSE")
"""With them put together, a message whose body was not captured whole is never told."""
ALONE = (*AT_ONCE, "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.analyze_sequence_numbers:FALSE")
"""Each segment by itself: what tshark holds to be sent again it leaves out otherwise."""


def ask_again(path: Path, theirs: Seen, ours: Seen) -> Counter[str]:
    """Adds to `theirs` what only the engine told and tshark tells too once it is asked otherwise; returns how much.

    It is told at which ports the engine read TLS, HTTP and QUIC, for it goes by ports where the engine goes by content;
    to tell heads before their bodies have come; to take each segment by itself, for it leaves out what it holds to be
    sent again; and it is asked of the capture in two parts, for it keeps what it thinks of a connection that begins
    anew. What it says only then counts where the engine said the same.
    """
    taught = [f"{CARRIER[service]}.port=={port},{service}" for service, port in sorted(ours.ports)]
    told = [part for one in taught for part in ("-d", one)]
    added = Counter[str]()
    for options in ((*AT_ONCE,), (*AT_ONCE, *told), (*ALONE, *told)):
        for in_order in ("TRUE", "FALSE"):
            if names := _alone(theirs, ours):
                _admit(names, theirs, ours, read_once(path, in_order, options), added)
    if names := _alone(theirs, ours):
        _admit(names, theirs, ours, _read_in_parts(path, _first_alone(names, theirs, ours), told), added)
    return added


CARRIER = {"http": "tcp", "tls": "tcp", "quic": "udp"}
NONE: Counter[Item] = Counter()


def _alone(theirs: Seen, ours: Seen) -> list[str]:
    """The fields of which the engine told something that tshark did not."""
    return [name for name, items in ours.items.items() if items - theirs.items.get(name, NONE)]


def _admit(names: Sequence[str], theirs: Seen, ours: Seen, loose: Seen, added: Counter[str]) -> None:
    for name in names:
        before = theirs.items.get(name, NONE)
        theirs.items[name] = before | (ours.items[name] & loose.items.get(name, NONE))
        added[name] += theirs.items[name].total() - before.total()


def _first_alone(names: Sequence[str], theirs: Seen, ours: Seen) -> int:
    """When the engine first told something that tshark did not, µs."""
    alone = ((name, item) for name in names for item in ours.items[name] - theirs.items.get(name, NONE))
    return min(ours.first[one] for one in alone)


def _read_in_parts(path: Path, time: int, options: Sequence[str]) -> Seen:
    """What tshark reads before and behind a cut: where time goes back the furthest, or else at the packet of `time`."""
    times = [microseconds(frame["frame.time_epoch"][0]) for frame in frames(path, "TRUE")]
    last = max((place for place, one in enumerate(times, 1) if one // 1000 == time // 1000), default=0)
    back = max(((times[place - 1] - times[place], place + 1) for place in range(1, last)), default=(0, 0))
    cut = back[1] if back[0] > 0 else last
    whole = Seen()
    if cut < 2:
        return whole
    with tempfile.TemporaryDirectory() as folder:
        for chosen in (f"1-{cut - 1}", f"{cut}-{len(times)}"):
            part = Path(folder, "part.pcap")
            subprocess.run(["editcap", "-r", str(path), str(part), chosen], capture_output=True, check=True)  # noqa: S607
            for name, items in read_once(part, "TRUE", (*AT_ONCE, *options)).items.items():
                whole.items[name] = whole.items.get(name, NONE) + items
    return whole
