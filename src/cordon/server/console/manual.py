"""The manual page of a detector, which is its docstring."""

import inspect
from dataclasses import dataclass

from cordon.parts import Part


@dataclass(frozen=True, slots=True)
class Manual:
    """A page: a title, a sentence, and paragraphs under their headings."""

    title: str
    says: str
    parts: tuple[tuple[str, str], ...]


def manual(part: type[Part] | None) -> Manual:
    """The page of a part; of a part that is no longer installed, a sentence that says so."""
    if part is None:
        return Manual("What this means", "The detector that found it is not installed here.", ())
    paragraphs = [" ".join(block.split()) for block in inspect.cleandoc(part.__doc__ or "").split("\n\n")]
    says, parts = paragraphs[0], []
    for block in paragraphs[1:]:
        for line in _sentences(block):
            heading, colon, text = line.partition(":")
            parts.append((heading, text.strip()) if colon else ("", line))
    return Manual("What this means", says, tuple(parts))


HEADINGS = ("Why it matters:", "False alarms:", "What to do:")


def _sentences(block: str) -> list[str]:
    starts = sorted(at for heading in HEADINGS if (at := block.find(heading)) >= 0)
    if not starts:
        return [block]
    cut = [block[begin:end].strip() for begin, end in zip(starts, [*starts[1:], len(block)], strict=True)]
    return ([block[: starts[0]].strip()] if block[: starts[0]].strip() else []) + cut
