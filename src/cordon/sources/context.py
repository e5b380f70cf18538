"""What every parser of logs needs to know."""

from dataclasses import dataclass
from hashlib import blake2s

import polars as pl


@dataclass(frozen=True, slots=True)
class Context:
    """What parsing needs to know: the name of the untagged network, and the key under which secrets are hashed."""

    segment: str
    secret_key: bytes

    def secret(self, user: str, password: str) -> str:
        """The keyed hash of a credential, the only form in which a secret leaves a source."""
        return blake2s(f"{user}\0{password}".encode(), key=self.secret_key[:32], digest_size=16).hexdigest()

    def secrets(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Adds `secret` for columns `user` and `password`; each credential is hashed once."""
        pairs = rows.select("user", "password").unique().filter(~pl.col("password").is_in(["", "<hidden>"]))
        hashes = [self.secret(user, password) for user, password in pairs.iter_rows()]
        told = pairs.with_columns(secret=pl.Series(hashes, dtype=pl.String))
        joined = rows.join(told, on=["user", "password"], how="left", maintain_order="left")
        return joined.with_columns(pl.col("secret").fill_null(""))
