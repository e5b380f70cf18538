"""Captures over HTTP: streamed into the state folder under a plain name, bounded, and gone when refused."""

from pathlib import Path

import pytest
from entering import context_over, entered
from fastapi.testclient import TestClient

from cordon.config import load
from cordon.server.context import Context
from cordon.server.spool import plain_name
from cordon.server.worker import Worker


@pytest.fixture
def context(tmp_path: Path) -> Context:
    context = context_over(tmp_path / "state")
    context.worker = Worker(context.folder, context.config, context.hub)  # not started: what comes waits
    return context


@pytest.fixture
def client(context: Context) -> TestClient:
    return entered(context)


def spooled(context: Context) -> list[Path]:
    return [path for path in (context.folder / "spool").rglob("*") if path.is_file()]


def test_a_capture_waits_to_be_read_under_the_name_it_came_with(client: TestClient, context: Context) -> None:
    answer = client.post("/api/captures", files={"file": ("office.pcap", b"\x00" * 300_000)})
    assert answer.status_code == 202
    told = client.get(f"/api/captures/{answer.json()['id']}").json()
    assert (told["label"], told["state"], told["result"]) == ("office.pcap", "waiting", None)
    (file,) = spooled(context)
    assert (file.name, file.stat().st_size) == ("office.pcap", 300_000)


def test_several_captures_become_one_reading(client: TestClient, context: Context) -> None:
    files = [("files", ("a.pcap", b"a")), ("files", ("a.pcap", b"b"))]
    assert client.post("/api/captures", files=files).json()["label"] == "a.pcap and 1 more"
    assert sorted(file.read_bytes() for file in spooled(context)) == [b"a", b"b"]


def test_a_capture_beyond_the_limit_is_refused_and_leaves_nothing(client: TestClient, context: Context) -> None:
    context.config = load(context.folder, capture_megabytes=1)
    answer = client.post("/api/captures", files={"file": ("big.pcap", b"x" * 1_000_001)})
    assert answer.status_code == 413
    assert "More than 1 MB" in answer.json()["detail"]
    assert spooled(context) == []


def test_a_request_without_a_file_gets_a_sentence(client: TestClient, context: Context) -> None:
    for answer in (
        client.post("/api/captures", data={"a": "b"}),
        client.post("/api/captures", files={"file": ("", b"")}),
    ):
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("No file came")
    assert spooled(context) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.pcap", "b.pcap"),
        (".hidden", "hidden"),
        ("..", "capture"),
        ("a\nb", "ab"),
    ],
)
def test_a_name_never_leads_out_of_the_folder(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept


def test_the_demo_takes_no_captures(client: TestClient, context: Context) -> None:
    context.demo = True
    assert client.post("/api/captures", files={"file": ("a.pcap", b"x")}).status_code == 409
