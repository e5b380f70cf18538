"""One device as a file or the record tells of it, and how values are brought to one form."""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final

from cordon.model.edit import OWNERS
from cordon.model.kinds import KIND, KINDS
from cordon.store import Listed, Store, tags_of

MOST_LETTERS: Final = 300
"""Of a value; notes may be longer."""
MOST_NOTES: Final = 4000
MOST_ADDRESSES: Final = 64
"""MAC or IP addresses of one device."""
_SEPARATED: Final = re.compile(r"([0-9a-f]{1,2})" + r"[:-]([0-9a-f]{1,2})" * 5)
_DIGITS: Final = re.compile(r"[0-9a-f]{12}")


class FileError(ValueError):
    """A file cannot be taken in; the message names the file and its line, and says what to do."""

    def __init__(self, file: str, line: int, says: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {says} Nothing was changed.")


class WordError(ValueError):
    """A person's word that a field does not take; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One device; "" and () are what is not told. Times are ISO 8601, UTC.

    `told` names the fields that are a person's word; the others of `vendor` to `name` were found by some program.
    """

    id: str = ""
    site: str = ""
    segment: str = ""
    name: str = ""
    macs: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    vendor: str = ""
    kind: str = ""
    model: str = ""
    os: str = ""
    firmware: str = ""
    location: str = ""
    purpose: str = ""
    owner: str = ""
    tags: str = ""
    zone: str = ""
    criticality: str = ""
    notes: str = ""
    told: tuple[str, ...] = ()
    known: str = ""  # seen, import
    first_seen: str = ""
    last_seen: str = ""


FIELDS: Final = tuple(field.name for field in fields(Entry))
LISTS: Final = ("macs", "ips", "names", "told")


def entry_of(listed: Listed) -> Entry:
    """A device of the record; of one that was never seen the times are those that the import told."""
    device, heard, told = listed.device, listed.heard, listed.told
    return Entry(
        id=device.id,
        site=device.site,
        segment=device.segment,
        name=device.names[0] if device.names else "",
        macs=device.macs,
        ips=device.ips,
        names=device.names,
        **listed.values,
        **{name: told.get(name, "") for name in OWNERS},
        told=tuple(sorted(told)),
        known=listed.known,
        first_seen=iso(device.first_seen) or (heard["first_seen"].value if "first_seen" in heard else ""),
        last_seen=iso(listed.last_seen) or (heard["last_seen"].value if "last_seen" in heard else ""),
    )


def inventory_of(store: Store) -> list[Entry]:
    """All devices of a record, in the order of their ids."""
    return sorted((entry_of(listed) for listed in store.listed()), key=lambda entry: entry.id)


def iso(time: int) -> str:
    """A time in µs as ISO 8601 in UTC, to the second; "" for 0."""
    return datetime.fromtimestamp(time // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else ""


def checked(field: str, value: str) -> str:
    """A person's word as it is kept.

    Raises:
        WordError: the field takes no such value.
    """
    value = tidy(value, keep_lines=field == "notes")
    if len(value) > (MOST_NOTES if field == "notes" else MOST_LETTERS):
        raise WordError(f"{field} is longer than {MOST_NOTES if field == 'notes' else MOST_LETTERS} letters.")
    if field == "kind" and value not in KIND:
        near = kind_of(value)
        if not near:
            raise WordError(f"kind is {value!r}; docs/reference/kinds.md lists those there are, as camera or printer.")
        return near
    if field == "criticality" and value not in {"1", "2", "3", "4", "5"}:
        raise WordError(f"criticality is {value!r}; it runs from 1 (a light bulb) to 5 (people depend on it).")
    if field == "tags":
        return ", ".join(tags_of(value))
    return value


def kind_of(text: str) -> str:
    """The kind of device that a word means, by its id or its name in words; "" where it is none."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    named = {re.sub(r"[^a-z0-9]+", "-", kind.says.casefold()).strip("-"): kind.id for kind in KINDS}
    return plain if plain in KIND else named.get(plain, "")


def tidy(text: str, keep_lines: bool = False) -> str:
    """The text without what could steer a terminal or hide, in composed form, without spaces at its ends."""
    kept = "".join(
        char if (keep_lines and char == "\n") or unicodedata.category(char)[0] != "C" else " "
        for char in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    )
    return kept.strip()


def mac_of(text: str) -> str:
    """A MAC address in our form, however it is written; "" where it is none."""
    plain = text.strip().casefold()
    if parts := _SEPARATED.fullmatch(plain):
        return ":".join(part.zfill(2) for part in parts.groups())
    digits = plain.replace(".", "").replace(":", "").replace("-", "")
    if not _DIGITS.fullmatch(digits):
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def ip_of(text: str) -> str:
    """An IP address in its usual form, without zone and prefix length; "" where it is none."""
    try:
        return str(ip_address(text.strip().strip("[]").partition("/")[0].partition("%")[0]))
    except ValueError:
        return ""
