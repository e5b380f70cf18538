"""A Cordon that watches and serves: what is asked of it meanwhile, how it ends, and what its manager is told."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from entering import context_over, entered
from fastapi.testclient import TestClient

from cordon.config import Config, Watch
from cordon.server.supervisor import Supervisor
from cordon.server.watching import Watching
from cordon.server.worker import Worker
from cordon.sources import SourceError
from cordon.store import Store

LISTENS = Config(watch=(Watch(netflow="127.0.0.1:0", segment="routers"),))


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[Watching, Worker, TestClient]]:
    """A Cordon that listens for flow export on loopback, and a browser that came in."""
    context = context_over(tmp_path / "state")
    context.worker = Worker(context.folder, LISTENS, context.hub, stopping=context.stopping)
    context.worker.start()
    watched = Watching(LISTENS)
    watched.begin(context.worker)
    yield watched, context.worker, entered(context)
    context.worker.stop()
    context.forget()


def test_what_is_watched_is_live_and_no_capture_is_read_in_between(
    watching: tuple[Watching, Worker, TestClient],
) -> None:
    _, worker, browser = watching
    assert worker.watches == "NetFlow on 127.0.0.1:0"
    told = browser.post("/api/captures", files={"file": ("a.pcap", b"x")})
    assert (told.status_code, "read it into a state of its own" in told.json()["detail"]) == (409, True)
    assert "LIVE" in browser.get("/").text


def test_pages_offer_no_reading_while_something_is_watched(watching: tuple[Watching, Worker, TestClient]) -> None:
    page = watching[2].get("/settings").text
    assert "Watching NetFlow on 127.0.0.1:0" in page
    assert "data-drop" not in page


def test_stopping_ends_the_watching_well_and_keeps_its_account(
    watching: tuple[Watching, Worker, TestClient], tmp_path: Path
) -> None:
    watched, worker, _ = watching
    worker.stop()
    assert (watched.failure, worker.watches) == ("", "")
    with Store.open(tmp_path / "state") as store:
        assert [(source.name, source.segment) for source in store.sources()] == [("netflow", "routers")]


def test_an_address_that_opens_the_console_is_for_those_who_have_the_key(
    watching: tuple[Watching, Worker, TestClient],
) -> None:
    browser = watching[2]
    assert browser.post("/api/address").status_code == 403
    key = browser.app.state.context.gate.key  # type: ignore[attr-defined]  # our own application
    address = browser.post("/api/address", headers={"Authorization": f"Bearer {key}"}).json()["address"]
    other = TestClient(browser.app, base_url=str(browser.base_url), follow_redirects=False)
    assert other.get(address).status_code == 303


def test_what_cannot_be_watched_is_told_before_anything_is_touched() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SourceError, match=f"Nothing can listen on {place}"):
            Watching(Config(watch=(Watch(netflow="127.0.0.1:0"), Watch(netflow=place)))).check()


@pytest.mark.parametrize("abstract", [False, True])
def test_the_manager_is_told_by_datagrams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    name = f"cordon-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name}" if abstract else str(tmp_path / name))
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}" if abstract else str(tmp_path / name))
        supervisor = Supervisor()
        assert "NOTIFY_SOCKET" not in os.environ
        supervisor.ready("Watching eth0")
        assert manager.recv(1000) == b"READY=1\nSTATUS=Watching eth0"
        supervisor.alive()
        supervisor.alive()  # so soon it is not told again
        supervisor.stopping()
        assert manager.recv(1000) == b"WATCHDOG=1"
        assert manager.recv(1000).startswith(b"STOPPING=1")


def test_without_a_manager_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Supervisor().ready("")
