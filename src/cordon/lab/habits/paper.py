"""What is said to printers: IPP questions, raw jobs, and SNMP status questions."""

from random import Random

from cordon.lab.station import Station
from cordon.lab.talk import http
from cordon.lab.talk.tls import noise
from cordon.lab.wire.tcp import Connection


def _attribute(tag: int, name: str, value: str) -> bytes:
    return bytes((tag,)) + len(name).to_bytes(2, "big") + name.encode() + len(value).to_bytes(2, "big") + value.encode()


def ask(talk: Connection, who: Station, printer: Station) -> None:
    """Get-Printer-Attributes (RFC 8011, 4.2.5)."""
    common = b"\x01" + _attribute(0x47, "attributes-charset", "utf-8")
    common += _attribute(0x48, "attributes-natural-language", "en")
    uri = _attribute(0x45, "printer-uri", f"ipp://{printer.ip_text}/ipp/print")
    asked = b"\x02\0\0\x0b\0\0\0\x01" + common + uri + b"\x03"
    told = b"\x02\0\0\0\0\0\0\x01" + common + b"\x04"
    told += (
        _attribute(0x42, "printer-name", printer.unit.model) + _attribute(0x41, "printer-info", printer.host) + b"\x03"
    )
    headers = ("Content-Type: application/ipp",)
    agent = "CUPS/2.4.7 (Linux) IPP/2.0" if who.unit.system != "windows" else "Internet Print Provider"
    talk.send(http.request("POST", f"{printer.host}:631", "/ipp/print", agent, headers=headers, body=asked))
    server = printer.fill(printer.unit.web)
    talk.reply(http.response(200, server, "application/ipp", told), 9000).close()


def job(rng: Random, host: str) -> bytes:
    """A page description: PJL, then opaque pages."""
    head = f'\x1b%-12345X@PJL\r\n@PJL SET USERNAME="{host}"\r\n@PJL ENTER LANGUAGE=PCL\r\n'
    return head.encode() + noise(rng, rng.randrange(20_000, 160_000)) + b"\x1b%-12345X"


def _ber(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes((tag, len(body))) + body


def snmp(kind: int, number: int, value: bytes) -> bytes:
    """One variable by SNMP version 2c with community public (RFC 3416): hrPrinterStatus."""
    oid = bytes.fromhex("2b060102011903050101") + b"\x01"
    bindings = _ber(0x30, _ber(0x30, _ber(6, oid), value))
    request = _ber(2, number.to_bytes(3, "big"))
    pdu = _ber(kind, request, b"\x02\x01\x00", b"\x02\x01\x00", bindings)
    return _ber(0x30, b"\x02\x01\x01", _ber(4, b"public"), pdu)
