"""Clients of a UniFi controller, as its API lists them: ``name`` and ``note`` are people's, the rest was found."""

from cordon.inventory.columns import entry, hearsay
from cordon.inventory.entry import Entry, FileError
from cordon.inventory.formats import times
from cordon.inventory.formats.parsed import loaded, rows_of, text_of


def devices(text: str, name: str) -> list[Entry]:
    """The clients.

    Raises:
        FileError: it is no such list, or a MAC or IP address is none.
    """
    value = loaded(text, name)
    listed = (value.get("data") or value.get("clients")) if isinstance(value, dict) else value
    found = []
    for at, row in enumerate(rows_of(listed, name, "clients"), 1):

        def wrong(says: str, at: int = at) -> FileError:
            return FileError(name, 0, f"client {at}: {says}")

        host = text_of(row, "hostname")
        person = {"name": text_of(row, "name", "display_name", "alias"), "notes": text_of(row, "note")}
        person = {field: said for field, said in person.items() if said and said != host}
        known = hearsay(
            vendor=text_of(row, "oui"),
            segment=text_of(row, "network", "essid"),
            first_seen=times.of_seconds(row.get("first_seen", "")),
            last_seen=times.of_seconds(row.get("last_seen", "")),
        )
        said = {
            "macs": text_of(row, "mac", "macAddress"),
            "ips": text_of(row, "ip", "last_ip", "fixed_ip", "ipAddress"),
            "names": host,
            **({"name": host} if "name" not in person else {}),
            **person,
            **{field: getattr(known, field) for field in ("vendor", "first_seen", "last_seen")},
            "told": "; ".join(sorted(person)),
        }
        found.append(entry(said, wrong))
    return found
