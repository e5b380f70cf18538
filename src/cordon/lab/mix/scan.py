"""Devices that were taken look for open Telnet: a SYN to each address, met by silence or a reset."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.mix.script import CLIENT_IP, CLIENT_MAC, MS, PORT, SECOND, SERVER_IP, SERVER_MAC, Script
from cordon.lab.wire.frames import ACK, IPV4, RST, SYN, tcp_head

_PAD: Final = bytes(6)
_PORTS: Final = (23,) * 9 + (2323,)  # the share the worms of the Mirai family give each
_TRIES: Final = ((0,),) * 5 + ((0, SECOND),) * 5 + ((0, SECOND, 3 * SECOND),) * 4


def probes(rng: Random) -> Iterator[Script]:
    """One flow each: one to three SYNs into silence, or a refused one."""
    for port in _PORTS:
        for tries in _TRIES:
            yield _probe(port, tries)
        for _ in range(6):
            yield _refused(port, rng.randrange(20 * MS, 220 * MS))


def _probe(port: int, tries: tuple[int, ...]) -> Script:
    script = Script()
    for ident, time in enumerate(tries):
        head = tcp_head(
            SERVER_MAC + CLIENT_MAC + IPV4, CLIENT_IP + SERVER_IP, (PORT, port),
            ident=ident, ttl=64, seq=0, ack=0, flags=SYN, window=14_600, size=0,
        )  # fmt: skip
        script.add(time, head, _PAD)
    return script


def _refused(port: int, after: int) -> Script:
    script = _probe(port, (0,))
    head = tcp_head(
        CLIENT_MAC + SERVER_MAC + IPV4, SERVER_IP + CLIENT_IP, (port, PORT),
        ident=0, ttl=49, seq=0, ack=1, flags=RST | ACK, window=0, size=0,
    )  # fmt: skip
    script.add(after, head, _PAD)
    return script
