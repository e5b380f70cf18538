"""Where logs are listened for, as people write it: ``[udp://|tcp://|tls://]HOST:PORT``."""

import re
from dataclasses import dataclass
from typing import Final

PATTERN: Final = r"^(?:(udp|tcp|tls)://)?([^\s/]+):(\d{1,5})$"
HIGHEST: Final = 65_535


@dataclass(frozen=True, slots=True)
class Place:
    """Host, port and how it is spoken there."""

    host: str
    port: int
    transports: tuple[str, ...]


def place_of(text: str) -> Place | None:
    """The place meant, over UDP and TCP unless told; None where it is none."""
    found = re.match(PATTERN, text)
    if not found or int(found[3]) > HIGHEST:
        return None
    return Place(found[2].strip("[]"), int(found[3]), (found[1],) if found[1] else ("udp", "tcp"))
