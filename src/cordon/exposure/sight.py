"""What all checks look at: the rows of a window with whose each is, worked out once and only where asked for.

Tables are cut down to what checks can use and then handed out as plain rows: there are few of them, and a window of
ten seconds must not cost more than it tells.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

import polars as pl

from cordon.exposure.baseline import Baseline
from cordon.exposure.endings import FIELDS as ENDING_FIELDS
from cordon.exposure.habits import Judged
from cordon.exposure.knowledge import Knowledge
from cordon.exposure.shared import Shared
from cordon.exposure.state import State
from cordon.model.facts import TALKS
from cordon.model.finding import Rows as Selector
from cordon.model.memo import remembered
from cordon.model.sides import PRIVATE, End, owner, owners
from cordon.model.tables import STEP
from cordon.model.window import Window

Row = dict[str, Any]
Rows = list[Row]

SIGHTINGS: Final = frozenset({
    "smb.version", "snmp.description", "snmp.version", "snmp.community", "ssdp.type", "ssh.banner", "ssh.offers",
    "ssh.hostkey", "ntlm.version", "rtsp.access", "onvif.access", "upnp.mapping", "tls.names", "tls.key", "tcp.serves",
    *ENDING_FIELDS,
})  # fmt: skip
"""Fields that checks ask for."""
COMMON: Final = frozenset({"dns", "mdns", "ssdp", "dhcp", "ntp"})
"""Services by which devices of a network find their way."""
_PRIVATE: Final = re.compile(PRIVATE)
_TCP, _UDP = 6, 17
_DIALOGUES: Final = ("tls", "http", "mqtt", "coap")


class Sight:
    """The steps of a window. Every row tells its `device` or, for dialogues, `client_device` and `server_device`: ""
    where it is none of ours. Rows come in the order of their steps.

    Args:
        state: with bindings and devices of these steps folded in.
        window: the rows of these steps.
        talks: theirs.
        shared: what devices have in common.
        judged: devices whose habits are judged in these steps.
    """

    def __init__(
        self,
        state: State,
        window: Window,
        talks: pl.DataFrame | None,
        knowledge: Knowledge,
        shared: Shared,
        judged: Sequence[Judged] = (),
    ) -> None:
        self.state, self.window, self.knowledge, self.shared = state, window, knowledge, shared
        self.judged = judged
        self.talks = pl.DataFrame(schema=TALKS) if talks is None else talks
        self._present = {name for name, rows in window.tables.items() if rows.height}
        if self.talks.height:
            self._present.add("talks")

    def brings(self, tables: Sequence[str]) -> bool:
        """Whether any of these tables has a row."""
        return not self._present.isdisjoint(tables)

    @cached_property
    def logins(self) -> Rows:
        """Attempts to sign in, with both devices, `outside` (the client is on the Internet) and `default` (user of the
        known default credential that was used, else "")."""
        table = self.window.table("logins")
        if table.is_empty():
            return []
        known = self.knowledge.defaults
        rows = self._owned(table)
        return [row | {"default": (known[row["secret"]] or "(none)") if row["secret"] in known else ""} for row in rows]

    @cached_property
    def operations(self) -> Rows:
        """What plant protocols were seen to do: server_device, protocol, step, with the first of its rows, `changes`
        (it is more than reading) and `outside`."""
        done = self.window.table("ot").filter(
            pl.col("is_response") & (pl.col("result") == "ok"), pl.col("access") != ""
        )
        if done.is_empty():
            return []
        ends = {"client_device": End("mac", "client"), "server_device": End("server_mac", "server")}
        remote = (pl.col("client_device") == "") & ~pl.col("client").str.contains(PRIVATE)
        return (
            owners(done, self.state.bindings, self.state.devices, ends)
            .group_by("server_device", "protocol", "step", maintain_order=True)
            .agg(
                pl.col("segment", "server", "port", "client_device").first(),
                first=pl.col("time").min(),
                changes=(pl.col("access") != "read").any(),
                outside=remote.any(),
            )
            .filter(pl.col("server_device") != "")
            .sort("step", "server_device", "protocol")
            .to_dicts()
        )

    @cached_property
    def tls(self) -> Rows:
        """What servers chose and showed, with both devices and `outside`: the other side is on the Internet."""
        return self._with_ends("tls")

    @cached_property
    def http(self) -> Rows:
        """Requests and answers in clear, likewise."""
        return self._with_ends("http")

    @cached_property
    def mqtt(self) -> Rows:
        """Answers of brokers in clear, likewise."""
        return self._with_ends("mqtt")

    @cached_property
    def coap(self) -> Rows:
        """Answers in clear that grant what was asked for, likewise."""
        return self._with_ends("coap")

    def sightings(self, field: str) -> Rows:
        """How devices presented themselves: device, step, first, `rows`, value of that field, one of `SIGHTINGS`."""
        return self._presented[field]

    def served(self, services: Collection[str] = (), ports: Collection[int] = ()) -> Rows:
        """Who answered: device, port, service, step, first, peer, peer_device, outside (the peer is on the Internet),
        of talks in which both said something, recognised as one of `services`, or as nothing but on one of `ports`."""
        return self._pick(self._answered, services, ports)

    def serving(self) -> Rows:
        """As `served`, whatever the service was recognised as; not where it was not."""
        return [row for service, rows in self._answered.items() if service for row in rows]

    def opening(self) -> Rows:
        """As `opened`, likewise."""
        return [row for service, rows in self._begun.items() if service for row in rows]

    def opened(self, services: Collection[str] = (), ports: Collection[int] = ()) -> Rows:
        """As `served`, of talks that the device began: one for each peer, with its `name` as the device called it."""
        return self._pick(self._begun, services, ports)

    @cached_property
    def visited(self) -> Rows:
        """As `served`, of TCP that somebody on the Internet was seen to begin."""
        return [row for rows in self._answered.values() for row in rows if row["outside"] and row["known"]]

    @cached_property
    def named(self) -> Rows:
        """As `opened`, of talks with what the device called by a name on the Internet."""
        return [row for rows in self._begun.values() for row in rows if row["outside"] and row["name"]]

    @cached_property
    def met(self) -> Rows:
        """As `opened`, of talks between two of our devices, but for the services that all devices share."""
        return [
            row for service, rows in self._begun.items() if service not in COMMON for row in rows if row["peer_device"]
        ]

    def kind(self, device: str, step: int) -> str:
        """The kind of a device as known at the end of a step; "" where it is not known."""
        return self._known(device, step)[0]

    def baseline(self, device: str, step: int) -> Baseline | None:
        """What is expected of a device by its kind; None where nothing is."""
        return self.knowledge.baselines.of(self.kind(device, step))

    def exempts(self, device: str, what: str, step: int) -> bool:
        """Whether somebody wrote that a device may do that for now."""
        names = (device, *self._known(device, step)[1], *_endpoints(self.state.bindings).get(device, ()))
        return self.knowledge.baselines.exempts(names, what, step + STEP)

    def owns(self, device: str, address: str | None, step: int) -> bool:
        """Whether an address can be the device's own: a gateway hands on frames of others before it is known as one."""
        return not address or _PRIVATE.search(address) is not None or address in self._known(device, step)[1]

    def _known(self, device: str, step: int) -> tuple[str, frozenset[str]]:
        times, versions = _versions(self.state.devices).get(device, ([], []))
        at = bisect_right(times, step + STEP)
        return versions[at - 1] if at else ("", frozenset())

    def _pick(self, rows: dict[str, Rows], services: Collection[str], ports: Collection[int]) -> Rows:
        found = [row for service in services for row in rows.get(service, ())]
        return found + ([row for row in rows.get("", ()) if row["port"] in ports] if ports else [])

    @cached_property
    def _said(self) -> pl.DataFrame:
        both = (pl.col("payload_out") > 0) & (pl.col("payload_in") > 0) & pl.col("proto").is_in([_TCP, _UDP])
        talks = self.talks.filter(both & pl.col("scope").is_in(["local", "internet"]))
        ends = self.window.table("flows").select("flow", "src", "dst").unique("flow", maintain_order=True)
        own = pl.when("initiated").then("src").otherwise("dst").alias("own")
        return talks.join(ends, on="flow", how="left", maintain_order="left").with_columns(own)

    @cached_property
    def _answered(self) -> dict[str, Rows]:
        by = ("device", "own", "port", "service", "scope", "step")
        rows = self._said.filter(~pl.col("initiated")).group_by(by).agg(
            first=pl.col("time").min(),
            peer=pl.col("peer").min(),
            peer_device=pl.col("peer_device").max(),
            known=((pl.col("proto") == _TCP) & (pl.col("state") != "partial")).any(),
        )  # fmt: skip
        return self._by_service(rows.sort("step", "device", "port", "scope", "own"))

    @cached_property
    def _begun(self) -> dict[str, Rows]:
        by = ("device", "own", "peer", "peer_device", "port", "service", "name", "scope", "step")
        rows = self._said.filter("initiated").group_by(by).agg(first=pl.col("time").min())
        return self._by_service(rows.sort("step", "device", "port", "peer", "name", "own"))

    def _by_service(self, rows: pl.DataFrame) -> dict[str, Rows]:
        """Rows that are the device's own, with the peer as it is; by the service they are of."""
        found: dict[str, Rows] = defaultdict(list)
        for row in rows.iter_rows(named=True):
            if not self.owns(row["device"], row["own"], row["step"]):
                continue
            if row["peer_device"] and not self.owns(row["peer_device"], row["peer"], row["step"]):
                row["peer_device"], row["scope"] = "", "internet"
            row["outside"] = row["scope"] == "internet"
            found[row["service"]].append(row)
        return found

    @cached_property
    def _presented(self) -> dict[str, Rows]:
        table = self.window.table("sightings")
        table = table.filter(pl.col("field").is_in(SIGHTINGS)) if len(table) else table
        found: dict[str, Rows] = defaultdict(list)
        if table.is_empty():
            return found
        owned = owner(table, self.state.bindings, mac="mac", ip="ip", into="device").filter(pl.col("device") != "")
        by = ("field", "device", "step", "value")
        rows = owned.group_by(by).agg(pl.col("segment", "mac").min(), first=pl.col("time").min())
        for row in rows.sort("step", "device", "value").iter_rows(named=True):
            where = tuple((name, row[name]) for name in ("segment", "mac", "field"))
            row["rows"] = Selector("sightings", row["step"], row["step"] + STEP, where)
            found[row["field"]].append(row)
        return found

    def _owned(self, table: pl.DataFrame) -> Rows:
        """Rows that name both MAC addresses, with both devices, and `outside`: the client is on the Internet."""
        ends = {"client_device": End("mac", "client"), "server_device": End("server_mac", "server")}
        rows = owners(table, self.state.bindings, self.state.devices, ends)
        remote = (pl.col("client_device") == "") & ~pl.col("client").str.contains(PRIVATE)
        found = rows.with_columns(outside=remote).sort("step", "time", maintain_order=True).to_dicts()
        for row in found:
            if row["client_device"] and not self.owns(row["client_device"], row["client"], row["step"]):
                row["client_device"], row["outside"] = "", True
            if row["server_device"] and not self.owns(row["server_device"], row["server"], row["step"]):
                row["server_device"] = ""
        return found

    @cached_property
    def _tables(self) -> dict[str, pl.DataFrame]:
        """The tables of dialogues, cut down to what checks ask."""
        such = {
            "tls": pl.col("is_response"),
            "mqtt": (pl.col("message") == "connack") & pl.col("is_by_server"),
            "coap": pl.col("is_response") & pl.col("code").str.starts_with("2."),
        }
        tables = {name: self.window.table(name) for name in _DIALOGUES if name in self._present}
        return {name: rows.filter(such[name]) if name in such else rows for name, rows in tables.items()}

    @cached_property
    def _ends(self) -> dict[tuple[int, int], tuple[str, str, bool]]:
        """Of each flow and step of dialogues who asked, who answered, and whether one of them is on the Internet."""
        flows = [rows["flow"] for rows in self._tables.values()]
        found: dict[tuple[int, int], tuple[str, str, bool]] = {}
        if not flows:
            return found
        talks = self.talks.filter(pl.col("flow").is_in(pl.concat(flows).unique().implode()))
        columns = talks.select("flow", "step", "device", "initiated", "scope")
        for flow, step, device, initiated, scope in columns.iter_rows():
            client, server, outside = found.get((flow, step), ("", "", False))
            client, server = (device, server) if initiated else (client, device)
            found[flow, step] = client, server, outside or scope == "internet"
        return found

    def _with_ends(self, name: str) -> Rows:
        """The rows of a dialogue's table with both devices, by the talk that their flow had in that step."""
        found: Rows = []
        for row in self._tables[name].iter_rows(named=True) if name in self._tables else ():
            client, server, outside = self._ends.get((row["flow"], row["step"]), ("", "", False))
            if client and not self.owns(client, row["client"], row["step"]):
                client, outside = "", True
            if server and not self.owns(server, row["server"], row["step"]):
                server, outside = "", True
            found.append(row | {"client_device": client, "server_device": server, "outside": outside})
        return sorted(found, key=lambda row: (row["step"], row["time"]))


@remembered
def _versions(devices: pl.DataFrame) -> dict[str, tuple[list[int], list[tuple[str, frozenset[str]]]]]:
    """Of each device from when on it was known to be of which kind, with which addresses; a gateway of which nothing
    else is known is a router."""
    found: dict[str, tuple[list[int], list[tuple[str, frozenset[str]]]]] = {}
    for device, time, kind, is_gateway, ips in devices.select(
        "device", "time", "kind", "is_gateway", "ips"
    ).iter_rows():
        times, versions = found.setdefault(device, ([], []))
        times.append(time)
        versions.append((kind or ("router" if is_gateway else ""), frozenset(ips)))
    return found


@remembered
def _endpoints(bindings: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """The MAC and other addresses that each device has had."""
    found: dict[str, tuple[str, ...]] = {}
    for device, endpoint in bindings.select("device", "endpoint").unique(maintain_order=True).iter_rows():
        found[device] = (*found.get(device, ()), endpoint)
    return found
