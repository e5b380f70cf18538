"""What each of Zeek's logs tells: columns of its text become rows of our tables.

Logs that are not listed (weird, notice …) tell nothing our tables hold. Zeek reports after the fact, so
some columns stay empty where its log has no such field: sizes of DNS messages, what a TLS client offered beyond what
its JA4 says, realms. Counters of bytes are those of IP packets, without the link's header.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.model.tables import STEP, Schema
from cordon.sources import certificates, hellos
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import (
    DNS_PORTS,
    GROUP,
    LINE,
    PROTOCOLS,
    address,
    complete,
    domain,
    epoch,
    hashed,
    mac,
    number,
    port,
    segment,
    sound,
    span,
    text,
)

TEXTS: Final = pl.List(pl.String)
MOST_FILTERS: Final = 64
"""Filters told of one subscription."""

MOST_TRIES: Final = 16
"""Rows that one SSH connection yields: servers allow six tries or so, a damaged count a great many."""

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


def _ended(rows: pl.DataFrame, context: Context, damage: Damage, name: str, place: str) -> pl.DataFrame:
    """Rows of a connection's log with time, ends and flow; rows without them are damage."""
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        client=address("id.orig_h"),
        server=address("id.resp_h"),
        source_port=port("id.orig_p"),
        port=port("id.resp_p"),
    )
    rows = sound(rows, ["time"], damage, f"{name} log: no time", place)
    rows = sound(rows, ["client", "server"], damage, f"{name} log: no address", place)
    return rows.with_columns(flow=_flow(rows), step=pl.col("time") // STEP * STEP)


def _flow(rows: pl.DataFrame) -> pl.Series:
    """Zeek's own id of the connection; where a log has none, its time and ends."""
    named = pl.col("uid").fill_null("") != ""
    ends = pl.concat_str([text(c) for c in ("ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")], separator="|")
    return hashed(rows, pl.when(named).then("uid").otherwise(ends))


def _conn(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = _ended(rows, context, damage, "conn", place)
    proto = pl.col("proto").replace_strict(PROTOCOLS, default=None, return_dtype=pl.UInt8)
    rows = rows.with_columns(
        proto=pl.coalesce(
            pl.when((pl.col("proto") == "icmp") & pl.col("client").str.contains(":")).then(pl.lit(58, pl.UInt8)),
            proto,
            pl.col("ip_proto").cast(pl.UInt8, strict=False),
            pl.lit(0, pl.UInt8),
        ),
        segment=segment(pl.col("vlan"), context.segment),
        history=text("history"),
        conn_state=text("conn_state"),
    )
    tcp = pl.col("proto") == 6
    flows = rows.select(
        "flow",
        "segment",
        is_first=pl.lit(True),
        is_last=pl.lit(True),
        began=pl.col("time"),
        first=pl.col("time"),
        last=pl.col("time") + span("duration"),
        src_mac=mac("orig_l2_addr"),
        dst_mac=mac("resp_l2_addr"),
        src="client",
        dst="server",
        src_port="source_port",
        dst_port="port",
        proto="proto",
        opener_known=pl.when(tcp)
        .then(pl.col("history").str.contains("S", literal=True))
        .otherwise(~pl.col("history").str.starts_with("^")),
        packets_out=number("orig_pkts"),
        packets_in=number("resp_pkts"),
        bytes_out=_bytes("orig"),
        bytes_in=_bytes("resp"),
        payload_out=_payload("orig"),
        payload_in=_payload("resp"),
        flags_out=_flags(upper=True),
        flags_in=_flags(upper=False),
        state=pl.when(tcp).then(_state()).otherwise(pl.lit("")),
        service=_service(),
        end=pl.col("conn_state").replace_strict(_END, default="idle", return_dtype=pl.String),
    )
    return {"flows": complete("flows", _from_somebody(flows).with_columns(step=pl.lit(0)))}


_STATE: Final = {
    "S0": "opening", "SH": "opening", "RSTOS0": "opening", "REJ": "refused", "S1": "open", "S2": "open", "S3": "open",
    "SF": "closed", "RSTO": "reset", "RSTR": "reset", "RSTRH": "reset", "SHR": "partial", "OTH": "partial",
}  # fmt: skip
_END: Final = {
    "SF": "closed", "SH": "closed", "SHR": "closed", "REJ": "reset", "RSTO": "reset", "RSTR": "reset",
    "RSTOS0": "reset", "RSTRH": "reset",
}  # fmt: skip
_SERVICES: Final = {"ssl": "tls", "gssapi": "smb", "ntlm": "smb", "dce_rpc": "smb", "krb_tcp": "krb"}


def _state() -> pl.Expr:
    return pl.col("conn_state").replace_strict(_STATE, default="partial", return_dtype=pl.String)


def _bytes(side: str) -> pl.Expr:
    told = number(f"{side}_ip_bytes")
    return pl.when(told > 0).then(told).otherwise(number(f"{side}_bytes"))


def _payload(side: str) -> pl.Expr:
    """Zeek reckons payload from sequence numbers, which a forged one makes gigabytes: no more than the packets hold."""
    held, missed = number(f"{side}_ip_bytes"), number("missed_bytes")
    return (
        pl.when(held > 0)
        .then(pl.min_horizontal(number(f"{side}_bytes"), held + missed))
        .otherwise(number(f"{side}_bytes"))
    )


def _flags(*, upper: bool) -> pl.Expr:
    """TCP flags from the letters of the history: S SYN, H SYN+ACK, A ACK, D payload, F FIN, R RST; upper case: ours."""
    letters = {"S": 0x02, "H": 0x12, "A": 0x10, "D": 0x10, "F": 0x01, "R": 0x04}
    flags = pl.lit(0, pl.UInt8)
    for letter, bits in letters.items():
        there = pl.col("history").str.contains(letter if upper else letter.lower(), literal=True)
        flags = flags | pl.when(there & (pl.col("proto") == 6)).then(pl.lit(bits, pl.UInt8)).otherwise(
            pl.lit(0, pl.UInt8)
        )
    return flags


def _service() -> pl.Expr:
    first = text("service").str.to_lowercase().str.split(",").list.last().fill_null("")
    plain = first.replace(_SERVICES)
    special = pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default=None, return_dtype=pl.String)
    return pl.when(plain == "dns").then(pl.coalesce(special, plain)).otherwise(plain)


def _from_somebody(flows: pl.DataFrame) -> pl.DataFrame:
    """Flows turned round whose opener would be a group address: Zeek saw only what was sent to it."""
    turned = flows["src"].str.contains(GROUP) & ~flows["dst"].str.contains(GROUP)
    if not turned.any():
        return flows
    other = {"src": "dst", "dst": "src", "out": "in", "in": "out"}
    swapped = {}
    for column in flows.columns:
        parts = column.split("_")
        swapped["_".join(other.get(part, part) for part in parts)] = column
    round_ = flows.filter(turned).select(pl.col(old).alias(new) for new, old in swapped.items()).select(flows.columns)
    return pl.concat([flows.filter(~turned), round_])


def _dns(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = _ended(rows, context, damage, "dns", place).with_columns(
        transport=pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default="dns", return_dtype=pl.String),
        name=domain("query"),
        type=text("qtype_name"),
        rcode=text("rcode_name"),
        answers=pl.col("answers").fill_null([]),
        ttl=pl.col("TTLs")
        .list.eval(pl.element().cast(pl.Float64, strict=False))
        .list.min()
        .fill_null(0)
        .clip(0, 1 << 31),
    )
    answered = (pl.col("rcode") != "") | (pl.col("answers").list.len() > 0)
    asked = rows.with_columns(is_response=pl.lit(False), rcode=pl.lit(""), answers=pl.lit([], TEXTS), ttl=pl.lit(0))
    responses = (
        rows.filter(answered).with_columns(is_response=pl.lit(True), time=pl.col("time") + span("rtt")).drop("step")
    )
    return {"dns": pl.concat([complete("dns", asked), complete("dns", responses)])}


def _ssl(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    return {"tls": hellos.of_zeek(_ended(rows, context, damage, "ssl", place))}


def _x509(rows: pl.DataFrame, _: Context, __: Damage, ___: str) -> Rows:
    return {"certificates": certificates.of_x509(rows)}


def _quic(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """The protocol is the first the client offers. Zeek tells such connections in its ssl log too."""
    rows = _ended(rows, context, damage, "quic", place).with_columns(
        version=hellos.quic_version("version"), sni=domain("server_name"), alpn=text("client_protocol")
    )
    return {"quic": complete("quic", rows)}


def _http(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = _ended(rows, context, damage, "http", place).with_columns(
        method=text("method"),
        host=text("host").str.to_lowercase(),
        path=text("uri").str.replace(r"\?.*$", ""),
        agent=text("user_agent"),
        status=port("status_code"),
        content_type=pl.col("resp_mime_types").list.first().fill_null(""),
        user=text("username"),
        password=text("password"),
    )
    blank = {column: pl.lit("") for column in ("method", "host", "path", "agent", "content_type")}
    asked = rows.with_columns(is_response=pl.lit(False), status=pl.lit(0), content_type=pl.lit(""))
    answered = rows.filter(pl.col("status") > 0).with_columns(
        is_response=pl.lit(True), **{name: value for name, value in blank.items() if name != "content_type"}
    )
    refused = pl.col("status").is_in([401, 403])
    outcome = (
        pl.when(refused).then(pl.lit("failure")).when(pl.col("status").is_between(200, 399)).then(pl.lit("success"))
    )
    logins = context.secrets(rows.filter(pl.col("user") != "")).with_columns(
        service=pl.lit("http"), outcome=outcome.otherwise(pl.lit("")), clear=pl.lit(True)
    )
    return {
        "http": pl.concat([complete("http", asked), complete("http", answered)]),
        "logins": complete("logins", logins),
    }


def _ftp(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """One login for each connection: the log repeats the user on every command."""
    rows = _ended(rows, context, damage, "ftp", place).with_columns(
        user=text("user"), password=text("password"), reply=number("reply_code")
    )
    failed = (pl.col("reply") == 530).all()  # RFC 959: not logged in
    worked = pl.col("reply").is_between(100, 399).any()
    logins = (
        rows.filter(~pl.col("user").is_in(["", "<unknown>"]))
        .sort("time", LINE)
        .group_by("flow", "user", "password", maintain_order=True)
        .agg(
            pl.col("time", "segment", "client", "server", "port").first(),
            outcome=pl.when(failed).then(pl.lit("failure")).when(worked).then(pl.lit("success")).otherwise(pl.lit("")),
        )
        .with_columns(service=pl.lit("ftp"), clear=pl.lit(True))
    )
    return {"logins": complete("logins", context.secrets(logins))}


def _ssh(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """One login for each try; all but the last of them failed."""
    rows = rows.rename({"client": "client_banner", "server": "server_banner"})
    rows = _ended(rows, context, damage, "ssh", place).with_columns(success=text("auth_success").str.to_lowercase())
    tries = pl.max_horizontal(number("auth_attempts"), 1).clip(1, MOST_TRIES)
    good, bad = pl.col("success").is_in(["t", "true"]), pl.col("success").is_in(["f", "false"])
    each = rows.with_columns(tries=pl.when(good | bad).then(tries).otherwise(1))
    each = each.with_columns(at=pl.int_ranges("tries")).explode("at", empty_as_null=False)
    outcome = pl.when(bad | (good & (pl.col("at") < pl.col("tries") - 1))).then(pl.lit("failure")).when(good)
    logins = each.with_columns(
        service=pl.lit("ssh"), outcome=outcome.then(pl.lit("success")).otherwise(pl.lit("")), clear=pl.lit(False)
    )
    banners = [
        rows.filter(text(f"{side}_banner") != "").select(
            "time", "segment", ip=side, field=pl.lit("ssh.banner"), value=f"{side}_banner"
        )
        for side in ("client", "server")
    ]
    banners += [
        rows.filter(text(print_) != "").select(
            "time", "segment", ip=side, field=pl.lit("ssh.hassh"), value=pl.format(f"{side}:{{}}", print_)
        )
        for side, print_ in (("client", "hassh"), ("server", "hasshServer"))
    ]
    return {
        "logins": complete("logins", logins),
        "sightings": pl.concat([complete("sightings", banner) for banner in banners]),
    }


_DHCP_SERVER: Final = ("offer", "ack", "nak")


def _dhcp(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        owner=mac("mac"),
        ip=pl.coalesce(address("assigned_addr"), address("requested_addr"), pl.lit("")),
        leased=pl.coalesce(address("assigned_addr"), pl.lit("")),
        server=pl.coalesce(address("server_addr"), pl.lit("")),
        message=pl.col("msg_types").fill_null([]),
    ).drop("mac")
    rows = sound(rows, ["time"], damage, "dhcp log: no time", place).rename({"owner": "mac"})
    messages = rows.explode("message", empty_as_null=False).with_columns(pl.col("message").str.to_lowercase())
    messages = messages.with_columns(
        sender_mac=pl.when(pl.col("message").is_in(_DHCP_SERVER)).then(pl.lit("")).otherwise(pl.col("mac"))
    )
    acked = rows.filter(
        (pl.col("leased") != "") & (pl.col("mac") != "") & pl.col("message").list.contains("ACK").fill_null(True)
    )
    named = rows.filter((text("host_name") != "") & (pl.col("mac") != ""))
    served = rows.filter(pl.col("server") != "")
    plain = ("time", "segment")
    sightings = [
        acked.select(*plain, "mac", ip="leased", field=pl.lit("ip"), value=pl.lit("dhcp")),
        named.select(*plain, "mac", ip="leased", field=pl.lit("dhcp.hostname"), value="host_name"),
        served.select(*plain, mac=pl.lit(""), ip="server", field=pl.lit("dhcp.serves"), value=pl.lit("")),
    ]
    return {
        "dhcp": complete("dhcp", messages),
        "sightings": pl.concat([complete("sightings", one) for one in sightings]),
        "leases": acked.select("segment", "time", "mac", ip="leased"),
    }


def _mqtt(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = _ended(rows, context, damage, "mqtt_connect", place).with_columns(
        level=text("proto_version").replace_strict({"3.1": 3, "3.1.1": 4, "5.0": 5}, default=0, return_dtype=pl.UInt8),
        client_id=text("client_id"),
        topic=text("will_topic"),
    )
    return {"mqtt": complete("mqtt", rows.with_columns(message=pl.lit("connect")))}


_FILE_SERVICES: Final = {"ftp_data": "ftp", "irc_dcc_data": "irc"}
_CERTIFICATES: Final = ("SSL", "DTLS", "RDP", "X509", "OCSP")  # sources whose files are a part of the handshake


def _files(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """Every file Zeek analysed but certificates. Before version 5.1 the log tells hosts in place of ends, and no port.

    SHA-256 is there only where Zeek was told to reckon it.
    """
    sent = text("is_orig").str.to_lowercase().is_in(["t", "true"])
    sender, taker = pl.col("tx_hosts").list.first(), pl.col("rx_hosts").list.first()
    rows = rows.filter(~text("source").is_in(_CERTIFICATES)).with_columns(
        pl.coalesce("uid", pl.col("conn_uids").list.first()).alias("uid"),
        pl.coalesce("id.orig_h", pl.when(sent).then(sender).otherwise(taker)).alias("id.orig_h"),
        pl.coalesce("id.resp_h", pl.when(sent).then(taker).otherwise(sender)).alias("id.resp_h"),
        is_sent=sent,
        by_server=(text("source") == "FTP_DATA") & (pl.col("id.orig_p") == "20"),  # RFC 959: its data port opens
    )
    rows = _ended(rows, context, damage, "files", place).drop("step")
    turned = pl.col("by_server")
    gaps = number("missing_bytes") + number("overflow_bytes")
    told = pl.col("total_bytes").cast(pl.Int64, strict=False)
    rows = rows.with_columns(
        time=pl.col("time") + span("duration"),
        client=pl.when(turned).then("server").otherwise("client"),
        server=pl.when(turned).then("client").otherwise("server"),
        port=pl.when(turned).then("source_port").otherwise("port"),
        is_upload=pl.col("is_sent") ^ turned,
        service=text("source").str.to_lowercase().replace(_FILE_SERVICES),
        name=text("filename").str.extract(r"([^/\\]*)$").fill_null(""),
        kind=text("mime_type"),
        size=number("seen_bytes"),
        is_whole=(gaps == 0)
        & ~text("timedout").str.to_lowercase().is_in(["t", "true"])
        & (told.is_null() | (told == number("seen_bytes"))),
    )
    hash_ = pl.when("is_whole").then(text("sha256").str.to_lowercase()).otherwise(pl.lit(""))
    return {"files": complete("files", rows.with_columns(sha256=hash_).filter(pl.col("size") > 0))}


_QOS: Final = {"at most once": 0, "at least once": 1, "exactly once": 2, "0": 0, "1": 1, "2": 2}


def _mqtt_publish(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """`is_by_server` where the log says that the message did not come from the client."""
    rows = _ended(rows, context, damage, "mqtt_publish", place).with_columns(
        message=pl.lit("publish"),
        is_by_server=text("from_client").str.to_lowercase().is_in(["f", "false"]),
        topic=text("topic"),
        qos=_qos("qos"),
        retain=text("retain").str.to_lowercase().is_in(["t", "true"]),
        size=number("payload_len"),
    )
    return {"mqtt": complete("mqtt", rows)}


def _mqtt_subscribe(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """A row for each filter."""
    action = text("action").str.to_lowercase()
    rows = _ended(rows, context, damage, "mqtt_subscribe", place).with_columns(
        message=pl.when(action.str.contains("unsubscribe")).then(pl.lit("unsubscribe")).otherwise(pl.lit("subscribe")),
        qos=pl.col("qos_levels").list.first().cast(pl.UInt8, strict=False).fill_null(0).clip(0, 2),
        topic=pl.col("topics").fill_null([]).list.head(MOST_FILTERS),
    )
    return {"mqtt": complete("mqtt", rows.explode("topic", empty_as_null=False).with_columns(topic=text("topic")))}


def _qos(column: str) -> pl.Expr:
    return text(column).str.to_lowercase().replace_strict(_QOS, default=0, return_dtype=pl.UInt8)


def _kerberos(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """Who asked for tickets: a computer's name ends in $."""
    rows = _ended(rows.rename({"client": "asker"}), context, damage, "kerberos", place)
    rows = rows.with_columns(asker=text("asker"))
    rows = rows.with_columns(
        name=pl.col("asker").str.extract(r"^([^/]+)"), realm=pl.col("asker").str.extract(r"/(.+)$")
    )
    rows = rows.filter(pl.col("name").is_not_null())
    computer = pl.col("name").str.ends_with("$")
    told = rows.select(
        "time",
        "segment",
        ip="client",
        field=pl.when(computer).then(pl.lit("kerberos.host")).otherwise(pl.lit("kerberos.user")),
        value=pl.when(computer)
        .then(pl.col("name").str.strip_chars_end("$"))
        .otherwise(pl.concat_str("name", pl.lit("@"), pl.col("realm").fill_null(""))),
    )
    return {"sightings": complete("sightings", told)}


def _ntp(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = _ended(rows, context, damage, "ntp", place).filter(number("mode") == 3)  # RFC 5905: client
    told = rows.select("time", "segment", ip="client", field=pl.lit("ntp.client"), value="server")
    return {"sightings": complete("sightings", told)}


_SOFTWARE: Final = {"HTTP::BROWSER": "http.agent", "HTTP::SERVER": "http.server"}


def _software(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        ip=address("host"),
        field=pl.col("software_type").replace_strict(_SOFTWARE, default="", return_dtype=pl.String),
        value=text("unparsed_version"),
    )
    rows = sound(rows, ["time", "ip"], damage, "software log: no time or address", place)
    return {"sightings": complete("sightings", rows.filter((pl.col("field") != "") & (pl.col("value") != "")))}


LOGS: Final[dict[str, Log]] = {
    "conn": Log(
        _fields(
            "proto", "ip_proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state", "missed_bytes",
            "history", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes", "orig_l2_addr", "resp_l2_addr",
            "vlan",
        ),
        _conn,
    ),
    "dns": Log(_fields("rtt", "query", "qtype_name", "rcode_name", lists=("answers", "TTLs")), _dns),
    "ssl": Log(
        _fields(
            "version", "cipher", "server_name", "next_protocol", "ja3", "ja4", "subject", "issuer",
            lists=("cert_chain_fps", "cert_chain_fuids"),
        ),
        _ssl,
    ),
    "x509": Log(
        _fields(
            "fingerprint", "id", "certificate.subject", "certificate.issuer", "certificate.not_valid_before",
            "certificate.not_valid_after", "certificate.key_type", "certificate.key_length", "certificate.sig_alg",
            ends=False,
        ),
        _x509,
    ),
    "quic": Log(_fields("version", "server_name", "client_protocol"), _quic),
    "http": Log(
        _fields(
            "method", "host", "uri", "user_agent", "status_code", "username", "password", lists=("resp_mime_types",)
        ),
        _http,
    ),
    "ftp": Log(_fields("user", "password", "reply_code"), _ftp),
    "ssh": Log(_fields("auth_success", "auth_attempts", "client", "server", "hassh", "hasshServer"), _ssh),
    "dhcp": Log(
        _fields(
            "server_addr", "mac", "host_name", "requested_addr", "assigned_addr", lists=("msg_types",), ends=False
        ),
        _dhcp,
    ),
    "mqtt_connect": Log(_fields("proto_version", "client_id", "will_topic"), _mqtt),
    "mqtt_publish": Log(_fields("from_client", "retain", "qos", "topic", "payload_len"), _mqtt_publish),
    "mqtt_subscribe": Log(_fields("action", lists=("topics", "qos_levels")), _mqtt_subscribe),
    "kerberos": Log(_fields("client"), _kerberos),
    "files": Log(
        _fields(
            "uid", "source", "mime_type", "filename", "duration", "is_orig", "seen_bytes", "total_bytes",
            "missing_bytes", "overflow_bytes", "timedout", "sha256", lists=("tx_hosts", "rx_hosts", "conn_uids"),
        ),
        _files,
    ),
    "ntp": Log(_fields("mode"), _ntp),
    "software": Log(_fields("host", "software_type", "unparsed_version", ends=False), _software),
}  # fmt: skip
"""The logs that tell us something, by their names."""
