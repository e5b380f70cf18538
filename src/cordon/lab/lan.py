"""The simulated network: its clock, who is on it, and how a device reaches another or the Internet."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from random import Random
from typing import Final

from cordon.lab import address
from cordon.lab.station import Station
from cordon.lab.talk import dns
from cordon.lab.talk.tls import LIBRARIES, handshake
from cordon.lab.wire.frames import BROADCAST, IPV4, IPV6, arp, udp, udp6
from cordon.lab.wire.pcap import Capture
from cordon.lab.wire.tcp import Connection, End

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

NETWORK: Final = bytes((192, 168, 40))
GATEWAY: Final = NETWORK + b"\x01"
_KEPT: Final = 60_000  # frames held back before the past is written

Steps = Iterator[int]


class Lan:
    """One flat network 192.168.40.0/24 behind a router that answers DHCP and DNS."""

    def __init__(self, capture: Capture, seed: int, begin: int, end: int) -> None:
        self.capture, self.seed, self.begin, self.end = capture, seed, begin, end
        self.now = begin
        self.stations: list[Station] = []
        self._by_ip: dict[bytes, Station] = {}
        self.router: Station
        self._queue: list[tuple[int, int, Steps]] = []
        self._order = 0
        self.strangers: dict[str, bytes] = {}  # names of a story, with their addresses

    def rng(self, *what: object) -> Random:
        """Chance of its own for a purpose, so that no habit changes another's course."""
        return Random("/".join(map(str, (self.seed, *what))))

    def add(self, station: Station) -> None:
        self.stations.append(station)
        self._by_ip[station.ip] = station
        if station.unit.kind == "router":
            self.router = station

    def of_kind(self, *kinds: str) -> list[Station]:
        return [station for station in self.stations if station.unit.kind in kinds]

    def named(self, name: str) -> Station:
        return next(station for station in self.stations if station.name == name)

    def present(self, who: Station) -> bool:
        """Whether the device is on the site now, and has been long enough to have its address."""
        return any(begin + 15 * SECOND < self.now < end for begin, end in who.stays)

    def start(self, time: int, steps: Steps) -> None:
        """Lets `steps` act from `time` on."""
        self._order += 1
        heappush(self._queue, (time, self._order, steps))

    def run(self, progress: Callable[[float], None] | None = None) -> None:
        """Lets everything happen until the end, and writes it down."""
        told = 0
        while self._queue and self._queue[0][0] < self.end:
            self.now, _, steps = heappop(self._queue)
            again = next(steps, None)
            if again is not None:
                self.start(max(again, self.now + 1), steps)
            if len(self.capture) > _KEPT:
                self.capture.flush(self.now)
            if progress is not None and self.now - told > 5 * MINUTE:
                told = self.now
                progress((self.now - self.begin) / (self.end - self.begin))
        self.capture.flush(self.end)

    def reach(self, who: Station, target: bytes, time: int) -> tuple[bytes, int]:
        """The MAC address frames for `target` go to, and the time when it is known, by ARP if need be.

        The address is empty when nobody answers.
        """
        hop = target if target[:3] == NETWORK else GATEWAY
        if who.ip == GATEWAY and hop == GATEWAY:
            return self.router.mac, time
        owner = self.at(hop)
        if owner is None or not any(begin <= time < end for begin, end in owner.stays):
            self.capture.add(time, arp(BROADCAST, who.mac, 1, (who.mac, who.ip), (bytes(6), hop)))
            return b"", time
        if who.neighbours.get(hop, 0) <= time:
            self.capture.add(time, arp(BROADCAST, who.mac, 1, (who.mac, who.ip), (bytes(6), hop)))
            time += owner.delay
            self.capture.add(time, arp(who.mac, owner.mac, 2, (owner.mac, hop), (who.mac, who.ip)))
            time += 80
            owner.neighbours[who.ip] = time + who.rng.randrange(5 * MINUTE, 15 * MINUTE)
            who.neighbours[hop] = time + who.rng.randrange(5 * MINUTE, 15 * MINUTE)
        return owner.mac, time

    def at(self, ip: bytes) -> Station | None:
        """The device of that address."""
        return self._by_ip.get(ip)

    def datagram(self, time: int, who: Station, target: bytes, ports: tuple[int, int], payload: bytes) -> int:
        """A UDP datagram to somebody; the time it was sent."""
        hop, time = self.reach(who, target, time)
        if hop:
            frame = udp(
                hop + who.mac + IPV4,
                who.ip + target,
                ports,
                payload,
                ident=who.next_ident(),
                ttl=who.unit.ttl,
            )
            self.capture.add(time, frame)
        return time

    def ask(self, time: int, who: Station, whom: tuple[bytes, int], question: bytes, answer: bytes) -> int:
        """A UDP question from a fresh port to an address and port, and its answer; the time of the answer."""
        own = who.next_port()
        target, port = whom
        time = self.datagram(time, who, target, (own, port), question)
        local = self.at(target) if target[:3] == NETWORK else None
        if local is not None:
            return self.datagram(time + local.delay, local, who.ip, (port, own), answer)
        ttl, trip = address.distance(target)
        time += trip
        link = who.mac + self.router.mac + IPV4
        ident = who.rng.getrandbits(16)
        self.capture.add(time, udp(link, target + who.ip, (port, own), answer, ident=ident, ttl=ttl))
        return time

    def multicast(
        self, time: int, who: Station, group: bytes, ports: tuple[int, int], payload: bytes, *, ttl: int = 255
    ) -> None:
        """A UDP datagram to an IPv4 group, or to everybody."""
        link = BROADCAST if group == b"\xff" * 4 else b"\x01\x00\x5e" + bytes((group[1] & 127,)) + group[2:]
        frame = udp(link + who.mac + IPV4, who.ip + group, ports, payload, ident=who.next_ident(), ttl=ttl, flags=0)
        self.capture.add(time, frame)

    def multicast6(self, time: int, who: Station, group: bytes, port: int, payload: bytes) -> None:
        """A UDP datagram to an IPv6 group."""
        link = b"\x33\x33" + group[12:] + who.mac + IPV6
        self.capture.add(time, udp6(link, who.ip6, group, (port, port), payload))

    def lookup(self, who: Station, name: str, time: int, *, six: bool = False) -> tuple[int, bytes]:
        """The address of `name`, from memory or asked of the router; and the time it is known."""
        known = who.names.get((name, dns.A))
        if known is not None and known[0] > time:
            return time, known[1]
        if six:
            ident = who.rng.getrandbits(16)
            empty = dns.answer(ident, name, dns.AAAA, [])
            self.ask(time + 130, who, (GATEWAY, 53), dns.question(ident, name, dns.AAAA), empty)
        life = address.span(name)
        stranger = self.strangers.get(name)
        found = address.resolve(name, time // (life * SECOND))
        if stranger is not None:
            found = address.Resolved((), (stranger,), life)
        rest = max(1, life - (time // SECOND) % life)  # the router answers from its own cache
        owner, records = name, []
        for alias in found.aliases:
            records.append((owner, dns.CNAME, rest, dns.encode_name(alias)))
            owner = alias
        records += [(owner, dns.A, rest, ip) for ip in found.addresses]
        ident = who.rng.getrandbits(16)
        reply = dns.answer(ident, name, dns.A, records)
        time = self.ask(time, who, (GATEWAY, 53), dns.question(ident, name), reply) + 150
        who.names[name, dns.A] = (time + rest * SECOND, found.addresses[0])
        return time, found.addresses[0]

    def outside(self, ip: bytes, port: int, rng: Random) -> End:
        """An end of a connection on the Internet, seen through the router."""
        ttl, trip = address.distance(ip)
        system = "linux" if ip[-1] % 3 else "plain"
        return End(self.router.mac, ip, port, rng.getrandbits(32), ttl, system, rng.getrandbits(16), trip)

    def connect(self, who: Station, target: Station | bytes | str, port: int, time: int | None = None) -> Connection:
        """An opened TCP connection to a device, an address, or a name on the Internet."""
        time = self.now if time is None else time
        if isinstance(target, Station):
            _, time = self.reach(who, target.ip, time)
            server = target.end(port)
        else:
            if isinstance(target, str):
                six = who.unit.library in ("chrome", "firefox", "apple", "schannel", "boring")
                time, target = self.lookup(who, target, time, six=six)
            _, time = self.reach(who, target, time)
            server = self.outside(target, port, who.rng)
        return Connection(self.capture, time, who.end(who.next_port()), server).open()

    def secure(
        self,
        who: Station,
        target: Station | str,
        port: int = 443,
        alpn: tuple[str, ...] = (),
        *,
        library: str = "",
        name: str = "",
        time: int | None = None,
    ) -> Connection:
        """An opened TLS connection; `library` when it is not the device's usual one."""
        talk = self.connect(who, target, port, time)
        server_name = name or (target if isinstance(target, str) else "")
        handshake(talk, LIBRARIES[library or who.unit.library], server_name, alpn, who.rng)
        return talk
