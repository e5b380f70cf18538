"""The interface that questions leave by: its addresses, a sweep by ARP, and sockets that use no other way out."""

import errno
import fcntl
import ipaddress
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cordon.sources.discovery import questions
from cordon.sources.errors import SourceError

_ADDRESS: Final = 0x8915  # SIOCGIFADDR and the two that follow (netdevice(7))
_MASK: Final = 0x891B
_HARDWARE: Final = 0x8927
_ARP: Final = 0x0806
_REPLY: Final = b"\0\x01\x08\0\x06\x04\0\x02"  # what an answer for Ethernet and IPv4 begins with
LINGER: Final = 1.0  # seconds in which answers to the last question may come


@dataclass(frozen=True, slots=True, order=True)
class Host:
    """Somebody who answered."""

    ip: str
    mac: str


class Link:
    """An interface of this machine with an IPv4 address."""

    def __init__(self, interface: str) -> None:
        """Looks the interface up.

        Raises:
            SourceError: there is none of that name, it has no address, or this process may not use it.
        """
        self.interface = interface
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
                self.ip = ipaddress.IPv4Address(self._of(asked, _ADDRESS)[4:8])
                mask = ipaddress.IPv4Address(self._of(asked, _MASK)[4:8])
                self.mac = self._of(asked, _HARDWARE)[2:8]
            self._arp = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ARP))
            self._arp.bind((interface, _ARP))
        except OSError as error:
            raise SourceError(_sentence(interface, error)) from None
        self.network = ipaddress.IPv4Network(f"{self.ip}/{mask}", strict=False)

    def _of(self, asked: socket.socket, what: int) -> bytes:
        return fcntl.ioctl(asked, what, struct.pack("256s", self.interface.encode()[:15]))[16:]

    def close(self) -> None:
        """Lets the interface go."""
        self._arp.close()

    def sweep(self, targets: Iterable[ipaddress.IPv4Address], wait: Callable[[], bool]) -> Iterator[Host]:
        """Asks who has each address; yields who answers, as they come, each once.

        `wait` is called before each question and says whether to go on.
        """
        seen: set[Host] = set()
        for target in targets:
            if not wait():
                break
            if target != self.ip:
                with suppress(OSError):  # an interface that is down for a moment loses questions, not the round
                    self._arp.send(questions.arp(self.mac, self.ip.packed, target.packed))
            yield from self._fresh(seen, 0.0)
        until = time.monotonic() + LINGER
        while (left := until - time.monotonic()) > 0:
            yield from self._fresh(seen, left)

    def _fresh(self, seen: set[Host], patience: float) -> Iterator[Host]:
        """Those who answered since it was last asked and were not seen before."""
        self._arp.settimeout(patience or 0.0001)
        with suppress(OSError):  # nothing came in that time
            while True:
                host = _answer(self._arp.recv(256))
                if host is not None and host not in seen and ipaddress.ip_address(host.ip) in self.network:
                    seen.add(host)
                    yield host

    def udp(self, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
        """A socket whose datagrams leave by this interface and go no further than its own network."""
        made = self._bound(socket.socket(family, socket.SOCK_DGRAM))
        if family == socket.AF_INET:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, self.ip.packed)
        else:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(self.interface))
        return made

    def tcp(self) -> socket.socket:
        """A socket for one connection that leaves by this interface."""
        return self._bound(socket.socket(socket.AF_INET, socket.SOCK_STREAM))

    def _bound(self, made: socket.socket) -> socket.socket:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.interface.encode())
        made.setblocking(False)
        return made


def _answer(frame: bytes) -> Host | None:
    """Who answered with this frame; None when it is no answer."""
    arp = frame[14:42]
    if len(arp) < 28 or arp[:8] != _REPLY:
        return None
    mac = ":".join(f"{byte:02x}" for byte in arp[8:14])
    return Host(socket.inet_ntoa(arp[14:18]), mac)


def _sentence(interface: str, error: OSError) -> str:
    if error.errno in {errno.EPERM, errno.EACCES}:
        return f"Asking on {interface} needs the capability CAP_NET_RAW; run it with sudo."
    if error.errno in {errno.ENODEV, errno.ENXIO}:
        there = ", ".join(name for _, name in socket.if_nameindex()) or "none"
        return f"There is no interface {interface}; there are: {there}."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{interface} has no IPv4 address to ask from; give it one, or name another interface."
    return f"{interface} cannot be used ({error.strerror})."
