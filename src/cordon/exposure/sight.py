"""What all checks look at: the tables of a window with whose each row is, worked out once and only where asked for."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import polars as pl

from cordon.exposure.knowledge import Knowledge
from cordon.exposure.shared import Shared
from cordon.exposure.state import State
from cordon.model.facts import TALKS
from cordon.model.sides import PRIVATE, End, owner, owners
from cordon.model.tables import STEP
from cordon.model.window import Window

_TALK: Final = ("flow", "step", "device", "peer_device", "scope", "name")
_TCP, _UDP = 6, 17


class Sight:
    """The steps of a window. Every row tells its `device` or, for dialogues, `client_device` and `server_device`: ""
    where it is none of ours.

    Args:
        state: with bindings and devices of these steps folded in.
        window: the rows of these steps.
        talks: theirs.
        shared: what devices have in common.
    """

    def __init__(
        self, state: State, window: Window, talks: pl.DataFrame | None, knowledge: Knowledge, shared: Shared
    ) -> None:
        self.state, self.window, self.knowledge, self.shared = state, window, knowledge, shared
        self.talks = pl.DataFrame(schema=TALKS) if talks is None else talks
        self._present = {name for name, rows in window.tables.items() if rows.height}
        if self.talks.height:
            self._present.add("talks")

    def brings(self, tables: Sequence[str]) -> bool:
        """Whether any of these tables has a row."""
        return not self._present.isdisjoint(tables)

    @cached_property
    def logins(self) -> pl.DataFrame:
        """Attempts to sign in, with both devices, `scope` (of the client, seen from the server) and `default` (user of
        the known default credential that was used, else "")."""
        ends = {"client_device": End("mac", "client"), "server_device": End("server_mac", "server")}
        rows = owners(self.window.table("logins"), self.state.bindings, self.state.devices, ends)
        known = self.knowledge.defaults
        used = {secret: known[secret] or "(none)" for secret in rows["secret"].unique().to_list() if secret in known}
        return rows.with_columns(
            default=pl.col("secret").replace_strict(used, default="", return_dtype=pl.String),
            scope=_scope("client", "client_device"),
            outside=_scope("server", "server_device") == "internet",
        )

    @cached_property
    def ot(self) -> pl.DataFrame:
        """Operations of plant protocols, with both devices and the `scope` of who asks."""
        ends = {"client_device": End("mac", "client"), "server_device": End("server_mac", "server")}
        rows = owners(self.window.table("ot"), self.state.bindings, self.state.devices, ends)
        return rows.with_columns(scope=_scope("client", "client_device"))

    @cached_property
    def tls(self) -> pl.DataFrame:
        """What servers chose and showed, with both devices."""
        return self._with_ends(self.window.table("tls").filter("is_response"))

    @cached_property
    def http(self) -> pl.DataFrame:
        """Requests and answers in clear, with both devices."""
        return self._with_ends(self.window.table("http"))

    @cached_property
    def mqtt(self) -> pl.DataFrame:
        """Messages of brokers' connections in clear, with both devices."""
        return self._with_ends(self.window.table("mqtt"))

    @cached_property
    def coap(self) -> pl.DataFrame:
        """CoAP in clear, with both devices."""
        return self._with_ends(self.window.table("coap"))

    def concerned(self, check: str) -> set[tuple[str, str]]:
        """The devices, each with what about it, of which the check's weakness stood before this window."""
        return {(one.device, one.about) for one in self.state.standing.values() if one.check == check and one.stands}

    def sightings(self, field: str) -> pl.DataFrame:
        """How devices presented themselves: device, step, first, value of that field."""
        rows = self._sightings.filter((pl.col("field") == field) & (pl.col("device") != ""))
        return rows.group_by("device", "step", "value").agg(first=pl.col("time").min()).sort("step", "device", "value")

    def served(self, such: pl.Expr) -> pl.DataFrame:
        """Who answered whom on which port: device, port, step, first, peer, peer_device, outside (somebody on the
        Internet was answered), of talks for which `such` holds and in which both sides said something."""
        return self._sides(~pl.col("initiated") & such)

    def opened(self, such: pl.Expr) -> pl.DataFrame:
        """As `served`, of talks that the device began; and `name`, what it called the other side."""
        return self._sides(pl.col("initiated") & such)

    def with_kind(self, rows: pl.DataFrame, device: str = "device", into: str = "kind") -> pl.DataFrame:
        """Adds the kind of a device as known at the end of the row's step; "" where it is not known."""
        if rows.is_empty():
            return rows.with_columns(pl.lit("").alias(into))
        # A gateway of which nothing else is known is a router.
        kind = pl.when(pl.col("is_gateway") & (pl.col("kind") == "")).then(pl.lit("router")).otherwise("kind")
        known = self.state.devices.select(_of="device", _at="time", kind=kind)
        asked = rows.select(pl.col(device).alias("_of"), _at=pl.col("step") + STEP).with_row_index("_row").sort("_at")
        kinds = asked.join_asof(known.sort("_at"), on="_at", by="_of", check_sortedness=False).sort("_row")
        return rows.with_columns(kinds["kind"].fill_null("").alias(into))

    def _sides(self, such: pl.Expr) -> pl.DataFrame:
        said = (pl.col("payload_out") > 0) & (pl.col("payload_in") > 0) & pl.col("proto").is_in([_TCP, _UDP])
        rows = self.talks.filter(pl.col("scope").is_in(["local", "internet"]) & said & such)
        return (
            rows.group_by("device", "port", "step")
            .agg(
                first=pl.col("time").min(),
                peer=pl.col("peer").min(),
                peer_device=pl.col("peer_device").max(),
                outside=(pl.col("scope") == "internet").any(),
                name=pl.col("name").max(),
                service=pl.col("service").max(),
            )
            .sort("step", "device", "port")
        )

    @cached_property
    def _sightings(self) -> pl.DataFrame:
        return owner(self.window.table("sightings"), self.state.bindings, mac="mac", ip="ip", into="device")

    @cached_property
    def _ends(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        talks = self.talks.select(*_TALK, "initiated").unique(["flow", "step", "initiated"], maintain_order=True)
        asks = talks.filter("initiated").select("flow", "step", pl.col("device").alias("client_device"), "scope")
        answers = talks.filter(~pl.col("initiated"))
        return asks, answers.select(
            "flow", "step", pl.col("device").alias("server_device"), pl.col("scope").alias("from_scope")
        )

    def _with_ends(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with both devices, by the talk their flow had in that step, and `outside`: the other side of the
        device is on the Internet."""
        asks, answers = self._ends
        keys = ["flow", "step"]
        joined = rows.join(asks, on=keys, how="left", maintain_order="left")
        joined = joined.join(answers, on=keys, how="left", maintain_order="left")
        outside = (pl.col("scope") == "internet") | (pl.col("from_scope") == "internet")
        return joined.with_columns(
            pl.col("client_device").fill_null(""),
            pl.col("server_device").fill_null(""),
            outside=outside.fill_null(value=False),
        )


def _scope(address: str, device: str) -> pl.Expr:
    """Where an end is: internet, or local."""
    remote = (pl.col(device) == "") & ~pl.col(address).str.contains(PRIVATE)
    return pl.when(remote).then(pl.lit("internet")).otherwise(pl.lit("local"))
