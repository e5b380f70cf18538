# ruff: noqa: E501  # lists are as others write them
"""Lists of devices as others keep them are recognised and read; what is wrong in one is told with its place."""

from pathlib import Path

import pytest
from written_lists import (
    ADGUARD,
    ALL,
    CSV,
    DNSMASQ,
    ISC,
    KEA,
    KEA_JSON,
    NETALERTX_CSV,
    NETALERTX_JSON,
    NETBOX,
    PIHOLE,
    UNIFI,
)

from cordon.inventory import FORMATS, Entry, FileError, read
from cordon.inventory.reading import MOST_BYTES

CAMERA = "02:00:00:00:00:0a"


def of(text: str | bytes, tmp_path: Path, format: str = "auto") -> tuple[str, dict[str, Entry]]:
    """The format, and the entries by their first address."""
    path = tmp_path / "list.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found, entries = read(path, format)
    return found, {(*entry.macs, *entry.ips)[0]: entry for entry in entries}


@pytest.mark.parametrize("name", ALL)
def test_each_format_is_recognised_by_its_looks(name: str, tmp_path: Path) -> None:
    found, entries = of(ALL[name], tmp_path)
    assert found == name
    assert CAMERA in entries or "10.0.0.9" in entries


def test_every_format_has_an_example() -> None:
    assert set(FORMATS) == {*ALL, "json"}


@pytest.mark.parametrize("text", [ISC, DNSMASQ, KEA, KEA_JSON], ids=["isc", "dnsmasq", "kea", "kea as JSON"])
def test_leases_tell_address_and_name_as_hearsay(text: str, tmp_path: Path) -> None:
    _, entries = of(text, tmp_path)
    camera = entries[CAMERA]
    assert (camera.ips, camera.name) == (("10.0.0.9",), 'lobby "cam"' if text is ISC else "lobby-cam")
    assert camera.told == ()
    assert set(entries) <= {CAMERA, "02:00:00:00:00:50"}


@pytest.mark.parametrize("text", [ISC, KEA, KEA_JSON])
def test_the_time_of_a_lease_is_when_the_device_was_last_there(text: str, tmp_path: Path) -> None:
    _, entries = of(text, tmp_path)
    assert entries[CAMERA].last_seen[:13] in {"2024-05-08T07", "2024-05-08T06"}
    if text is ISC:
        assert entries["02:00:00:00:00:50"].last_seen == "2024-05-06T07:08:09Z"


def test_a_table_of_people_is_their_word_whatever_its_columns_are_called(tmp_path: Path) -> None:
    _, entries = of(CSV, tmp_path)
    camera = entries[CAMERA]
    assert (camera.name, camera.vendor, camera.kind, camera.location) == ("Lobby camera", "Axis", "camera", "Lobby")
    assert (camera.owner, camera.tags, camera.criticality) == ("Ada", "poe, outdoor", "4")
    assert camera.notes == "over the door\nbehind glass"
    assert camera.names == ("cam-1",)
    assert {"name", "vendor", "kind", "location", "owner", "tags", "criticality", "notes"} == set(camera.told)
    assert entries["10.0.0.10"].location == "Office"


@pytest.mark.parametrize("text", [NETALERTX_CSV, NETALERTX_JSON])
def test_netalertx_knows_people_s_words_from_what_it_found(text: str, tmp_path: Path) -> None:
    found, entries = of(text, tmp_path)
    camera = entries[CAMERA]
    assert found == "netalertx"
    assert (camera.name, camera.owner, camera.kind, camera.vendor) == ("Lobby camera", "Ada", "camera", "Axis")
    assert set(camera.told) == {"name", "owner", "kind", "tags", "notes", "location"}
    assert set(entries) <= {CAMERA, "02:00:00:00:00:50"}
    if text is NETALERTX_CSV:
        assert camera.first_seen == "2024-05-01T10:00:00Z"
        assert entries["02:00:00:00:00:50"].told == ()


def test_unifi_s_clients_are_named_by_people_where_they_are(tmp_path: Path) -> None:
    _, entries = of(UNIFI, tmp_path)
    camera = entries[CAMERA]
    assert (camera.name, camera.names, camera.vendor) == ("Lobby camera", ("axis-cam",), "Axis")
    assert camera.told == ("name", "notes")


def test_netbox_s_devices_are_people_s_words(tmp_path: Path) -> None:
    _, entries = of(NETBOX, tmp_path)
    camera = entries["10.0.0.9"]
    assert (camera.vendor, camera.model, camera.kind, camera.owner) == ("Axis", "P3245", "camera", "Ada")
    assert (camera.location, camera.purpose, camera.tags) == ("Lobby", "watches the door", "poe")


@pytest.mark.parametrize(("text", "name"), [(PIHOLE, ""), (ADGUARD, "lobby-cam")])
def test_logs_of_name_servers_tell_who_asked(text: str, name: str, tmp_path: Path) -> None:
    _, entries = of(text, tmp_path)
    assert entries["10.0.0.9"].name == name
    assert "127.0.0.1" not in entries
    assert len(entries) == 2


