"""The native engine, seen from Python: its tables, its errors, and that nothing depends on windows."""

import gzip
import hashlib
import os
import struct
from pathlib import Path

import polars as pl
import pytest
from hellos_by_hand import CERTIFICATE, INITIAL, client_hello, server_flight

from cordon import _native
from cordon.model.tables import HEARD, MINUTE, SECOND, SIGHTING_FIELDS, STEP, TABLES

KEY = b"k" * 32
SHARED = Path(os.environ.get("CORDON_SHARED", Path(__file__).parents[2] / ".." / "shared"))
CAPTURES = SHARED / "data" / "captures"
needs_captures = pytest.mark.skipif(not CAPTURES.is_dir(), reason=f"no captures in {CAPTURES}")

Frame = tuple[int, bytes]
CLIENT, SERVER = 9, 1
OUT, IN = (CLIENT, SERVER), (SERVER, CLIENT)
NO_CAPTURES = [b"", b"no", b"this is a letter, no capture\n" * 9, b"\x1f\x8bgarbage", bytes(99)]


def ethernet(source: int, target: int, ether: int, payload: bytes) -> bytes:
    macs = bytes([2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source])
    return macs + ether.to_bytes(2, "big") + payload


def ipv4(source: int, target: int, proto: int, body: bytes) -> bytes:
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 7, 0, 64, proto, 0)
    return ethernet(source, target, 0x0800, header + bytes([10, 0, 0, source, 10, 0, 0, target]) + body)


def udp(source: int, target: int, ports: tuple[int, int], payload: bytes) -> bytes:
    return ipv4(source, target, 17, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload)


def tcp(ends: tuple[int, int], ports: tuple[int, int], flags: int, seq: int, payload: bytes = b"") -> bytes:
    header = struct.pack(">HHIIBBHHH", *ports, seq, 0, 0x50, flags, 1024, 0, 0)
    return ipv4(*ends, 6, header + payload)


def arp(source: int, target: int) -> bytes:
    sender = bytes([2, 0, 0, 0, 0, source, 10, 0, 0, source])
    body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + sender + bytes([0, 0, 0, 0, 0, 0, 10, 0, 0, target])
    return ethernet(source, target, 0x0806, body)


def discover(source: int) -> bytes:
    fixed = struct.pack(">BBBBI", 1, 1, 6, 0, 5).ljust(28, b"\0") + bytes([2, 0, 0, 0, 0, source])
    options = b"\x63\x82\x53\x63\x35\x01\x01\x0c\x03cam\x37\x02\x01\x03\xff"
    return udp(source, 255, (68, 67), fixed.ljust(236, b"\0") + options)


def question(name: bytes) -> bytes:
    return struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + bytes([len(name)]) + name + b"\0\0\1\0\1"


def connect() -> bytes:
    body = b"\0\4MQTT\4\xc2\0\x3c\0\3cam\0\5admin\0\6secret"
    return bytes([0x10, len(body)]) + body


def publish(topic: bytes, payload: bytes) -> bytes:
    return bytes([0x31, 2 + len(topic) + len(payload), 0, len(topic)]) + topic + payload


def opened(port: int, *said: bytes) -> list[bytes]:
    """A connection of the client, and what it says in it."""
    ports = (40_000 + port, port)
    frames = [tcp(OUT, ports, 2, 0), tcp(IN, ports[::-1], 18, 0)]
    seq = 1
    for payload in said:
        frames.append(tcp(OUT, ports, 24, seq, payload))
        seq += len(payload)
    return frames


def traffic() -> list[Frame]:
    """Something for every table, spread over two minutes."""
    broker = (41_883, 1883)
    controller = (40_502, 502)
    frames = [
        arp(CLIENT, SERVER),
        discover(CLIENT),
        udp(CLIENT, SERVER, (5000, 53), question(b"example")),
        *opened(443, client_hello(b"cam")),
        tcp(IN, (443, 40_443), 24, 1, server_flight()),
        udp(CLIENT, SERVER, (7000, 443), INITIAL),
        *opened(80, b"GET /x HTTP/1.1\r\nHost: cam\r\n\r\n"),
        *opened(81, b"PUT /fw/app.bin HTTP/1.1\r\nContent-Length: 4\r\n\r\n\x7fELF"),
        *opened(1883, connect(), publish(b"cam/state", b"on")),
        tcp(IN, broker[::-1], 24, 1, b"\x20\2\0\0"),
        udp(CLIENT, SERVER, (5001, 5683), b"\x41\1\0\7t\xb5state"),
        udp(SERVER, CLIENT, (5683, 5001), b"\x61\x45\0\7t\xc0\xff22.5"),
        *opened(502, b"\0\1\0\0\0\6\1\3\0\x0a\0\2", b"\0\2\0\0\0\6\1\6\0\x0b\0\7"),
        tcp(IN, controller[::-1], 24, 1, b"\0\1\0\0\0\7\1\3\4\0\x05\1\0" + b"\0\2\0\0\0\3\1\x86\2"),
        *[udp(CLIENT, SERVER, (6000, 123), b"\x23".ljust(48, b"\0"))] * 20,
    ]
    return [(place * 4 * SECOND, frame) for place, frame in enumerate(frames)]


