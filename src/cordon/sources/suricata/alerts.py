"""Events of alerts: what Suricata's rules noticed."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, protocol, text
from cordon.sources.reports import TEXTS, alerted
from cordon.sources.suricata.rows import ended, unnested

ALERT: Final = pl.Struct(
    {
        **dict.fromkeys(("action", "gid", "signature_id", "signature", "category", "severity"), pl.String),
        "metadata": pl.Struct({"mitre_technique_id": TEXTS, "signature_severity": TEXTS}),
    }
)

_SEVERITIES: Final = {"1": "high", "2": "medium", "3": "low"}
"""By priority; anything further is told for information."""

_GRADES: Final = {"critical": "critical", "major": "high", "minor": "low", "informational": "info"}
"""By what the rule's metadata say, which is finer than its priority."""


def alert(rows: pl.DataFrame, _: Context) -> Rows:
    """One row each; the source is who sent the packet that the rule fits."""
    rows = unnested(unnested(ended(rows), "alert"), "alert_metadata")
    grade, technique = (pl.col(f"alert_metadata_{one}").list.first() for one in ("signature_severity",
                                                                                 "mitre_technique_id"))  # fmt: skip
    priority = pl.col("alert_severity")
    rows = rows.filter(text("alert_signature_id") != "").with_columns(
        src="client",
        dst="server",
        src_mac="mac",
        dst_mac="server_mac",
        src_port="source_port",
        dst_port="port",
        proto=protocol("proto"),
        source=pl.lit("suricata"),
        signature=pl.format("{}:{}", pl.col("alert_gid").fill_null("1"), "alert_signature_id"),
        category=text("alert_category"),
        severity=pl.coalesce(
            grade.str.to_lowercase().replace_strict(_GRADES, default=None, return_dtype=pl.String),
            pl.when(priority.is_not_null()).then(priority.replace_strict(_SEVERITIES, default="info")),
            pl.lit("medium"),
        ),
        technique=technique.str.to_uppercase(),
        text=text("alert_signature"),
        is_blocked=text("alert_action") == "blocked",
    )
    return {"alerts": complete("alerts", alerted(rows))}
