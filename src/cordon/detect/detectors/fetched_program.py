"""The detector of programs that devices fetch from strangers."""

import re
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.data.kinds import WANDERING
from cordon.detect.data.suffixes import organisation
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.habits import EVERYDAY
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level

PROGRAM: Final = (
    r"^application/x-(executable|sharedlib|object|dosexec|mach-binary|dex|bat|windows-script)"
    r"|^text/x-(shellscript|script|python|perl|php|powershell)"
)
"""Media types of what can be run."""
SCRIPT: Final = r"^text/x-shellscript"
"""What is run by a shell: nobody's update comes so over a port that nobody uses."""
BUILT_FOR: Final = (
    r"(?i)\.(sh|elf|mips|mipsel|mpsl|mps|arm[4-7]?\w*|armv\w+|x86(_64)?|i[56]86|ppc|powerpc|m68k|sh4|spc|sparc|arc|exe"
    r"|ps1)$"
)
"""Endings that loaders give the builds of a program, one for each processor."""
NUMBER: Final = r"^$|^\d+\.\d+\.\d+\.\d+(:\d+)?$|^\[?[0-9a-f]*:[0-9a-f:]+\]?"
"""No name, or an address in its place."""


class FetchedProgram(Detector):
    """A device fetches a program or a script, in clear, from a place that has no name, or that it never called before.

    Why it matters: this is how a device that was broken into gets what makes it part of a botnet.
    False alarms: makers send updates from named places; an update server of your own that is called by number.
    What to do: cordon the device off; keep the file's hash, and look whom the device has called since.
    """

    id = "fetched-program"
    family = "download"
    technique = "T1105"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 350
    span = HOUR
    reads = ("files",)

    def look(self, seen: Features) -> Iterator[Finding]:
        files = seen.now(seen.files).filter(
            pl.col("kind").str.contains(PROGRAM) | pl.col("name").str.contains(BUILT_FOR)
        )  # fmt: skip
        if files.is_empty():
            return
        names = seen.talks.group_by("flow", "step").agg(called=pl.col("name").max())
        hosts = seen.requests.group_by("flow").agg(host=pl.col("host").max())
        files = files.join(names, on=["flow", "step"], how="left").join(hosts, on="flow", how="left")
        for row in files.sort("step", "time", "flow").iter_rows(named=True):
            # Who gets the file: the client that fetches it, or the server that it is put on.
            taker, giver = ("server", "client") if row["is_upload"] else ("client", "server")
            device, mail = row[f"{taker}_device"], row["service"] in {"smtp", "imap", "pop3"}
            called = "" if row["is_upload"] else row["called"] or row["host"] or self._told(seen, row)
            odd = bool(re.search(SCRIPT, row["kind"])) and row["port"] not in EVERYDAY and row["service"] == "http"
            stranger = re.search(NUMBER, called) or self._is_new(seen, device, called, row["step"])
            if not device or mail or not (stranger or (odd and not row["server_device"])):
                continue
            yield self.finding(
                device,
                f"got a program from {row[giver]} in clear ({row['name'] or row['kind']}, {row['service']})",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("file", row["name"]), ("kind", row["kind"]), ("sha256", row["sha256"])),
                peers=(row[f"{giver}_device"],),
                about=row[giver],
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", device), ("peer", row[giver]))),
            )

    def _is_new(self, seen: Features, device: str, called: str, step: int) -> bool:
        """Whether a device that is known, and goes nowhere by itself, met the owner of that name only now."""
        settled, met = seen.settled(device), seen.since(device, f"={organisation(called)}")
        return bool(settled) and settled <= met and step - met < HOUR and seen.kind(device, step) not in WANDERING

    def _told(self, seen: Features, row: dict[str, Any]) -> str:
        """The name for which somebody here was last told the server's address; logs may tell of a file only later."""
        known = (pl.col("address") == row["server"]) & (pl.col("time") <= row["step"] + STEP)
        names = seen.state.names.filter(known)["name"]
        return str(names[-1]) if len(names) else ""
