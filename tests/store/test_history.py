"""Traffic is kept by days, in few files, and found again by a finding's selector."""

from pathlib import Path

import polars as pl
import pytest
from record_site import FINDING, NOON, facts, flow, made, window

from cordon.model.facts import Facts
from cordon.model.finding import Rows
from cordon.model.tables import DAY, STEP, TABLES
from cordon.store import Store
from cordon.store.history import MANY


def test_a_findings_rows_are_found_again(tmp_path: Path) -> None:
    store = Store.open(made(tmp_path))
    assert FINDING.rows is not None
    rows = store.rows(FINDING.rows)
    assert rows["dst_port"].to_list() == [23]
    assert store.rows(Rows("flows", NOON, NOON + STEP), limit=1)["first"].to_list() == [NOON + 1]
    assert store.rows(Rows("talks", NOON, NOON + STEP, (("is_first", "true"),))).height == 3
    assert store.rows(Rows("dns", NOON, NOON + STEP, (("answers", "10.0.0.1"),))).is_empty()


def test_columns_younger_than_a_file_tell_nothing_there(tmp_path: Path) -> None:
    store = Store.open(made(tmp_path))
    (file,) = (tmp_path / "history" / "flows").glob("*/*")
    pl.read_parquet(file).drop("sizes", "resent_out", "name").write_parquet(file)
    rows = store.history("flows").collect()
    assert dict(rows.schema) == TABLES["flows"]
    assert rows.select("sizes", "resent_out", "name").unique().rows() == [([], 0, "")]


def test_an_unknown_table_or_column_is_an_error(tmp_path: Path) -> None:
    store = Store.open(made(tmp_path))
    with pytest.raises(KeyError):
        store.history("sightings")
    with pytest.raises(KeyError):
        store.rows(Rows("flows", NOON, NOON + STEP, (("colour", "red"),)))


def test_rows_go_to_the_day_they_happened_on(tmp_path: Path) -> None:
    midnight = NOON // DAY * DAY + DAY
    with Store.open(tmp_path, write=True) as store:
        store.save(Facts(window(flow(midnight), flow(midnight - 1), begin=midnight - STEP)))
        assert store.history("flows").collect()["first"].to_list() == [midnight - 1, midnight]
        assert sorted(path.name for path in (tmp_path / "history" / "flows").iterdir()) == ["2022-01-08", "2022-01-09"]


def test_many_files_become_one_without_losing_or_doubling_a_row(tmp_path: Path) -> None:
    times = [NOON + at for at in range(MANY * 2 + 3)]
    with Store.open(tmp_path, write=True) as store:
        reader = Store.open(tmp_path)
        early = None
        for time in times:
            store.save(Facts(window(flow(time))))
            early = early if early is not None else reader.history("flows")
        assert sorted(reader.history("flows").collect()["first"]) == times
        assert early is not None
        assert early.collect()["first"].to_list() == times[:1]  # begun before the files became one, and still whole
    with Store.open(tmp_path, write=True) as store:
        assert len(list((tmp_path / "history" / "flows").glob("*/*"))) == 5
        store.save(Facts(window(flow(NOON - 1))))
        assert store.history("flows").collect().height == len(times) + 1


def test_files_of_a_save_that_never_ended_are_cleared_away(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (day,) = (folder / "history" / "flows").iterdir()
    (day / "0-000000999.parquet").write_bytes(b"half")
    with Store.open(folder, write=True) as store:
        assert store.history("flows").collect().height == 2
    assert not (day / "0-000000999.parquet").exists()


def test_days_are_forgotten_as_a_whole(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.save(Facts(window(flow(NOON + DAY), begin=NOON + DAY)))
        assert store.forget(NOON + DAY) == 2  # flows and talks of the first day
        assert store.history("flows").collect()["first"].to_list() == [NOON + DAY]
        assert store.totals().devices == len(facts().devices)
