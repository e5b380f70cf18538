"""The shapes of what people say of devices, and of what they are asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditEntry:
    """One thing a person said of a device; `withdrawn` took back what was said before."""

    device: str
    field: str
    value: str
    who: str
    time: str | None
    why: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """A channel on which people are told of incidents of at least that severity, and what became of its messages."""

    name: str
    leads_to: str
    least: str
    told: int
    waiting: int
    given_up: int
    last_told: str | None
    last_trouble: str


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A model, os or firmware that a device was found to have, and when it was first found."""

    field: str
    value: str
    first_seen: str | None


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question to people: is `device` a `value`, as they said of `like`, which looks the same?"""

    device: str
    name: str
    field: str
    value: str
    like: str
