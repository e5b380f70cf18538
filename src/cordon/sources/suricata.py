"""Suricata's events (EVE JSON): flow, dns, tls, quic, http, ssh, ftp, dhcp, mqtt and arp become rows of our tables.

Alerts and the events of other protocols are set aside. Suricata counts bytes of whole frames and says nothing of
payload: what is given is the least that must have been above TCP or UDP (see `parsing.least_payload`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.tables import STEP
from cordon.sources import hellos
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.jsonlines import Fields, decoded
from cordon.sources.lines import blocks, head
from cordon.sources.logs import Rows
from cordon.sources.parsing import (
    DNS_PORTS,
    LINE,
    PROTOCOLS,
    address,
    complete,
    domain,
    epoch,
    hashed,
    least_payload,
    mac,
    number,
    numbered,
    port,
    segment,
    sound,
    text,
)

TEXTS: Final = pl.List(pl.String)
MOST_FILTERS: Final = 64
"""Filters of MQTT told of one subscription."""

_TYPE: Final = r'"event_type"\s*:\s*"([a-z0-9_]+)"'
_SERVER_PORTS: Final = (53, 5353, 5355)


def is_eve(path: Path) -> bool:
    """Whether a file's beginning looks like Suricata's events.

    Raises:
        SourceError: the file is missing or cannot be read.
    """
    start = head(path).decode("utf-8", "replace").lstrip()
    return start.startswith("{") and '"event_type"' in start


def parse(path: Path, damage: Damage, context: Context) -> Iterator[tuple[int, Rows]]:
    """The file's rows, block by block.

    Raises:
        SourceError: the file vanished or cannot be read any more.
    """
    for block in blocks(path, damage):
        lines = numbered(block).with_columns(event=pl.col("line").str.extract(_TYPE))
        lost = lines.filter(pl.col("event").is_null())
        if lost.height:
            damage.add("event: broken line", f"{path.name}:{lost[LINE][0]}", lost.height)
        for name, event in EVENTS.items():
            mine = lines.filter(pl.col("event") == name)
            if mine.height:
                rows = decoded(
                    mine.select(LINE, "line"), {**_COMMON, **event.fields}, damage, "event: broken line", path.name
                )
                yield block.position, event.read(_common(rows, context, damage, path.name), context)


_COMMON: Final[Fields] = {
    "timestamp": pl.String,
    "flow_id": pl.String,
    "src_ip": pl.String,
    "src_port": pl.String,
    "dest_ip": pl.String,
    "dest_port": pl.String,
    "proto": pl.String,
    "vlan": TEXTS,
    "ether": pl.Struct({"src_mac": pl.String, "dest_mac": pl.String, "src_macs": TEXTS, "dest_macs": TEXTS}),
}


def _common(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> pl.DataFrame:
    """Rows with time, ends, flow and network; those without a time are damage."""
    ether = pl.col("ether").struct
    if "flow" in rows.columns:
        rows = rows.rename({"flow": "flow_told"})
    rows = rows.with_columns(
        source_mac=pl.coalesce(ether.field("src_mac"), ether.field("src_macs").list.first()),
        target_mac=pl.coalesce(ether.field("dest_mac"), ether.field("dest_macs").list.first()),
    ).with_columns(
        time=epoch("timestamp"),
        flow=hashed(rows, "flow_id"),
        segment=segment(pl.col("vlan").list.first(), context.segment),
        client=address("src_ip"),
        server=address("dest_ip"),
        source_port=port("src_port"),
        port=port("dest_port"),
        mac=mac("source_mac"),
        server_mac=mac("target_mac"),
    )
    rows = sound(rows, ["time"], damage, "event: no time", place)
    return rows.with_columns(step=pl.col("time") // STEP * STEP)


@dataclass(frozen=True, slots=True)
class Event:
    """One type of event: the fields taken from it, and what they become."""

    fields: Fields
    read: Callable[[pl.DataFrame, Context], Rows]


def _unnested(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The fields of a struct as columns of their own, under names that begin with the struct's."""
    fields = rows[column].struct.fields
    return rows.with_columns(pl.col(column).struct.field(field).alias(f"{column}_{field}") for field in fields).drop(
        column
    )


def _ended(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("client").is_not_null() & pl.col("server").is_not_null())


