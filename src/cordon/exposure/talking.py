"""Who talked to whom, as checks ask for it: the rows of talks with whose each is, worked out only where asked for.

Of rows that are alike within an hour the first and the last are handed out (`thinning`); where a check asks for certain
devices, all of theirs.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

import polars as pl

from cordon.exposure.state import State
from cordon.exposure.thinning import ends_of
from cordon.model.facts import TALKS
from cordon.model.memo import remembered
from cordon.model.sides import PRIVATE
from cordon.model.tables import STEP
from cordon.model.window import Window

Row = dict[str, Any]
Rows = list[Row]

COMMON: Final = frozenset({"dns", "mdns", "ssdp", "dhcp", "ntp"})
"""Services by which devices of a network find their way."""
_PRIVATE: Final = re.compile(PRIVATE)
_TCP, _UDP = 6, 17
_ANSWER: Final = ("device", "own", "port", "service", "scope", "peer_device")
_BEGIN: Final = ("device", "own", "peer", "peer_device", "port", "service", "name", "scope")


class Talking:
    """The talks of the steps of a window, and what is known of their devices.

    Args:
        state: with bindings and devices of these steps folded in.
        window: the rows of these steps.
        talks: theirs.
    """

    def __init__(self, state: State, window: Window, talks: pl.DataFrame | None) -> None:
        self.state, self.window = state, window
        self.talks = pl.DataFrame(schema=TALKS) if talks is None else talks

    def served(
        self, services: Collection[str] = (), ports: Collection[int] = (), of: Collection[str] | None = None
    ) -> Rows:
        """Who answered: device, port, service, step, first, peer, peer_device, outside (the peer is on the Internet),
        of talks in which both said something, recognised as one of `services`, or as nothing but on one of `ports`.

        Of rows alike in an hour the first and the last; of the devices `of`, where they are named, all.
        """
        return self._pick(self._answered, self._answers_of, services, ports, of)

    def opened(
        self, services: Collection[str] = (), ports: Collection[int] = (), of: Collection[str] | None = None
    ) -> Rows:
        """As `served`, of talks that the device began: one for each peer, with its `name` as the device called it."""
        return self._pick(self._begun, self._begins_of, services, ports, of)

    def enciphered(self, of: Collection[str], names: Collection[str]) -> Rows:
        """As `opened`, all talks over TLS of devices with what they called by one of these names (in lower case)."""
        such = pl.col("device").is_in(list(of)) & pl.col("name").str.to_lowercase().is_in(list(names))
        whole = self._begins_of.get("tls") if names else None
        return self._by_service(whole.filter(such))["tls"] if whole is not None else []

    def serving(self) -> Rows:
        """As `served`, whatever the service was recognised as; not where it was not."""
        return [row for service, rows in self._answered.items() if service for row in rows]

    def opening(self) -> Rows:
        """As `opened`, likewise."""
        return [row for service, rows in self._begun.items() if service for row in rows]

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

    def owns(self, device: str, address: str | None, step: int) -> bool:
        """Whether an address can be the device's own: a gateway hands on frames of others before it is known as one."""
        return not address or _PRIVATE.search(address) is not None or address in self._known(device, step)[1]

    def _known(self, device: str, step: int) -> tuple[str, frozenset[str]]:
        times, versions = _versions(self.state.devices).get(device, ([], []))
        at = bisect_right(times, step + STEP)
        return versions[at - 1] if at else ("", frozenset())

    def _pick(
        self,
        thin: dict[str, Rows],
        whole: dict[str, pl.DataFrame],
        services: Collection[str],
        ports: Collection[int],
        of: Collection[str] | None,
    ) -> Rows:
        if of is None:
            found = [row for service in services for row in thin.get(service, ())]
            return found + ([row for row in thin.get("", ()) if row["port"] in ports] if ports else [])
        theirs = pl.col("device").is_in(list(of))
        frames = [whole[service].filter(theirs) for service in services if service in whole] if of else []
        if of and ports and "" in whole:
            frames.append(whole[""].filter(theirs & pl.col("port").is_in(list(ports))))
        return [row for frame in frames for rows in self._by_service(frame).values() for row in rows]

    @cached_property
    def _said(self) -> pl.DataFrame:
        both = (pl.col("payload_out") > 0) & (pl.col("payload_in") > 0) & pl.col("proto").is_in([_TCP, _UDP])
        talks = self.talks.filter(both & pl.col("scope").is_in(["local", "internet"]))
        ends = self.window.table("flows").select("flow", "src", "dst").unique("flow")
        own = pl.when("initiated").then("src").otherwise("dst").alias("own")
        return talks.join(ends, on="flow", how="left", maintain_order="left").with_columns(own)

    @cached_property
    def _answers(self) -> pl.DataFrame:
        rows = self._said.filter(~pl.col("initiated")).group_by(*_ANSWER, "step").agg(
            first=pl.col("time").min(),
            peer=pl.col("peer").min(),
            known=((pl.col("proto") == _TCP) & (pl.col("state") != "partial")).any(),
        )  # fmt: skip
        return rows.sort("step", *_ANSWER)

    @cached_property
    def _begins(self) -> pl.DataFrame:
        rows = self._said.filter("initiated").group_by(*_BEGIN, "step").agg(first=pl.col("time").min())
        return rows.sort("step", *_BEGIN)

    @cached_property
    def _answers_of(self) -> dict[str, pl.DataFrame]:
        return _parted(self._answers)

    @cached_property
    def _begins_of(self) -> dict[str, pl.DataFrame]:
        return _parted(self._begins)

    @cached_property
    def _answered(self) -> dict[str, Rows]:
        return self._by_service(self._thin(self._answers, (*_ANSWER, "known")))

    @cached_property
    def _begun(self) -> dict[str, Rows]:
        return self._by_service(self._thin(self._begins, _BEGIN))

    def _thin(self, rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        turns = (*self.state.given.values(), *self.state.clocks.values())
        return ends_of(rows, by, self.state.devices, turns)

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


def _parted(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows by the service they are of, in their order."""
    return {str(service): part for (service,), part in rows.partition_by("service", as_dict=True).items()}
