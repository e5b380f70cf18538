"""JSON of others, looked at with care: its depth and shape are not ours to trust."""

import json
from typing import Any

from cordon.inventory.entry import FileError


def loaded(text: str, name: str) -> Any:
    """The value of a JSON text.

    Raises:
        FileError: it is no JSON, or nested without sense.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(name, error.lineno, f"this is no JSON ({error.msg}); is the file whole?") from None
    except (RecursionError, ValueError):
        raise FileError(
            name, 0, "its JSON is nested too deeply or holds a number without end; it is no list."
        ) from None


def rows_of(value: Any, name: str, what: str) -> list[dict[str, Any]]:
    """The objects of a list.

    Raises:
        FileError: it is no list of objects.
    """
    if not isinstance(value, list):
        raise FileError(name, 0, f"there is no list of {what} in it; is this the right file?")
    for at, row in enumerate(value, 1):
        if not isinstance(row, dict):
            raise FileError(name, 0, f"number {at} of its {what} is no object; correct or remove it.")
    return value


def text_of(row: dict[str, Any], *keys: str) -> str:
    """The first of these keys that holds something, as text; objects are told by their name."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, dict):
            value = value.get("name") or value.get("label") or value.get("display") or value.get("value")
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""
