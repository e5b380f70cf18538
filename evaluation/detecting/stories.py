"""The stories of the simulated site as scenarios: their traffic is written, and what is to be found of it."""

import tomllib
from pathlib import Path
from typing import Final

from cordon.lab.scenario import write_scenario
from cordon.lab.stories import STORIES
from cordon.model.tables import DAY, HOUR, SECOND

FAMILY: Final = {
    "address-scan": "scan",
    "port-scan": "scan",
    "telnet-spread": "spread",
    "beacon": "command-and-control",
    "dns-tunnel": "tunnel",
    "arp-spoofing": "man-in-the-middle",
    "exfiltration": "exfiltration",
    "flood": "flood",
    "default-credential": "brute-force",
    "new-destination": "download",
}
"""What the site calls a misuse, and its family here. What it tells as a new destination is a loader's download."""

DAYS: Final = {"camera-taken": 1.0, "quiet": 1.0}
"""Length of the stories that are told over a day; the others need their lead and their length only."""


def write_all(folder: Path, *, names: tuple[str, ...] = (), seed: int = 7) -> list[Path]:
    """Writes a scenario for each story (or those named) below `folder`."""
    return [write(folder / name, name, seed) for name in names or tuple(STORIES)]


def write(out: Path, name: str, seed: int) -> Path:
    """Writes one story with what is to be found of it: the first hour is for learning."""
    story = STORIES[name]
    days = DAYS.get(name) or (story.lead + story.length + HOUR // 4) / DAY
    written = write_scenario(out, days=days, seed=seed, story=name)
    told = tomllib.loads((out / "expect.toml").read_text(encoding="utf-8"))
    lines = ['local = ["192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"]', "learn = 3600"]
    events = [step for step in told.get("step", []) if step["what"] in FAMILY]
    for step in events:
        start, end = ((step[name] - written.begin) / SECOND for name in ("begins", "ends"))
        lines += ["", "[[event]]", f'family = "{FAMILY[step["what"]]}"', f'device = "{step["device"]}"']
        lines += [f"start = {start}", f"end = {end}"]
    if not events:
        lines.append("quiet = true")
    (out / "expect.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return out
