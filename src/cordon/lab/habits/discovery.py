"""Habits of looking around: mDNS and SSDP questions, LLMNR, NetBIOS, ARP sweeps of an access point, pings."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from struct import pack

from cordon.lab.habits.arrival import MDNS_GROUP, SSDP_GROUP, service_records, unique
from cordon.lab.lan import GATEWAY, NETWORK, SECOND, Lan
from cordon.lab.rhythm import jitter
from cordon.lab.station import Station
from cordon.lab.talk import dns
from cordon.lab.wire.frames import IPV4, icmp


@dataclass(frozen=True, slots=True)
class Browse:
    """Asks by mDNS for services; who offers one answers to the group."""

    types: tuple[str, ...]
    every: int = 1200

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(4 * SECOND, 40 * SECOND)
        while lan.now < until:
            asked = dns.multicast_question([(f"{kind}.local", dns.PTR) for kind in self.types])
            lan.multicast(lan.now, who, MDNS_GROUP, (5353, 5353), asked)
            for other in lan.stations:
                if other is who or not lan.present(other):
                    continue
                if any(service.type in self.types for service in other.unit.services):
                    time = lan.now + rng.randrange(20_000, 120_000)
                    answer = dns.multicast_answer(service_records(other))
                    lan.multicast(time, other, MDNS_GROUP, (5353, 5353), answer)
            yield lan.now + jitter(rng, self.every * SECOND, 0.3)


@dataclass(frozen=True, slots=True)
class Search:
    """Searches by SSDP; devices of that type answer directly."""

    target: str = "ssdp:all"
    every: int = 1800

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(5 * SECOND, 50 * SECOND)
        while lan.now < until:
            port = who.next_port()
            asked = (
                "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
                f'MAN: "ssdp:discover"\r\nMX: 3\r\nST: {self.target}\r\n\r\n'
            ).encode()
            lan.multicast(lan.now, who, SSDP_GROUP, (port, 1900), asked, ttl=2)
            for other in lan.stations:
                upnp = other.unit.upnp
                if upnp is None or other is who or not lan.present(other):
                    continue
                if self.target in ("ssdp:all", "upnp:rootdevice", upnp.type):
                    time = lan.now + rng.randrange(60_000, 2 * SECOND)
                    lan.datagram(time, other, who.ip, (1900, port), _found(other, self.target))
            yield lan.now + jitter(rng, self.every * SECOND, 0.3)


def _found(other: Station, target: str) -> bytes:
    upnp = other.unit.upnp
    assert upnp is not None  # noqa: S101 - the caller has looked
    kind = upnp.type if target == "ssdp:all" else target
    return (
        "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nEXT:\r\n"
        f"LOCATION: http://{other.ip_text}:{upnp.port}{upnp.path}\r\nSERVER: {upnp.server}\r\n"
        f"ST: {kind}\r\nUSN: uuid:{unique(other)}::{kind}\r\n\r\n"
    ).encode()


@dataclass(frozen=True, slots=True)
class NetBios:
    """Registers its NetBIOS name, and asks for a name by LLMNR now and then (RFC 1002, RFC 4795)."""

    every: int = 2400

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(3 * SECOND, 8 * SECOND)
        everybody = NETWORK + b"\xff"
        for at in range(3):
            lan.multicast(lan.now + at * 750_000, who, everybody, (137, 137), _registration(who, rng), ttl=128)
        while lan.now < until:
            yield lan.now + jitter(rng, self.every * SECOND, 0.4)
            asked = dns.question(rng.getrandbits(16), rng.choice(("wpad", "fileserver", "intranet", "printer2")))
            asked = asked[:2] + b"\0\0" + asked[4:]
            lan.multicast(lan.now, who, b"\xe0\0\0\xfc", (who.next_port(), 5355), asked, ttl=1)


def _registration(who: Station, rng: Random) -> bytes:
    padded = who.host.upper()[:15].ljust(15).encode() + b"\0"
    name = b"\x20" + b"".join(bytes((65 + (c >> 4), 65 + (c & 15))) for c in padded) + b"\0"
    head = pack(">HHHHHH", rng.getrandbits(16), 0x2910, 1, 0, 0, 1) + name + pack(">HH", 0x20, 1)
    return head + b"\xc0\x0c" + pack(">HHIHH", 0x20, 1, 300_000, 6, 0) + who.ip


@dataclass(frozen=True, slots=True)
class Ping:
    """Pings the router or a name outside, to see whether the way is open."""

    name: str = ""
    every: int = 600

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(2 * SECOND, 30 * SECOND)
        number = 0
        while lan.now < until:
            number = (number + 1) & 0xFFFF
            time, target = (lan.now, GATEWAY) if not self.name else lan.lookup(who, self.name, lan.now)
            hop, time = lan.reach(who, target, time)
            echo = pack(">HH", who.ident, number) + bytes(range(48))
            there = icmp(hop + who.mac + IPV4, who.ip + target, who.next_ident(), who.unit.ttl, b"\x08\0\0\0" + echo)
            lan.capture.add(time, there)
            back = icmp(who.mac + hop + IPV4, target + who.ip, rng.getrandbits(16), 58, b"\0\0\0\0" + echo)
            lan.capture.add(time + rng.randrange(400, 14_000), back)
            yield lan.now + jitter(rng, self.every * SECOND, 0.1)
