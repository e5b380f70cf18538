"""Other programs that read captures, each told to read the file and nothing else."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from evaluation.bench.subject import Command, Subject

FLOWS = "2000000"  # tables as large as needed, so that none overflows

_NFSTREAM = """
import sys
from nfstream import NFStreamer
if __name__ == "__main__":
    print(sum(1 for flow in NFStreamer(source=sys.argv[1], n_meters=1)))
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, what to install where it is not there, and how it is run."""

    subject: Subject
    program: str
    package: str


def peers() -> tuple[list[Subject], list[str]]:
    """The programs that are here, and for each other one a line that says what to install."""
    every = (*_PEERS, _nfstream())
    here = [peer.subject.name for peer in every if _runs(peer.program)]
    return (
        [peer.subject for peer in every if peer.subject.name in here],
        [
            f"Left out: {peer.subject.name} is not here; install {peer.package}."
            for peer in every
            if peer.subject.name not in here
        ],
    )


def _runs(program: str) -> bool:
    if shutil.which(program) is None or "python" not in Path(program).name:
        return shutil.which(program) is not None
    return subprocess.run([program, "-c", "import nfstream"], capture_output=True, check=False).returncode == 0


def _nfstream() -> Peer:
    """It lives in an environment of its own, whose interpreter NFSTREAM names."""
    program = os.environ.get("NFSTREAM") or "python"
    subject = Subject(
        "nfstream", lambda capture, folder: _written(program, folder, capture), "flows in Python", slow=True
    )
    return Peer(subject, program, "nfstream into an environment of its own and name its python in NFSTREAM=")


def _written(program: str, folder: Path, capture: Path) -> list[str]:
    """It starts processes, which read the script again: it has to be a file."""
    script = folder / "flows.py"
    script.write_text(_NFSTREAM)
    return [program, str(script), str(capture)]


def _given(*command: str) -> Command:
    """A command with `CAPTURE` and `FOLDER` in its words."""
    return lambda capture, folder: [
        word.replace("CAPTURE", str(capture)).replace("FOLDER", str(folder)) for word in command
    ]


_PEERS = (
    Peer(
        Subject("tcpdump, rewrite", _given("tcpdump", "-n", "-r", "CAPTURE", "-w", "/dev/null"), "the same packets"),
        "tcpdump",
        "the package tcpdump",
    ),
    Peer(
        Subject("softflowd", _given("softflowd", "-r", "CAPTURE", "-d", "-m", FLOWS), "flow counters"),
        "softflowd",
        "the package softflowd",
    ),
    Peer(
        Subject("argus", _given("argus", "-r", "CAPTURE", "-w", "/dev/null"), "flow records"),
        "argus",
        "the package argus-server",
    ),
    Peer(
        Subject("nDPI reader", _given("ndpiReader", "-i", "CAPTURE", "-q"), "flows with their application"),
        "ndpiReader",
        "the package libndpi-bin",
    ),
    Peer(
        Subject(
            "Suricata, no rules",
            _given("suricata", "-r", "CAPTURE", "-l", "FOLDER", "-S", "/dev/null", "--runmode", "single"),
            "EVE JSON",
            slow=True,
        ),
        "suricata",
        "the package suricata",
    ),
    Peer(
        Subject(
            "tshark `conv,tcp`",
            _given("tshark", "-n", "-r", "CAPTURE", "-q", "-z", "conv,tcp"),
            "conversations",
            slow=True,
        ),
        "tshark",
        "the package tshark",
    ),
)
