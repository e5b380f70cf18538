"""The bytes of all questions. Each is one that any client of the protocol may send, and that changes nothing."""

import struct
import uuid
from typing import Final

MDNS: Final = ("224.0.0.251", 5353)
MDNS6: Final = ("ff02::fb", 5353)
SSDP: Final = ("239.255.255.250", 1900)
WSD: Final = ("239.255.255.250", 3702)
SNMP_PORT: Final = 161
MODBUS_PORT: Final = 502
ENIP_PORT: Final = 44818
BACNET_PORT: Final = 47808

SERVICES: Final = (
    "_services._dns-sd._udp", "_device-info._tcp", "_http._tcp", "_ipp._tcp", "_printer._tcp", "_scanner._tcp",
    "_hap._tcp", "_matter._tcp", "_matterc._udp", "_googlecast._tcp", "_airplay._tcp", "_raop._tcp", "_sonos._tcp",
    "_spotify-connect._tcp", "_axis-video._tcp", "_rtsp._tcp", "_hue._tcp", "_shelly._tcp", "_esphomelib._tcp",
    "_miio._udp", "_smb._tcp", "_workstation._tcp", "_ssh._tcp", "_amzn-wplay._tcp", "_androidtvremote2._tcp",
)  # fmt: skip
"""Asked for in one message; the first lists all services there are (RFC 6763, section 9)."""


def arp(mac: bytes, ip: bytes, target: bytes) -> bytes:
    """A frame to everybody that asks who has the address (RFC 826)."""
    ethernet = b"\xff" * 6 + mac + b"\x08\x06"
    return ethernet + struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac + ip + bytes(6) + target


def mdns() -> bytes:
    """Who offers which service (RFC 6762); sent from any port but 5353, so answers come to the asker alone."""
    questions = b"".join(_name(f"{service}.local") + struct.pack("!HH", 12, 1) for service in SERVICES)
    return struct.pack("!HHHHHH", 0, 0, len(SERVICES), 0, 0, 0) + questions


def _name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def ssdp(target: str) -> bytes:
    """Who is there (UPnP Device Architecture 2.0, section 1.3.2), to be answered within two seconds."""
    lines = (
        "M-SEARCH * HTTP/1.1",
        f"HOST: {SSDP[0]}:{SSDP[1]}",
        'MAN: "ssdp:discover"',
        "MX: 2",
        f"ST: {target}",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def ws_discovery() -> bytes:
    """Which devices for web services, as cameras (ONVIF) and printers, are there (WS-Discovery 2005/04)."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>'
        f"<a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID>"
        "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
        "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
        "</e:Header><e:Body><d:Probe/></e:Body></e:Envelope>"
    ).encode()


def http(host: str, path: str = "/") -> bytes:
    """A page, of which only the beginning is read (RFC 9110)."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: Cordon discovery",
        "Accept: */*",
        "Connection: close",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


_SYSTEM: Final = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0")
"""sysDescr, sysObjectID and sysName (RFC 3418)."""


def snmp(community: str) -> bytes:
    """What the system says it is: a get of version 2c (RFC 3416)."""
    variables = b"".join(_ber(0x30, _ber(6, _oid(oid)) + _ber(5, b"")) for oid in _SYSTEM)
    request = _ber(2, b"\x01") + _ber(2, b"\0") + _ber(2, b"\0") + _ber(0x30, variables)
    return _ber(0x30, _ber(2, b"\x01") + _ber(4, community.encode()) + _ber(0xA0, request))


def _ber(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])
    return bytes([tag]) + length + content


def _oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    return bytes([40 * first + second, *rest])  # all parts of ours are below 128


def modbus_identity(unit: int = 255) -> bytes:
    """Read Device Identification, the basic objects (Modbus application protocol 1.1b3, 6.21): a read by definition."""
    request = bytes([unit, 0x2B, 0x0E, 1, 0])
    return struct.pack("!HHH", 1, 0, len(request)) + request


def enip_identity() -> bytes:
    """List Identity (EtherNet/IP encapsulation, CIP volume 2, 2-4.2): no session, no connection."""
    return struct.pack("<HHII8sI", 0x63, 0, 0, 0, bytes(8), 0)


def bacnet_who_is() -> bytes:
    """Who-Is to one device (ASHRAE 135, 16.10), as an original unicast of annex J."""
    return bytes([0x81, 0x0A, 0, 8, 1, 0, 0x10, 8])


_BACNET_PROPERTIES: Final = (121, 70, 44, 77)
"""vendor-name, model-name, firmware-revision, object-name."""
_WILDCARD: Final = (8 << 22) | 0x3FFFFF  # the device object of whoever is asked (ASHRAE 135, 15.5)


def bacnet_reads() -> tuple[bytes, ...]:
    """ReadProperty of the device object's names, one message each (ASHRAE 135, 15.5)."""
    messages = []
    for at, property_ in enumerate(_BACNET_PROPERTIES, 1):
        apdu = bytes([0, 5, at, 12, 0x0C]) + struct.pack("!I", _WILDCARD) + bytes([0x19, property_])
        packet = bytes([1, 4]) + apdu  # a reply is expected
        messages.append(struct.pack("!BBH", 0x81, 0x0A, 4 + len(packet)) + packet)
    return tuple(messages)
