"""What all checks look at: the rows of a window with whose each is, worked out once and only where asked for.

Tables are cut down to what checks can use and then handed out as plain rows: there are few of them, and a window of
ten seconds must not cost more than it tells.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import polars as pl

from cordon.exposure.endings import FIELDS as ENDING_FIELDS
from cordon.exposure.endings import any_ending
from cordon.exposure.expected import Expected
from cordon.exposure.habits import Judged
from cordon.exposure.knowledge import Knowledge
from cordon.exposure.shared import Shared
from cordon.exposure.state import State
from cordon.exposure.talking import Rows, Talking
from cordon.exposure.thinning import ends_of
from cordon.model.finding import Rows as Selector
from cordon.model.memo import remembered
from cordon.model.sides import PRIVATE, End, owner, owners
from cordon.model.tables import STEP
from cordon.model.window import Window

SIGHTINGS: Final = frozenset({
    "smb.version", "snmp.description", "snmp.version", "snmp.community", "ssdp.type", "ssh.banner", "ssh.offers",
    "ssh.hostkey", "ntlm.version", "rtsp.access", "onvif.access", "upnp.mapping", "tls.names", "tls.key", "tcp.serves",
    *ENDING_FIELDS,
})  # fmt: skip
"""Fields that checks ask for."""
LASTING: Final = frozenset({"ssdp.type", "upnp.mapping", "tcp.serves", *ENDING_FIELDS} - {"ssh.banner"})
"""Those that show a weakness and never its opposite."""
_DIALOGUES: Final = ("tls", "http", "mqtt", "coap")


class Sight(Talking):
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
        super().__init__(state, window, talks)
        self.knowledge, self.shared = knowledge, shared
        self.judged = judged
        self.kept: dict[str, list[Any]] = {}  # what several checks work out of the rows alike
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
        rows = (
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
        )
        rows = rows.with_columns(device="server_device", peer_device="client_device")
        return ends_of(rows, ("device", "peer_device", "protocol", "changes", "outside"), self.state.devices).to_dicts()

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

    def stands(self, check: str) -> set[str]:
        """The devices with an exposure of that check that stood before these steps."""
        return {device for device, _ in self.stood[check]}

    @cached_property
    def stood(self) -> dict[str, list[tuple[str, str]]]:
        """Of each check the devices, and what about them, whose exposures stood before these steps."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in self.state.standing.values():
            if one.stands:
                found[one.check].append((one.device, one.about))
        return found

    def expected(self, device: str, step: int) -> Expected | None:
        """What is expected of a device by its kind; None where nothing is."""
        return self.knowledge.expected.of(self.kind(device, step))

    def exempts(self, device: str, what: str, step: int) -> bool:
        """Whether somebody wrote that a device may do that for now."""
        names = (device, *self._known(device, step)[1], *_endpoints(self.state.bindings).get(device, ()))
        return self.knowledge.expected.exempts(names, what, step + STEP)

    @cached_property
    def _presented(self) -> dict[str, Rows]:
        table = self.window.table("sightings")
        if len(table):
            # Of what names products only those that are out of support matter.
            named = pl.col("field").is_in(ENDING_FIELDS) & (pl.col("field") != "ssh.banner")
            table = table.filter(pl.col("field").is_in(SIGHTINGS))
            table = table.filter(~named | pl.col("value").str.contains(any_ending()))
        found: dict[str, Rows] = defaultdict(list)
        if table.is_empty():
            return found
        owned = owner(table, self.state.bindings, mac="mac", ip="ip", into="device").filter(pl.col("device") != "")
        by = ("field", "device", "step", "value")
        rows = owned.group_by(by).agg(first=pl.col("time").min())
        rows = rows.sort("step", "device", "value")
        lasting = pl.col("field").is_in(LASTING)
        thin = ends_of(rows.filter(lasting), ("field", "device", "value"), self.state.devices)
        for row in pl.concat([rows.filter(~lasting), thin]).sort("step", "device", "value").iter_rows(named=True):
            # Sightings are not kept in the history: what shows it are the device's talks of that step.
            where = (("device", row["device"]), *((("port", row["value"]),) if row["field"] == "tcp.serves" else ()))
            row["rows"] = Selector("talks", row["step"], row["step"] + STEP, where)
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
            "http": pl.when("is_response")
            .then((pl.col("realm") != "") | (pl.col("content_type").str.starts_with("text/html")))
            .otherwise(~pl.col("server").str.contains(PRIVATE)),
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
def _endpoints(bindings: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """The MAC and other addresses that each device has had."""
    found: dict[str, tuple[str, ...]] = {}
    for device, endpoint in bindings.select("device", "endpoint").unique(maintain_order=True).iter_rows():
        found[device] = (*found.get(device, ()), endpoint)
    return found
