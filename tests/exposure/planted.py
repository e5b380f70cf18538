"""Which weak settings the simulated site has on purpose: told from what its devices do, without asking any check."""

from collections.abc import Iterator
from typing import Final

from cordon.lab.habits.cloud import Check, Clock, CloudLink, Download, Fetch
from cordon.lab.habits.plant import Poll, Publish, Subscribe
from cordon.lab.habits.service import ClearLogin, PrinterStatus, Register, Transfer, Watch
from cordon.lab.habits.video import Record
from cordon.lab.lan import Lan
from cordon.lab.station import Station
from cordon.lab.unit import Habit

GENERAL: Final = {"server", "nas", "single-board", "broker", "workstation", "phone"}
"""Machines that run whatever people put on them."""
NETWORK: Final = {"router", "access-point", "switch"}
REPORTS: Final = {"device-metrics-us.amazon.com", "scribe.logs.roku.com"}
"""Services that do nothing for the device: they measure."""
LOOKS: Final = ("connectivity", "connecttest", "generate_204")


def planted(lan: Lan, *, by_day: bool = True) -> set[tuple[str, str]]:
    """Pairs of a check's id and a station's MAC address; without `by_day` only what happens in the first hour."""
    found: set[tuple[str, Station]] = set()
    for one in lan.stations:
        if one.unit.upnp is not None and "InternetGatewayDevice" in one.unit.upnp.type:
            found.add(("upnp-port-mapping", one))
        for habit in one.unit.habits:
            found |= set(_of_others(lan, habit)) | set(_of_itself(one, habit))
            if by_day:
                found |= set(_of_the_day(lan, one, habit))
    return {(check, station.mac_text) for check, station in found}


def _of_others(lan: Lan, habit: Habit) -> Iterator[tuple[str, Station]]:
    """What a habit shows of those that it asks."""
    match habit:
        case Record():
            for camera in (other for other in lan.of_kind("camera") if 554 in other.unit.serves):
                yield from (("clear-video", camera), ("rtsp-open", camera))
        case PrinterStatus():
            for printer in lan.of_kind("printer"):
                yield from (("snmp-clear", printer), ("snmp-community", printer))
        case Watch():
            pages = (other for other in lan.stations if other.unit.web)
            yield from (("clear-management", one) for one in pages if one.unit.kind not in GENERAL | NETWORK)
        case Publish() | Subscribe():
            has_password = isinstance(habit, Publish) and habit.password
            yield "mqtt-clear", lan.named("broker")
            yield "clear-password" if has_password else "mqtt-open", lan.named("broker")
        case Poll():
            yield "ot-open", lan.named(habit.target)


def _of_itself(one: Station, habit: Habit) -> Iterator[tuple[str, Station]]:
    """What a habit shows of who has it."""
    kind = one.unit.kind
    match habit:
        case Register():
            yield "clear-telephony", one
        case Fetch() if kind not in GENERAL and not any(look in habit.host + habit.path for look in LOOKS):
            yield "clear-update" if "firmware" in habit.path else "clear-data", one
        case Clock() if habit.name and kind not in {"workstation", "phone", "server"} | NETWORK:
            yield "foreign-time", one
        case CloudLink() | Check() if habit.name in REPORTS:
            yield "tracker", one


def _of_the_day(lan: Lan, one: Station, habit: Habit) -> Iterator[tuple[str, Station]]:
    """What comes once a day."""
    match habit:
        case ClearLogin():
            yield "clear-password", lan.named(habit.target)
        case Transfer():
            yield from (("clear-password", lan.named(habit.target)), ("ftp-in-use", lan.named(habit.target)))
        case Download() if one.unit.kind not in GENERAL:
            yield "clear-update", one
