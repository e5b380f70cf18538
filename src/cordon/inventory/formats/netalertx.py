"""Devices of NetAlertX (formerly Pi.Alert), as its CSV and JSON have them. Its names are given by people or found."""

from typing import Final

from cordon.inventory.columns import entry, hearsay
from cordon.inventory.entry import Entry, FileError, kind_of, mac_of
from cordon.inventory.formats import times
from cordon.inventory.formats.parsed import loaded, rows_of
from cordon.inventory.formats.tables import is_netalertx, plain, rows

NO_NAME: Final = frozenset({"", "(unknown)", "(name not found)", "null", "none", "unknown"})
_OWN: Final = {"owner": "owner", "location": "location", "comments": "notes", "group": "tags"}


def devices(text: str, name: str) -> list[Entry]:
    """The devices there are; what stands for the Internet is none.

    Raises:
        FileError: it is not as NetAlertX writes it.
    """
    if text.lstrip()[:1] in {"{", "["}:
        value = loaded(text, name)
        listed = value.get("data") if isinstance(value, dict) else value
        told = [(0, row) for row in rows_of(listed, name, "devices")]
        if told and not any(str(key).casefold() in {"devmac", "dev_mac"} for key in told[0][1]):
            raise FileError(name, 0, "its devices have no devMac; is this NetAlertX's file?")
    else:
        lines = rows(text, name)
        _, head = next(lines)
        if not is_netalertx(text.lstrip()):
            raise FileError(name, 1, "the first line names no column devMac; is this NetAlertX's file?")
        told = [(at, dict(zip(head, (plain(cell) for cell in cells), strict=False))) for at, cells in lines]
    found: list[Entry] = []
    for number, row in told:
        plainly = {str(key).casefold().replace("_", "").removeprefix("dev"): _text(cell) for key, cell in row.items()}
        found += _entry(plainly, name, number)
    return found


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else str(cell) if isinstance(cell, int) else ""


def _entry(row: dict[str, str], name: str, number: int) -> list[Entry]:
    written = row.get("mac", "")
    if written.casefold() in {"internet", ""} or written.casefold().startswith("fa:ce:"):  # its stand-ins
        return []

    def wrong(says: str) -> FileError:
        return FileError(name, number, says)

    if not mac_of(written):
        raise wrong(f"{written[:60]!r} is no MAC address; correct or remove it.")
    person = {ours: row[theirs] for theirs, ours in _OWN.items() if row.get(theirs, "").casefold() not in NO_NAME}
    called = row.get("name", "")
    if called.casefold() not in NO_NAME:
        person["name"] = called
    if kind := kind_of(row.get("type", "")):
        person["kind"] = kind
    address = row.get("lastip", "")
    found = hearsay(
        vendor=""
        if row.get("vendor", "").casefold().strip("()") in {"unknown", "not found"}
        else row.get("vendor", ""),
        first_seen=times.of_text(row.get("firstconnection", "")),
        last_seen=times.of_text(row.get("lastconnection", "")),
    )
    said = {"macs": written, "ips": address, **person, "told": "; ".join(sorted(person))}
    said |= {name: getattr(found, name) for name in ("vendor", "first_seen", "last_seen")}
    return [entry(said, wrong)]
