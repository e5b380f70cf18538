"""The published schemas are those of what is printed."""

import json

import jsonschema
import pytest
from running import SCHEMAS

from cordon.cli.schemas import PRINTED, text


@pytest.mark.parametrize("command", PRINTED)
def test_the_schema_in_the_reference_is_current(command: str) -> None:
    published = (SCHEMAS / f"{command}.json").read_text(encoding="utf-8")
    assert published == text(command), "run: python -m cordon.cli.schemas docs/reference/json"
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


def test_every_schema_in_the_reference_is_of_a_command() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(PRINTED)
