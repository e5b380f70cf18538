# ruff: noqa: E501  # lists are as others write them
"""What goes out as a file comes back without loss, and harms nobody who opens it."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cordon.inventory import WRITTEN, Entry, read, write
from cordon.inventory.columns import joined, split

TIME = 1_715_152_089_000_000
CAMERA = Entry(
    id="device-00000000000a", site="site", segment="lan", name="Lobby camera", macs=("02:00:00:00:00:0a",),
    ips=("10.0.0.9", "fe80::a"), names=("Lobby camera", "cam;1", "c:\\cam"), vendor="Axis", kind="camera", model="P3245",
    os="Linux", firmware="10.1", location="Lobby", purpose="watches", owner="Ada", tags="poe, outdoor", zone="cameras",
    criticality="4", notes='over the "door",\nbehind; glass', told=("location", "name", "notes", "owner"), known="seen",
    first_seen="2024-05-01T00:00:00.000000Z", last_seen="2024-05-08T00:00:00.000000Z",
)  # fmt: skip
NAMELESS = Entry(id="device-00000000000b", site="site", segment="lan.7", macs=("02:00:00:00:00:0b",), known="import")
HOSTILE = ("=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "'=already", "'", '=HYPERLINK("http://x")')
BACK = ("csv", "json", "netbox")


@pytest.mark.parametrize("format", BACK)
def test_what_goes_out_comes_back_without_loss(format: str, tmp_path: Path) -> None:
    hostile = [
        replace(CAMERA, id=f"device-{at}", macs=(f"02:00:00:00:01:{at:02x}",), name=word, names=(word,), notes=word, owner=word)
        for at, word in enumerate(HOSTILE)
    ]  # fmt: skip
    entries = (CAMERA, NAMELESS, *hostile)
    path = tmp_path / "out"
    path.write_text(write(entries, format, TIME), encoding="utf-8", newline="")
    found, back = read(path)
    assert found == format
    assert back == entries


def test_no_cell_of_a_table_is_a_formula() -> None:
    rows = csv.reader(io.StringIO(write([replace(CAMERA, name=word, owner=word) for word in HOSTILE], "csv", TIME)))
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell[:1] in set("=+-@\t\r")] == []


def test_hardware_is_listed_as_cyclonedx_has_it() -> None:
    made = json.loads(write((CAMERA, NAMELESS), "cyclonedx", TIME))
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert made["serialNumber"].startswith("urn:uuid:")
    camera, nameless = made["components"]
    assert camera["type"] == "device"
    assert camera["manufacturer"] == {"name": "Axis"}
    assert (camera["name"], camera["version"], camera["bom-ref"]) == ("P3245", "10.1", CAMERA.id)
    told = [(one["name"], one["value"]) for one in camera["properties"]]
    assert ("cordon:macs", "02:00:00:00:00:0a") in told
    assert ("cordon:firmware", "10.1") in told
    assert nameless["name"] == NAMELESS.id
    assert len({one["bom-ref"] for one in made["components"]}) == 2
    assert write((CAMERA, NAMELESS), "cyclonedx", TIME) == write((CAMERA, NAMELESS), "cyclonedx", TIME)


ALLOWED = {
    "type", "mime-type", "bom-ref", "supplier", "manufacturer", "authors", "author", "publisher", "group", "name",
    "version", "description", "scope", "hashes", "licenses", "copyright", "cpe", "purl", "omniborId", "swhid", "swid",
    "modified", "pedigree", "externalReferences", "components", "evidence", "releaseNotes", "modelCard", "data",
    "cryptoProperties", "properties", "tags", "signature",
}  # fmt: skip
"""The keys that a component may have (CycloneDX 1.6, bom-1.6.schema.json, definition `component`)."""


def test_a_component_has_only_keys_that_the_specification_knows() -> None:
    for component in json.loads(write((CAMERA, NAMELESS), "cyclonedx", TIME))["components"]:
        assert set(component) <= ALLOWED
        assert all(set(one) == {"name", "value"} and one["value"] for one in component["properties"])
        assert all(isinstance(tag, str) for tag in component.get("tags", ()))


def test_netbox_finds_its_own_names() -> None:
    (camera, nameless) = json.loads(write((CAMERA, NAMELESS), "netbox", TIME))["results"]
    assert camera["device_type"] == {
        "manufacturer": {"name": "Axis", "slug": "axis"},
        "model": "P3245",
        "slug": "p3245",
    }
    assert camera["role"]["slug"] == "camera"
    assert camera["primary_ip"]["address"] == "10.0.0.9/32"
    assert camera["primary_ip6"]["address"] == "fe80::a/128"
    assert (camera["site"]["name"], camera["serial"], nameless["name"]) == ("site", "", None)


def test_every_format_writes_an_empty_inventory() -> None:
    for format in WRITTEN:
        assert write((), format, TIME)


@pytest.mark.parametrize("parts", [(), ("a",), ("a;b", "c\\", "\\;", "d e")])
def test_lists_in_cells_come_back(parts: tuple[str, ...]) -> None:
    assert split(joined(parts)) == parts
