"""What logs of other sensors tell of TLS and QUIC: a row for the client's hello, another for the server's choice."""

from typing import Final

import polars as pl

from cordon.sources.certificates import moment, turned_name
from cordon.sources.parsing import complete, domain, text

_OFFERED: Final = {
    "13": "TLS1.3", "12": "TLS1.2", "11": "TLS1.1", "10": "TLS1.0", "s3": "SSL3", "s2": "SSL2",
    "d1": "DTLS1.0", "d2": "DTLS1.2", "d3": "DTLS1.3",
}  # fmt: skip
_MD5: Final = r"^[0-9a-f]{32}$"


def both(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `tls`, two for each connection of which the server's choice is told.

    Args:
        rows: with the columns of a connection, `sni`, `ja3`, `ja4`, `alpn` (first offered), `chosen` (version) and
            `chosen_alpn`; and as far as told `cipher` and columns of the certificate.
    """
    offered = pl.col("ja4").str.slice(1, 2).replace_strict(_OFFERED, default="", return_dtype=pl.String)
    newest = pl.col("chosen") == "TLS1.3"  # there is nothing higher to offer
    rows = rows.with_columns(ja3=pl.when(pl.col("ja3").str.contains(_MD5)).then("ja3").otherwise(pl.lit("")))
    asked = rows.select(
        "time", "flow", "segment", "mac", "client", "server", "port", "sni", "alpn", "ja3", "ja4",
        version=pl.when(newest).then(pl.lit("TLS1.3")).otherwise(offered),
    )  # fmt: skip
    answered = rows.filter(pl.col("chosen") != "").with_columns(
        is_response=pl.lit(True), version="chosen", alpn="chosen_alpn", ja3=pl.lit(""), ja4=pl.lit("")
    )
    return pl.concat([complete("tls", asked), complete("tls", answered)])


_ZEEK: Final = {
    "TLSv13": "TLS1.3", "TLSv12": "TLS1.2", "TLSv11": "TLS1.1", "TLSv10": "TLS1.0", "SSLv3": "SSL3", "SSLv2": "SSL2",
    "DTLSv10": "DTLS1.0", "DTLSv12": "DTLS1.2", "DTLSv13": "DTLS1.3",
}  # fmt: skip
_SURICATA: Final = {
    "TLS 1.3": "TLS1.3", "TLS 1.2": "TLS1.2", "TLS 1.1": "TLS1.1", "TLSv1": "TLS1.0", "TLS 1.0": "TLS1.0",
    "SSLv3": "SSL3", "SSLv2": "SSL2",
}  # fmt: skip


def of_zeek(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `tls` from those of the ssl log. Its protocol is the one chosen; what was offered it does not say.

    `certificate` is what the x509 log knows the server's by: see `certificates.with_certificates`.
    """
    subject, issuer = text("subject"), text("issuer")
    return both(
        rows.with_columns(
            mac=pl.lit(""),
            sni=domain("server_name"),
            ja3=text("ja3"),
            ja4=text("ja4"),
            alpn=pl.lit(""),
            chosen=_chosen("version", _ZEEK),
            chosen_alpn=text("next_protocol"),
            cipher=text("cipher"),
            subject=subject,
            issuer=issuer,
            self_signed=(subject == issuer) & (subject != ""),
            certificate=pl.coalesce(
                pl.col("cert_chain_fps").list.first(), pl.col("cert_chain_fuids").list.first(), pl.lit("")
            ),
        )
    )


def of_suricata(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `tls` from the fields of events, each named `tls_…`; their print of a certificate is SHA-1: not ours."""
    subject, issuer = turned_name("tls_subject"), turned_name("tls_issuerdn")
    return both(
        rows.with_columns(
            sni=domain("tls_sni"),
            ja3=pl.col("tls_ja3").struct.field("hash").fill_null(""),
            ja4=text("tls_ja4"),
            alpn=pl.col("tls_client_alpns").list.first().fill_null(""),
            chosen=_chosen("tls_version", _SURICATA),
            chosen_alpn=pl.col("tls_server_alpns").list.first().fill_null(""),
            subject=subject,
            issuer=issuer,
            not_before=moment("tls_notbefore"),
            not_after=moment("tls_notafter"),
            self_signed=(subject == issuer) & (subject != ""),
        )
    )


def _chosen(name: str, known: dict[str, str]) -> pl.Expr:
    return text(name).replace_strict(known, default="", return_dtype=pl.String)


def quic_version(name: str) -> pl.Expr:
    """Versions of QUIC as the table has them: v1 → 1, quicv2 → 2, draft 29 → draft-29, Q046 → 0x51303436."""
    plain = text(name).str.replace(r"^(quic)?v(\d)$", "$2").str.replace(r"^draft[ _](\d+)$", "draft-$1")
    lettered = plain.str.contains(r"^[QT]\d{3}$")
    return pl.when(lettered).then("0x" + plain.str.encode("hex")).otherwise(plain)
