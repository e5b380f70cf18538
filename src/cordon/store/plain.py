"""Facts to the text columns of the record and back; text that is no such fact is told with its place."""

import json
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TypeVar

from cordon.model.codec import decode, encode
from cordon.store.errors import StateError

Fact = TypeVar("Fact")


def to_text(fact: object) -> str:
    """The fact as JSON; the same fact always gives the same text."""
    return json.dumps(encode(fact), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_text(kind: type[Fact], text: str, place: str) -> Fact:
    """The fact that `to_text` made `text` of.

    Raises:
        StateError: the text is damaged; the message names `place`.
    """
    try:
        return decode(kind, json.loads(text))
    except ValueError as error:
        raise StateError(
            f"The record is damaged at {place} ({error}); restore the state folder from a copy, or read the captures "
            "into a new one."
        ) from None


def sortable_address(address: str) -> str:
    """An IP address so written that the order of texts is the order of numbers, IPv4 first."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return f"{parsed.version}.{int(parsed):0{39 if parsed.version == 6 else 10}d}"


def first_address(addresses: Iterable[str]) -> str:
    """The sortable form of the address people know a device by: IPv4 before IPv6; "" where there is none."""
    return min((sortable_address(address) for address in addresses), default="")
