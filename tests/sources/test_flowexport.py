"""Flow export becomes flows with two ways; garbage, lost packets and missing templates are counted and never raise."""

import socket
import struct
import threading
from collections.abc import Iterator

import polars as pl
import pytest
from exports_by_hand import IPFIX, NOW, V9, data, ipfix, record9, record10, template, v5, v9
from hypothesis import given, settings
from hypothesis import strategies as st

from cordon.config import Config
from cordon.model.tables import SECOND, STEP, TABLES
from cordon.model.window import Window
from cordon.pipeline import Pipeline
from cordon.sources import FlowExportSource, SourceError
from cordon.sources.assembly import Assembly
from cordon.sources.flowexport import MOST_EXPORTERS, MOST_TEMPLATES, MOST_WAITING, Decoder
from cordon.sources.pairing import Pairing

AT = NOW * SECOND
CAMERA, CLOUD = "192.168.1.20", "198.51.100.7"


class Exported:
    """Packets of one exporter, decoded and paired."""

    def __init__(self) -> None:
        self.decoder, self.pairing = Decoder(), Pairing("lan")

    def __call__(self, *packets: bytes, exporter: str = "10.0.0.1") -> pl.DataFrame:
        for packet in packets:
            self.decoder.decode(packet, exporter, AT)
        return self.pairing.rows(self.decoder.records(), self.decoder.exporters)

    @property
    def damage(self) -> dict[str, int]:
        return {kind.partition(" (first")[0]: count for kind, count in self.decoder.damage.counts().items()}


@pytest.fixture
def exported() -> Exported:
    return Exported()


THERE = (CAMERA, 40000, CLOUD, 443, 6, 0x1B, 10, 1000, 5000, 1000)
BACK = (CLOUD, 443, CAMERA, 40000, 6, 0x1B, 8, 4000, 4990, 1000)


@pytest.mark.parametrize(
    "packets",
    [
        [v5([THERE, BACK])],
        [v5([BACK, THERE])],
        [v9([template(V9), data([record9(*THERE[:4]), record9(*BACK[:4], packets=8, size=4000, first=4990)])])],
        [
            ipfix(
                [
                    template(IPFIX, set_=2),
                    data([record10(*THERE[:4]), record10(*BACK[:4], packets=8, size=4000, first=4990)]),
                ]
            )
        ],
    ],
    ids=["v5", "v5-answer-first", "v9", "ipfix"],
)
def test_both_directions_are_one_flow(exported: Exported, packets: list[bytes]) -> None:
    (row,) = exported(*packets).rows(named=True)
    assert (row["src"], row["src_port"], row["dst"], row["dst_port"], row["proto"]) == (CAMERA, 40000, CLOUD, 443, 6)
    assert [row[c] for c in ("packets_out", "packets_in", "bytes_out", "bytes_in")] == [10, 8, 1000, 4000]
    assert (row["began"], row["first"], row["last"]) == (AT - 5 * SECOND, AT - 5 * SECOND, AT - SECOND)
    assert (row["state"], row["is_first"], row["is_last"], row["opener_known"]) == ("closed", True, True, True)
    assert exported.damage == {}


def test_tables_hold_their_schema(exported: Exported) -> None:
    assert dict(exported(v5([THERE])).schema) == TABLES["flows"]
    assert dict(exported().schema) == TABLES["flows"]


def test_later_records_of_a_flow_add_to_it(exported: Exported) -> None:
    going = (*THERE[:5], 0x1A, *THERE[6:])
    first = exported(v5([going]))
    second = exported(v5([(*BACK[:5], 0x1A, *BACK[6:])], sequence=1), v5([THERE, BACK], sequence=2))
    assert first["flow"].item() == second["flow"].unique().item()
    assert [*first["is_first"], *second["is_first"]] == [True, False]
    assert [*first["is_last"], *second["is_last"]] == [False, True]
    assert second["began"].item() == first["began"].item()


@pytest.mark.parametrize(
    ("out", "back", "state"),
    [(0x02, None, "opening"), (0x02, 0x14, "refused"), (0x1A, 0x1A, "open"), (0x1E, 0x1A, "reset"), (0, 0, "partial")],
)
def test_states_come_from_the_flags(exported: Exported, out: int, back: int | None, state: str) -> None:
    records = [(*THERE[:5], out, *THERE[6:])] + ([] if back is None else [(*BACK[:5], back, *BACK[6:])])
    assert exported(v5(records))["state"].unique().to_list() == [state]


def test_the_opener_is_told_by_what_is_surest(exported: Exported) -> None:
    answer_only = (CLOUD, 443, CAMERA, 40000, 6, 0x18, 8, 4000, 4990, 1000)
    early = (CLOUD, 51000, CAMERA, 52000, 17, 0, 1, 100, 9000, 9000)
    late = (CAMERA, 52000, CLOUD, 51000, 17, 0, 1, 100, 8000, 8000)
    group = (CAMERA, 5353, "224.0.0.251", 5353, 17, 0, 1, 100, 8000, 8000)
    flows = exported(v5([answer_only, late, early, group]))
    pairs = set(flows.select("src", "dst").iter_rows())
    assert pairs == {(CAMERA, CLOUD), (CLOUD, CAMERA), (CAMERA, "224.0.0.251")}
    assert flows.filter(pl.col("dst_port") == 443)["packets_in"].to_list() == [8]


