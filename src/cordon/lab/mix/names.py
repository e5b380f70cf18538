"""Who is who: questions to the resolver, and everything devices say to their neighbours."""

from collections.abc import Iterator
from random import Random
from struct import pack
from typing import Final

from cordon.lab.mix.script import (
    CLIENT_IP,
    CLIENT_IP6,
    CLIENT_MAC,
    LABEL_TEXT,
    MS,
    PORT,
    QUERY,
    SECOND,
    SERIAL_TEXT,
    SERVER_IP,
    SERVER_MAC,
    TRANSACTION,
    Script,
)  # fmt: skip
from cordon.lab.talk import dhcp, dns
from cordon.lab.wire.frames import BROADCAST, IPV4, arp, icmp, igmp_join, udp

_MDNS: Final = bytes((224, 0, 0, 251))
_MDNS6: Final = bytes.fromhex("ff0200000000000000000000000000fb")
_SSDP: Final = bytes((239, 255, 255, 250))
_LLMNR: Final = bytes((224, 0, 0, 252))
_EVERYBODY: Final = b"\xff" * 4
_SERVICES: Final = ("_http._tcp", "_hap._tcp", "_googlecast._tcp", "_ipp._tcp", "_matter._tcp")


def lookups(rng: Random) -> Iterator[Script]:
    """A question and its answer: addresses, aliases, names that are not there."""
    for number in range(48):
        script = Script(ttl=64)
        name = f"n-{LABEL_TEXT}.zone{number % 12}.example.net"
        kind = (dns.A, dns.A, dns.AAAA, dns.A)[number % 4]
        script.send(0, (PORT, 53), dns.question(QUERY, name, kind))
        script.reply(rng.randrange(1 * MS, 40 * MS), (53, PORT), _answer(name, kind, number, rng))
        yield script


def _answer(name: str, kind: int, number: int, rng: Random) -> bytes:
    if number % 7 == 6:
        return dns.answer(QUERY, name, kind, [], rcode=3)
    width = 16 if kind == dns.AAAA else 4
    alias = f"edge-{number}.example-cdn.net"
    records = [(name, dns.CNAME, 300, dns.encode_name(alias))] if number % 3 == 0 else []
    owner = alias if records else name
    first = b"\x20\x01\x0d\xb8" if width == 16 else b"\x33"
    records += [(owner, kind, 60, first + rng.randbytes(width - len(first))) for _ in range(1 + number % 4)]
    return dns.answer(QUERY, name, kind, records)


def discovery(rng: Random) -> Iterator[Script]:
    """One talk of each kind, again and again with other words."""
    for service in _SERVICES:
        yield from (_announced(service), _browsed(service), _notified(rng), _searched(rng), _asked_arp(rng))
        yield from (_leased(rng), _clock(rng), _pinged(rng), _joined(), _llmnr())


def _announced(service: str) -> Script:
    script = Script()
    instance = dns.instance_name(f"Device {SERIAL_TEXT}", service)
    host = dns.encode_name(f"{SERIAL_TEXT}.local")
    records = [
        dns.resource(dns.encode_name(f"{service}.local"), dns.PTR, 4500, instance),
        dns.resource(instance, dns.SRV, 120, pack(">HHH", 0, 0, 8080) + host, flush=True),
        dns.resource(instance, dns.TXT, 4500, dns.text((f"id={SERIAL_TEXT}", "md=Sensor 2", "pv=1.1")), flush=True),
        dns.resource(host, dns.A, 120, CLIENT_IP, flush=True),
        dns.resource(host, dns.AAAA, 120, CLIENT_IP6, flush=True),
    ]
    message = dns.multicast_answer(records)
    for time in (0, SECOND):
        script.tell(time, _MDNS, (5353, 5353), message)
        script.tell6(time + 300, _MDNS6, (5353, 5353), message)
    return script


def _browsed(service: str) -> Script:
    script = Script()
    script.tell(0, _MDNS, (5353, 5353), dns.multicast_question([(f"{service}.local", dns.PTR)]))
    return script


