"""What checks know before they have seen anything: how secrets are hashed, and which of them anybody would guess."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2s
from typing import Final

from cordon.exposure.expected import Book, book_of

GUESSES: Final = (
    "password", "123456", "12345678", "123456789", "12345", "1234", "111111", "000000", "qwerty", "abc123", "letmein",
    "secret", "changeme", "welcome", "test", "user", "guest", "root", "admin",
)  # fmt: skip
"""Passwords that head every published list of the most frequent ones."""


class Knowledge:
    """Built once for a secret key: the engine lets secrets out only as hashes keyed with it.

    Args:
        secret_key: the key of the `secret` column of logins, up to 32 bytes; without one no secret is recognised.
        defaults: keyed hash of a known default credential → its user name.
        expected: what is expected of each kind of device; else the shipped ones.
    """

    def __init__(self, secret_key: bytes = b"", defaults: Mapping[str, str] | None = None,
                 expected: Book | None = None) -> None:  # fmt: skip
        self._key = secret_key
        self._communities: frozenset[str] = frozenset()
        self.defaults: Mapping[str, str] = dict(defaults or {})
        self.expected = expected if expected is not None else book_of({})
        self._guessed = lru_cache(maxsize=4096)(self._guesses)

    def guessable(self, user: str, secret: str) -> str:
        """Why anybody would guess a secret: "empty", "the user's name", "among the most frequent"; "" where not."""
        return self._guessed(user).get(secret, "") if self._key else ""

    def is_community(self, digest: str, usual: Iterable[str]) -> bool:
        """Whether a digest is of one of these communities of SNMP, or of none at all."""
        if not self._key:
            return False
        if not self._communities:
            self._communities = frozenset(self.digest("", one) for one in (*usual, ""))
        return digest in self._communities

    def _guesses(self, user: str) -> dict[str, str]:
        found = {self.digest(user, one): "among the most frequent" for one in GUESSES}
        own = {user, user.lower(), f"{user}123", f"{user}1", user[::-1]}
        found |= {self.digest(user, one): "made of the user's name" for one in sorted(own) if one}
        return found | {self.digest(user, ""): "empty"}

    def digest(self, user: str, password: str) -> str:
        """A secret as the engine writes it."""
        return blake2s(f"{user}\0{password}".encode(), key=self._key, digest_size=16).hexdigest()
