"""Writes small logs as Zeek does, in TSV and in JSON lines."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NOON = 1_700_000_000.0
CONN = (
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "proto",
    "service",
    "duration",
    "orig_bytes",
    "resp_bytes",
    "conn_state",
    "missed_bytes",
    "history",
    "orig_pkts",
    "orig_ip_bytes",
    "resp_pkts",
    "resp_ip_bytes",
)


def ends(
    uid: str, after: float = 0.0, client: str = "192.168.1.20", server: str = "198.51.100.7", port: int = 443
) -> dict[str, Any]:
    """What every log of a connection begins with."""
    return {
        "ts": NOON + after,
        "uid": uid,
        "id.orig_h": client,
        "id.orig_p": 40000,
        "id.resp_h": server,
        "id.resp_p": port,
    }


def conn(
    uid: str, after: float = 0.0, *, seconds: float | None = 1.0, state: str = "SF", **more: Any
) -> dict[str, Any]:
    """A connection; `more` replaces fields, with `_` for the dot of ends' names."""
    whole = {
        "proto": "tcp",
        "service": None,
        "duration": seconds,
        "orig_bytes": 100,
        "resp_bytes": 200,
        "conn_state": state,
        "missed_bytes": 0,
        "history": "ShADadFf",
        "orig_pkts": 5,
        "orig_ip_bytes": 400,
        "resp_pkts": 4,
        "resp_ip_bytes": 500,
    }
    place = {key: more.pop(key) for key in ("client", "server", "port") if key in more}
    return ends(uid, after, **place) | whole | more


def tsv(path: Path, kind: str, rows: Sequence[dict[str, Any]], separator: str = "\t", sets: str = ",") -> Path:
    """Writes rows as Zeek's TSV."""
    fields = list(dict.fromkeys(key for row in rows for key in row))
    lines = [
        "#separator " + "".join(f"\\x{ord(char):02x}" for char in separator),
        separator.join(("#set_separator", sets)),
        separator.join(("#empty_field", "(empty)")),
        separator.join(("#unset_field", "-")),
        separator.join(("#path", kind)),
        separator.join(("#fields", *fields)),
        separator.join(("#types", *("string" for _ in fields))),
    ]
    lines += [separator.join(_cell(row.get(field), sets) for field in fields) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, separator.join(("#close", "2023-11-14-22-13-20"))]) + "\n", encoding="utf-8")
    return path


def jsonl(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Writes rows as JSON lines; like Zeek, without fields that have no value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({key: value for key, value in row.items() if value is not None}) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _cell(value: Any, sets: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return sets.join(str(one) for one in value) or "(empty)"
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
