"""A device comes to the network (DHCP, ARP, multicast groups, announcements) and keeps its lease."""

from collections.abc import Iterator
from random import Random
from typing import Final

from cordon.lab.lan import GATEWAY, HOUR, MINUTE, SECOND, Lan
from cordon.lab.station import Station
from cordon.lab.talk import dhcp, dns
from cordon.lab.wire.frames import BROADCAST, IPV4, IPV6, arp, icmp6, igmp_join, udp

MDNS_GROUP: Final = b"\xe0\0\0\xfb"
MDNS_GROUP6: Final = bytes.fromhex("ff0200000000000000000000000000fb")
SSDP_GROUP: Final = b"\xef\xff\xff\xfa"
_LEASE: Final = 24 * 3600
_EVERYBODY: Final = b"\xff" * 4


def arrive(lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
    """Joins now, renews the lease at half its time, repeats announcements."""
    time = _lease(lan, who, rng, lan.now)
    yield time
    time = _address_taken(lan, who, rng, time)
    yield time
    if who.unit.ipv6:
        time = _neighbour_discovery(lan, who, rng, time)
    for group in _groups(who):
        lan.capture.add(time, igmp_join(who.mac, who.ip, group, who.next_ident()))
        time += rng.randrange(2_000, 90_000)
    renew = time + _LEASE * SECOND // 2
    again = SECOND
    while time < until:
        yield time
        if lan.now >= renew:
            renew = _renew(lan, who, rng, lan.now) + _LEASE * SECOND // 2
        announce(lan, who, lan.now)
        time = lan.now + again + rng.randrange(SECOND)
        again = min(again * 40, HOUR) if again == SECOND else HOUR + rng.randrange(10 * MINUTE)


def _groups(who: Station) -> list[bytes]:
    groups = [MDNS_GROUP] if who.unit.services else []
    return [*groups, SSDP_GROUP] if who.unit.upnp else groups


def _options(who: Station) -> list[tuple[int, bytes]]:
    options = [(61, b"\x01" + who.mac), (57, (1500).to_bytes(2, "big"))]
    if who.host:
        options.append((12, who.host.encode()))
    if who.unit.vendor_class:
        options.append((60, who.unit.vendor_class.encode()))
    return [*options, (55, bytes(who.unit.params))]


def _granted(client: Station) -> list[tuple[int, bytes]]:
    lease = [(51, _LEASE.to_bytes(4, "big")), (58, (_LEASE // 2).to_bytes(4, "big"))]
    asked = client.unit.params
    more = [(1, b"\xff\xff\xff\0"), (3, GATEWAY), (6, GATEWAY), (15, b"office.lan"), (42, GATEWAY)]
    return [(54, GATEWAY), *lease, *((code, value) for code, value in more if code in asked or code == 1)]


def _lease(lan: Lan, who: Station, rng: Random, time: int) -> int:
    transaction = rng.getrandbits(32)
    router, ports, back = lan.router, (68, 67), (67, 68)
    link = BROADCAST + who.mac + IPV4
    nobody = bytes(4) + _EVERYBODY
    to_client = who.mac + router.mac + IPV4

    def say(at: int, message: bytes) -> None:
        lan.capture.add(at, udp(link, nobody, ports, message, ident=who.next_ident(), ttl=64, flags=0))

    def answer(at: int, kind: int) -> None:
        message = dhcp.message(kind, transaction, who.mac, _granted(who), yiaddr=who.ip, siaddr=GATEWAY)
        lan.capture.add(at, udp(to_client, GATEWAY + who.ip, back, message, ident=router.next_ident(), ttl=64))

    say(time, dhcp.message(dhcp.DISCOVER, transaction, who.mac, _options(who)))
    time += rng.randrange(300, 4000)
    answer(time, dhcp.OFFER)
    time += rng.randrange(4000, 60_000)
    asked = [(50, who.ip), (54, GATEWAY), *_options(who)]
    say(time, dhcp.message(dhcp.REQUEST, transaction, who.mac, asked))
    time += rng.randrange(300, 9000)
    answer(time, dhcp.ACK)
    return time + rng.randrange(2000, 30_000)


def _renew(lan: Lan, who: Station, rng: Random, time: int) -> int:
    transaction = rng.getrandbits(32)
    asked = dhcp.message(dhcp.REQUEST, transaction, who.mac, _options(who), ciaddr=who.ip)
    time = lan.datagram(time, who, GATEWAY, (68, 67), asked) + rng.randrange(300, 3000)
    given = dhcp.message(dhcp.ACK, transaction, who.mac, _granted(who), ciaddr=who.ip, yiaddr=who.ip)
    return lan.datagram(time, lan.router, who.ip, (67, 68), given) + 1000


def _address_taken(lan: Lan, who: Station, rng: Random, time: int) -> int:
    """Probes (RFC 5227) where the system does so, then announces the address."""
    if who.unit.system in ("windows", "apple") or rng.random() < 0.3:
        for _ in range(3):
            lan.capture.add(time, arp(BROADCAST, who.mac, 1, (who.mac, bytes(4)), (bytes(6), who.ip)))
            time += rng.randrange(300_000, 900_000)
    lan.capture.add(time, arp(BROADCAST, who.mac, 1, (who.mac, who.ip), (bytes(6), who.ip)))
    return time + rng.randrange(5_000, 60_000)


def _neighbour_discovery(lan: Lan, who: Station, rng: Random, time: int) -> int:
    """Duplicate address detection and a router solicitation, which nobody answers (RFC 4861, RFC 4862)."""
    solicited = bytes.fromhex("ff0200000000000000000001ff") + who.ip6[13:]
    link = b"\x33\x33\xff" + who.ip6[13:] + who.mac + IPV6
    probe = b"\x87\0\0\0\0\0\0\0" + who.ip6
    lan.capture.add(time, icmp6(link, bytes(16), solicited, probe))
    time += SECOND + rng.randrange(40_000)
    routers = bytes.fromhex("ff020000000000000000000000000002")
    link = b"\x33\x33\0\0\0\x02" + who.mac + IPV6
    solicit = b"\x85\0\0\0\0\0\0\0\x01\x01" + who.mac
    lan.capture.add(time, icmp6(link, who.ip6, routers, solicit))
    return time + rng.randrange(10_000, 200_000)


def announce(lan: Lan, who: Station, time: int) -> None:
    """What the device says of itself unasked, by mDNS and by SSDP."""
    if who.unit.services:
        message = dns.multicast_answer(service_records(who))
        lan.multicast(time, who, MDNS_GROUP, (5353, 5353), message)
        if who.unit.ipv6:
            lan.multicast6(time + 400, who, MDNS_GROUP6, 5353, message)
    if who.unit.upnp:
        for at, kind in enumerate(("upnp:rootdevice", f"uuid:{unique(who)}", who.unit.upnp.type)):
            lan.multicast(time + 9000 + at * 3100, who, SSDP_GROUP, (1900, 1900), _notify(who, kind), ttl=4)


def own_name(who: Station) -> str:
    """The host part of its mDNS name."""
    return (who.host or who.fill("{model}-{tail}")).replace(" ", "-").replace("(", "-").replace(")", "")


def service_records(who: Station) -> list[bytes]:
    """PTR, SRV and TXT of each service and the addresses."""
    host = f"{own_name(who)}.local"
    records = []
    for service in who.unit.services:
        full = dns.instance_name(who.fill(service.instance), service.type)
        server = (0).to_bytes(4, "big") + service.port.to_bytes(2, "big") + dns.encode_name(host)
        text = dns.text(tuple(who.fill(pair) for pair in service.txt))
        records += [
            dns.resource(dns.encode_name(f"{service.type}.local"), dns.PTR, 4500, full),
            dns.resource(full, dns.SRV, 120, server, flush=True),
            dns.resource(full, dns.TXT, 4500, text, flush=True),
        ]
    records.append(dns.resource(dns.encode_name(host), dns.A, 120, who.ip, flush=True))
    if who.unit.ipv6:
        records.append(dns.resource(dns.encode_name(host), dns.AAAA, 120, who.ip6, flush=True))
    return records


def unique(who: Station) -> str:
    """Its UPnP identity."""
    tail = who.mac.hex()
    return f"{tail[:8]}-{tail[8:]}-1000-8000-{tail}"


def _notify(who: Station, kind: str) -> bytes:
    upnp = who.unit.upnp
    assert upnp is not None  # noqa: S101 - only called for devices that have it
    identity = f"uuid:{unique(who)}"
    usn = identity if kind == identity else f"{identity}::{kind}"
    return (
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
        f"LOCATION: http://{who.ip_text}:{upnp.port}{upnp.path}\r\nNT: {kind}\r\nNTS: ssdp:alive\r\n"
        f"SERVER: {upnp.server}\r\nUSN: {usn}\r\n\r\n"
    ).encode()
