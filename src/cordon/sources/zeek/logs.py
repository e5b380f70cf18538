"""The logs of Zeek that tell us something: the fields taken from each, and what they become."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.model.tables import Schema
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.reports import TEXTS
from cordon.sources.zeek.connections import conn
from cordon.sources.zeek.files import files
from cordon.sources.zeek.identity import kerberos, ntp, software
from cordon.sources.zeek.logins import ftp, ssh
from cordon.sources.zeek.names import dhcp, dns
from cordon.sources.zeek.notices import notice
from cordon.sources.zeek.telemetry import mqtt, mqtt_publish, mqtt_subscribe
from cordon.sources.zeek.web import http, quic, ssl, x509

_ENDS: Final[Schema] = dict.fromkeys(("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"), pl.String)


def _fields(*names: str, lists: tuple[str, ...] = (), ends: bool = True) -> Schema:
    fields: Schema = dict(_ENDS) if ends else {"ts": pl.String}
    fields.update(dict.fromkeys(names, pl.String))
    fields.update(dict.fromkeys(lists, TEXTS))
    return fields


Read = Callable[[pl.DataFrame, Context, Damage, str], Rows]


@dataclass(frozen=True, slots=True)
class Log:
    """One of Zeek's logs: the fields taken from it, and what they become."""

    fields: Schema
    read: Read


LOGS: Final[dict[str, Log]] = {
    "conn": Log(
        _fields(
            "proto", "ip_proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state", "missed_bytes",
            "history", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes", "orig_l2_addr", "resp_l2_addr",
            "vlan",
        ),
        conn,
    ),
    "dns": Log(_fields("rtt", "query", "qtype_name", "rcode_name", lists=("answers", "TTLs")), dns),
    "ssl": Log(
        _fields(
            "version", "cipher", "server_name", "next_protocol", "ja3", "ja4", "subject", "issuer",
            lists=("cert_chain_fps", "cert_chain_fuids"),
        ),
        ssl,
    ),
    "x509": Log(
        _fields(
            "fingerprint", "id", "certificate.subject", "certificate.issuer", "certificate.not_valid_before",
            "certificate.not_valid_after", "certificate.key_type", "certificate.key_length", "certificate.sig_alg",
            ends=False,
        ),
        x509,
    ),
    "quic": Log(_fields("version", "server_name", "client_protocol"), quic),
    "http": Log(
        _fields(
            "method", "host", "uri", "user_agent", "status_code", "username", "password", lists=("resp_mime_types",)
        ),
        http,
    ),
    "ftp": Log(_fields("user", "password", "reply_code"), ftp),
    "ssh": Log(_fields("auth_success", "auth_attempts", "client", "server", "hassh", "hasshServer"), ssh),
    "dhcp": Log(
        _fields(
            "server_addr", "mac", "host_name", "requested_addr", "assigned_addr", lists=("msg_types",), ends=False
        ),
        dhcp,
    ),
    "mqtt_connect": Log(_fields("proto_version", "client_id", "will_topic"), mqtt),
    "mqtt_publish": Log(_fields("from_client", "retain", "qos", "topic", "payload_len"), mqtt_publish),
    "mqtt_subscribe": Log(_fields("action", lists=("topics", "qos_levels")), mqtt_subscribe),
    "kerberos": Log(_fields("client"), kerberos),
    "files": Log(
        _fields(
            "uid", "source", "mime_type", "filename", "duration", "is_orig", "seen_bytes", "total_bytes",
            "missing_bytes", "overflow_bytes", "timedout", "sha256", lists=("tx_hosts", "rx_hosts", "conn_uids"),
        ),
        files,
    ),
    "ntp": Log(_fields("mode"), ntp),
    "notice": Log(_fields("note", "msg", "sub", "src", "dst", "p", "proto", lists=("actions",)), notice),
    "software": Log(_fields("host", "software_type", "unparsed_version", ends=False), software),
}  # fmt: skip
"""The logs that tell us something, by their names."""