_FLOW: Final = pl.Struct(
    dict.fromkeys(
        ("pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "start", "end", "state", "reason"),
        pl.String,
    )
)
_TCP: Final = pl.Struct(dict.fromkeys(("tcp_flags_ts", "tcp_flags_tc", "state"), pl.String))
_SERVICES: Final = {"failed": "", "unknown": "", "http1": "http", "http2": "http", "ftp-data": "ftp", "krb5": "krb"}
SYN, RST = 0x02, 0x04


def _flow(rows: pl.DataFrame, _: Context) -> Rows:
    rows = _unnested(_unnested(_ended(rows), "flow_told"), "tcp")
    rows = rows.with_columns(
        first=pl.coalesce(epoch("flow_told_start"), "time"),
        last=pl.coalesce(epoch("flow_told_end"), epoch("flow_told_start"), "time"),
        proto=pl.coalesce(
            text("proto").str.to_lowercase().replace_strict(PROTOCOLS, default=None, return_dtype=pl.UInt8),
            pl.col("proto").cast(pl.UInt8, strict=False),
            pl.lit(0, pl.UInt8),
        ),
        flags_out=_hex("tcp_tcp_flags_ts"),
        flags_in=_hex("tcp_tcp_flags_tc"),
        packets_out=number("flow_told_pkts_toserver"),
        packets_in=number("flow_told_pkts_toclient"),
        bytes_out=number("flow_told_bytes_toserver"),
        bytes_in=number("flow_told_bytes_toclient"),
        service=_service(),
    ).with_columns(state=_state())
    flows = rows.with_columns(
        began="first",
        is_first=pl.lit(True),
        is_last=pl.lit(True),
        src="client",
        dst="server",
        src_port="source_port",
        dst_port="port",
        src_mac="mac",
        dst_mac="server_mac",
        payload_out=least_payload("out", link=14, address="client"),
        payload_in=least_payload("in", link=14, address="client"),
        opener_known=(pl.col("proto") != 6) | (pl.col("flags_out") & SYN > 0),
        end=pl.when(pl.col("state").is_in(["closed", "reset"]))
        .then("state")
        .when(pl.col("state") == "refused")
        .then(pl.lit("reset"))
        .otherwise(pl.lit("idle")),
    )
    return {"flows": complete("flows", flows)}


def _hex(name: str) -> pl.Expr:
    return pl.col(name).str.to_integer(base=16, strict=False).fill_null(0).cast(pl.Int64).clip(0, 255).cast(pl.UInt8)


def _service() -> pl.Expr:
    told = text("app_proto").str.to_lowercase().replace(_SERVICES)
    special = pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default=None, return_dtype=pl.String)
    return pl.when(told == "dns").then(pl.coalesce(special, told)).otherwise(told)


def _state() -> pl.Expr:
    """The state of a TCP connection from the flags of both ways and Suricata's own state."""
    told, out, into = text("tcp_state"), pl.col("flags_out"), pl.col("flags_in")
    opened = (out & SYN > 0) & (into & SYN > 0)
    return (
        pl.when(pl.col("proto") != 6)
        .then(pl.lit(""))
        .when((out & SYN > 0) & (into & SYN == 0) & (into & RST > 0))
        .then(pl.lit("refused"))
        .when((out & SYN > 0) & (into & SYN == 0))
        .then(pl.lit("opening"))
        .when(opened & ((out | into) & RST > 0))
        .then(pl.lit("reset"))
        .when(
            opened & told.is_in(["closed", "time_wait", "last_ack", "closing", "fin_wait1", "fin_wait2", "close_wait"])
        )
        .then(pl.lit("closed"))
        .when(opened | told.is_in(["established"]))
        .then(pl.lit("open"))
        .otherwise(pl.lit("partial"))
    )


_ANSWER: Final = pl.Struct({"rrname": pl.String, "rrtype": pl.String, "ttl": pl.String, "rdata": pl.String})
_QUERY: Final = pl.Struct({"rrname": pl.String, "rrtype": pl.String})
_DNS: Final = pl.Struct(
    {
        **dict.fromkeys(("type", "rrname", "rrtype", "rcode", "ttl", "rdata"), pl.String),
        "answers": pl.List(_ANSWER),
        "queries": pl.List(_QUERY),
    }
)


