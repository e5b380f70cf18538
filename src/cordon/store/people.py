"""What people and imported files say of devices, as the record answers with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from cordon.model.device import Attribute, Device, Evidence
from cordon.model.edit import DISCOVERED, OWNERS, Edit

ATTRIBUTES: Final = tuple(name for name in DISCOVERED if name != "name")
VERSIONED: Final = ("model", "os", "firmware")
"""What a device may have been found to have before, and is kept with its time."""
HEARSAY: Final = (*DISCOVERED, "first_seen", "last_seen")
"""What an imported file may say of a device without anybody vouching for it."""
PERSON: Final = "person"
"""The field of evidence that is a person's word."""
HEARD_CONFIDENCE: Final = 300
"""How far a file's word is believed where nothing was discovered: it is not known how the file came to it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person's word is now, of one field."""

    value: str
    who: str
    time: int  # µs, by the wall clock
    why: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an imported file said of a device: it fills in where nothing was discovered and nobody said better."""

    device: str
    field: str  # of HEARSAY
    value: str
    source: str  # the file's name and its format
    time: int  # µs, when it was imported, by the wall clock


@dataclass(frozen=True, slots=True)
class Version:
    """A model, system or firmware that a device was found to have, from when on."""

    device: str
    field: str
    value: str
    time: int  # µs, when it was first found


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked, once: is `device` what `like` was called? `answer` is "", yes or no."""

    device: str
    field: str
    value: str
    like: str
    asked: int
    answer: str = ""
    who: str = ""
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A device as it stands in a list that goes out: its addresses and names, and of the rest the values alone."""

    device: Device  # its attributes are not filled in
    values: Mapping[str, str]  # vendor, kind, model, os, firmware
    told: Mapping[str, str]
    heard: Mapping[str, Heard]
    known: str
    last_seen: int  # µs; 0: never heard


@dataclass(frozen=True, slots=True)
class Imported:
    """What is to be kept of an imported file: devices nobody saw yet, people's words, and hearsay."""

    devices: tuple[Device, ...] = ()
    edits: tuple[Edit, ...] = ()
    heard: tuple[Heard, ...] = ()


def with_words(found: Device, told: Mapping[str, Said], heard: Mapping[str, Heard]) -> Device:
    """The device as people see it: their word before what was discovered, hearsay where nothing was."""
    if not told and not heard:
        return found
    changed: dict[str, object] = {}
    for name in ATTRIBUTES:
        was: Attribute = getattr(found, name)
        if name in told:
            said = told[name]
            word = Evidence(PERSON, said.value, said.value, 1000, said.who, said.time)
            kept = tuple(piece for piece in was.evidence if piece.field != PERSON)
            changed[name] = replace(was, value=said.value, confidence=1000, evidence=(word, *kept))
        elif not was.value and name in heard:
            words = heard[name]
            piece = Evidence("import", words.value, words.value, HEARD_CONFIDENCE, words.source, words.time)
            changed[name] = Attribute(words.value, HEARD_CONFIDENCE, (piece, *was.evidence))
    name = told["name"].value if "name" in told else ""
    names = [name] if name else []
    names += [one for one in found.names if one != name]
    if "name" in heard and heard["name"].value not in names:
        names.append(heard["name"].value)
    return replace(found, names=tuple(names), **changed)  # type: ignore[arg-type]  # named after its fields


def owners_words(told: Mapping[str, Said]) -> dict[str, str]:
    """The fields that only people fill; "" where nobody did."""
    return {name: told[name].value if name in told else "" for name in OWNERS}


def tags_of(text: str) -> tuple[str, ...]:
    """The words of the field `tags`, each once."""
    return tuple(dict.fromkeys(word for part in text.split(",") if (word := part.strip())))
