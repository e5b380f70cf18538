"""Which of our tables and columns hold what log sources and fields of Sigma's network rules name."""

from typing import Final

_ENDS: Final = {
    **dict.fromkeys(("src_ip", "c-ip", "client_ip", "id.orig_h", "source.ip"), "client"),
    **dict.fromkeys(("dst_ip", "s-ip", "id.resp_h", "destination.ip"), "server"),
    **dict.fromkeys(("dst_port", "s-port", "id.resp_p"), "port"),
}
_FLOWS: Final = {
    **dict.fromkeys(("src_ip", "id.orig_h", "SourceIp"), "src"),
    **dict.fromkeys(("dst_ip", "id.resp_h", "DestinationIp"), "dst"),
    **dict.fromkeys(("src_port", "id.orig_p", "SourcePort"), "src_port"),
    **dict.fromkeys(("dst_port", "id.resp_p", "DestinationPort"), "dst_port"),
    **dict.fromkeys(("proto", "protocol", "Protocol"), "proto"),
    "service": "service",
}
_DNS: Final = {
    **{name: column for name, column in _ENDS.items() if column != "port"},
    **dict.fromkeys(("query", "QueryName", "dns.question.name"), "name"),
    **dict.fromkeys(("record_type", "qtype_name", "QueryType"), "type"),
    **dict.fromkeys(("rcode_name", "QueryStatus", "response_code"), "rcode"),
    **dict.fromkeys(("answers", "answer", "QueryResults"), "answers"),
}
_WEB: Final = {
    **_ENDS,
    **dict.fromkeys(("cs-method", "method"), "method"),
    **dict.fromkeys(("cs-host", "host", "r-dns", "cs-Host"), "host"),
    **dict.fromkeys(("c-uri", "uri", "cs-uri", "cs-uri-stem", "c-uri-path"), "path"),
    **dict.fromkeys(("c-useragent", "cs-user-agent", "user_agent"), "agent"),
    **dict.fromkeys(("sc-status", "status_code"), "status"),
    **dict.fromkeys(("cs-mime-type", "resp_mime_types"), "content_type"),
}
_TLS: Final = {
    **_ENDS,
    **{name: name for name in ("ja3", "ja4", "subject", "issuer", "version", "cipher")},
    "server_name": "sni",
}
_FILES: Final = {"filename": "name", "mime_type": "kind", "sha256": "sha256", "hash.sha256": "sha256"}
_LOGINS: Final = {**_ENDS, "user": "user", "username": "user"}

SOURCES: Final = (
    ("dns", _DNS, {"category": "dns"}),
    ("dns", _DNS, {"product": "zeek", "service": "dns"}),
    ("http", _WEB, {"category": "proxy"}),
    ("http", _WEB, {"category": "webserver"}),
    ("http", _WEB, {"product": "zeek", "service": "http"}),
    ("flows", _FLOWS, {"category": "firewall"}),
    ("flows", _FLOWS, {"product": "zeek", "service": "conn"}),
    ("tls", _TLS, {"product": "zeek", "service": "ssl"}),
    ("tls", _TLS, {"product": "zeek", "service": "x509"}),
    ("files", _FILES, {"product": "zeek", "service": "files"}),
    ("logins", _LOGINS, {"product": "zeek", "service": "ssh"}),
    ("logins", _LOGINS, {"product": "zeek", "service": "ftp"}),
)
"""Which of our tables holds what a log source of Sigma's does, and which column is which of its fields."""

SAYS: Final = {
    "dns": "asked for {name}",
    "http": "spoke with {server} over the web",
    "flows": "spoke with {dst} (port {dst_port})",
    "tls": "spoke TLS with {server}",
    "files": "had to do with the file {name}",
    "logins": "signed in to {server}",
}
TACTICS: Final = {
    "command-and-control": "command-and-control",
    "exfiltration": "exfiltration",
    "lateral-movement": "spread",
    "discovery": "scan",
    "reconnaissance": "scan",
    "initial-access": "exploit",
    "credential-access": "brute-force",
}
PROTOCOLS: Final = {"tcp": 6, "udp": 17, "icmp": 1}
