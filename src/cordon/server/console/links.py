"""Addresses of lists: the question stands in the address, so that a list can be kept, shared and gone back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cordon.store import Page

LIMIT = 50
"""Rows of one page."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Addresses of the page before and the page after; "" where there is none."""

    previous: str = ""
    next: str = ""


def link(path: str, question: Mapping[str, Any]) -> str:
    """The address of a list; what is empty is left out."""
    asked = urlencode({name: value for name, value in question.items() if value})
    return f"{path}?{asked}" if asked else path


def pages(path: str, question: Mapping[str, Any], page: Page[Any]) -> Pages:
    """Where one goes from this page of a list."""
    before, after = page.offset - LIMIT, page.offset + LIMIT
    return Pages(
        link(path, {**question, "offset": max(0, before)}) if page.offset else "",
        link(path, {**question, "offset": after}) if after < page.total else "",
    )