def _dns(rows: pl.DataFrame, _: Context) -> Rows:
    """All versions of the event: 1 (a row for each answer), 2, and 3 (requests and responses with their queries)."""
    rows = _turned(_unnested(_ended(rows), "dns"), "port", "source_port")
    query = pl.col("dns_queries").list.first().struct
    one = pl.when(text("dns_rdata") != "").then(pl.concat_list("dns_rdata"))
    answers = pl.coalesce(pl.col("dns_answers").list.eval(pl.element().struct.field("rdata")), one)
    ttls = pl.col("dns_answers").list.eval(pl.element().struct.field("ttl").cast(pl.Int64, strict=False)).list.min()
    rows = rows.with_columns(
        transport=pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default="dns", return_dtype=pl.String),
        is_response=pl.col("dns_type").is_in(["answer", "response"]).fill_null(False),
        name=pl.coalesce("dns_rrname", query.field("rrname")),
        type=pl.coalesce("dns_rrtype", query.field("rrtype"), pl.lit("")),
        answers=answers.list.drop_nulls().fill_null([]),
        ttl=pl.coalesce(ttls, pl.col("dns_ttl").cast(pl.Int64, strict=False), pl.lit(0)).clip(0, 1 << 31),
    ).with_columns(
        name=domain("name"),
        rcode=pl.when("is_response").then(text("dns_rcode")).otherwise(pl.lit("")),
    )
    return {"dns": complete("dns", rows)}


def _turned(rows: pl.DataFrame, port_: str, source_port: str) -> pl.DataFrame:
    """Rows of which the answering side is the source, turned round, so that the client stands first."""
    back = pl.col(source_port).is_in(_SERVER_PORTS) & ~pl.col(port_).is_in(_SERVER_PORTS)
    pairs = (("client", "server"), ("mac", "server_mac"), (port_, source_port))
    return rows.with_columns(
        turned
        for one, other in pairs
        for turned in (
            pl.when(back).then(other).otherwise(one).alias(one),
            pl.when(back).then(one).otherwise(other).alias(other),
        )
    )


_TLS: Final = pl.Struct(
    {
        **dict.fromkeys(("sni", "version", "ja4", "subject", "issuerdn", "notbefore", "notafter"), pl.String),
        "ja3": pl.Struct({"hash": pl.String}),
        "client_alpns": TEXTS,
        "server_alpns": TEXTS,
    }
)


def _tls(rows: pl.DataFrame, _: Context) -> Rows:
    return {"tls": hellos.of_suricata(_unnested(_ended(rows), "tls"))}


_QUIC: Final = pl.Struct(dict.fromkeys(("version", "sni", "ja4"), pl.String))


def _quic(rows: pl.DataFrame, _: Context) -> Rows:
    """A row for each hello; events of the server's packets and of later ones name no server and no client's print."""
    rows = _unnested(_ended(rows), "quic").with_columns(
        version=hellos.quic_version("quic_version"), sni=domain("quic_sni"), ja4=text("quic_ja4")
    )
    return {"quic": complete("quic", rows.filter((pl.col("sni") != "") | (pl.col("ja4") != "")))}


_HTTP: Final = pl.Struct(
    dict.fromkeys(
        ("hostname", "url", "http_user_agent", "http_content_type", "http_method", "status", "server"), pl.String
    )
)


def _http(rows: pl.DataFrame, _: Context) -> Rows:
    rows = _unnested(_ended(rows), "http").with_columns(
        method=text("http_http_method"),
        host=text("http_hostname").str.to_lowercase(),
        path=text("http_url").str.replace(r"\?.*$", ""),
        agent=text("http_http_user_agent"),
        status=port("http_status"),
        content_type=text("http_http_content_type").str.replace(r";.*$", ""),
        server_name=text("http_server"),
    )
    nothing = pl.lit("")
    asked = rows.with_columns(is_response=pl.lit(False), status=pl.lit(0), content_type=nothing, server_name=nothing)
    answered = rows.filter(pl.col("status") > 0).with_columns(
        is_response=pl.lit(True), method=nothing, host=nothing, path=nothing, agent=nothing
    )
    return {"http": pl.concat([complete("http", asked), complete("http", answered)])}


_SSH_SIDE: Final = pl.Struct(
    {"proto_version": pl.String, "software_version": pl.String, "hassh": pl.Struct({"hash": pl.String})}
)


