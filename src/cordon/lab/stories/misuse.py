"""What a taken device does: beacons, scans, tunnels, spoofs, carries off, floods."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.lan import GATEWAY, NETWORK, SECOND, Lan
from cordon.lab.rhythm import jitter
from cordon.lab.station import Station
from cordon.lab.talk import dns, tls
from cordon.lab.wire.frames import IPV4, SYN, arp, tcp_head, udp
from cordon.lab.wire.tcp import OPTIONS, Connection

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"


def beacon(lan: Lan, who: Station, master: tuple[str, int], rng: Random, until: int) -> Iterator[int]:
    """Reports to its master each minute, give or take a fifth."""
    while lan.now < until:
        talk = lan.connect(who, *master)
        talk.send(b"\x00\x01" + tls.noise(rng, 38), 900).reply(b"\x00\x00" + tls.noise(rng, 14), 30_000).close()
        yield lan.now + jitter(rng, 60 * SECOND, 0.2)


def sweep(lan: Lan, who: Station, ports: tuple[int, ...], rng: Random, apart: int) -> Iterator[int]:
    """Tries every address of the network, in no order: ARP, then a SYN to each port where somebody is."""
    order = list(range(1, 255))
    rng.shuffle(order)
    for last in order:
        target = NETWORK + bytes((last,))
        if target == who.ip:
            continue
        hop, time = lan.reach(who, target, lan.now)
        prey = lan.at(target)
        if hop and prey is not None and (prey is lan.router or lan.present(prey)):
            for port in ports:
                _probe(lan, who, prey, port, time)
                time += 4000
        yield max(time + 1, lan.now + jitter(rng, apart, 0.3))


def _probe(lan: Lan, who: Station, prey: Station, port: int, time: int) -> None:
    talk = Connection(lan.capture, time, who.end(who.next_port()), prey.end(port))
    if port in prey.unit.serves:
        talk.open().reset()
    else:
        talk.refused()


def scan(lan: Lan, who: Station, prey: Station, ports: list[int], rng: Random) -> Iterator[int]:
    """Tries many ports of one device."""
    for port in ports:
        _, time = lan.reach(who, prey.ip, lan.now)
        _probe(lan, who, prey, port, time)
        yield max(time + 3000, lan.now + jitter(rng, SECOND / 3, 0.4))


def tunnel(lan: Lan, who: Station, domain: str, rng: Random, until: int) -> Iterator[int]:
    """Carries data in the labels of TXT questions and their answers, through the router's resolver."""
    while lan.now < until:
        labels = ["".join(rng.choices(_LETTERS, k=rng.randrange(42, 60))) for _ in range(3)]
        name = ".".join([*labels, domain])
        ident = rng.getrandbits(16)
        told = dns.text(("".join(rng.choices(_LETTERS, k=rng.randrange(60, 190))),))
        reply = dns.answer(ident, name, dns.TXT, [(name, dns.TXT, 1, told)])
        lan.ask(lan.now, who, (GATEWAY, 53), dns.question(ident, name, dns.TXT), reply)
        yield lan.now + jitter(rng, 0.7 * SECOND, 0.5)


def spoof(lan: Lan, who: Station, prey: Station, rng: Random, until: int) -> Iterator[int]:
    """Tells the prey that the gateway is here, and the gateway that the prey is; puts both right at the end.

    Only the lies are shown, not the traffic that takes the detour.
    """
    sides = ((prey, GATEWAY, lan.router), (lan.router, prey.ip, prey))
    while lan.now < until:
        for at, (to, claimed, _) in enumerate(sides):
            lie = arp(to.mac, who.mac, 2, (who.mac, claimed), (to.mac, to.ip))
            lan.capture.add(lan.now + at * 700, lie)
        yield lan.now + jitter(rng, 2 * SECOND, 0.05)
    for at, (to, claimed, owner) in enumerate(sides):
        truth = arp(to.mac, who.mac, 2, (owner.mac, claimed), (to.mac, to.ip))
        lan.capture.add(lan.now + at * 700, truth)


def carry_off(lan: Lan, who: Station, stranger: bytes, pieces: int, rng: Random) -> Iterator[int]:
    """Uploads so many pieces of 300 kB, one each 10 s, over one TLS connection to a bare address."""
    talk = lan.connect(who, stranger, 443)
    tls.handshake(talk, tls.LIBRARIES["go"], "", (), rng)
    for _ in range(pieces):
        talk.send(tls.data(rng, 300_000)).reply(tls.data(rng, 60), 20_000).settle()
        yield max(talk.time + 1, lan.now + jitter(rng, 10 * SECOND, 0.3))
        talk.pause(lan.now)
    talk.close()


def flood(lan: Lan, who: Station, victim: bytes, packets: int, rng: Random) -> Iterator[int]:
    """SYN packets to a web server and UDP datagrams to high ports, for a minute; nothing is answered."""
    hop, _ = lan.reach(who, victim, lan.now)
    link, pair = hop + who.mac + IPV4, who.ip + victim
    batch = 200
    apart = 60 * SECOND * batch // packets
    for _ in range(packets // batch):
        for at in range(batch):
            time = lan.now + at * apart // batch
            port, ident = rng.randrange(50_000, 54_000), rng.getrandbits(16)
            if rng.random() < 0.6:
                seq = rng.getrandbits(32)
                head = tcp_head(
                    link, pair, (port, 80), ident=ident, ttl=64, seq=seq, ack=0, flags=SYN,
                    window=14_600, size=0, options=OPTIONS["plain"],
                )  # fmt: skip
                lan.capture.add(time, head, b"\0\0")
            else:
                frame = udp(link, pair, (port, rng.randrange(50_000, 54_000)), bytes(512), ident=ident, ttl=64)
                lan.capture.add(time, frame)
        yield lan.now + apart
