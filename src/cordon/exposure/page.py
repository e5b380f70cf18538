"""The manual page of a check, which is its docstring."""

import inspect
import re
from dataclasses import dataclass
from typing import Final

from cordon.exposure.check import Check

HEADINGS: Final = ("Why it matters", "False alarms", "How to repair", "How we will know")
_CUT: Final = re.compile(rf"({'|'.join(HEADINGS)}):\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """What a check says of its weakness: `title` is a sentence, the others answer their headings."""

    title: str
    why: str
    alarms: str
    repair: str
    known: str


MISSING: Final = Page("The check that saw it is not installed here.", "", "", "", "")


def page_of(check: type[Check] | None) -> Page:
    """The page of a check; of one that is not installed here, a sentence that says so."""
    if check is None:
        return MISSING
    title, _, rest = inspect.cleandoc(check.__doc__ or "").partition("\n\n")
    parts = _CUT.split(" ".join(rest.split()))
    said = dict(zip(parts[1::2], parts[2::2], strict=True))
    return Page(" ".join(title.split()), *(said.get(heading, "").strip() for heading in HEADINGS))