def _ssh(rows: pl.DataFrame, _: Context) -> Rows:
    rows = _unnested(_ended(rows), "ssh")
    told = []
    for side, owner in (("client", "mac"), ("server", "server_mac")):
        half = pl.col(f"ssh_{side}").struct
        banner = pl.format("SSH-{}-{}", half.field("proto_version"), half.field("software_version"))
        each = rows.select("time", "segment", mac=owner, ip=side, field=pl.lit("ssh.banner"), value=banner)
        told.append(complete("sightings", each.filter(pl.col("value").is_not_null())))
        print_ = pl.format(f"{side}:{{}}", half.field("hassh").struct.field("hash"))
        each = rows.select("time", "segment", mac=owner, ip=side, field=pl.lit("ssh.hassh"), value=print_)
        told.append(complete("sightings", each.filter(pl.col("value").is_not_null())))
    return {"sightings": pl.concat(told)}


_FTP: Final = pl.Struct({"command": pl.String, "command_data": pl.String, "completion_code": TEXTS})


def _ftp(rows: pl.DataFrame, context: Context) -> Rows:
    """A login for each PASS; the user is the one that the connection named last before it."""
    rows = _unnested(_ended(rows), "ftp").sort("flow", "time", LINE)
    code = pl.col("ftp_completion_code").list.last()
    rows = rows.with_columns(
        user=pl.when(pl.col("ftp_command") == "USER")
        .then(text("ftp_command_data"))
        .forward_fill()
        .over("flow")
        .fill_null(""),
        password=text("ftp_command_data"),
        service=pl.lit("ftp"),
        clear=pl.lit(True),
        outcome=pl.when(code == "230")
        .then(pl.lit("success"))
        .when(code == "530")
        .then(pl.lit("failure"))
        .otherwise(pl.lit("")),
    )
    return {"logins": complete("logins", context.secrets(rows.filter(pl.col("ftp_command") == "PASS")))}


_DHCP: Final = pl.Struct(
    {
        **dict.fromkeys(
            ("client_mac", "assigned_ip", "requested_ip", "client_ip", "dhcp_type", "type", "hostname",
             "vendor_class_identifier"),
            pl.String,
        ),
        "dns_servers": TEXTS,
        "routers": TEXTS,
    }
)  # fmt: skip


def _dhcp(rows: pl.DataFrame, _: Context) -> Rows:
    rows = _unnested(rows, "dhcp").with_columns(
        sender_mac="mac",
        mac=mac("dhcp_client_mac"),
        message=text("dhcp_dhcp_type").str.to_lowercase(),
        assigned=address("dhcp_assigned_ip"),
        router=pl.col("dhcp_routers").list.first().fill_null(""),
        dns=pl.col("dhcp_dns_servers").list.first().fill_null(""),
        reply=pl.col("dhcp_type") == "reply",
    )
    nowhere = pl.col("assigned") == "0.0.0.0"  # noqa: S104  # an address on the wire, nothing is bound
    rows = rows.with_columns(
        leased=pl.when(~nowhere).then("assigned"),
        sender_mac=pl.when(pl.col("sender_mac") != "")
        .then("sender_mac")
        .when("reply")
        .then(pl.lit(""))
        .otherwise("mac"),
        server=pl.when("reply").then("client").otherwise(pl.lit("")).fill_null(""),
    ).with_columns(ip=pl.coalesce("leased", address("dhcp_requested_ip"), address("dhcp_client_ip"), pl.lit("")))
    acked = rows.filter((pl.col("message") == "ack") & pl.col("leased").is_not_null() & (pl.col("mac") != ""))
    asked = rows.filter(~pl.col("reply") & (pl.col("mac") != ""))
    told = [
        acked.select("time", "segment", "mac", ip="leased", field=pl.lit("ip"), value=pl.lit("dhcp")),
        *(
            asked.filter(text(column) != "").select(
                "time", "segment", "mac", ip=pl.lit(""), field=pl.lit(field), value=column
            )
            for column, field in (("dhcp_hostname", "dhcp.hostname"), ("dhcp_vendor_class_identifier", "dhcp.vendor"))
        ),
        rows.filter(pl.col("reply") & (pl.col("server") != "")).select(
            "time", "segment", mac="sender_mac", ip="server", field=pl.lit("dhcp.serves"), value="router"
        ),
    ]
    return {
        "dhcp": complete("dhcp", rows),
        "sightings": pl.concat([complete("sightings", one) for one in told]),
        "leases": acked.select("segment", "time", "mac", ip="leased"),
    }


