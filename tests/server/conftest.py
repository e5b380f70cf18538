"""Running servers for the tests: over an empty state, and over a filled one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from entering import context_over, entered
from example_site import fill
from fastapi.testclient import TestClient


@pytest.fixture(scope="session")
def filled_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state with the example site."""
    folder = tmp_path_factory.mktemp("filled") / "state"
    fill(folder)
    return folder


@pytest.fixture
def filled(filled_state: Path) -> Iterator[TestClient]:
    """A browser on the example site."""
    context = context_over(filled_state)
    yield entered(context)
    context.forget()


@pytest.fixture
def empty(tmp_path: Path) -> TestClient:
    """A browser on a state in which nothing was recorded."""
    return entered(context_over(tmp_path / "state"))
