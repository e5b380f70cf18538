"""What is lost is told by its sort, for packets as for logs and flow records, and what to do about it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from record_site import SOURCE, facts

from cordon.feed import EVICTED
from cordon.sources.interface import LOST as OF_INTERFACES
from cordon.store import LOST, Source, Store
from cordon.store.losses import gravest, losses, sort_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        (OF_INTERFACES["kernel_dropped"], "missed"),
        (OF_INTERFACES["shed"], "missed"),
        (OF_INTERFACES["downs"], ""),
        ("datagrams dropped, Cordon was too slow", "missed"),
        ("flow records lost (first at 10.0.0.1)", "missed"),
        ("export packets lost (first at 10.0.0.1)", "missed"),
        (EVICTED, "let go"),
        ("engine: packet beyond what a window holds", "missed"),
        ("capture: cut short", "cut"),
        ("ipv4: length beyond frame", "cut"),
        ("packed file cut short (first at conn.log.gz)", "cut"),
        ("dns: name loops", "damaged"),
        ("conn log: broken line (first at conn.log:7)", "damaged"),
    ],
)
def test_each_kind_of_damage_is_of_a_sort(kind: str, sort: str) -> None:
    assert sort_of(kind) == sort


def test_the_signs_are_words_that_sources_use() -> None:
    said = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "src/cordon/sources").glob("*.py"))
    said += "\n".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "rust").rglob("*.rs") if "target" not in file.parts
    )
    from cordon.store.losses import NO_LOSS, SIGNS  # noqa: PLC0415  # only here

    signs = [word for sort, words in SIGNS for word in words if sort != "let go"] + list(NO_LOSS)
    assert [sign for sign in signs if not re.search(rf'"[^"\n]*{re.escape(sign)}', said)] == []


def source(name: str = "interface", packets: int = 1000, flows: int = 100, **damaged: int) -> Source:
    return replace(
        SOURCE, name=name, packets=packets, flows=flows, damaged={k.replace("_", " "): n for k, n in damaged.items()}
    )


def test_sums_are_by_sort_worst_first() -> None:
    told = losses({"dns: name loops": 2, "arp: message short": 1, OF_INTERFACES["kernel_dropped"]: 7})
    assert list(told.items()) == [("missed", 7), ("damaged", 3)]
    assert set(told) <= set(LOST)


@pytest.mark.parametrize(
    ("sources", "sort"),
    [
        ([source(ring_dropped=9)], ""),
        ([source(ring_dropped=11)], "missed"),
        ([source(ipv4_length_beyond_frame=51)], ""),
        ([source(ipv4_length_beyond_frame=60)], "cut"),
        ([source("netflow", flow_records_lost=2)], "missed"),  # against a hundred conversations
        ([source("netflow", flow_records_lost=1)], ""),
        ([source(), source("zeek", ring_dropped=2)], ""),
        ([], ""),
    ],
)
def test_only_what_is_much_is_to_be_put_right(sources: list[Source], sort: str) -> None:
    assert gravest(sources) == sort


def test_a_network_tells_its_losses_and_puts_them_right_once_its_devices_are_seen(tmp_path: Path) -> None:
    with Store.open(tmp_path, write=True) as store:
        store.save(facts())
        store.save_source(replace(SOURCE, segment="lan.7", damaged={OF_INTERFACES["kernel_dropped"]: 30}))
        seen = {part.segment: part for part in store.coverage()}
    assert seen["lan.7"].lost == {"missed": 30}
    assert seen["lan.7"].next == "mirror"  # its one device is heard in broadcasts only: that comes first
    assert seen["lan"].lost == {}
