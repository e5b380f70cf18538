"""Every shipped fingerprint says what its examples say; a broken file names its place."""

import re

import polars as pl
import pytest

from cordon.devices.fingerprint import ATTRIBUTES, Book, Fingerprint, book, parse_all, shipped, tables
from cordon.devices.lookup import Table, read_table
from cordon.devices.vendors import tidy
from cordon.model.kinds import KIND

GOOD = """
[[fingerprint]]
id = "one"
field = "dhcp.vendor"
pattern = '^Acme (?P<model>\\S+)'
says = { vendor = "Acme", kind = "camera" }
weight = { vendor = 900, kind = 800, model = 700 }
source = "made up"
examples = [{ value = "Acme X1", vendor = "Acme", kind = "camera", model = "X1" }]
not = ["Zenith"]
"""


@pytest.mark.parametrize("fingerprint", shipped(), ids=lambda fingerprint: fingerprint.id)
def test_fingerprint_says_what_its_examples_say(fingerprint: Fingerprint):
    for example in fingerprint.examples:
        expected = {name: text for name, text in example.items() if name != "value"}
        assert fingerprint.match(example["value"]) == expected, example["value"]
    for value in fingerprint.nots:
        assert fingerprint.match(value) is None, value


@pytest.mark.parametrize("fingerprint", shipped(), ids=lambda one: one.id)
def test_sifting_leaves_what_speaks(fingerprint: Fingerprint):
    values = pl.Series([example["value"] for example in fingerprint.examples])
    for field in fingerprint.fields:
        assert book().sift(field, values).all()


def test_sifting_takes_out_most_of_what_does_not_speak():
    values = pl.Series([*(f"host{number}.nowhere.example" for number in range(200)), "döner.example"])
    assert values.filter(book().sift("dns.query", values)).to_list() == ["döner.example"]
    assert not book().sift("coap.path", values).any()


def test_vendors_are_spelt_the_one_way():
    spelt = {fingerprint.says["vendor"] for fingerprint in shipped() if "vendor" in fingerprint.says}
    spelt |= {row["vendor"] for table in tables() for row in table.rows.values() if "vendor" in row}
    assert {vendor for vendor in spelt if tidy(vendor) != vendor} == set()


def test_there_are_many_fingerprints_of_most_kinds():
    kinds = {fingerprint.says["kind"] for fingerprint in shipped() if "kind" in fingerprint.says}
    kinds |= {row["kind"] for table in tables() for row in table.rows.values() if "kind" in row}
    assert len(shipped()) + sum(len(table.rows) for table in tables()) > 1500
    assert set(KIND) - kinds == set(), "what nothing speaks for is never said"


every = pytest.mark.parametrize("table", tables(), ids=lambda table: f"{table.id}-{table.fields[0]}")


def seen(table: Table, value: str) -> str:
    """A value in which a row of the table is found."""
    if table.key is None:
        return value + {"is": "", "starts": " of a certain model", "ends": ""}[table.how]
    return f"model={value}|_device-info._tcp" if table.id == "apple-model" else f"C=XX,{value},L=Nowhere"


@every
def test_each_row_of_a_table_is_found(table: Table):
    hidden = {value for value, row in table.rows.items() if table.match(seen(table, value)) != row}
    assert hidden == set()


@every
def test_sifting_leaves_what_a_table_knows(table: Table):
    values = pl.Series([seen(table, value) for value in table.rows])
    assert book().sift(table.fields[0], values).all()


@every
def test_a_table_says_nothing_of_other_values(table: Table):
    assert table.nots
    assert {value for value in table.nots if table.match(value) is not None} == set()


