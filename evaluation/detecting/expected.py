"""What a scenario's `expect.toml` says: which attacks are in its traffic, by whom and when, or that there is none."""

import ipaddress
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cordon.model.families import ATTACKS
from cordon.model.tables import SECOND

MAC: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
TRAFFIC: Final = ("traffic.pcap", "traffic.pcapng", "conn.log")


class Malformed(ValueError):  # noqa: N818  # reads as what it is where it is raised
    """A scenario cannot be used; the message is one sentence that names the place."""


@dataclass(frozen=True, slots=True)
class Event:
    """One attack: its family, the device it is about ("": any) and its span, µs from the first packet (-1: open)."""

    family: str
    device: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Expected:
    """A scenario: its traffic, the networks that are its own, what is in it, and how long nothing counts (µs)."""

    name: str
    traffic: Path
    local: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    events: tuple[Event, ...] = ()
    learn: int = 0
    quiet: bool = False


def read(folder: Path) -> Expected:
    """The scenario in a folder.

    Raises:
        Malformed: something is missing or wrong.
    """
    file = folder / "expect.toml"
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Malformed(f"{file} cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise Malformed(f"{file} is not valid TOML: {error}.") from None
    traffic = next((folder / name for name in TRAFFIC if (folder / name).is_file()), None)
    if traffic is None:
        raise Malformed(f"{folder} holds no traffic: it must have {', '.join(TRAFFIC[:-1])} or {TRAFFIC[-1]}.")
    quiet = told.get("quiet", False)
    if not isinstance(quiet, bool):
        raise Malformed(f"{file}: quiet is {quiet!r}; it must be true or false.")
    told_events = told.get("event", [])
    if not isinstance(told_events, list) or not all(isinstance(one, dict) for one in told_events):
        raise Malformed(f"{file}: event must stand as [[event]].")
    events = tuple(_event(one, f"{file}: event {at}") for at, one in enumerate(told_events, 1))
    if quiet and events:
        raise Malformed(f"{file}: quiet is true, but there are events; leave one of them out.")
    if not quiet and not events:
        raise Malformed(f"{file}: there is no event; say quiet = true where nothing must be raised.")
    learn = _seconds(told, "learn", str(file))
    return Expected(folder.name, traffic, _networks(told, file), events, max(learn, 0), quiet)


def _event(told: dict[str, Any], place: str) -> Event:
    family = told.get("family")
    if family not in ATTACKS:
        raise Malformed(f"{place}: family is {family!r}; it must be one of {', '.join(ATTACKS)}.")
    device = told.get("device", "")
    if not isinstance(device, str) or not (device == "" or _is_address(device)):
        raise Malformed(f"{place}: device is {device!r}; it must be a MAC or IP address.")
    start, end = _seconds(told, "start", place), _seconds(told, "end", place)
    if start >= 0 and 0 <= end < start:
        raise Malformed(f"{place}: it ends before it starts.")
    return Event(family, device.lower(), start, end)


def _is_address(text: str) -> bool:
    if MAC.fullmatch(text.lower()):
        return True
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _seconds(told: dict[str, Any], name: str, place: str) -> int:
    """A span in µs, -1 where it is missing."""
    value = told.get(name)
    if value is None:
        return -1
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise Malformed(f"{place}: {name} is {value!r}; it must be a number of seconds, 0 or more.")
    return round(value * SECOND)


def _networks(told: dict[str, Any], file: Path) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    listed = told.get("local", [])
    if not isinstance(listed, list):
        raise Malformed(f'{file}: local is {listed!r}; it must be a list such as ["192.168.1.0/24"].')
    found = []
    for one in listed:
        try:
            found.append(ipaddress.ip_network(one, strict=False))
        except (ValueError, TypeError):
            raise Malformed(f"{file}: local names {one!r}, which is no network such as 192.168.1.0/24.") from None
    return tuple(found)
