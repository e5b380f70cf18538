"""Exposures in the record: the newest fact of each, and every word that people said of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from record_site import CAMERA, NOON, PRINTER, made, window

from cordon.model.exposure import Acceptance, Exposure, Reach, Standing
from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.tables import DAY, STEP
from cordon.store import Store

OPEN = Exposure(
    "exposure-00000000000a", "site", CAMERA, "telnet-in-use", "", "services", Severity.HIGH, "trial", 50, 10,
    Reach.NETWORK, NOON, NOON + STEP, NOON + STEP, Standing.OPEN, "is managed over Telnet", peers=(PRINTER,),
)  # fmt: skip
MILD = replace(OPEN, id="exposure-00000000000b", check="foreign-dns", severity=Severity.LOW, device=PRINTER)
WORD = Acceptance("site", OPEN.id, "Ada", "it is replaced in spring", NOON + 90 * DAY, "owner", NOON + DAY)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(made(tmp_path / "state"), write=True)
    store.save(Facts(window(), exposures=(MILD, OPEN)))
    return store


def test_what_stands_is_read_worst_first(store: Store) -> None:
    assert store.exposures() == (OPEN, MILD)
    assert store.exposures(PRINTER) == (MILD,)
    assert store.exposure(OPEN.id) == OPEN
    assert store.exposure("exposure-x") is None


def test_what_is_gone_is_kept_but_stands_no_more(store: Store) -> None:
    gone = replace(OPEN, standing=Standing.REPAIRED, gone="answers SSH instead", time=NOON + DAY)
    store.save(Facts(window(begin=NOON + STEP), exposures=(OPEN, gone)))
    assert store.exposures(CAMERA) == ()
    assert store.exposures(CAMERA, gone=True) == (gone,)


def test_a_word_holds_at_once_and_every_word_is_kept(store: Store) -> None:
    store.tell([WORD])
    known = store.exposure(OPEN.id)
    assert known is not None and (known.standing, known.accepted) == (Standing.ACCEPTED, WORD)
    back = replace(WORD, time=WORD.time + 1, withdrawn=True)
    store.tell([back])
    assert store.exposure(OPEN.id) == OPEN
    assert store.acceptances(OPEN.id) == store.acceptances() == (WORD, back)


def test_a_word_that_was_kept_already_is_no_second_word(store: Store) -> None:
    store.tell([WORD, WORD])
    assert store.acceptances() == (WORD,)


def test_what_moved_to_another_device_is_not_shown_twice(store: Store) -> None:
    store.save(Facts(window(begin=NOON + STEP), exposures=(replace(OPEN, standing=Standing.MOVED),)))
    assert store.exposures(gone=True) == (MILD,)