def pcap(frames: list[Frame], *, order: str = "<", magic: int = 0xA1B2C3D4) -> bytes:
    unit = 1000 if magic == 0xA1B23C4D else 1
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, 1)
    for time, frame in frames:
        seconds, micros = divmod(time, SECOND)
        data += struct.pack(order + "IIII", seconds, micros * unit, len(frame), len(frame)) + frame
    return data


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def pcapng(frames: list[Frame], order: str = "<", *, ticks: int = 6) -> bytes:
    resolution = struct.pack(order + "HHB3xHH", 9, 1, ticks, 0, 0)
    data = block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    data += block(order, 1, struct.pack(order + "HHI", 1, 0, 0) + resolution)
    for time, frame in frames:
        stamp = time * 10**ticks // SECOND
        head = struct.pack(order + "IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), len(frame))
        data += block(order, 6, head + frame)
    return data


def zstandard(data: bytes) -> bytes:
    """A Zstandard frame (RFC 8878) of one block as it stands; holds up to 128 KiB."""
    return struct.pack("<IBI", 0xFD2FB528, 0xA0, len(data)) + (len(data) << 3 | 1).to_bytes(3, "little") + data


def reader(*paths: Path, window: int = STEP) -> _native.CaptureReader:
    return _native.CaptureReader([str(path) for path in paths], window=window, secret_key=KEY)


def tables(source: _native.CaptureReader) -> dict[str, pl.DataFrame]:
    """All rows of all windows by table, each held against its schema."""
    found: dict[str, list[pl.DataFrame]] = {}
    while (window := source.next()) is not None:
        assert window.tables
        for name, table in window.tables.items():
            frame = pl.DataFrame(table)
            assert dict(frame.schema) == TABLES[name]
            assert len(frame) == len(table) > 0
            assert sum(frame.null_count().row(0)) == 0
            found.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in found.items()}


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "traffic.pcap"
    path.write_bytes(pcap(traffic()))
    return path


def test_every_table_keeps_to_its_schema(capture: Path) -> None:
    source = reader(capture)
    found = tables(source)
    assert set(found) == set(TABLES) - HEARD
    assert set(found["sightings"]["field"]) <= set(SIGHTING_FIELDS)
    assert source.damaged() == {}
    assert source.progress() == (capture.stat().st_size,) * 2


def test_rows_say_what_was_in_the_packets(capture: Path) -> None:
    found = tables(reader(capture))
    assert found["dns"].select("name", "mac", "type").rows() == [("example", "02:00:00:00:00:09", "A")]
    assert found["tls"]["sni"].to_list() == ["cam", "cam"]
    assert found["quic"].select("sni", "version", "port").rows() == [("video.example", "1", 443)]
    asked = [("cam", "/x", 80), ("", "/fw/app.bin", 81)]
    assert found["http"].select("host", "path", "port").rows() == asked
    file = ("app.bin", "application/x-executable", 4, True, True, hashlib.sha256(b"\x7fELF").hexdigest())
    assert found["files"].select("name", "kind", "size", "is_upload", "is_whole", "sha256").rows() == [file]
    connected, published, answered = found["mqtt"].rows(named=True)
    assert (connected["message"], connected["has_password"]) == ("connect", True)
    assert (published["topic"], published["size"], published["retain"]) == ("cam/state", 2, True)
    assert (answered["result"], answered["is_by_server"]) == ("accepted", True)
    assert set(found["mqtt"].select("client_id", "user").rows()) == {("cam", "admin")}
    assert found["coap"].select("code", "path", "format", "size").rows() == [
        ("GET", "/state", "", 0),
        ("2.05", "/state", "text/plain", 4),
    ]
    assert found["arp"].select("sender_ip", "operation").rows() == [("10.0.0.9", "request")]
    services = found["flows"].filter(pl.col("is_last"))["service"].unique().sort().to_list()
    assert services == ["coap", "dhcp", "dns", "http", "modbus", "mqtt", "ntp", "quic", "tls"]


