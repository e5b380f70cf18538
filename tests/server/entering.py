"""Servers over a state, and browsers that came in."""

from pathlib import Path

from fastapi.testclient import TestClient

from cordon.config import load
from cordon.server.access import Gate
from cordon.server.app import create
from cordon.server.context import Context
from cordon.server.live import Hub

PORT = 8737


def context_over(folder: Path) -> Context:
    """What a server over that state shares; it only reads."""
    return Context(folder, load(folder), Gate(PORT), Hub())


def entered(context: Context) -> TestClient:
    """A browser that came in by the one-time address."""
    client = TestClient(create(context), base_url=context.gate.url, follow_redirects=False)
    path = context.gate.address().removeprefix(context.gate.url)
    assert client.get(path).status_code == 303
    return client
