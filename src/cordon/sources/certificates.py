"""Certificates as other sensors tell them, in the terms of the `tls` table."""

from typing import Final

import polars as pl

from cordon.model.tables import Schema
from cordon.sources.parsing import number, text

CERTIFICATES: Final[Schema] = {
    "certificate": pl.String,  # what connections name it by: SHA-256 of its DER, or the sensor's own id
    "subject": pl.String,
    "issuer": pl.String,
    "not_before": pl.Int64,
    "not_after": pl.Int64,
    "key_type": pl.String,
    "key_bits": pl.Int64,
    "signature": pl.String,
    "self_signed": pl.Boolean,
}
"""What a log of certificates tells, beside the log of connections."""

_SHA256: Final = r"^[0-9a-f]{64}$"
_KEYS: Final = {"ecdsa": "ec", "rsa": "rsa", "dsa": "dsa"}
_FARTHEST: Final = 253_402_300_799  # the last second of the year 9999, which certificates without an end bear


def moment(name: str) -> pl.Expr:
    """Times in seconds since the epoch or as ISO 8601, however far ahead, as microseconds; 0 where there are none."""
    seconds = pl.col(name).cast(pl.Float64, strict=False)
    iso = pl.col(name).str.replace(r"(Z|[+-]00:?00)$", "").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False)
    told = pl.when(seconds.is_between(-_FARTHEST, _FARTHEST)).then((seconds * 1_000_000).round().cast(pl.Int64))
    return pl.coalesce(told, iso.dt.timestamp("us"), pl.lit(0))


def turned_name(name: str) -> pl.Expr:
    """A name written from the country on (`C=DE, O=A, Inc., CN=b`) as RFC 4514 writes it (`CN=b,O=A\\, Inc.,C=DE`)."""
    parts = text(name).str.replace_all(r",\s*([A-Za-z][A-Za-z0-9.]*=)", "\x1f$1").str.split("\x1f")
    return parts.list.reverse().list.eval(pl.element().str.replace_all(",", "\\,", literal=True)).list.join(",")


def signature(name: str) -> pl.Expr:
    """OpenSSL's names of algorithms as ours: sha256WithRSAEncryption → sha256-rsa, ecdsa-with-SHA256 → sha256-ecdsa."""
    return (
        text(name)
        .str.to_lowercase()
        .str.replace(r"^(.*)withrsaencryption$", "$1-rsa")
        .str.replace(r"^(ecdsa|dsa)[-_]with[-_](.*)$", "$2-$1")
    )


def of_x509(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of Zeek's x509 log in the columns of `CERTIFICATES`."""
    named = rows.select(
        certificate=pl.coalesce("fingerprint", "id", pl.lit("")),
        subject=text("certificate.subject"),
        issuer=text("certificate.issuer"),
        not_before=moment("certificate.not_valid_before"),
        not_after=moment("certificate.not_valid_after"),
        key_type=text("certificate.key_type").str.to_lowercase().replace(_KEYS),
        key_bits=number("certificate.key_length"),
        signature=signature("certificate.sig_alg"),
    )
    same = (pl.col("subject") == pl.col("issuer")) & (pl.col("subject") != "")
    return named.with_columns(self_signed=same).filter(pl.col("certificate") != "").select(*CERTIFICATES)


def with_certificates(tls: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Rows of `tls` with what was told of the certificate they name; only a SHA-256 stays as its name."""
    once = told.unique().sort(*CERTIFICATES).unique("certificate", keep="first", maintain_order=True)
    columns = [column for column in CERTIFICATES if column != "certificate"]
    joined = tls.join(once, on="certificate", how="left", suffix="_told", maintain_order="left")
    return joined.with_columns(
        *(pl.coalesce(f"{column}_told", column).alias(column) for column in columns),
        certificate=pl.when(pl.col("certificate").str.contains(_SHA256)).then("certificate").otherwise(pl.lit("")),
    ).select(tls.columns)
