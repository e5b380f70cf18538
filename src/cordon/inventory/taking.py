"""Takes files of devices in: all of them are read before anything is kept, so that it is all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cordon.inventory.matching import Change, Place, matched
from cordon.inventory.reading import read
from cordon.store import Imported, Store


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of one imported file: how many of its devices were `known`, how many are `new`, how many things were
    `heard` of them without anybody's word, what `changes`, and which of its devices were not taken, with why."""

    file: str
    format: str
    known: int
    new: int
    heard: int
    changes: list[Change]
    left_out: list[str]
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Site:
    """Where devices go that nobody saw yet, and who brought the files, when (µs, by the wall clock)."""

    site: str
    segment: str
    who: str
    time: int


def taken(
    files: Sequence[Path], store: Store | None, site: Site, *, format: str = "auto", dry_run: bool = False
) -> tuple[Imported, list[ImportResult]]:
    """What is to be kept of these files, and what came of each; nothing is kept yet.

    Raises:
        FileError: one of them cannot be taken in; the message says where and what to do.
    """
    whole, results = Imported(), []
    for path in files:
        found, entries = read(path, format)
        place = Place(site.site, site.segment, f"{path.name} ({found})", site.who, site.time)
        plan = matched(entries, store, place)
        one = plan.imported
        whole = Imported(whole.devices + one.devices, whole.edits + one.edits, whole.heard + one.heard)
        results.append(
            ImportResult(
                file=path.name,
                format=found,
                known=plan.known,
                new=plan.new,
                heard=len(one.heard),
                changes=list(plan.changes),
                left_out=list(plan.unclear),
                dry_run=dry_run,
            )
        )
    return whole, results