_TOPIC: Final = pl.Struct({"topic": pl.String, "qos": pl.String})
_MQTT: Final = pl.Struct(
    {
        "connect": pl.Struct(
            {
                **dict.fromkeys(("client_id", "username", "protocol_version"), pl.String),
                "flags": pl.Struct({"username": pl.String, "password": pl.String}),
                "will": pl.Struct({"topic": pl.String, "message": pl.String}),
            }
        ),
        "connack": pl.Struct({"return_code": pl.String}),
        "publish": pl.Struct(dict.fromkeys(("topic", "message", "skipped_length", "qos", "retain"), pl.String)),
        "subscribe": pl.Struct({"topics": pl.List(_TOPIC)}),
        "unsubscribe": pl.Struct({"topics": TEXTS}),
    }
)
_RETURNED: Final = {
    **{"0": "accepted", "1": "bad-version", "2": "bad-client-id", "3": "server-unavailable", "4": "bad-password"},
    **{"5": "not-authorised", "132": "bad-version", "133": "bad-client-id", "134": "bad-password"},
    **{"135": "not-authorised", "136": "server-unavailable", "137": "server-busy", "138": "banned"},
}


def _mqtt(rows: pl.DataFrame, _: Context) -> Rows:
    """The events do not tell which side sent a publication; what a broker passes on looks like the client's."""
    rows = _unnested(_ended(rows), "mqtt")
    parts = [
        _connects(rows),
        _connacks(rows),
        _publications(rows),
        _wants(rows, "subscribe"),
        _wants(rows, "unsubscribe"),
    ]
    return {"mqtt": pl.concat([complete("mqtt", part) for part in parts])}


def _connects(rows: pl.DataFrame) -> pl.DataFrame:
    rows = _unnested(rows, "mqtt_connect")
    will = pl.col("mqtt_connect_will").struct
    return rows.filter(pl.col("mqtt_connect_protocol_version").is_not_null()).with_columns(
        message=pl.lit("connect"),
        client_id=text("mqtt_connect_client_id"),
        user=text("mqtt_connect_username"),
        has_password=pl.col("mqtt_connect_flags").struct.field("password").fill_null("") == "true",
        level=pl.col("mqtt_connect_protocol_version").cast(pl.UInt8, strict=False).fill_null(0),
        topic=will.field("topic").fill_null(""),
        size=will.field("message").fill_null("").str.len_bytes(),
    )


def _connacks(rows: pl.DataFrame) -> pl.DataFrame:
    rows = _unnested(rows, "mqtt_connack").filter(pl.col("mqtt_connack_return_code").is_not_null())
    code = pl.col("mqtt_connack_return_code")
    result = code.replace_strict(_RETURNED, default="refused", return_dtype=pl.String)
    return rows.with_columns(message=pl.lit("connack"), is_by_server=pl.lit(True), result=result)


def _publications(rows: pl.DataFrame) -> pl.DataFrame:
    rows = _unnested(rows, "mqtt_publish").filter(pl.col("mqtt_publish_topic").is_not_null())
    return rows.with_columns(
        message=pl.lit("publish"),
        topic=text("mqtt_publish_topic"),
        qos=pl.col("mqtt_publish_qos").cast(pl.UInt8, strict=False).fill_null(0),
        retain=pl.col("mqtt_publish_retain").fill_null("") == "true",
        size=pl.coalesce(
            pl.col("mqtt_publish_skipped_length").cast(pl.Int64, strict=False),
            text("mqtt_publish_message").str.len_bytes(),
        ),
    )


def _wants(rows: pl.DataFrame, message: str) -> pl.DataFrame:
    """A row for each filter."""
    topics = pl.col(f"mqtt_{message}").struct.field("topics")
    rows = rows.with_columns(topic=topics.fill_null([]).list.head(MOST_FILTERS)).explode("topic", empty_as_null=False)
    if message == "subscribe":
        one = pl.col("topic").struct
        qos = one.field("qos").cast(pl.UInt8, strict=False).fill_null(0)
        rows = rows.with_columns(qos=qos, topic=one.field("topic"))
    return rows.filter(pl.col("topic").is_not_null()).with_columns(message=pl.lit(message))


