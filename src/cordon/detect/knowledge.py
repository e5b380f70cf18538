"""What detectors know before they have seen anything: the keyed hashes of known default credentials, and the feeds."""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2s
from importlib.resources import files
from pathlib import Path

from cordon.detect.threats import Threats


class Knowledge:
    """Built once for a secret key: the engine lets secrets out only as hashes keyed with it.

    Args:
        secret_key: the key of the `secret` column of logins, up to 32 bytes; without one no default is recognised.
        scanners: MAC and IP addresses of devices that look around by their office.
        feeds: the folder of the feeds of threat intelligence; without one nothing is known to be bad.
    """

    def __init__(self, secret_key: bytes = b"", scanners: Iterable[str] = (), feeds: Path | None = None) -> None:
        self.scanners = frozenset(scanners)
        self.threats = Threats(feeds)
        self.defaults: dict[str, str] = {}
        """Keyed hash of a known default credential → its user name."""
        if secret_key:
            self.defaults = {_hash(user, password, secret_key): user for user, password in default_credentials()}


def _hash(user: str, password: str, key: bytes) -> str:
    return blake2s(f"{user}\0{password}".encode(), key=key, digest_size=16).hexdigest()


@cache
def default_credentials() -> tuple[tuple[str, str], ...]:
    """The known default credentials as (user, password), sorted."""
    text = files("cordon.detect.data").joinpath("default_credentials.tsv").read_text(encoding="utf-8")
    pairs = (line.split("\t", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((user, password) for user, password in pairs)
