"""Who is on the site: a small company's devices, each with its address and the hours it is there."""

from collections.abc import Iterator
from itertools import chain, cycle, islice
from random import Random
from typing import Final

from cordon.lab.catalogue import cameras, climate, media, network, office, people, plant, sensors
from cordon.lab.habits.arrival import announce, arrive
from cordon.lab.lan import DAY, HOUR, MINUTE, NETWORK, SECOND, Lan
from cordon.lab.rhythm import weekday
from cordon.lab.station import Station
from cordon.lab.unit import Unit
from cordon.lab.wire.frames import mac

CORE: Final[tuple[Unit, ...]] = (
    network.ROUTER,
    network.ACCESS_POINT,
    *office.SERVERS,
    *plant.UNITS[:7],
    *cameras.UNITS,
    *office.PRINTERS,
    *office.DOORS,
    *office.PHONES[3:],
    *climate.THERMOSTATS[:2],
    *climate.LIGHTS[:3],
    *climate.PLUGS[:2],
    *media.VOICES,
    *media.SOUND[:1],
    media.SCREENS[0],
    media.SCREENS[2],
    sensors.SENSORS[0],
    *sensors.SENSORS[2:6],
    *people.WORKSTATIONS[:9],
    *people.PHONES[:3],
)
"""The devices every site has, in the order of their addresses."""

_NEXT: Final[tuple[Unit, ...]] = (
    media.SCREENS[1],
    climate.THERMOSTATS[2],
    sensors.SENSORS[7],
    sensors.SENSORS[8],
    people.PHONES[3],
    people.WORKSTATIONS[9],
    sensors.SENSORS[1],
    sensors.SENSORS[6],
    climate.PLUGS[2],
    media.SOUND[1],
    *media.SCREENS[3:],
    *office.PHONES[:3],
    climate.LIGHTS[3],
    *plant.UNITS[7:],
)
"""What comes next, once each."""

_MORE: Final[tuple[Unit, ...]] = (
    sensors.SENSORS[5],
    climate.LIGHTS[3],
    climate.PLUGS[0],
    sensors.SENSORS[6],
    cameras.UNITS[2],
    climate.PLUGS[2],
    climate.LIGHTS[1],
    office.PHONES[0],
    sensors.SENSORS[8],
    cameras.UNITS[5],
    people.windows("D0:43:1E", "Dell", "OptiPlex 7070", "DESKTOP-{tail}"),
    climate.THERMOSTATS[0],
    people.PHONES[2],
)
"""What a bigger site has more of, in turn."""

MOST: Final = 240
_FIRST: Final = 10  # last byte of the first leased address


def populate(lan: Lan, devices: int) -> None:
    """Puts `devices` devices on the network and starts what they do.

    The network comes up at the beginning: whatever is always there joins within the first minutes, people's
    devices when their people come. What others depend on is there first.
    """
    units = [*CORE, *islice(chain(_NEXT, cycle(_MORE)), devices - len(CORE))]
    taken: set[bytes] = set()
    for number, unit in enumerate(units):
        rng = lan.rng("station", number)
        station = _settle(unit, number, rng, taken, first=number < len(CORE))
        station.stays = _stays(lan, unit, rng)
        lan.add(station)
    for station in lan.stations:
        if station is lan.router:
            lan.start(lan.begin + 500_000, _router_up(lan, station))
            continue
        for begin, end in station.stays:
            lan.start(begin, arrive(lan, station, lan.rng("arrive", station.mac.hex(), begin), end))
            for at, habit in enumerate(station.unit.habits):
                rng = lan.rng("habit", station.mac.hex(), at, begin)
                steps = habit.run(lan, station, rng, end)
                lan.start(begin + 8 * SECOND + rng.randrange(4 * SECOND), steps)


def _router_up(lan: Lan, router: Station) -> Iterator[int]:
    """The router needs no lease: it only says who it is."""
    while lan.now < lan.end:
        announce(lan, router, lan.now)
        yield lan.now + 15 * MINUTE


def _settle(unit: Unit, number: int, rng: Random, taken: set[bytes], *, first: bool) -> Station:
    while True:
        start = bytes((rng.getrandbits(8) & 0xFC | 2,)) + rng.randbytes(2) if unit.random_mac else mac(unit.prefix)
        address = start + rng.randbytes(6 - len(start))
        if address not in taken:
            break
    taken.add(address)
    last = 1 if unit.kind == "router" else _FIRST - 1 + number
    six = bytes.fromhex("fe80000000000000") + bytes((address[0] ^ 2,)) + address[1:3] + b"\xff\xfe" + address[3:]
    tail = address[3:].hex()
    host = unit.host.format(tail=tail.upper(), low=tail, mac=address.hex().upper())
    return Station(unit, address, NETWORK + bytes((last,)), six, host, rng, unit.name if first else "")


def _stays(lan: Lan, unit: Unit, rng: Random) -> list[tuple[int, int]]:
    if unit.kind == "router":
        return [(lan.begin, lan.end)]
    if unit.presence == "always":
        first, last = (2 * SECOND, 20 * SECOND) if unit.serves else (20 * SECOND, 6 * MINUTE)
        return [(lan.begin + rng.randrange(first, last), lan.end)]
    stays = []
    for day in range(lan.begin - lan.begin % DAY, lan.end, DAY):
        comes = day + 8 * HOUR + rng.randrange(75 * MINUTE)
        goes = day + 17 * HOUR + rng.randrange(95 * MINUTE)
        if weekday(day) >= 5 and rng.random() > 0.08:
            continue
        comes = max(comes, lan.begin + rng.randrange(10 * SECOND, 6 * MINUTE))
        if comes < min(goes, lan.end):
            stays.append((comes, min(goes, lan.end)))
    return stays
