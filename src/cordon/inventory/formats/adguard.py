"""``querylog.json`` of AdGuard Home: an object a line, ``IP`` is who asked, ``CID`` what the client calls itself."""

import json
from typing import Any

from cordon.inventory.columns import hearsay
from cordon.inventory.entry import Entry, FileError, ip_of
from cordon.inventory.formats.parsed import loaded, rows_of, text_of
from cordon.inventory.formats.pihole import NOBODY


def looks_like(head: str) -> bool:
    """Whether the first line has what AdGuard Home writes of a question, or it is what its API answers."""
    line = head.splitlines()[0] if head else ""
    return ('"QH"' in line and '"IP"' in line) or '"client_proto"' in head


def clients(text: str, name: str) -> list[Entry]:
    """The devices that asked for a name, each once.

    Raises:
        FileError: a line is no such object.
    """
    found: dict[str, Entry] = {}
    for number, row in _rows(text, name):
        written = text_of(row, "IP", "client")
        ip = ip_of(written)
        if not ip:
            raise FileError(name, number, f"{written[:60]!r} is no IP address; remove this line.")
        if ip in NOBODY:
            continue
        info = row.get("client_info")
        called = text_of(info, "name") if isinstance(info, dict) else ""
        called = called or text_of(row, "CID", "client_id")
        before = found.get(ip)
        if before is None or (called and not before.name):
            found[ip] = hearsay(ips=(ip,), name=called)
    return list(found.values())


def _rows(text: str, name: str) -> list[tuple[int, dict[str, Any]]]:
    if '"QH"' not in text.lstrip().split("\n", 1)[0]:
        value = loaded(text, name)
        listed = value.get("data") if isinstance(value, dict) else value
        return [(0, row) for row in rows_of(listed, name, "questions")]
    rows: list[tuple[int, dict[str, Any]]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            if number == len(lines) and number > 1:
                break  # the last line is still being written
            raise FileError(name, number, "this is no JSON object; remove this line.") from None
        if not isinstance(row, dict):
            raise FileError(name, number, "this is no JSON object; remove this line.")
        rows.append((number, row))
    return rows
