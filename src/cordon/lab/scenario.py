"""Writes a scenario folder: the traffic of a simulated site, who is who in it, and what is to be found."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cordon.lab.lan import DAY, HOUR, MINUTE, Lan
from cordon.lab.site import CORE, MOST, populate
from cordon.lab.stories import STORIES
from cordon.lab.stories.story import Plot, Story
from cordon.lab.wire.pcap import Capture

DEFAULT_START: Final = 1_772_409_600_000_000
"""Monday, 2 March 2026, 00:00 UTC, in µs. The site's local time is UTC."""

_STORY_HOUR: Final = 15 * HOUR
_LEAST: Final = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Scenario:
    """What was written: the folder, the span (µs), and counts."""

    out: Path
    story: str
    seed: int
    begin: int
    end: int
    story_begin: int  # 0 when nothing happens
    devices: int
    kinds: int
    packets: int
    bytes: int


def write_scenario(
    out: Path,
    *,
    devices: int = 64,
    days: float = 1,
    seed: int = 1,
    story: str = "camera-taken",
    start: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Scenario:
    """Writes `traffic.pcap`, `expect.toml` and `devices.json` into the folder `out`.

    The same arguments give the same bytes. Days before the last are quiet; on the last the story begins at
    15:00, or as late as it can when the capture ends before it would be told.

    Args:
        out: the folder; made when it is not there.
        devices: how many devices, at least the site's own core.
        days: length; parts of a day are allowed.
        seed: of everything that is left to chance.
        story: one of `STORIES`.
        start: µs since the epoch; by default a Monday at midnight.
        progress: told the share done, 0 to 1.

    Raises:
        ValueError: an argument is out of its range; one sentence says which and what to do.
        OSError: the folder cannot be written.
    """
    chosen = _checked(devices, days, story)
    begin = DEFAULT_START if start is None else start
    end = begin + round(days * DAY)
    story_begin = _when(chosen, begin, end)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "traffic.pcap").open("wb") as file:
        capture = Capture(file)
        lan = Lan(capture, seed, begin, end)
        populate(lan, devices)
        plot = chosen.tell(lan, story_begin)
        lan.run(progress)
    told = story_begin if plot.steps else 0
    (out / "devices.json").write_text(_devices(lan, plot), encoding="utf-8")
    (out / "expect.toml").write_text(_expectations(lan, plot, story, told), encoding="utf-8")
    if progress is not None:
        progress(1.0)
    kinds = len({station.unit.kind for station in lan.stations})
    return Scenario(out, story, seed, begin, end, told, devices, kinds, capture.packets, capture.bytes)


def _checked(devices: int, days: float, story: str) -> Story:
    if not len(CORE) <= devices <= MOST:
        raise ValueError(f"devices is {devices}: choose a number from {len(CORE)} to {MOST}")
    if story not in STORIES:
        raise ValueError(f"story {story!r} is not known: choose one of {', '.join(sorted(STORIES))}")
    chosen = STORIES[story]
    least = max(_LEAST, chosen.lead + chosen.length)
    if not (math.isfinite(days) and least <= days * DAY <= 400 * DAY):
        fewest = math.ceil(least / DAY * 1000) / 1000
        raise ValueError(f"days is {days}: for the story {story} choose a number from {fewest} to 400")
    return chosen


def _when(story: Story, begin: int, end: int) -> int:
    """15:00 of the last day; earlier when the capture ends too soon, later when it begins too late."""
    last = end - 1
    usual = last - last % DAY + _STORY_HOUR
    return max(min(usual, end - story.length), begin + story.lead)


def _devices(lan: Lan, plot: Plot) -> str:
    rows = [
        {
            "mac": station.mac_text,
            "ip": station.ip_text,
            "name": station.name or station.host or f"{station.unit.vendor} {station.unit.model}",
            "host": station.host,
            "kind": station.unit.kind,
            "vendor": station.unit.vendor,
            "model": station.unit.model,
            "role": plot.roles.get(station.mac, ""),
        }
        for station in lan.stations
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _expectations(lan: Lan, plot: Plot, story: str, told: int) -> str:
    lines = [f'story = "{story}"', f"seed = {lan.seed}", f"begins = {lan.begin}", f"ends = {lan.end}"]
    lines += [f"story_begins = {told}", f"devices = {len(lan.stations)}"]
    for step in sorted(plot.steps, key=lambda step: (step.begins, step.id)):
        lines += [
            "",
            "[[step]]",
            f'id = "{step.id}"',
            f'what = "{step.what}"',
            f'device = "{step.device.mac_text}"',
            f"begins = {step.begins}",
            f"ends = {step.ends}",
            f'says = "{step.says}"',
        ]
    for allowed in plot.allowed:
        lines += [
            "",
            "[[allowed]]",
            f'what = "{allowed.what}"',
            f'device = "{allowed.device.mac_text}"',
            f'says = "{allowed.says}"',
        ]
    for station in lan.stations:
        if station.mac not in plot.roles:
            lines += ["", "[[must_not]]", f'device = "{station.mac_text}"', 'below = "normal"']
    return "\n".join(lines) + "\n"
