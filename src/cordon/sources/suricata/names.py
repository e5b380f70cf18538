"""Events of names and addresses: dns, dhcp, arp."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import address, complete, domain, mac, text
from cordon.sources.reports import TEXTS, dns_transport
from cordon.sources.suricata.rows import ended, unnested

_SERVER_PORTS: Final = (53, 5353, 5355)


_ANSWER: Final = pl.Struct({"rrname": pl.String, "rrtype": pl.String, "ttl": pl.String, "rdata": pl.String})


_QUERY: Final = pl.Struct({"rrname": pl.String, "rrtype": pl.String})


DNS: Final = pl.Struct(
    {
        **dict.fromkeys(("type", "rrname", "rrtype", "rcode", "ttl", "rdata"), pl.String),
        "answers": pl.List(_ANSWER),
        "queries": pl.List(_QUERY),
    }
)


def dns(rows: pl.DataFrame, _: Context) -> Rows:
    """All versions of the event: 1 (a row for each answer), 2, and 3 (requests and responses with their queries)."""
    rows = _turned(unnested(ended(rows), "dns"), "port", "source_port")
    query = pl.col("dns_queries").list.first().struct
    one = pl.when(text("dns_rdata") != "").then(pl.concat_list("dns_rdata"))
    answers = pl.coalesce(pl.col("dns_answers").list.eval(pl.element().struct.field("rdata")), one)
    ttls = pl.col("dns_answers").list.eval(pl.element().struct.field("ttl").cast(pl.Int64, strict=False)).list.min()
    rows = rows.with_columns(
        transport=dns_transport(),
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


DHCP: Final = pl.Struct(
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


def dhcp(rows: pl.DataFrame, _: Context) -> Rows:
    rows = unnested(rows, "dhcp").with_columns(
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


ARP: Final = pl.Struct(dict.fromkeys(("opcode", "src_mac", "src_ip", "dest_mac", "dest_ip"), pl.String))


def arp(rows: pl.DataFrame, _: Context) -> Rows:
    rows = (
        unnested(rows, "arp")
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
