"""What can be wrong with a state folder is told in one sentence, and nothing is touched."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from record_site import facts, made

from cordon.store import NoStateError, StateError, Store, record
from cordon.store.tables import Record


def test_reading_where_nothing_is_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(NoStateError, match="cordon read"):
        Store.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_second_writer_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True, what="cordon watch"):
        with pytest.raises(StateError, match=rf"in use by cordon watch \(process {os.getpid()}\)"):
            Store.open(tmp_path, write=True)
        assert Store.open(tmp_path).totals().devices == 3
    Store.open(tmp_path, write=True).close()


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    script = "import os, sys; from pathlib import Path; from cordon.store import Store; "
    script += "Store.open(Path(sys.argv[1]), write=True); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == 9
    Store.open(tmp_path, write=True).close()


def test_a_newer_folder_is_refused_by_name(tmp_path: Path) -> None:
    mark = made(tmp_path) / "state.toml"
    mark.write_text(mark.read_text().replace("format = 1", "format = 7"))
    for write in (False, True):
        with pytest.raises(StateError, match=r"newer Cordon \(format 7"):
            Store.open(tmp_path, write=write)


def test_a_newer_record_is_refused_by_name(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(made(tmp_path) / "record.sqlite") as connection:
        connection.execute("update alembic_version set version_num = '0999'")
    for write in (False, True):
        with pytest.raises(StateError, match=r"newer Cordon \(record 0999"):
            Store.open(tmp_path, write=write)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for write in (False, True):
        with pytest.raises(StateError, match="is a file, not a folder"):
            Store.open(tmp_path / "file", write=write)


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(StateError, match="it holds photos"):
        Store.open(tmp_path, write=True)
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_settings_may_stand_in_the_folder_before_the_first_reading(tmp_path: Path) -> None:
    (tmp_path / "cordon.toml").write_text("")
    Store.open(tmp_path, write=True).close()


def test_a_folder_that_may_not_be_written_is_told_and_can_still_be_read(as_ordinary_user: Path) -> None:
    folder = made(as_ordinary_user / "state")
    folder.chmod(0o500)
    try:
        with pytest.raises(StateError, match="may not be written"):
            Store.open(folder, write=True)
        assert Store.open(folder).totals().devices == 3
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("garbage", [b"", b"not a database at all" * 60])
def test_a_foreign_record_is_told(tmp_path: Path, garbage: bytes) -> None:
    (made(tmp_path) / "record.sqlite").write_bytes(garbage)
    with pytest.raises(StateError):
        Store.open(tmp_path)


@pytest.mark.parametrize("text", ["", "format = 'x'\nkind = 'real'", "\x00", "kind = 'real'"])
def test_a_damaged_mark_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    (made(tmp_path) / "state.toml").write_text(text)
    with pytest.raises(StateError, match=r"state\.toml"):
        Store.open(tmp_path)


def test_the_demo_never_mixes_with_a_real_site(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(StateError, match="real site and cannot take the demo"):
        Store.open(tmp_path, write=True, demo=True)
    Store.open(tmp_path / "demo", write=True, demo=True).close()
    with pytest.raises(StateError, match="demo site and cannot take real traffic"):
        Store.open(tmp_path / "demo", write=True)
    assert Store.open(tmp_path / "demo").is_demo


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    with Store.open(tmp_path, write=True) as store:
        key = store.secret_key
    assert len(key) == 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert Store.open(tmp_path).secret_key == key
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(StateError, match="no key of 32 bytes"):
        Store.open(tmp_path, write=True)
    Store.open(tmp_path).close()  # and the lock is free again
    (tmp_path / "secret.key").write_bytes(key)
    Store.open(tmp_path, write=True).close()


def test_a_reader_cannot_save(tmp_path: Path) -> None:
    store = Store.open(made(tmp_path))
    with pytest.raises(StateError, match="reading only"):
        store.save(facts())


def test_the_migrations_make_exactly_the_tables_that_are_declared(tmp_path: Path) -> None:
    engine = record.connect(made(tmp_path), write=False)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []
    folder = Path(record.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == record.REVISION
