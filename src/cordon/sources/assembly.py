"""What logs and flow exports tell, made whole: MAC addresses from leases, names of flows, sightings, order."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from cordon.model.tables import DAY, SIGHTINGS, STEP, TABLES, Schema, empty, order
from cordon.sources.certificates import CERTIFICATES, with_certificates

LOCAL: Final = r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|fe[89ab][0-9a-f]:|f[cd][0-9a-f]{2}:)"
"""Addresses never routed on the internet: RFC 1918, RFC 3927, RFC 4291, RFC 4193."""

BOOK: Final[Schema] = {"segment": pl.String, "ip": pl.String, "time": pl.Int64, "mac": pl.String}
"""Which MAC address had an address, as told at a time."""

NAMES: Final[Schema] = {"flow": pl.UInt64, "named": pl.String, "ja4_named": pl.String, "time": pl.Int64}

_OWNERS: Final = {  # table → columns of a MAC address and of the IP address it belongs to
    "flows": (("src_mac", "src"), ("dst_mac", "dst")),
    "dns": (("mac", "client"),),
    "tls": (("mac", "client"),),
    "quic": (("mac", "client"),),
    "http": (("mac", "client"),),
    "logins": (("mac", "client"), ("server_mac", "server")),
    "mqtt": (("mac", "client"),),
    "files": (("mac", "client"),),
    "alerts": (("src_mac", "src"), ("dst_mac", "dst")),
    "health": (("mac", "ip"),),
    "sightings": (("mac", "ip"),),
}


class Assembly:
    """Makes the tables of one hour after the other; remembers names of flows and who had which address.

    Args:
        leases: what leases told, of the whole input (columns of `BOOK`); also about addresses before the lease.
        certificates: what was told of certificates, of the whole input (columns of `CERTIFICATES`).
        networks: the site's own networks whose addresses are public.
    """

    def __init__(
        self,
        leases: pl.DataFrame | None = None,
        certificates: pl.DataFrame | None = None,
        networks: Sequence[str] = (),
    ) -> None:
        self._networks = tuple(ipaddress.ip_network(one, strict=False) for one in networks)
        self._book = pl.DataFrame(schema=BOOK) if leases is None else leases.select(*BOOK).unique()
        self._names = pl.DataFrame(schema=NAMES)
        self._certificates = pl.DataFrame(schema=CERTIFICATES) if certificates is None else certificates

    def tables(self, parts: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The tables of an hour: complete, in the contract's columns, canonically sorted; only those with rows."""
        found = {name: frame for name, frame in parts.items() if not frame.is_empty()}
        book = self._look_up(found)
        found = {name: _with_macs(name, frame, book) for name, frame in found.items()}
        if "tls" in found:
            found["tls"] = with_certificates(found["tls"], self._certificates)
        if "flows" in found:
            found["flows"] = self._named(found["flows"], found)
        seen = [sightings for name, frame in found.items() if (sightings := SIGHTED[name](frame)) is not None]
        told = pl.concat([found.get("sightings", empty("sightings")), *seen])
        found["sightings"] = _once_a_step(self._own(_with_macs("sightings", told, book)))
        return {name: ordered(name, frame) for name, frame in found.items() if not frame.is_empty()}

    def _own(self, sightings: pl.DataFrame) -> pl.DataFrame:
        """The sightings with the address itself as their endpoint, where it is public, of the site, and has no MAC."""
        if not self._networks or sightings.is_empty():
            return sightings
        bare = pl.col("mac") == ""
        held = [ip for ip in sightings.filter(bare)["ip"].unique().to_list() if self._is_own(ip)]
        return sightings.with_columns(mac=pl.when(bare & pl.col("ip").is_in(held)).then("ip").otherwise("mac"))

    def _is_own(self, ip: str) -> bool:
        try:
            address = ipaddress.ip_address(ip)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def _look_up(self, found: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Who had which address, from flows that carry MAC addresses, leases, and the hours before."""
        if "flows" not in found:
            return self._book
        sides = [
            found["flows"].select("segment", ip=ip, time="first", mac=mac).filter(pl.col("mac") != "")
            for mac, ip in _OWNERS["flows"]
        ]
        told = pl.concat(sides).group_by("segment", "ip", "mac").agg(pl.col("time").min()).select(*BOOK)
        book = pl.concat([self._book, told]).unique().sort(*BOOK)
        self._book = (
            book.filter(pl.col("ip").str.contains(LOCAL))
            .group_by("segment", "ip", "mac")
            .agg(pl.col("time").max())
            .select(*BOOK)
            .sort(*BOOK)
            if not told.is_empty()
            else self._book
        )
        return book

    def _named(self, flows: pl.DataFrame, found: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Flows with the name and JA4 that another log told of them."""
        told = [self._names]
        for name in ("tls", "quic"):
            if name in found:
                told.append(found[name].select("flow", "time", named="sni", ja4_named="ja4").select(*NAMES))
        if "http" in found:
            host = pl.col("host").str.replace(r":\d+$", "")
            told.append(found["http"].select("flow", "time", named=host, ja4_named=pl.lit("")).select(*NAMES))
        names = (
            pl.concat(told)
            .sort(*NAMES)
            .group_by("flow", maintain_order=True)
            .agg(
                *(pl.col(c).filter(pl.col(c) != "").first().fill_null("") for c in ("named", "ja4_named")),
                pl.col("time").max(),
            )
        )
        if names.is_empty():
            return flows
        ended = flows.filter("is_last").select("flow")
        self._names = names.join(ended, on="flow", how="anti").filter(pl.col("time") > pl.col("time").max() - DAY)
        joined = flows.join(names.drop("time"), on="flow", how="left", maintain_order="left")
        return joined.with_columns(
            name=pl.when(pl.col("name") == "").then(pl.col("named").fill_null("")).otherwise("name"),
            ja4=pl.when(pl.col("ja4") == "").then(pl.col("ja4_named").fill_null("")).otherwise("ja4"),
        ).drop("named", "ja4_named")


def _with_macs(name: str, frame: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """The rows with the MAC address that their address had nearest to their time, where they carry none."""
    if book.is_empty():
        return frame
    time = "began" if name == "flows" else "time"
    for mac, ip in _OWNERS.get(name, ()):
        bare = (frame[mac] == "") & (frame[ip] != "")
        if not bare.any():
            continue
        looked = (
            frame.select("segment", pl.col(ip).alias("ip"), pl.col(time).alias("time"))
            .with_row_index("row")
            .sort("time")
            .join_asof(
                book.sort("time", "mac").rename({"mac": "known"}),
                on="time",
                by=["segment", "ip"],
                strategy="nearest",
                check_sortedness=False,
            )
            .sort("row")
        )
        known = looked["known"].fill_null("")
        frame = frame.with_columns(pl.when(bare).then(known).otherwise(pl.col(mac)).alias(mac))
    return frame


def ordered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in the contract's columns and types, in one order whatever order it came in."""
    first = ("step", "first", "flow") if name == "flows" else ("step", "time")
    frame = frame.select(pl.col(column).cast(kind) for column, kind in TABLES[name].items())
    rest = [column for column in order(name) if column not in first]
    return frame.sort(*first, *rest, maintain_order=True)


def _once_a_step(sightings: pl.DataFrame) -> pl.DataFrame:
    keys = [column for column in SIGHTINGS if column != "time"]
    heard = sightings.filter((pl.col("mac") != "") | pl.col("ip").str.contains(LOCAL))
    return heard.group_by(keys).agg(pl.col("time").min()).select(*SIGHTINGS)


def _sighting(
    rows: pl.DataFrame, field: str, *, mac: str | pl.Expr, ip: str, value: str | pl.Expr = ""
) -> pl.DataFrame:
    told = pl.lit("") if isinstance(value, str) and not value else pl.col(value) if isinstance(value, str) else value
    owner = pl.col(mac) if isinstance(mac, str) else mac
    return rows.select(
        "step",
        pl.max_horizontal("time", "step").alias("time"),
        "segment",
        mac=owner,
        ip=pl.col(ip),
        field=pl.lit(field),
        value=told,
    ).unique()


def _of_flows(flows: pl.DataFrame) -> pl.DataFrame:
    rows = flows.rename({"first": "time"})
    sent_out, sent_in = rows.filter(pl.col("packets_out") > 0), rows.filter(pl.col("packets_in") > 0)
    serves = sent_in.filter(
        (pl.col("proto") == 6)  # TCP
        & pl.col("opener_known")
        & (pl.col("state").is_in(["open", "closed"]) | ((pl.col("state") == "reset") & (pl.col("payload_in") > 0)))
    )
    return pl.concat(
        [
            _sighting(sent_out, "ip.source", mac="src_mac", ip="src"),
            _sighting(sent_in, "ip.source", mac="dst_mac", ip="dst"),
            _sighting(sent_out.filter(pl.col("src_mac") != ""), "mac", mac="src_mac", ip="src").with_columns(
                ip=pl.lit("")
            ),
            _sighting(sent_in.filter(pl.col("dst_mac") != ""), "mac", mac="dst_mac", ip="dst").with_columns(
                ip=pl.lit("")
            ),
            _sighting(serves, "tcp.serves", mac="dst_mac", ip="dst", value=pl.col("dst_port").cast(pl.String)),
        ]
    )


def _of_dns(dns: pl.DataFrame) -> pl.DataFrame:
    plain = dns.filter(pl.col("transport") == "dns")
    asked = plain.filter(~pl.col("is_response") & (pl.col("name") != ""))
    answered = plain.filter("is_response").with_columns(server_mac=pl.lit(""))
    return pl.concat(
        [
            _sighting(asked, "dns.query", mac="mac", ip="client", value="name"),
            _sighting(answered, "dns.serves", mac="server_mac", ip="server"),
        ]
    )


def _of_tls(tls: pl.DataFrame) -> pl.DataFrame:
    asked = tls.filter(~pl.col("is_response"))
    shown = tls.filter("is_response").with_columns(server_mac=pl.lit(""))
    return pl.concat(
        [
            _sighting(asked.filter(pl.col(column) != ""), f"tls.{column}", mac="mac", ip="client", value=column)
            for column in ("sni", "ja3", "ja4")
        ]
        + [
            _sighting(shown.filter(pl.col(column) != ""), f"tls.{column}", mac="server_mac", ip="server", value=column)
            for column in ("subject", "issuer")
        ]
    )


def _of_quic(quic: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [
            _sighting(quic.filter(pl.col(column) != ""), f"tls.{column}", mac="mac", ip="client", value=column)
            for column in ("sni", "ja4")
        ]
    )


def _of_http(http: pl.DataFrame) -> pl.DataFrame:
    served = http.with_columns(server_mac=pl.lit(""))
    return pl.concat(
        [
            _sighting(http.filter(pl.col("agent") != ""), "http.agent", mac="mac", ip="client", value="agent"),
            _sighting(
                served.filter(pl.col("server_name") != ""),
                "http.server",
                mac="server_mac",
                ip="server",
                value="server_name",
            ),
            _sighting(served.filter(pl.col("realm") != ""), "http.realm", mac="server_mac", ip="server", value="realm"),
        ]
    )


def _of_mqtt(mqtt: pl.DataFrame) -> pl.DataFrame:
    published = mqtt.filter((pl.col("message") == "publish") & ~pl.col("is_by_server") & (pl.col("topic") != ""))
    return pl.concat(
        [
            _sighting(mqtt.filter(pl.col("client_id") != ""), "mqtt.client", mac="mac", ip="client", value="client_id"),
            _sighting(published, "mqtt.topic", mac="mac", ip="client", value="topic"),
        ]
    )


def _of_alerts(alerts: pl.DataFrame) -> pl.DataFrame:
    return _sighting(alerts.filter(pl.col("src") != ""), "ip.source", mac="src_mac", ip="src")


def _of_health(health: pl.DataFrame) -> pl.DataFrame:
    """Whoever joined was there."""
    return _sighting(health.filter((pl.col("event") == "joined") & (pl.col("mac") != "")), "mac", mac="mac", ip="ip")


def _nothing(_: pl.DataFrame) -> None:
    return None


SIGHTED: Final = {
    "flows": _of_flows,
    "dns": _of_dns,
    "tls": _of_tls,
    "quic": _of_quic,
    "http": _of_http,
    "mqtt": _of_mqtt,
    "files": _nothing,
    "alerts": _of_alerts,
    "health": _of_health,
    "logins": _nothing,
    "arp": _nothing,
    "dhcp": _nothing,
    "sightings": _nothing,
}
"""What the rows of each table tell of the devices they name."""


def window_parts(tables: Mapping[str, pl.DataFrame], begin: int, end: int) -> dict[str, pl.DataFrame]:
    """The rows whose step lies within ``begin <= step < end``; both are multiples of `STEP`."""
    if begin % STEP or end % STEP:
        raise ValueError("windows of logs are whole steps")
    parts = {name: frame.filter((pl.col("step") >= begin) & (pl.col("step") < end)) for name, frame in tables.items()}
    return {name: frame for name, frame in parts.items() if not frame.is_empty()}