def test_a_certificate_in_clear_is_told(capture: Path) -> None:
    found = tables(reader(capture))
    asked, answered = found["tls"].rows(named=True)
    assert (asked["is_response"], asked["version"], len(asked["ja3"]), asked["certificate"]) == (
        False,
        "TLS1.2",
        32,
        "",
    )
    expected = {
        "is_response": True,
        "mac": "02:00:00:00:00:09",
        "client": "10.0.0.9",
        "port": 443,
        "version": "TLS1.2",
        "cipher": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "subject": "CN=cam",
        "issuer": "CN=cam",
        "not_before": 1_704_067_200 * SECOND,
        "not_after": 2_019_686_400 * SECOND,
        "key_type": "ec",
        "key_bits": 256,
        "signature": "sha256-ecdsa",
        "self_signed": True,
        "certificate": hashlib.sha256(CERTIFICATE).hexdigest(),
    }
    assert {column: answered[column] for column in expected} == expected
    told = found["sightings"].filter(pl.col("field").str.starts_with("tls.")).select("mac", "field").unique().rows()
    client, server = "02:00:00:00:00:09", "02:00:00:00:00:01"
    assert sorted(told) == sorted(
        [
            *((server, f"tls.{what}") for what in ("issuer", "subject", "names", "key")),
            *((client, f"tls.{what}") for what in ("ja3", "ja4", "sni")),
        ]
    )


def test_answers_of_controllers_know_their_questions(capture: Path) -> None:
    told = tables(reader(capture))["ot"]
    assert set(told.select("protocol", "client", "server", "port", "unit").rows()) == {
        ("modbus", "10.0.0.9", "10.0.0.1", 502, "1")
    }
    assert told.select("operation", "access", "address", "quantity", "value", "result").rows() == [
        ("read holding registers", "read", "10", 2, "", ""),
        ("write single register", "write", "11", 1, "7", ""),
        ("read holding registers", "read", "10", 2, "5,256", "ok"),
        ("write single register", "write", "11", 1, "", "illegal data address"),
    ]


def test_secrets_leave_only_as_keyed_hashes(capture: Path) -> None:
    (login,) = tables(reader(capture))["logins"].rows(named=True)
    expected = hashlib.blake2s(b"admin\0secret", key=KEY, digest_size=16).hexdigest()
    assert login["secret"] == expected
    assert (login["user"], login["outcome"], login["clear"]) == ("admin", "success", True)


def test_without_a_key_no_hash_is_told(capture: Path) -> None:
    found = tables(_native.CaptureReader([str(capture)], window=STEP))
    assert found["logins"]["secret"].to_list() == [""]


def by_flow_and_step(flows: pl.DataFrame) -> pl.DataFrame:
    counters = [name for name in flows.columns if name.split("_")[0] in {"packets", "bytes", "payload"}]
    later = ["state", "service", "name", "ja4", "flags_out", "flags_in"]
    sums = [pl.col(counters).sum(), pl.col(later).last()]
    marks = [pl.col("is_first", "is_last").sum(), pl.col("end").max()]
    return flows.group_by("flow", "step").agg(*sums, *marks).sort("flow", "step")


@pytest.mark.parametrize("window", [SECOND, MINUTE, 10 * MINUTE])
def test_nothing_depends_on_the_length_of_windows(capture: Path, window: int) -> None:
    usual, other = tables(reader(capture)), tables(reader(capture, window=window))
    assert by_flow_and_step(other.pop("flows")).equals(by_flow_and_step(usual.pop("flows")))
    for name, frame in usual.items():
        assert other[name].equals(frame), name


def test_reading_twice_gives_the_same_rows(capture: Path) -> None:
    first, second = tables(reader(capture)), tables(reader(capture))
    assert all(second[name].equals(frame) for name, frame in first.items())