def test_of_two_rows_the_longer_counts_and_a_name_ends_at_a_label():
    text = "field\tvalue\tkind\nsnmp.description\tAcme\tcamera\nsnmp.description\tAcme Router\trouter\n"
    (table,) = read_table(ENTRY | {"how": "starts"}, text, ATTRIBUTES)
    assert (table.match("ACME router 7") or {})["kind"] == "router"
    assert (table.match("Acme 7") or {})["kind"] == "camera"
    (ends,) = read_table(ENTRY | {"how": "ends"}, "field\tvalue\tkind\ndns.query\tacme.example\thub\n", ATTRIBUTES)
    assert ends.match("eu.acme.example") == {"kind": "hub"}
    assert ends.match("notacme.example") is None


ENTRY = {"id": "one", "rows": "one.tsv", "how": "is", "weight": 500, "source": "made up"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("", "it holds no rows"),
        ("value\tkind\n", "line 1: the first line names the columns"),
        ("field\tvalue\tkind\noui\tAcme\tcamra\n", "line 2: 'camra' is no kind"),
        ("field\tvalue\tkind\noui\tAcme\n", "line 2: 2 columns; there must be 3, between tabs"),
        ("field\tvalue\tkind\nouch\tAcme\tcamera\n", "line 2: 'ouch' is no sighting field"),
        ("field\tvalue\tkind\noui\tAcme\tnas\noui\tACME\tnas\n", "line 3: 'ACME' stands there twice"),
        ("field\tvalue\tkind\noui\tAcme\t\n", "line 2: it says nothing"),
    ],
)
def test_a_bad_row_is_named_with_its_file_and_line(rows: str, says: str):
    with pytest.raises(ValueError, match=r"^one\.tsv") as error:
        read_table(ENTRY, rows, ATTRIBUTES)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"how": "like"}, "how is 'like'"),
        ({"key": "(("}, "key: "),
        ({"key": "no group"}, "key needs one group"),
        ({"weight": 0}, "weight for kind is 0"),
        ({"wieght": 3}, "unknown key wieght"),
    ],
)
def test_a_bad_table_says_what_is_wrong(change: dict[str, object], says: str):
    with pytest.raises(ValueError, match=re.escape(says)):
        read_table(ENTRY | change, "field\tvalue\tkind\noui\tAcme\tnas\n", ATTRIBUTES)


def test_a_good_file_is_read_and_looked_up():
    book = Book(parse_all([("mine.toml", GOOD)]))
    said = {(said.attribute, said.value, said.weight) for said in book.look_up("dhcp.vendor", "acme x2")}
    assert said == {("vendor", "Acme", 900), ("kind", "camera", 800), ("model", "x2", 700)}
    assert book.look_up("dhcp.hostname", "acme x2") == ()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (('"dhcp.vendor"', '"dhcp.vendro"'), "no sighting field"),
        (('"camera" }\nweight', '"camra" }\nweight'), "'camra' is no kind"),
        (("model = 700", "model = 7000"), "weight for model is 7000; it must be 1 to 1000"),
        ((", model = 700", ""), "weight for model is missing"),
        (("(?P<model>", "(?P<modell>"), "group modell"),
        (("^Acme (", "^Acme (("), "pattern: "),
        (('source = "made up"\n', ""), "source is missing"),
        (('id = "one"', 'id = "one"\nids = 2'), "unknown key ids"),
    ],
)
def test_an_invalid_entry_is_named_with_its_file(damage: tuple[str, str], says: str):
    text = GOOD.replace(*damage)
    assert text != GOOD
    with pytest.raises(ValueError, match=r"^mine\.toml, fingerprint one: ") as error:
        list(parse_all([("mine.toml", text)]))
    assert says in str(error.value)


def test_a_file_that_is_no_toml_is_named():
    with pytest.raises(ValueError, match=r"^mine\.toml: "):
        list(parse_all([("mine.toml", "[[fingerprint")]))


def test_two_entries_of_one_id_are_refused():
    with pytest.raises(ValueError, match=r"^second\.toml, fingerprint one: another one has this id"):
        list(parse_all([("first.toml", GOOD), ("second.toml", GOOD)]))
