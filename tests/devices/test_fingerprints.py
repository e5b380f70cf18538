"""Every shipped fingerprint says what its examples say; a broken file names its place."""

import polars as pl
import pytest

from cordon.devices.fingerprint import Book, Fingerprint, book, parse_all, shipped
from cordon.devices.vendors import tidy

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
    assert {vendor for vendor in spelt if tidy(vendor) != vendor} == set()


def test_there_are_many_fingerprints_of_many_kinds():
    kinds = {fingerprint.says["kind"] for fingerprint in shipped() if "kind" in fingerprint.says}
    assert len(shipped()) > 250
    assert len(kinds) > 40


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