WRONG = {
    "isc without an end": ("isc", ISC.rstrip("}\n"), "line 20"),
    "isc with a wrong MAC": ("isc", ISC.replace("02:00:00:00:00:0a", "02:00:zz"), "line 9"),
    "isc with a wrong address": ("isc", ISC.replace("lease 10.0.0.9 ", "lease 10.0.0.999 "), "line 5"),
    "isc that is another file": ("isc", "hello there\n", "line 1"),
    "dnsmasq with words": ("dnsmasq", DNSMASQ.replace("1715151515 02:00:00:00:00:50", "often 02:00:00:00:00:50"), "line 2"),
    "dnsmasq with a wrong MAC": ("dnsmasq", DNSMASQ.replace("02:00:00:00:00:50", "02:00"), "line 2"),
    "kea with a cell too few": ("kea", KEA.replace(",old,0,,0", ",old"), "line 2"),
    "kea with a wrong address": ("kea", KEA.replace("10.0.0.50", "10.0.0"), "line 4"),
    "kea of no lease": ("kea", "a,b\n1,2\n", "line 1"),
    "kea as broken JSON": ("kea", KEA_JSON[:-3], "line 1"),
    "kea without a list": ("kea", '{"arguments": {"leases": 7}}', "no list of leases"),
    "a table with a wrong MAC": ("csv", CSV.replace("02-00-00-00-00-0A", "02-00"), "line 3"),
    "a table without addresses": ("csv", "name,owner\na,b\n", "line 1"),
    "a table with cells too many": ("csv", "mac,name\n02:00:00:00:00:0a,a,b\n", "line 2"),
    "a table with a quote that never ends": ("csv", 'mac,name\n02:00:00:00:00:0a,"a\n', "line 2"),
    "a table with a kind there is not": ("csv", "mac,kind\n02:00:00:00:00:0a,toaster oven\n", "line 2"),
    "a table of a device without place": ("csv", "mac,name\n,a\n", "line 2"),
    "a table with a criticality of seven": ("csv", "mac,criticality\n02:00:00:00:00:0a,7\n", "line 2"),
    "netalertx with a wrong MAC": ("netalertx", NETALERTX_CSV.replace("02:00:00:00:00:50", "??"), "line 4"),
    "netalertx of other columns": ("netalertx", "a,b\n1,2\n", "line 1"),
    "netalertx of other objects": ("netalertx", '[{"mac": "02:00:00:00:00:0a"}]', "no devMac"),
    "unifi with a wrong MAC": ("unifi", UNIFI.replace("02:00:00:00:00:0a", "02"), "client 1"),
    "unifi of a number": ("unifi", "7", "no list of clients"),
    "netbox of words": ("netbox", '["a"]', "number 1"),
    "netbox without address": ("netbox", '{"results": [{"name": "a"}]}', "device 1"),
    "json of no list": ("json", '{"a": 1}', "no list of devices"),
    "json too deep": ("json", "[" * 100_000, "nested too deeply"),
    "json with a number without end": ("json", "[" + "9" * 10_000 + "]", "without end"),
    "pihole of another program": ("pihole", PIHOLE.replace("reply example.com is 93.184.216.34", "x\nwhatever"), "line 4"),
    "adguard cut in the middle": ("adguard", ADGUARD.replace('"CID"', '"CID', 1), "line 2"),
    "adguard with a wrong address": ("adguard", ADGUARD.replace("10.0.0.50", "10"), "line 4"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_malformed_file_names_file_and_line_and_what_to_do(what: str, tmp_path: Path) -> None:
    format, text, place = WRONG[what]
    with pytest.raises(FileError) as told:
        of(text, tmp_path, format)
    assert place in str(told.value)
    assert str(told.value).startswith("list.txt")
    assert str(told.value).endswith("Nothing was changed.")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (lambda text: text.encode()[:60] + b"\xff\xfe\xc3(" + text.encode()[60:], "UTF-8"),
        (lambda text: text[:60].encode() + b"\0" + text[60:].encode(), "byte of zero"),
        (lambda text: b"\xff\xfe" + text.encode("utf-16-be")[:-1], "UTF-16|none of the formats|byte of zero"),
        (lambda _: b"  \n", "empty"),
    ],
)
def test_what_is_no_text_is_told(name: str, spoilt: object, says: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=says):
        of(spoilt(ALL[name]), tmp_path)  # type: ignore[operator]


@pytest.mark.parametrize("name", ALL)
def test_every_beginning_of_a_file_is_read_or_told_and_never_breaks(name: str, tmp_path: Path) -> None:
    text = ALL[name]
    for end in range(0, len(text), 7):
        for format in ("auto", name):
            try:
                of(text[:end], tmp_path, format)
            except FileError as error:
                assert "Nothing was changed" in str(error)


@pytest.mark.parametrize("name", ALL)
def test_other_encodings_that_say_so_are_read(name: str, tmp_path: Path) -> None:
    plain = of(ALL[name], tmp_path)
    assert of(ALL[name].encode("utf-8-sig"), tmp_path) == plain
    assert of(ALL[name].encode("utf-16"), tmp_path) == plain
    assert of(ALL[name].replace("\n", "\r\n"), tmp_path) == plain or name == "csv"  # its notes keep their line


def test_a_name_that_would_steer_a_terminal_or_turn_the_writing_is_taken_without_that(tmp_path: Path) -> None:
    _, entries = of("mac,name\n02:00:00:00:00:0a,\x1b[31mred\u202e\n", tmp_path)
    assert entries[CAMERA].name == "[31mred"


def test_what_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(FileError, match="more than 64 MB; split it"):
        read(path)


def test_a_device_that_stands_twice_is_one(tmp_path: Path) -> None:
    _, entries = of("mac,name,owner\n02:00:00:00:00:0a,a,Ada\n02-00-00-00-00-0a,b,\n", tmp_path)
    assert (entries[CAMERA].name, entries[CAMERA].owner) == ("b", "Ada")