_FILEINFO: Final = pl.Struct(dict.fromkeys(("filename", "gaps", "state", "size", "sha256", "mimetype"), pl.String))
_FTP_DATA: Final = pl.Struct(dict.fromkeys(("filename", "command"), pl.String))


def _fileinfo(rows: pl.DataFrame, _: Context) -> Rows:
    """Files; the source of the event is the sender. Which end is the server the command of FTP tells, mail by its
    nature, and else the ports. SHA-256 is there only where Suricata was told to reckon it."""
    rows = _unnested(_unnested(_ended(rows), "fileinfo"), "ftp_data").with_columns(service=_service())
    command = text("ftp_data_command").str.to_uppercase()
    sent = (
        pl.when(command != "")
        .then(command != "RETR")
        .when(pl.col("service") == "smtp")
        .then(pl.lit(True))
        .otherwise(pl.col("port") < pl.col("source_port"))
    )
    pairs = (("client", "server"), ("server", "client"), ("mac", "server_mac"), ("port", "source_port"))
    rows = rows.with_columns(is_upload=sent).with_columns(
        *(pl.when("is_upload").then(one).otherwise(other).alias(one) for one, other in pairs),
        name=pl.coalesce("fileinfo_filename", "ftp_data_filename", pl.lit(""))
        .str.replace(r"\?.*$", "")
        .str.extract(r"([^/\\]*)$")
        .fill_null(""),
        kind=text("fileinfo_mimetype"),
        size=number("fileinfo_size"),
        is_whole=(text("fileinfo_state") == "CLOSED") & ~text("fileinfo_gaps").is_in(["true", "True"]),
    )
    hash_ = pl.when("is_whole").then(text("fileinfo_sha256").str.to_lowercase()).otherwise(pl.lit(""))
    return {"files": complete("files", rows.with_columns(sha256=hash_).filter(pl.col("size") > 0))}


_ARP: Final = pl.Struct(dict.fromkeys(("opcode", "src_mac", "src_ip", "dest_mac", "dest_ip"), pl.String))


def _arp(rows: pl.DataFrame, _: Context) -> Rows:
    rows = (
        _unnested(rows, "arp")
        .with_columns(
            sender_mac=mac("arp_src_mac"),
            target_mac=mac("arp_dest_mac"),
            sender_ip=pl.coalesce(address("arp_src_ip"), pl.lit("")),
            target_ip=pl.coalesce(address("arp_dest_ip"), pl.lit("")),
            operation=text("arp_opcode").str.to_lowercase().replace({"1": "request", "2": "reply"}),
        )
        .with_columns(mac=pl.when(pl.col("mac") != "").then("mac").otherwise("sender_mac"))
    )
    own = rows.filter((pl.col("sender_mac") != "") & ~pl.col("sender_ip").is_in(["", "0.0.0.0"]))  # noqa: S104  # as above
    claims = own.select("time", "segment", mac="sender_mac", ip="sender_ip", field=pl.lit("ip"), value=pl.lit("arp"))
    return {
        "arp": complete("arp", rows),
        "sightings": complete("sightings", claims),
        "leases": own.select("segment", "time", mac="sender_mac", ip="sender_ip"),
    }


EVENTS: Final[dict[str, Event]] = {
    "flow": Event({"app_proto": pl.String, "flow": _FLOW, "tcp": _TCP}, _flow),
    "dns": Event({"dns": _DNS}, _dns),
    "tls": Event({"tls": _TLS}, _tls),
    "quic": Event({"quic": _QUIC}, _quic),
    "http": Event({"http": _HTTP}, _http),
    "ssh": Event({"ssh": pl.Struct({"client": _SSH_SIDE, "server": _SSH_SIDE})}, _ssh),
    "ftp": Event({"ftp": _FTP}, _ftp),
    "dhcp": Event({"dhcp": _DHCP}, _dhcp),
    "mqtt": Event({"mqtt": _MQTT}, _mqtt),
    "fileinfo": Event({"app_proto": pl.String, "fileinfo": _FILEINFO, "ftp_data": _FTP_DATA}, _fileinfo),
    "arp": Event({"arp": _ARP}, _arp),
}
"""The events that tell us something, by their type."""
