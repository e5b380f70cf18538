"""The step of this stage: a window's sightings in, devices, bindings and presence out.

Only what is new costs anything: repeats are left out with whole-column operations, and what remains is taken in step
by step, so the outcome is the same however many steps come at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby

import polars as pl

from cordon.devices.fingerprint import book
from cordon.devices.names import RANKS
from cordon.devices.presence import presence
from cordon.devices.register import Register
from cordon.devices.rows import ADDRESSES, is_local, prepare
from cordon.devices.state import KNOWN, State, key
from cordon.model.device import Device
from cordon.model.facts import Facts

MEET, OWN, SEND, LEARN = range(4)
"""Within a step endpoints are met first, then addresses claimed, then used, then evidence is read."""

_TOLD = ("step", "time", "segment", "mac", "ip", "scope", "field", "value")
Event = tuple[int, int, int, str, str, str, str, str, str]  # step, what, time, segment, mac, ip, scope, field, value


def step(state: State, facts: Facts) -> tuple[State, Facts]:
    """Takes in a window's sightings; yields the facts with `devices`, `bindings` and `presence` added.

    A `Device` is yielded for each step in which something known of it changed; its time is the end of that step.
    """
    window = facts.window
    sightings = prepare(window.table("sightings"), window.begin)
    register = Register(state, window.site, _heard(state, sightings))
    addresses = _addresses(state, register, sightings)
    events = sorted([*_meetings(state, sightings), *addresses, *_evidence(state, register, sightings, addresses)])
    devices: list[Device] = []
    for at, of_step in groupby(events, key=lambda event: event[0]):
        for event in of_step:
            _take(register, event)
        devices.extend(register.close(at))
    state = replace(
        state,
        devices=register.devices,
        endpoints=register.endpoints,
        owners=register.owners(),
        behind=register.behind,
        uuids=register.uuids,
        facts=register.facts,
        seen=_seen(state, sightings),
        known=_known(state, register),
    )
    return state, replace(
        facts,
        devices=tuple(devices),
        bindings=tuple(sorted(register.bindings, key=lambda b: (b.begin, b.segment, b.endpoint, b.end, b.device))),
        presence=presence(window, sightings, state.endpoints),
    )


def _take(register: Register, event: Event) -> None:
    at, what, time, segment, mac, ip, scope, field, value = event
    if what == MEET:
        register.meet(segment, mac, time)
    elif what == OWN:
        register.own(segment, mac, ip, at, by_dhcp=value == "dhcp")
    elif what == SEND:
        register.send_from(segment, mac, ip, at, time)
    elif (endpoint := register.endpoint_of(segment, mac, ip, scope)) is not None:
        register.learn(segment, endpoint, field, value, time)


def _meetings(state: State, sightings: pl.DataFrame) -> Iterator[Event]:
    first = sightings.group_by("segment", "mac").agg(pl.col("step").min(), pl.col("time").min())
    for segment, mac, at, time in first.iter_rows():
        if key(segment, mac) not in state.endpoints:
            yield at, MEET, time, segment, mac, "", "", "", ""


def _addresses(state: State, register: Register, sightings: pl.DataFrame) -> list[Event]:
    """Rows about addresses that may change something; the others only refresh their owner."""
    rows = sightings.filter(pl.col("field").is_in(ADDRESSES) & (pl.col("scope") != ""))
    gateways = [place for place, device in state.endpoints.items() if state.devices[device].is_gateway]
    if gateways:  # what they send from other sites' addresses says nothing new
        passing = (pl.col("scope") == "remote") & _place().is_in(gateways)
        rows = rows.filter(~passing | pl.col("ip").is_in(_owned(state, sightings)))
    leased = rows.filter(pl.col("value") == "dhcp").select("segment", "mac").unique()
    leasing = {key(segment, mac) for segment, mac in leased.iter_rows()}
    moving: list[tuple[str, str]] = []
    summary = rows.group_by("segment", "ip").agg(
        pl.col("mac").min().alias("mac"),
        pl.col("mac").n_unique().alias("macs"),
        (pl.col("field") == "ip").any().alias("claimed"),
        pl.col("step").max(),
    )
    for segment, ip, mac, macs, claimed, at in summary.iter_rows():
        owner = state.owners.get(key(segment, ip))
        held = owner is not None and macs == 1 and owner.mac == mac and (owner.sure or not claimed)
        if held and key(segment, mac) not in leasing:
            register.addresses.refresh(segment, ip, at)
        else:
            moving.append((segment, ip))
    if not moving:
        return []
    those = pl.DataFrame(moving, schema={"segment": pl.String, "ip": pl.String}, orient="row")
    told = rows.join(those, on=["segment", "ip"], how="semi").select(_TOLD)
    return [(at, OWN if rest[4] == "ip" else SEND, time, *rest) for at, time, *rest in told.iter_rows()]


def _evidence(
    state: State, register: Register, sightings: pl.DataFrame, addresses: list[Event]
) -> Iterator[Event]:
    """Rows that tell what an endpoint is and were not taken in before."""
    fields = sorted((book().fields | set(RANKS) | {"ssdp.usn"}) - {"oui", *ADDRESSES})
    rows = sightings.filter(pl.col("field").is_in(fields))
    if rows.is_empty():
        return
    rows = rows.filter((pl.col("scope") != "remote") | pl.col("ip").is_in(_owned(state, sightings)))
    # The rows of a forwarder may be of an endpoint behind it: these are looked at one by one.
    forwarders = {place for place, device in state.endpoints.items() if state.devices[device].is_gateway}
    forwarders |= {key(event[3], event[4]) for event in addresses if event[1] == SEND}
    mixed = _place().is_in(sorted(forwarders)) & (pl.col("scope") != "")
    by_mac = state.known.rename({"endpoint": "mac"})
    plain = rows.filter(~mixed).join(by_mac, on=["segment", "mac", "field", "value"], how="anti")
    singly = rows.filter(mixed)
    if not singly.is_empty():
        # Such an endpoint is a forwarder's MAC address or stands for itself by its IP address.
        place = pl.col("segment") + "|" + pl.col("endpoint")
        before = state.known.filter(place.is_in(sorted(forwarders)) | ~pl.col("endpoint").str.contains("^..:..:..:"))
        register.taken_before |= set(before.iter_rows())
    for at, time, *rest in pl.concat([plain, singly]).select(_TOLD).iter_rows():
        yield at, LEARN, time, *rest


def _place() -> pl.Expr:
    return pl.col("segment") + "|" + pl.col("mac")


def _owned(state: State, sightings: pl.DataFrame) -> list[str]:
    """Addresses of the internet that somebody of ours owns, or claims within the window."""
    claimed = sightings.filter((pl.col("field") == "ip") & (pl.col("scope") == "remote"))["ip"]
    return sorted({*(ip for held in state.owners if not is_local(ip := held.rpartition("|")[2])), *claimed})


def _heard(state: State, sightings: pl.DataFrame) -> Callable[[str, str, int], int]:
    """Answers in which step until a given one a MAC was last heard."""
    def heard(segment: str, mac: str, at: int) -> int:
        rows = sightings.filter((pl.col("mac") == mac) & (pl.col("segment") == segment) & (pl.col("step") <= at))
        latest = rows["step"].max()
        return max(state.seen.get(key(segment, mac), 0), latest if isinstance(latest, int) else 0)

    return heard


def _seen(state: State, sightings: pl.DataFrame) -> dict[str, int]:
    seen = dict(state.seen)
    for segment, mac, at in sightings.group_by("segment", "mac").agg(pl.col("step").max()).iter_rows():
        seen[key(segment, mac)] = max(at, seen.get(key(segment, mac), 0))
    return seen


def _known(state: State, register: Register) -> pl.DataFrame:
    if not register.taken:
        return state.known
    return pl.concat([state.known, pl.DataFrame(list(register.taken), schema=KNOWN, orient="row")])
