"""One round of asking: everybody at once first, then those who are there, one after another and never fast."""

import asyncio
import ipaddress
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cordon.sources.discovery import questions
from cordon.sources.discovery.link import Host, Link

HTTP_PORTS: Final = (80, 8080)
TLS_PORTS: Final = (443, 8443)
MOST_SWEPT: Final = 4096  # addresses of one sweep
MOST_LOCATIONS: Final = 512  # descriptions that are fetched
MOST_BYTES: Final = 16_384  # of an answer that are read; the rest is left to the sender
PATIENCE: Final = 3.0  # seconds that one question waits for its answer
AT_ONCE: Final = 8  # connections that are open together


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, and how fast. `rate` is questions a second, `settle` seconds between the two halves.

    `community` is the word for SNMP; "" asks nothing by SNMP. `named` are addresses that are asked whatever they are,
    and the only ones that are asked for identities by the protocols of plants.
    """

    targets: tuple[ipaddress.IPv4Address, ...]
    rate: int = 20
    settle: float = 12.0
    community: str = ""
    named: frozenset[str] = frozenset()


@dataclass(slots=True)
class Outcome:
    """How many questions of each kind were asked, who answered the sweep, and who was left alone and why."""

    asked: Counter[str] = field(default_factory=Counter)
    hosts: list[Host] = field(default_factory=list)
    left: list[tuple[Host, str]] = field(default_factory=list)


def targets_of(network: ipaddress.IPv4Network) -> tuple[ipaddress.IPv4Address, ...]:
    """The addresses of a network's hosts.

    Raises:
        ValueError: there are more than `MOST_SWEPT`.
    """
    if network.num_addresses > MOST_SWEPT:
        raise ValueError(f"{network} has {network.num_addresses:,} addresses; at most {MOST_SWEPT:,} are asked at once")
    return tuple(network.hosts())


class Pace:
    """Spreads questions evenly: never more than `rate` a second, nothing made up for after a pause."""

    def __init__(self, rate: int) -> None:
        self._gap = 1 / rate
        self._due = 0.0

    def next(self, now: float) -> float:
        """Seconds to wait from `now` on until the next question may go."""
        begin = max(now, self._due)
        self._due = begin + self._gap
        return begin - now


class Round:
    """Asks once and is over; `stop` ends it sooner.

    Args:
        link: the interface.
        plan: what is asked.
        spare: says why a host is to be left alone, "" when it may be asked; called when all had time to answer.
        told: given a sentence when something begins.
    """

    def __init__(
        self, link: Link, plan: Plan, spare: Callable[[Host], str], told: Callable[[str], None] = lambda _: None
    ) -> None:
        self.link, self.plan, self.outcome = link, plan, Outcome()
        self._spare, self._told = spare, told
        self._stopped = threading.Event()
        self._pace = Pace(plan.rate)

    def stop(self) -> None:
        """Asks nothing more; safe from another thread or a signal handler."""
        self._stopped.set()

    def run(self) -> Outcome:
        """The round. What cannot be reached costs its patience and nothing else."""
        self._told(f"Asking everybody on {self.link.interface}, then {len(self.plan.targets)} addresses one by one.")
        locations = self._everybody()
        if self._stopped.wait(self.plan.settle):
            return self.outcome
        asked = [host for host in self.outcome.hosts if self._may(host)]
        known = {host.ip for host in asked}
        pages = [(ip, port, path) for ip, port, path in locations if ip in known]
        self._told(f"{len(self.outcome.hosts)} answered; asking {len(asked)} of them what they are.")
        asyncio.run(self._each(asked, pages))
        return self.outcome

    def _may(self, host: Host) -> bool:
        why = "" if host.ip in self.plan.named else self._spare(host)
        if why:
            self.outcome.left.append((host, why))
        return not why

    def _wait(self) -> bool:
        """Waits until the next question is due; False when no more are to be asked."""
        return not self._stopped.wait(self._pace.next(time.monotonic()))

    def _everybody(self) -> list[tuple[str, int, str]]:
        """What goes to all, and the sweep; yields where descriptions were announced."""
        udp = self.link.udp()
        with udp:
            for what, to, message in _to_all():
                if self._wait():
                    with suppress(OSError):  # no way for groups on this interface
                        udp.sendto(message, to)
                        self.outcome.asked[what] += 1
            self._by_ipv6()
            for host in self.link.sweep(self._counted(), self._wait):
                self.outcome.hosts.append(host)
            self.outcome.hosts.sort(key=lambda host: ipaddress.ip_address(host.ip))
            return sorted(set(_locations(_waiting(udp))))[:MOST_LOCATIONS]

    def _counted(self) -> Iterator[ipaddress.IPv4Address]:
        for target in self.plan.targets:
            self.outcome.asked["arp"] += 1
            yield target

    def _by_ipv6(self) -> None:
        with suppress(OSError), self.link.udp(socket.AF_INET6) as udp:  # IPv6 may be off
            udp.sendto(questions.mdns(), questions.MDNS6)
            self.outcome.asked["mdns"] += 1

    async def _each(self, hosts: Iterable[Host], pages: Iterable[tuple[str, int, str]]) -> None:
        """Every host's questions, few at a time, begun no faster than the plan's rate."""
        gate = asyncio.Semaphore(AT_ONCE)
        running: set[asyncio.Task[None]] = set()

        async def ask(question: Callable[[], Awaitable[None]]) -> None:
            with suppress(OSError, asyncio.TimeoutError, ValueError, EOFError):  # it does not offer this
                await asyncio.wait_for(question(), PATIENCE)

        async def one(question: Callable[[], Awaitable[None]]) -> None:
            async with gate:
                await ask(question)

        for what, question in self._questions(hosts, pages):
            if not await asyncio.to_thread(self._wait):
                break
            self.outcome.asked[what] += 1
            task = asyncio.create_task(one(question))
            running.add(task)
            task.add_done_callback(running.discard)
        if running:
            await asyncio.wait(running)

    def _questions(
        self, hosts: Iterable[Host], pages: Iterable[tuple[str, int, str]]
    ) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        for ip, port, path in pages:
            yield "upnp", lambda ip=ip, port=port, path=path: self._talk(ip, port, questions.http(f"{ip}:{port}", path))  # type: ignore[misc]
        for host in hosts:
            ip = host.ip
            for port in HTTP_PORTS:
                yield "http", lambda ip=ip, port=port: self._talk(ip, port, questions.http(ip))  # type: ignore[misc]
            for port in TLS_PORTS:
                yield "tls", lambda ip=ip, port=port: self._greet(ip, port)  # type: ignore[misc]
            if self.plan.community:
                message = questions.snmp(self.plan.community)
                yield "snmp", lambda ip=ip, m=message: self._send(ip, questions.SNMP_PORT, (m,))  # type: ignore[misc]
            if ip in self.plan.named:
                yield from self._identities(ip)

    def _identities(self, ip: str) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        yield "modbus", lambda: self._talk(ip, questions.MODBUS_PORT, questions.modbus_identity())
        yield "enip", lambda: self._send(ip, questions.ENIP_PORT, (questions.enip_identity(),))
        bacnet = (questions.bacnet_who_is(), *questions.bacnet_reads())
        yield "bacnet", lambda: self._send(ip, questions.BACNET_PORT, bacnet)

    async def _talk(self, ip: str, port: int, message: bytes) -> None:
        """One question over a connection; of the answer the beginning is awaited."""
        loop = asyncio.get_running_loop()
        with self.link.tcp() as made:
            await loop.sock_connect(made, (ip, port))
            await loop.sock_sendall(made, message)
            got = 0
            while got < MOST_BYTES and (more := await loop.sock_recv(made, 4096)):
                got += len(more)

    async def _greet(self, ip: str, port: int) -> None:
        """A handshake in which the certificate can be seen: TLS 1.3 would hide it from the engine."""
        loop = asyncio.get_running_loop()
        made = self.link.tcp()
        try:
            await loop.sock_connect(made, (ip, port))
            _, writer = await asyncio.open_connection(sock=made, ssl=_hello(), server_hostname="")
            writer.transport.abort()
        finally:
            made.close()

    async def _send(self, ip: str, port: int, messages: Iterable[bytes]) -> None:
        """Datagrams, and time for an answer to each: a port that was closed by then would refuse it."""
        loop = asyncio.get_running_loop()
        with self.link.udp() as made:
            await loop.sock_connect(made, (ip, port))
            for message in messages:
                await loop.sock_sendall(made, message)
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(loop.sock_recv(made, MOST_BYTES), PATIENCE / 8)


def _to_all() -> Iterator[tuple[str, tuple[str, int], bytes]]:
    yield "mdns", questions.MDNS, questions.mdns()
    yield "ssdp", questions.SSDP, questions.ssdp("upnp:rootdevice")
    yield "ssdp", questions.SSDP, questions.ssdp("ssdp:all")
    yield "wsd", questions.WSD, questions.ws_discovery()


def _waiting(udp: socket.socket) -> Iterator[tuple[str, bytes]]:
    """The datagrams that came meanwhile, with who sent them."""
    with suppress(OSError):  # no more
        for _ in range(4 * MOST_LOCATIONS):
            message, sender = udp.recvfrom(4096)
            yield sender[0], message


def _locations(answers: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, int, str]]:
    """Where descriptions are, of those who announce one of their own: nobody sends us elsewhere."""
    for sender, message in answers:
        for line in message.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"location":
                with suppress(ValueError):
                    place = urlsplit(value.strip().decode("ascii"))
                    if place.scheme == "http" and place.hostname == sender:
                        yield sender, place.port or 80, (place.path or "/") + (f"?{place.query}" if place.query else "")


def _hello() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # whoever is there is to say who it is; nothing is trusted, nothing is sent
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1  # old devices know nothing newer
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context
