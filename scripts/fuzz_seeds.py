"""Writes what fuzz targets begin with: traffic of the lab, cut to what each target reads. The same every time.

    python scripts/fuzz_seeds.py FOLDER

FOLDER gets a folder for each target. Captures go to the targets of formats and the engine, whole frames to the link,
packets and payloads to the layers and parsers. Every parser gets a few payloads of every service: what is none of its
own it has to refuse, and a new parser needs nothing here.
"""

import gzip
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cordon.lab.scenario import write_scenario

TARGETS = Path(__file__).resolve().parent.parent / "rust" / "fuzz" / "fuzz_targets"
STORIES = ("quiet", "camera-taken")
DAYS = 0.15
FORMATS = ("pcap", "pcapng", "gz", "zst", "engine")
LAYERS = {"link": 2, "frames": 2, "arp": 3, "ip": 3, "tunnel": 3, "transport": 4, "neighbours": 4, "fragments": 4}
WHOLE = ("connection", "datagrams")
OF_A_SERVICE = 4
OF_A_FORMAT = 24
OF_A_TARGET = 300
FRAMES_OF_A_CAPTURE = 12
MOST_BYTES = 2048
TCP, UDP = 6, 17

Packet = tuple[str, bytes, bytes, bytes]  # service, frame, what the frame carries, what that carries
"""A packet and the layers within: the service it belongs to, the frame, its packet, its segment or datagram."""


def frames(capture: Path) -> Iterator[tuple[bytes, bytes]]:
    """The records of a classic capture: head and frame."""
    data = capture.read_bytes()
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at : at + 16], data[at + 16 : at + 16 + size]
        at += 16 + size


def taken_apart(frame: bytes) -> Packet:
    """A frame down to its transport; what is no IP over Ethernet is a service by its type."""
    ether, packet = frame[12:14].hex(), frame[14:]
    if ether == "0800" and len(packet) >= 20:
        proto, body = packet[9], packet[(packet[0] & 15) * 4 :]
    elif ether == "86dd" and len(packet) >= 40:
        proto, body = packet[6], packet[40:]
    else:
        return ether, frame, packet, b""
    return f"{proto}-{served(proto, body)}", frame, packet, body


def served(proto: int, body: bytes) -> int:
    """The smaller port, by which most services are called; of other protocols their first byte."""
    if proto in (TCP, UDP) and len(body) >= 4:
        return min(struct.unpack_from(">HH", body))
    return body[0] if body else 0


def payload(packet: Packet) -> bytes:
    """What a segment or datagram carries; of what has no ports all of it, or what a frame carries."""
    service, _, within, body = packet
    if service.startswith(f"{TCP}-") and len(body) > 12:
        return body[(body[12] >> 4) * 4 :]
    if service.startswith(f"{UDP}-"):
        return body[8:]
    return body or within


def samples(records: list[tuple[bytes, bytes]]) -> Iterator[Packet]:
    """A few packets of each service and size."""
    seen: dict[tuple[str, int], int] = {}
    for _, frame in records:
        packet = taken_apart(frame)
        said = payload(packet)
        kind = packet[0], len(said).bit_length() // 3
        seen[kind] = seen.get(kind, 0) + 1
        if said and len(frame) <= MOST_BYTES and seen[kind] <= OF_A_SERVICE:
            yield packet


def pcap(records: list[tuple[bytes, bytes]]) -> bytes:
    """A classic capture."""
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1) + b"".join(
        head + frame for head, frame in records
    )


def pcapng(records: list[tuple[bytes, bytes]]) -> bytes:
    """The same in blocks: a section, an interface, packets."""
    file = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0))
    for head, frame in records:
        second, micro, held, wire = struct.unpack("<4I", head)
        time = second * 1_000_000 + micro
        fixed = struct.pack("<5I", 0, time >> 32, time & 0xFFFFFFFF, held, wire)
        file += block(6, fixed + frame + bytes(-len(frame) % 4))
    return file


def block(kind: int, body: bytes) -> bytes:
    """A block of pcapng with its length on both ends."""
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def zst(data: bytes) -> bytes:
    """A frame of zstd with one block that is not packed (RFC 8878 section 3.1.1)."""
    head = struct.pack("<IBB", 0xFD2FB528, 0, 0x38)  # no flags; a window of 128 KiB
    return head + (len(data) << 3 | 1).to_bytes(3, "little") + data


def of_formats(records: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Small captures in every format."""
    step = max(1, len(records) // OF_A_FORMAT)
    for begin in range(0, len(records) - FRAMES_OF_A_CAPTURE, step):
        plain = pcap(records[begin : begin + FRAMES_OF_A_CAPTURE])
        blocks = pcapng(records[begin : begin + FRAMES_OF_A_CAPTURE])
        packed = gzip.compress(plain, mtime=0)
        yield from zip(FORMATS, (plain, blocks, packed, zst(plain), blocks), strict=True)


def of_packets(packet: Packet, parsers: list[str]) -> Iterator[tuple[str, bytes]]:
    """One packet for each layer, and what it carries for each parser."""
    service, frame, within, body = packet
    said = payload(packet)
    for target, layer in LAYERS.items():
        part = (frame, within, body)[layer - 2]
        head = {"frames": struct.pack(">HBB", len(frame), 0, 5), "fragments": bytes([0, 0, 0, min(len(part), 255), 1])}
        if part:
            yield target, head.get(target, b"") + part
    port = struct.pack(">H", int(service.rpartition("-")[2]) if "-" in service else 0)
    size = min(255, -(-len(said) // 4))
    yield "datagrams", port + bytes([0, size]) + said
    yield "connection", port + bytes([0, size, 0]) + said
    for target in parsers:
        yield target, said


def main() -> int:
    """Writes the seeds."""
    folder = Path(sys.argv[1])
    known = {*FORMATS, *LAYERS, *WHOLE}
    parsers = sorted(path.stem for path in TARGETS.glob("*.rs") if path.stem not in known)
    seeds: dict[tuple[str, bytes], None] = {}
    for story in STORIES:
        with tempfile.TemporaryDirectory() as place:
            write_scenario(Path(place), days=DAYS, story=story)
            records = list(frames(Path(place) / "traffic.pcap"))
        seeds |= dict.fromkeys(of_formats(records))
        for packet in samples(records):
            seeds |= dict.fromkeys(of_packets(packet, parsers))
    written: dict[str, int] = {}
    for target, data in seeds:
        number = written[target] = written.get(target, 0) + 1
        if number <= OF_A_TARGET:
            (folder / target).mkdir(parents=True, exist_ok=True)
            (folder / target / f"{number:03}").write_bytes(data)
    print(f"{sum(min(count, OF_A_TARGET) for count in written.values())} seeds for {len(written)} targets in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
