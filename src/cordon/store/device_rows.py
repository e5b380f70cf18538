"""A device becomes its rows: what is searched and sorted, what it answers to, its tags, its versions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2s
from typing import Any

from sqlalchemy import BigInteger, Connection, Text, bindparam, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from cordon.model.codec import decode_as, encode
from cordon.model.device import Device
from cordon.store import tables
from cordon.store.people import (
    ATTRIBUTES,
    PERSON,
    VERSIONED,
    Heard,
    Said,
    owners_words,
    tags_of,
    with_words,
)
from cordon.store.plain import first_address, from_text, to_text

Row = dict[str, Any]
Words = tuple[dict[str, Said], dict[str, Heard]]

MOST_AT_ONCE = 500
"""As many values as one statement takes without trouble."""


def likeness_of(macs: Sequence[str], spoke: Iterable[tuple[str, str]]) -> str:
    """A mark that devices have in common which look alike: the same vendor prefix, and the same fingerprints spoke
    for the same. `spoke` holds the source of each piece of evidence, and what it says.

    "" where there is too little to compare: a device of which nothing but its prefix is known is like any other.
    """
    told = sorted({f"{source}={says}" for source, says in spoke if source not in {"oui", ""}})
    prefix = (
        macs[0][:8] if macs and not int(macs[0][1:2] or "0", 16) & 2 else ""
    )  # a made-up MAC has no vendor's prefix
    if not told or not prefix:
        return ""
    return blake2s("\x1f".join((prefix, *told)).encode(), digest_size=12).hexdigest()


def words_of(told: str, heard: str) -> Words:
    """What people and files say of a device, of the two texts of its row."""
    said = decode_as(dict[str, Said], json.loads(told), "told") if told else {}
    rumours = decode_as(dict[str, Heard], json.loads(heard), "heard") if heard else {}
    return said, rumours


def words_text(words: Mapping[str, object]) -> str:
    """The text of a row for such words; "" for none."""
    if not words:
        return ""
    return json.dumps(encode(dict(words)), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def save(connection: Connection, devices: Sequence[Device]) -> None:
    """Keeps the newest facts of devices; what people said of them stands as it stood."""
    newest = {device.id: device for device in devices}
    if not newest:
        return
    words = known_words(connection, list(newest))
    _put(connection, [(device, *words.get(device.id, ({}, {}))) for device in newest.values()])
    _replace(connection, tables.DeviceFactRow, [{"id": id, "fact": to_text(one)} for id, one in newest.items()])
    _keep_versions(connection, devices)


def refresh(connection: Connection, words: Mapping[str, Words]) -> None:
    """Writes the rows of devices anew, of which people or files say something else now."""
    row = tables.DeviceFactRow
    for ids in in_parts(sorted(words)):
        found = connection.execute(select(row.id, row.fact).where(row.id.in_(ids))).all()
        _put(connection, [(from_text(Device, fact, f"device {id}"), *words[id]) for id, fact in found])


def known_words(connection: Connection, ids: Sequence[str]) -> dict[str, Words]:
    """What people and files say of these devices; those of which nothing is said are left out."""
    row = tables.DeviceRow
    found: dict[str, Words] = {}
    for part in in_parts(ids):
        asked = select(row.id, row.told, row.heard).where(row.id.in_(part), (row.told != "") | (row.heard != ""))
        found |= {id: words_of(told, heard) for id, told, heard in connection.execute(asked)}
    return found


def in_parts(ids: Sequence[str]) -> Iterable[list[str]]:
    """The ids, so many at a time as one statement takes."""
    for at in range(0, len(ids), MOST_AT_ONCE):
        yield list(ids[at : at + MOST_AT_ONCE])


def _put(connection: Connection, said: Sequence[tuple[Device, dict[str, Said], dict[str, Heard]]]) -> None:
    if not said:
        return
    shown = [(with_words(found, told, heard), told, heard) for found, told, heard in said]
    rows = [_row(device, told, heard) for device, told, heard in shown]
    for (found, _, _), row in zip(said, rows, strict=True):
        spoke = (p for name in ATTRIBUTES for p in getattr(found, name).evidence if p.field != PERSON)
        row["likeness"] = likeness_of(found.macs, ((piece.source, piece.says) for piece in spoke))
    _replace(connection, tables.DeviceRow, rows)
    alias, tag = tables.AliasRow, tables.TagRow
    gone = [{"gone": device.id} for device, _, _ in shown]
    connection.execute(delete(alias).where(alias.device == bindparam("gone")), gone)
    answers = [
        {"value": value, "device": device.id}
        for device, _, _ in shown
        for value in sorted({text.lower() for text in (*device.macs, *device.ips, *device.names)})
    ]
    if answers:
        connection.execute(insert(alias), answers)
    connection.execute(delete(tag).where(tag.device == bindparam("gone")), gone)
    tagged = [
        {"tag": word, "device": device.id}
        for device, told, _ in shown
        for word in tags_of(told["tags"].value if "tags" in told else "")
    ]
    if tagged:
        connection.execute(insert(tag), tagged)


def _row(device: Device, told: Mapping[str, Said], heard: Mapping[str, Heard]) -> Row:
    attributes = {name: getattr(device, name).value for name in ATTRIBUTES}
    owners = owners_words(told)
    said = (device.id, *device.names, *device.macs, *device.ips, *attributes.values(), *owners.values())
    columns = {name: owners[name] for name in ("location", "owner", "zone", "purpose", "criticality")}
    return {
        "id": device.id,
        "site": device.site,
        "segment": device.segment,
        "name": device.name,
        **attributes,
        "mac": device.macs[0] if device.macs else "",
        "ip": first_address(device.ips),
        **columns,
        "known": _known(device),
        "search": " ".join((device.name, *filter(None, said))).lower(),
        "told": words_text(told),
        "heard": words_text(heard),
    }


def _known(device: Device) -> str:
    """How a device is known: seen, only from an import, or gone because it was joined with another."""
    if not device.macs and not device.ips:
        return "gone"
    return "seen" if device.first_seen else "import"


def _keep_versions(connection: Connection, devices: Sequence[Device]) -> None:
    """A model, system or firmware that differs from what was found last is a new line of its history."""
    found = [
        {"of": device.id, "what": name, "at": device.time, "now": attribute.value}
        for device in sorted(devices, key=lambda device: device.time)
        for name in VERSIONED
        if (attribute := getattr(device, name)).value and not any(p.field == PERSON for p in attribute.evidence[:1])
    ]
    if not found:
        return
    row = tables.VersionRow
    last = (
        select(row.value)
        .where(row.device == bindparam("of"), row.field == bindparam("what"))
        .order_by(row.time.desc())
        .limit(1)
        .scalar_subquery()
    )
    of, what, now = (bindparam(name, type_=Text) for name in ("of", "what", "now"))
    fresh = select(of, what, bindparam("at", type_=BigInteger), now).where(func.coalesce(last, "") != now)
    connection.execute(
        upsert(row).from_select(["device", "field", "time", "value"], fresh).on_conflict_do_nothing(), found
    )


def _replace(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    statement = upsert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), list(rows))
