"""Measures what is noticed of attacks, how soon, and how often an alarm is false.

    python evaluation/detect.py                       all tables: the simulated site's stories, the scenarios of this
                                                      repository, captures and logs of real devices, beside baselines
    python evaluation/detect.py --scenarios DIR [--json]

Each folder in DIR is a scenario: `traffic.pcap`, `traffic.pcapng` or `conn.log` (Zeek's, with its other logs beside
it), and `expect.toml`:

    local = ["192.168.1.0/24"]      # networks that are the scenario's own
    learn = 86400                   # seconds in which nothing is counted; may be missing
    quiet = true                    # nothing must be raised; or else:
    [[event]]
    family = "scan"                 # scan, brute-force, spread, exploit, command-and-control, tunnel, exfiltration,
                                    # flood, man-in-the-middle, ot, download, abuse
    device = "192.168.1.7"          # MAC or IP address; may be missing
    start = 60.0                    # seconds from the first packet; may be missing, as may be
    end = 180.0

Each is followed from an empty state. An event is found by an incident of its family about its device between its start
and 300 s after its end; any other incident is false; exposures and changes are no incidents. The time to detect ends
with the step of ten seconds that showed it; for a log, when the connections that showed it had ended.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(HERE), str(HERE / "tests")]  # the parts stand beside this file; scenarios are read as the tests do

from evaluation.detecting import show  # noqa: E402
from evaluation.detecting.expected import Malformed, read  # noqa: E402
from evaluation.detecting.follow import follow  # noqa: E402
from evaluation.detecting.score import Row, judge  # noqa: E402
from evaluation.detecting.sums import together  # noqa: E402


def main() -> None:
    """Reads the arguments and prints what they ask for."""
    parser = argparse.ArgumentParser(
        prog="detect", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenarios", type=Path, metavar="DIR", help="folders of traffic and what to expect of it")
    parser.add_argument("--json", action="store_true", help="print one object")
    asked = parser.parse_args()
    if asked.scenarios is None:
        from evaluation.detecting import everything  # noqa: PLC0415

        everything.show(HERE, as_json=asked.json)
        return
    if not asked.scenarios.is_dir():
        sys.exit(f"{asked.scenarios} is no folder; name the one that holds the scenarios.")
    found = together(measured(asked.scenarios))
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show.scenarios(found)


def measured(folder: Path) -> Iterator[Row]:
    """A row for each folder in `folder`; what is malformed is told and left out."""
    for one in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            expected = read(one)
            outcome = follow(expected.traffic, networks=[str(one) for one in expected.local])
            for part, reason in sorted(outcome.failures.items()):
                print(f"{one}: {part} failed: {reason}", file=sys.stderr)
            yield judge(expected, outcome)
        except Malformed as error:
            print(error, file=sys.stderr)
            yield Row(one.name, (), (), (), 0.0, str(error))


if __name__ == "__main__":
    main()
