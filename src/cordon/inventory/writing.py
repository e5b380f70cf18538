"""Writes the inventory: as a table, as JSON, as hardware components of CycloneDX, and as NetBox has devices."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid5

from cordon import __version__
from cordon.inventory.columns import joined
from cordon.inventory.entry import FIELDS, Entry, iso
from cordon.inventory.formats import netbox
from cordon.inventory.formats.tables import safe

OURS: Final = UUID("b0a3c7de-5d0f-5c39-9d4b-5f1a7f6f2c11")
"""The name space of the serial numbers of what we write."""

NEVER: Final = "1970-01-01T00:00:00Z"


def write(entries: Sequence[Entry], format: str, time: int) -> str:
    """The text of a file with these devices; `time` (µs) is that of the newest event that they were seen by.

    Raises:
        KeyError: there is no such format.
    """
    return _WRITERS[format](entries, iso(time) or NEVER)


def _csv(entries: Sequence[Entry], _: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(FIELDS)
    for entry in entries:
        cells = [getattr(entry, name) for name in FIELDS]
        writer.writerow([safe(joined(cell) if isinstance(cell, tuple) else cell) for cell in cells])
    return out.getvalue()


def _json(entries: Sequence[Entry], _: str) -> str:
    return f"[\n{_lines(asdict(entry) for entry in entries)}\n]\n"


def _netbox(entries: Sequence[Entry], _: str) -> str:
    lines = _lines(netbox.written(entry) for entry in entries)
    return f'{{"count": {len(entries)}, "results": [\n{lines}\n]}}\n'


def _cyclonedx(entries: Sequence[Entry], time: str) -> str:
    components = [_component(entry) for entry in entries]
    serial = uuid5(OURS, json.dumps([time, components], sort_keys=True))
    return _dumped(
        {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{serial}",
            "version": 1,
            "metadata": {
                "timestamp": time,
                "tools": {"components": [{"type": "application", "name": "cordon", "version": __version__}]},
            },
            "components": components,
        }
    )


def _component(entry: Entry) -> dict[str, Any]:
    """A device as a component (CycloneDX 1.6, component of type device; its properties are named `cordon:…`)."""
    made: dict[str, Any] = {
        "type": "device",
        "bom-ref": entry.id,
        "name": entry.model or entry.name or entry.id,
    }
    if entry.vendor:
        made["manufacturer"] = {"name": entry.vendor}
    if entry.firmware:
        made["version"] = entry.firmware
    if entry.purpose:
        made["description"] = entry.purpose
    if entry.tags:
        made["tags"] = [tag.strip() for tag in entry.tags.split(",")]
    told = {name: getattr(entry, name) for name in FIELDS if name not in {"id", "vendor", "tags", "purpose"}}
    made["properties"] = [
        {"name": f"cordon:{name}", "value": one}
        for name, value in told.items()
        for one in (value if isinstance(value, tuple) else (value,))
        if one
    ]
    return made


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """A line for each device, so that long lists stay small and two of them can be compared."""
    return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)


def _dumped(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


_WRITERS: Final[Mapping[str, Callable[[Sequence[Entry], str], str]]] = MappingProxyType(
    {"csv": _csv, "json": _json, "cyclonedx": _cyclonedx, "netbox": _netbox}
)
WRITTEN: Final = tuple(_WRITERS)
"""The formats that can be written."""