@pytest.mark.parametrize("order", ["<", ">"])
def test_all_formats_give_the_same_rows(tmp_path: Path, capture: Path, order: str) -> None:
    frames = traffic()
    written = {
        "micros": pcap(frames, order=order),
        "nanos": pcap(frames, order=order, magic=0xA1B23C4D),
        "blocks": pcapng(frames, order),
        "nano-blocks": pcapng(frames, order, ticks=9),
        "sections": pcapng(frames[:9], order) + pcapng(frames[9:], "<"),
        "gzip": gzip.compress(pcap(frames, order=order)),
        "zstandard": zstandard(pcap(frames, order=order)),
    }
    expected = tables(reader(capture))
    for name, data in written.items():
        path = tmp_path / name
        path.write_bytes(data)
        found = tables(reader(path))
        assert all(found[table].equals(frame) for table, frame in expected.items()), name


def test_captures_are_read_in_the_order_of_their_first_packet(tmp_path: Path, capture: Path) -> None:
    frames = traffic()
    late, early = tmp_path / "a.pcap", tmp_path / "b.pcap"
    late.write_bytes(pcap(frames[10:]))
    early.write_bytes(pcap(frames[:10]))
    found = tables(reader(late, early))
    assert all(found[table].equals(frame) for table, frame in tables(reader(capture)).items())


@pytest.mark.parametrize("make", [pcap, pcapng])
def test_a_cut_capture_keeps_what_came_before(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "cut.pcap"
    path.write_bytes(make(traffic())[:-5])
    source = reader(path)
    tables(source)
    assert source.damaged() == {"capture: cut short": 1}
    assert source.stats()["packets"] == len(traffic()) - 1


def test_a_cut_packed_capture_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap.gz"
    path.write_bytes(gzip.compress(pcap(traffic()))[:-30])
    source = reader(path)
    tables(source)
    assert source.damaged() == {"capture: cut short": 1}
    assert source.stats()["packets"] > 0


def test_a_capture_without_packets_has_no_windows(tmp_path: Path) -> None:
    path = tmp_path / "none.pcap"
    path.write_bytes(pcap([]))
    source = reader(path)
    assert source.next() is None
    assert source.stats()["packets"] == 0


@pytest.mark.parametrize("content", NO_CAPTURES)
def test_what_is_no_capture_is_named_at_once(tmp_path: Path, capture: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"letter\.txt"):
        reader(capture, path)


def test_a_missing_capture_is_named(tmp_path: Path, capture: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.pcap"):
        reader(capture, tmp_path / "gone.pcap")
    with pytest.raises(OSError, match="folder"):
        reader(tmp_path)


@pytest.mark.parametrize("window", [0, -1, 3 * SECOND, 25 * SECOND])
def test_windows_must_fit_the_steps(capture: Path, window: int) -> None:
    with pytest.raises(ValueError, match="window"):
        reader(capture, window=window)


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_damage_anywhere_is_counted_and_not_raised(tmp_path: Path, place: int) -> None:
    data = bytearray(pcap(traffic()))
    for at in range(24 + place, len(data), 401):
        data[at] ^= 0xFF
    path = tmp_path / "damaged.pcap"
    path.write_bytes(data)
    tables(reader(path))


def count_packets(path: Path) -> int:
    """Whole packets in a classic capture."""
    data = path.read_bytes()
    order = ">" if data[:2] in {b"\xa1\xb2"} else "<"
    at, packets = 24, 0
    while at + 16 <= len(data):
        (size,) = struct.unpack_from(order + "I", data, at + 8)
        at += 16 + size
        packets += at <= len(data)
    return packets


def classic(data: bytes) -> bool:
    return data[:4] in {bytes.fromhex(magic) for magic in ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1")}


@needs_captures
def test_every_packet_of_the_device_captures_is_counted() -> None:
    paths = sorted(CAPTURES.glob("aalto/*/*.pcap"))
    source = reader(*paths, window=MINUTE)
    found = tables(source)
    packets = sum(count_packets(path) for path in paths)
    assert source.stats()["packets"] == packets
    flows = found["flows"]
    assert flows["packets_out"].sum() + flows["packets_in"].sum() + len(found["arp"]) <= packets
    assert flows["flow"].n_unique() == source.stats()["flows"]


@needs_captures
def test_every_capture_of_the_protocol_zoo_is_read() -> None:
    read = 0
    for path in sorted(CAPTURES.glob("protocols/**/*")):
        if not path.is_file():
            continue
        try:
            source = reader(path)
        except ValueError as error:
            assert path.name in str(error)
            continue
        tables(source)
        read += 1
        if classic(path.read_bytes()[:4]) and "capture: packet too long" not in source.damaged():
            assert source.stats()["packets"] == count_packets(path), path
    assert read > 1000