def test_data_waits_for_its_template(exported: Exported) -> None:
    assert exported(v9([data([record9(*THERE[:4])])])).height == 0
    assert exported(v9([template(V9)], sequence=1)).height == 1
    assert exported.damage == {}
    for at in range(MOST_WAITING + 5):
        exported(v9([data([record9(*THERE[:4])], number=300)], sequence=at + 2))
    assert exported.damage == {"data without a template": 5}


def test_templates_belong_to_one_exporter_and_domain(exported: Exported) -> None:
    exported(v9([template(V9)]), exporter="10.0.0.1")
    assert exported(v9([data([record9(*THERE[:4])])]), exporter="10.0.0.2").height == 0
    assert exported(v9([data([record9(*THERE[:4])])], domain=2), exporter="10.0.0.1").height == 0


def test_fields_that_are_not_known_and_of_variable_length_are_skipped(exported: Exported) -> None:
    fields = [
        (8, 4),
        (0x8000 | 12, 0xFFFF, 9),
        (12, 4),
        (7, 2),
        (11, 2),
        (4, 1),
        (6, 1),
        (82, 0xFFFF),
        (1, 8),
        (2, 3),
        (999, 5),
    ]
    name = b"x" * 300
    records = [
        struct.pack(">4s", bytes((192, 168, 1, 20)))
        + bytes((3,))
        + b"abc"
        + struct.pack(">4sHHBB", bytes((198, 51, 100, 7)), port, 443, 6, 2)
        + b"\xff"
        + struct.pack(">H", len(name))
        + name
        + struct.pack(">Q", 1000)
        + (7).to_bytes(3, "big")
        + b"12345"
        for port in (40000, 40001)
    ]
    flows = exported(ipfix([template(fields, set_=2), data(records)])).sort("src_port")
    assert flows["src_port"].to_list() == [40000, 40001]
    assert flows["packets_out"].to_list() == [7, 7]
    assert flows["first"].to_list() == [AT, AT]


def test_ipv6_addresses_and_mac_addresses_are_text(exported: Exported) -> None:
    fields = [(27, 16), (28, 16), (7, 2), (11, 2), (4, 1), (56, 6), (58, 2), (2, 4), (1, 4)]
    src, dst = bytes.fromhex("fe80" + "00" * 13 + "01"), bytes.fromhex("20010db8" + "00" * 11 + "02")
    one = (
        src
        + dst
        + struct.pack(">HHB", 40000, 443, 17)
        + bytes.fromhex("001788010203")
        + struct.pack(">HII", 12, 3, 300)
    )
    (row,) = exported(ipfix([template(fields, set_=2), data([one])])).rows(named=True)
    assert (row["src"], row["dst"], row["src_mac"], row["segment"]) == (
        "fe80::1",
        "2001:db8::2",
        "00:17:88:01:02:03",
        "lan.12",
    )


