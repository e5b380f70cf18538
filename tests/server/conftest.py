"""Running servers for the tests: over an empty state, and over a filled one."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from entering import context_over, entered
from example_site import fill
from fastapi.testclient import TestClient

from cordon.server.worker import Worker

for neighbour in ("store", "."):  # the makers of a record and of traffic are plain modules beside their tests
    sys.path.append(str(Path(__file__).parents[1] / neighbour))


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


@pytest.fixture
def owned(filled_state: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A browser on a copy of the example site that may be written to."""
    folder = tmp_path / "state"
    shutil.copytree(filled_state, folder)
    context = context_over(folder)
    context.worker = Worker(folder, context.config, context.hub)
    context.worker.start()
    yield entered(context)
    context.worker.stop()
    context.forget()
