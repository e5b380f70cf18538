"""The types of events that tell us something: the fields taken from each, and what they become."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.jsonlines import Fields
from cordon.sources.logs import Rows
from cordon.sources.suricata.alerts import ALERT, alert
from cordon.sources.suricata.files import FILEINFO, FTP_DATA, fileinfo
from cordon.sources.suricata.flows import FLOW, TCP, flow
from cordon.sources.suricata.logins import FTP, SSH_SIDE, ftp, ssh
from cordon.sources.suricata.names import ARP, DHCP, DNS, arp, dhcp, dns
from cordon.sources.suricata.telemetry import MQTT, mqtt
from cordon.sources.suricata.web import HTTP, QUIC, TLS, http, quic, tls


@dataclass(frozen=True, slots=True)
class Event:
    """One type of event: the fields taken from it, and what they become."""

    fields: Fields
    read: Callable[[pl.DataFrame, Context], Rows]


EVENTS: Final[dict[str, Event]] = {
    "flow": Event({"app_proto": pl.String, "flow": FLOW, "tcp": TCP}, flow),
    "dns": Event({"dns": DNS}, dns),
    "tls": Event({"tls": TLS}, tls),
    "quic": Event({"quic": QUIC}, quic),
    "http": Event({"http": HTTP}, http),
    "ssh": Event({"ssh": pl.Struct({"client": SSH_SIDE, "server": SSH_SIDE})}, ssh),
    "ftp": Event({"ftp": FTP}, ftp),
    "dhcp": Event({"dhcp": DHCP}, dhcp),
    "mqtt": Event({"mqtt": MQTT}, mqtt),
    "fileinfo": Event({"app_proto": pl.String, "fileinfo": FILEINFO, "ftp_data": FTP_DATA}, fileinfo),
    "arp": Event({"arp": ARP}, arp),
    "alert": Event({"alert": ALERT}, alert),
}
"""The events that tell us something, by their type."""