def test_bidirectional_records_tell_both_ways(exported: Exported) -> None:
    fields = [(8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (2, 4), (1, 4), (0x8002, 4, 29305), (0x8001, 4, 29305)]
    one = struct.pack(
        ">4s4sHHBIIII", bytes((192, 168, 1, 20)), bytes((198, 51, 100, 7)), 40000, 443, 6, 5, 500, 4, 4000
    )
    (row,) = exported(ipfix([template(fields, set_=2), data([one])])).rows(named=True)
    assert [row[c] for c in ("packets_out", "packets_in", "bytes_out", "bytes_in")] == [5, 4, 500, 4000]


def test_samples_are_multiplied(exported: Exported) -> None:
    assert exported(v5([THERE], sampling=0x4000 | 100))["packets_out"].item() == 1000
    options = struct.pack(">HHHHHHHHH", 1, 18, 400, 4, 4, 1, 4, 34, 4)
    sampler = struct.pack(">HH", 400, 12) + struct.pack(">II", 1, 50)
    exported(v9([template(V9), options, sampler]), exporter="10.0.0.9")
    rows = exported(v9([data([record9(CAMERA, 41000, CLOUD, 443)])], sequence=1), exporter="10.0.0.9")
    assert rows["packets_out"].item() == 500
    assert exported.decoder.sampled


def test_gaps_in_sequence_numbers_are_counted_as_loss(exported: Exported) -> None:
    exported(
        v5([THERE, BACK], sequence=10), v5([THERE], sequence=12), v5([THERE], sequence=20), v5([THERE], sequence=21)
    )
    assert exported.damage == {"flow records lost": 7}
    other = Exported()
    other(v9([template(V9)], sequence=5), v9([data([record9(*THERE[:4])])], sequence=9))
    assert other.damage == {"export packets lost": 3}
    third = Exported()
    third(
        ipfix([template(IPFIX, set_=2)], sequence=0),
        ipfix([data([record10(*THERE[:4])])], sequence=0),
        ipfix([], sequence=4),
    )
    assert third.damage == {"flow records lost": 3}


def test_a_restarted_exporter_and_late_packets_are_no_loss(exported: Exported) -> None:
    exported(v5([THERE], sequence=3_000_000_000), v5([THERE], sequence=0), v5([THERE], sequence=1))
    exported(v5([THERE], sequence=1))
    assert exported.damage == {}


def test_an_exporter_with_a_wrong_clock_is_set_right() -> None:
    decoder = Decoder()
    decoder.decode(v5([THERE]), "10.0.0.1", AT + 86_400 * SECOND)
    assert decoder.records()["last"].tolist() == [AT + 86_399 * SECOND]
    assert list(decoder.damage.counts().values()) == [1]


def test_everything_that_can_grow_has_a_bound() -> None:
    exported = Exported()
    for at in range(MOST_TEMPLATES + 10):
        exported.decoder.decode(v9([template(V9, number=256 + at)], sequence=at), "10.0.0.1", AT)
    for at in range(MOST_EXPORTERS + 10):
        exported.decoder.decode(v9([], domain=at), "10.0.0.2", AT)
    assert exported.damage == {"more templates than are kept": 10, "more exporters than are followed": 11}


WHOLE = [
    v5([THERE, BACK]),
    v9([template(V9), data([record9(*THERE[:4])])]),
    ipfix([template([*IPFIX, (82, 0xFFFF)], set_=2), data([record10(*THERE[:4]) + b"\x02ab"])]),
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=120), st.tuples(st.sampled_from(WHOLE), st.integers(0, 200), st.binary(max_size=8))
        ),
        max_size=6,
    )
)
def test_garbage_never_raises(packets: list[bytes | tuple[bytes, int, bytes]]) -> None:
    exported = Exported()
    for one in packets:
        if isinstance(one, tuple):
            whole, at, patch = one
            one = whole[:at] + patch + whole[at + len(patch) :]  # noqa: PLW2901  # the packet, damaged
        exported.decoder.decode(one, "10.0.0.1", AT)
    exported()


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def listening() -> Iterator[tuple[FlowExportSource, Hands, socket.socket]]:
    clock = Hands()
    source = FlowExportSource("127.0.0.1", 0, site="site", window=STEP, grace=20 * SECOND, clock=clock)
    with source, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.connect(("127.0.0.1", source.port))
        yield source, clock, out


def test_the_listener_yields_windows_by_event_time(listening: tuple[FlowExportSource, Hands, socket.socket]) -> None:
    source, clock, out = listening
    windows: list[Window] = []
    reader = threading.Thread(target=lambda: windows.extend(source))
    out.send(v5([(CAMERA, 40000, CLOUD, 443, 6, 0x1A, 1000, 100_000, 25_000, -25_000)]))
    out.send(b"garbage")
    reader.start()
    clock.now = AT + 120 * SECOND
    while len(windows) < 5:
        reader.join(0.01)
    source.stop()
    reader.join(20)
    assert not reader.is_alive()
    begin = AT // STEP * STEP
    assert [one.begin for one in windows[:5]] == [begin + at * STEP for at in range(5)]
    flows = pl.concat([one.table("flows") for one in windows])
    assert (flows["packets_out"].sum(), flows["bytes_out"].sum()) == (1000, 100_000)
    assert flows["is_first"].sum() == 1
    assert flows["step"].n_unique() == 3 == flows.height
    assert {row["ip"] for row in windows[0].table("sightings").rows(named=True)} == {CAMERA}
    assert source.stats()["packets"] == 1000
    assert sum(source.damaged().values()) == 1


def test_a_worm_that_spreads_is_found_in_flow_records() -> None:
    exported, pipeline = Exported(), Pipeline("site", Config(), bytes(32))
    knocks = [
        (CAMERA, 30000 + at, f"203.0.113.{at}", 23, 6, 0x02, 3, 180, 60_000 - at * 900, 59_000 - at * 900)
        for at in range(1, 61)
    ]
    flows = exported(v5(knocks[:30]), v5(knocks[30:], sequence=30))
    begin = flows["step"].min()
    assert isinstance(begin, int)
    end = AT // STEP * STEP + STEP
    window = Window.checked("site", begin, end, Assembly().tables({"flows": flows}))
    facts = [*pipeline.advance(window), *pipeline.finish()]
    assert not pipeline.health.failures
    findings = [finding for one in facts for finding in one.findings]
    assert findings[0].detector == "telnet-spread"
    assert {finding.family for finding in findings} == {"spread", "scan"}, "it searches as it spreads, and no more"
    assert [device.ips for one in facts for device in one.devices] == [(CAMERA,)]


def test_an_address_that_is_taken_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(SourceError, match="Nothing can listen"):
            FlowExportSource("127.0.0.1", port, site="site", window=STEP)