def _notified(rng: Random) -> Script:
    script = Script()
    for number, kind in enumerate(("upnp:rootdevice", "urn:schemas-upnp-org:device:Basic:1")):
        text = (
            "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
            f"LOCATION: http://{SERIAL_TEXT}.lan:49152/desc.xml\r\nSERVER: Linux UPnP/1.0 Hub/1.{rng.randrange(9)}\r\n"
            f"NT: {kind}\r\nNTS: ssdp:alive\r\nUSN: uuid:2f402f80-da50-11e1-9b23-0000{SERIAL_TEXT}::{kind}\r\n\r\n"
        )
        script.tell(number * 90 * MS, _SSDP, (1900, 1900), text.encode(), ttl=4)
    return script


def _searched(rng: Random) -> Script:
    script = Script(ttl=64)
    ask = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n'
    script.tell(0, _SSDP, (PORT, 1900), ask.encode(), ttl=2)
    answer = (
        "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nEXT:\r\nLOCATION: http://hub.lan:80/desc.xml\r\n"
        "SERVER: Linux/3.14 UPnP/1.0 Hub/1.4\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n\r\n"
    )
    script.reply(rng.randrange(60 * MS, 900 * MS), (1900, PORT), answer.encode())
    return script


def _asked_arp(rng: Random) -> Script:
    script = Script()
    script.add(0, arp(BROADCAST, CLIENT_MAC, 1, (CLIENT_MAC, CLIENT_IP), (bytes(6), SERVER_IP)))
    answer = arp(CLIENT_MAC, SERVER_MAC, 2, (SERVER_MAC, SERVER_IP), (CLIENT_MAC, CLIENT_IP))
    script.add(rng.randrange(200, 4 * MS), answer)
    return script


def _leased(rng: Random) -> Script:
    """The four messages of a lease (RFC 2131, 3.1)."""
    script = Script(ttl=64)
    number = int.from_bytes(TRANSACTION, "big")
    said = [(12, f"dev-{SERIAL_TEXT}".encode()), (55, bytes((1, 3, 6, 12, 15, 28, 42))), (60, b"udhcp 1.24.1")]
    given = [(54, SERVER_IP), (51, pack(">I", 3600)), (1, b"\xff\xff\0\0"), (3, SERVER_IP), (6, SERVER_IP)]
    wanted = [(50, CLIENT_IP), (54, SERVER_IP), *said]
    wait = rng.randrange(2 * MS, 30 * MS)
    for turn, (kind, options) in enumerate(((dhcp.DISCOVER, said), (dhcp.REQUEST, wanted))):
        asked = dhcp.message(kind, number, CLIENT_MAC, options)
        head = BROADCAST + CLIENT_MAC + IPV4
        script.add(2 * turn * wait, udp(head, bytes(4) + _EVERYBODY, (68, 67), asked, ident=turn, ttl=64))
        answer = dhcp.OFFER if turn == 0 else dhcp.ACK
        script.reply((2 * turn + 1) * wait, (67, 68), dhcp.message(answer, number, CLIENT_MAC, given, yiaddr=CLIENT_IP))
    return script


def _clock(rng: Random) -> Script:
    """A question for the time and the answer (RFC 5905)."""
    script = Script(ttl=64)
    stamp = pack(">II", 3_981_398_400, rng.getrandbits(32))
    script.send(0, (PORT, 123), b"\x23" + bytes(39) + stamp)
    answer = b"\x24\x02\x06\xec" + pack(">II", 0x200, 0x300) + b"\x0a\0\0\x01" + stamp * 4
    script.reply(rng.randrange(1 * MS, 30 * MS), (123, PORT), answer)
    return script


def _pinged(rng: Random) -> Script:
    script = Script()
    for number in range(1, 4):
        echo = pack(">HH", 7, number) + bytes(range(48))
        time = number * SECOND
        there = SERVER_MAC + CLIENT_MAC + IPV4, CLIENT_IP + SERVER_IP
        back = CLIENT_MAC + SERVER_MAC + IPV4, SERVER_IP + CLIENT_IP
        script.add(time, icmp(*there, number, 64, b"\x08\0\0\0" + echo))
        script.add(time + rng.randrange(400, 14 * MS), icmp(*back, number, 64, b"\0\0\0\0" + echo))
    return script


def _joined() -> Script:
    script = Script()
    script.add(0, igmp_join(CLIENT_MAC, CLIENT_IP, _MDNS, 0))
    return script


def _llmnr() -> Script:
    script = Script()
    asked = dns.question(QUERY, "wpad")
    script.tell(0, _LLMNR, (PORT, 5355), asked[:2] + b"\0\0" + asked[4:], ttl=1)
    return script
