"""Modbus/TCP, BACnet/IP and MQTT messages."""

from random import Random
from struct import pack


def modbus_read(transaction: int, unit: int, first: int, count: int) -> bytes:
    """Read holding registers (Modbus Application Protocol 1.1b3, 6.3)."""
    return pack(">HHHBBHH", transaction, 0, 6, unit, 3, first, count)


def modbus_values(transaction: int, unit: int, values: list[int]) -> bytes:
    body = b"".join(value.to_bytes(2, "big") for value in values)
    return pack(">HHHBBB", transaction, 0, 3 + len(body), unit, 3, len(body)) + body


def modbus_write(transaction: int, unit: int, register: int, value: int) -> bytes:
    """Write a single register (6.6); the answer is the same."""
    return pack(">HHHBBHH", transaction, 0, 6, unit, 6, register, value)


def bacnet_who_is() -> bytes:
    """Who-Is to everybody (ASHRAE 135, annex J)."""
    return bytes.fromhex("810b000c0120ffff00ff1008")


def bacnet_i_am(instance: int, vendor: int) -> bytes:
    device = pack(">BI", 0xC4, (8 << 22) | instance)
    apdu = b"\x10\x00" + device + b"\x22\x05\xc4\x91\x03\x21" + bytes((vendor,))
    npdu = b"\x01\x20\xff\xff\x00\xff"
    return b"\x81\x0b" + (4 + len(npdu) + len(apdu)).to_bytes(2, "big") + npdu + apdu


def bacnet_read(invoke: int, kind: int, instance: int) -> bytes:
    """Asks one device for the present value of an object (ASHRAE 135, 15.5)."""
    body = b"\x01\x04\x00\x05" + bytes((invoke, 12)) + pack(">BI", 0x0C, kind << 22 | instance) + b"\x19\x55"
    return b"\x81\x0a" + (4 + len(body)).to_bytes(2, "big") + body


def bacnet_value(invoke: int, kind: int, instance: int, value: float) -> bytes:
    """The answer: a real number."""
    body = b"\x01\x00\x30" + bytes((invoke, 12)) + pack(">BI", 0x0C, kind << 22 | instance) + b"\x19\x55"
    body += b"\x3e" + pack(">Bf", 0x44, value) + b"\x3f"
    return b"\x81\x0a" + (4 + len(body)).to_bytes(2, "big") + body


def _mqtt(first: int, body: bytes) -> bytes:
    size, length = len(body), b""
    while True:
        size, low = divmod(size, 128)
        length += bytes((low | (0x80 if size else 0),))
        if not size:
            return bytes((first,)) + length + body


def _text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2, "big") + value.encode()


def mqtt_connect(client: str, user: str = "", password: str = "", keep: int = 60) -> bytes:
    """CONNECT of MQTT 3.1.1 (section 3.1)."""
    flags = 2 | (0x80 if user else 0) | (0x40 if password else 0)
    body = _text("MQTT") + bytes((4, flags)) + keep.to_bytes(2, "big") + _text(client)
    return _mqtt(0x10, body + (_text(user) if user else b"") + (_text(password) if password else b""))


MQTT_CONNACK = b"\x20\x02\x00\x00"


def mqtt_publish(topic: str, payload: bytes) -> bytes:
    """PUBLISH with quality of service 0 (3.3)."""
    return _mqtt(0x30, _text(topic) + payload)


MQTT_PING, MQTT_PONG = b"\xc0\x00", b"\xd0\x00"


def mqtt_subscribe(packet: int, topic: str) -> bytes:
    return _mqtt(0x82, packet.to_bytes(2, "big") + _text(topic) + b"\0")


def mqtt_suback(packet: int) -> bytes:
    return _mqtt(0x90, packet.to_bytes(2, "big") + b"\0")


def reading(rng: Random, name: str) -> bytes:
    """What a sensor reports."""
    celsius = 19 + rng.random() * 4
    signal, uptime = -40 - rng.randrange(30), rng.randrange(9_000_000)
    return f'{{"{name}":{celsius:.1f},"rssi":{signal},"uptime":{uptime}}}'.encode()
