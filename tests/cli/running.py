"""Runs the command line as its users do, within this process."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cordon.cli import main

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "json"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    def json(self, command: str) -> Any:
        """What it printed, once it fits its schema."""
        value = json.loads(self.out)
        jsonschema.validate(value, json.loads((SCHEMAS / f"{command}.json").read_text(encoding="utf-8")))
        return value


class Cordon:
    """``cordon`` with a state of its own."""

    def __init__(self, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state = state
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ended:
        self._capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        said = self._capsys.readouterr()
        return Ended(status, said.out, said.err)

    def on_state(self, *arguments: object) -> Ended:
        """With ``--state``."""
        return self(*arguments, "--state", self.state)
