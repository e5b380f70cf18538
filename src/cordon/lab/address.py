"""Which addresses names on the Internet have here: a fixed invention. Nothing is ever sent to them.

Large services keep to blocks they are publicly known for, so that a reader of the capture recognises them;
all else falls into a few large hosting blocks. Names of content networks have many addresses that rotate.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import Final

_BLOCKS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("amazon", "alexa", "ring.com", "cloudfront", "ssl-images"), ("52.94", "54.239", "52.46", "54.240")),
    (("google", "gstatic", "youtube", "nest.com", "dropcam", "ytimg", "doubleclick"), ("142.250", "172.217")),
    (
        ("microsoft", "windows", "office", "live.com", "bing", "skype", "azure"),
        ("20.190", "40.126", "52.113"),
    ),
    (("apple", "icloud", "mzstatic"), ("17.253", "17.57", "17.248")),
    (("akamai", "edgekey", "edgesuite", "akadns"), ("23.45", "23.62", "104.84")),
    (("cloudflare", "cdnjs", "jsdelivr", "unpkg"), ("104.16", "104.18", "104.21")),
    (("fastly", "github", "reddit", "stackoverflow"), ("151.101", "199.232")),
)
_HOSTING: Final = (
    "34.149",
    "35.186",
    "18.195",
    "3.121",
    "51.75",
    "51.91",
    "95.216",
    "88.198",
    "46.4",
    "157.90",
)
_ROTATING: Final = (
    "cdn", "akamai", "cloudfront", "edgekey", "fastly", "googlevideo", "static", "img", "netflix",
    "nflxvideo", "gstatic", "windowsupdate", "delivery.mp", "pool.ntp.org", "netatmo", "ytimg",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """An answer: aliases on the way, addresses, and how long they hold (seconds)."""

    aliases: tuple[str, ...]
    addresses: tuple[bytes, ...]
    ttl: int


def _digest(*what: object) -> bytes:
    return blake2s("/".join(map(str, what)).encode(), digest_size=8).digest()


def _one(name: str, number: int) -> bytes:
    blocks = next((blocks for marks, blocks in _BLOCKS if any(mark in name for mark in marks)), _HOSTING)
    chosen = _digest(name, number)
    base = blocks[_digest(name)[0] % len(blocks)]
    first, second = (int(part) for part in base.split("."))
    return bytes((first, second, chosen[1], 1 + chosen[2] % 254))


def rotates(name: str) -> bool:
    """Whether the name's addresses change from answer to answer."""
    return any(mark in name for mark in _ROTATING)


@lru_cache(maxsize=4096)
def resolve(name: str, age: int) -> Resolved:
    """The addresses of `name` in the `age`-th span of its time to live."""
    digest = _digest(name, "kind")
    ttl = (60, 120, 300, 300, 600, 900, 1800, 3600)[digest[0] % 8]
    if not rotates(name):
        return Resolved((), tuple(_one(name, number) for number in range(1 + (digest[1] % 3 == 0))), ttl)
    alias = () if "ntp" in name or digest[2] % 3 == 0 else (f"{name.replace('.', '-')}.edge-cdn.net",)
    start = _digest(name, age)[0]
    return Resolved(alias, tuple(_one(name, (start + number) % 24) for number in range(4)), span(name))


def span(name: str) -> int:
    """Seconds an answer for `name` holds."""
    if rotates(name):
        return 150 if "ntp" in name else 60
    return resolve(name, 0).ttl


def distance(address: bytes) -> tuple[int, int]:
    """Time to live on arrival and round-trip time (µs) of an address outside."""
    digest = _digest(address.hex())
    return 64 - 7 - digest[0] % 12, 7_000 + digest[1] * 130


def stranger(seed: int, who: str) -> bytes:
    """A stable address for somebody in a story; another seed gives another.

    It lies in 84.205.64.0/19, which RIPE announces only to measure routing: no hosts are there.
    """
    digest = _digest(seed, who)
    return bytes((84, 205, 64 + digest[0] % 32, 1 + digest[1] % 254))
