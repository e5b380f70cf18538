"""What the native engine reads in a capture, in the terms in which `agreement_tshark.py` puts what tshark reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from evaluation.agreement_tshark import Seen

from cordon import _native
from cordon.model.tables import MINUTE
from evaluation import agreement_tshark as tshark

FIELDS = (
    *("arp", "dns name", "dns type", "dns code", "dns answers", "mdns name", "mdns type", "mdns answers"),
    *("llmnr name", "llmnr type", "llmnr answers", "dhcp host name", "dhcp vendor class", "dhcp parameters"),
    *("tls hello", "tls server name", "tls version", "tls alpn", "http method", "http host", "http path"),
    *("http agent", "http status", "http server", "ntp client"),
    *("tls ja3", "tls version chosen", "tls suite chosen", "quic server name", "quic alpn"),
    *("mqtt client", "mqtt message", "mqtt topic", "coap code", "modbus operation", "s7 operation"),
)
"""Of each, what is compared, in the order of the table."""


def read(path: Path) -> Seen:
    """What the native engine reads in a capture.

    Raises:
        ValueError: the file is empty or no capture.
    """
    reader = _native.CaptureReader([str(path)], window=10 * MINUTE)
    seen = Seen()
    while (window := reader.next()) is not None:
        for name, table in window.tables.items():
            frame = pl.DataFrame(table)
            if name in {"tls", "http", "quic"}:
                seen.ports |= {(name, port) for port in frame["port"].unique()}
            for said, at, value, time in READERS.get(name, _nothing)(frame):
                if said in FIELDS:
                    seen.add(said, at, value, time)
    seen.packets = reader.stats()["packets"]
    return seen


Told = Iterator[tuple[str, int, str, int]]
"""Field, moment compared (µs), value, moment seen."""


def _nothing(_table: pl.DataFrame) -> Told:
    return iter(())


def _arp(table: pl.DataFrame) -> Told:
    columns = table.select("time", "operation", "sender_mac", "sender_ip", "target_ip")
    for time, operation, mac, sender, target in columns.iter_rows():
        yield "arp", time, f"{operation} {mac} {sender} → {target}", time


def _dns(table: pl.DataFrame) -> Told:
    columns = table.select("time", "transport", "is_response", "name", "type", "rcode", "answers")
    for time, transport, is_response, name, kind, code, answers in columns.iter_rows():
        yield f"{transport} name", time, f"{'answer' if is_response else 'question'} {_unmarked(name)}", time
        yield f"{transport} type", time, kind, time
        if is_response:
            yield f"{transport} code", time, code, time
            yield f"{transport} answers", time, ",".join(map(_unmarked, answers)), time


def _unmarked(name: str) -> str:
    """A name as tshark writes it: see `agreement_tshark.plain`."""
    return tshark.plain(re.sub(r"\\(.)", r"\1", re.sub(r"(\\\d{3})+", "\x7f", name)))


def _tls(table: pl.DataFrame) -> Told:
    table = table.filter(~pl.col("ja4").str.starts_with("d"), ~pl.col("version").str.starts_with("DTLS"))
    chosen = table.filter("is_response").select("time", "client", "server", "port", "version", "cipher")
    for time, client, server, port, version, cipher in chosen.iter_rows():
        yield "tls version chosen", 0, f"{client} > {server} {port} {version}", time
        yield "tls suite chosen", 0, f"{client} > {server} {port} {cipher}", time
    hellos = table.filter(~pl.col("is_response")).select("time", "sni", "version", "alpn", "ja3")
    for time, sni, version, alpn, ja3 in hellos.iter_rows():
        yield "tls hello", time, "", time
        yield "tls server name", time, sni, time
        yield "tls version", time, version, time
        yield "tls alpn", time, alpn, time
        yield "tls ja3", time, ja3, time


def _quic(table: pl.DataFrame) -> Told:
    for time, sni, alpn in table.select("time", "sni", "alpn").iter_rows():
        yield "quic server name", time, sni, time
        yield "quic alpn", time, alpn, time


HTTP = {
    **{"method": "http method", "host": "http host", "path": "http path", "agent": "http agent"},
    **{"status": "http status", "server_name": "http server"},
}


def _http(table: pl.DataFrame) -> Told:
    for row in table.iter_rows(named=True):
        ends = f"{row['client']} > {row['server']} {row['port']}"
        for column, name in HTTP.items():
            if row[column]:
                yield name, 0, f"{ends} {row[column]}", row["time"]


def _mqtt(table: pl.DataFrame) -> Told:
    """A message with several filters has as many rows, and counts once."""
    told: set[tuple[int, int, str]] = set()
    rows = table.select("time", "flow", "message", "client_id", "topic").iter_rows()
    for time, flow, message, client, topic in rows:
        if message == "connect":
            yield "mqtt client", time, client, time
        elif topic:
            yield "mqtt topic", time, topic, time
        if not message.endswith("subscribe") or (time, flow, message) not in told:
            yield "mqtt message", time, message, time
            told.add((time, flow, message))


def _coap(table: pl.DataFrame) -> Told:
    for time, code in table.select("time", "code").iter_rows():
        yield "coap code", time, code, time


def _ot(table: pl.DataFrame) -> Told:
    names = {"modbus": "modbus operation", "s7comm": "s7 operation"}
    rows = table.filter(pl.col("protocol").is_in(list(names)))
    for time, protocol, is_response, function in rows.select("time", "protocol", "is_response", "function").iter_rows():
        yield names[protocol], time, f"{'answer' if is_response else 'question'} {function}", time


SIGHTED = {
    "dhcp.hostname": "dhcp host name",
    "dhcp.vendor": "dhcp vendor class",
    "dhcp.params": "dhcp parameters",
    "ntp.client": "ntp client",
}


def _sightings(table: pl.DataFrame) -> Told:
    wanted = table.filter(pl.col("field").is_in(list(SIGHTED)))
    for step, time, mac, name, value in wanted.select("step", "time", "mac", "field", "value").iter_rows():
        yield SIGHTED[name], step, f"{mac} {value}", time


READERS = {
    **{"arp": _arp, "dns": _dns, "tls": _tls, "quic": _quic, "http": _http, "mqtt": _mqtt, "coap": _coap},
    **{"ot": _ot, "sightings": _sightings},
}
