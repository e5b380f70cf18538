"""The step of this stage: a window's sightings in, devices, bindings and presence out.

Only what is new costs anything: repeats are left out with whole-column operations, and what remains is taken in step
by step, so the outcome is the same however many steps come at once.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby

import polars as pl

from cordon.devices import behaviour, clones, silences
from cordon.devices.claims import OWN as SAYS_ONCE
from cordon.devices.fingerprint import book
from cordon.devices.identity import IDS, carries_id
from cordon.devices.names import RANKS
from cordon.devices.naming import with_macs
from cordon.devices.presence import presence, total
from cordon.devices.register import MOST_VALUES, Register
from cordon.devices.rows import ADDRESSES, is_local, prepare
from cordon.devices.state import State, key
from cordon.model.device import Binding, Device, DeviceEvent
from cordon.model.facts import Facts
from cordon.model.tables import STEP

MEET, OWN, SEND, LEARN, CLONE, PAUSE = range(6)
"""Within a step endpoints are met first, then addresses claimed, then used, then evidence is read."""
BLANK = ("", "", "", "")

WORTH_A_CUT = 2000
"""Sightings from which on the first step of a window is taken in before the others."""

MANY = 500
"""Rows of a field from which on their values are looked at together."""

_NEVER = 1 << 62
_TOLD = ("step", "time", "segment", "mac", "ip", "scope", "field", "value")
Event = tuple[int, int, int, str, str, str, str, str, str]  # step, what, time, segment, mac, ip, scope, field, value


def step(state: State, facts: Facts) -> tuple[State, Facts]:
    """Takes in a window's sightings; yields the facts with `devices`, `bindings` and `presence` added.

    A `Device` is yielded for each step in which something known of it changed; its time is the end of that step.
    """
    window = facts.window
    sightings = prepare(window.table("sightings"), window.begin)
    clock = max(state.clock, window.end)
    if sightings.is_empty() and not facts.edits:
        seen_in_flows = presence(window.table("flows"), sightings, state.endpoints)
        named = with_macs(window, state.owners)
        return replace(state, clock=clock), replace(facts, window=named, presence=seen_in_flows)
    devices: list[Device] = []
    bindings: list[Binding] = []
    events: list[DeviceEvent] = []
    present: list[pl.DataFrame] = []
    votes, opinions = _opinions(state, window.table("heads"), window.begin)
    if facts.edits:
        state = _told(state, facts, devices, bindings, events)
    parts = list(_parts(window.table("flows"), sightings)) if sightings.height else []
    for flows, heard in parts:
        faces, found = clones.look(state.faces, heard)
        register = Register(state, window.site, _heard(state, heard))
        met, seen = _meetings(state, heard)
        addresses, claimed = _addresses(state, register, heard)
        spoken = [event for event in opinions if event[0] <= heard["step"][-1] or heard is parts[-1][1]]
        opinions = opinions[len(spoken) :]
        told = [*met, *addresses, *_evidence(state, heard, addresses, claimed), *spoken]
        told += [(one.step, CLONE, one.time, "", one.place, one.field, one.one, one.other, "") for one in found]
        told += [(at, PAUSE, how_long, "", place, *BLANK) for at, place, how_long in silences.pauses(state.seen, heard)]
        devices += _take_in(register, sorted(told))
        bindings += register.bindings
        events += register.events
        present.append(_presence(flows, heard, register))
        state = replace(_after(state, register, seen), faces=faces)
    state = replace(state, votes=votes, clock=clock)
    return state, replace(
        facts,
        window=with_macs(window, state.owners),
        devices=tuple(devices),
        bindings=tuple(bindings),
        events=tuple(sorted(events, key=lambda one: (one.time, one.device, one.what, one.field, one.after))),
        presence=total(present) if present else presence(window.table("flows"), sightings, state.endpoints),
    )


def _opinions(state: State, heads: pl.DataFrame, begin: int) -> tuple[dict[str, behaviour.Votes], list[Event]]:
    """What the first packets of senders speak for, in the order of their steps."""
    if heads.is_empty():
        return state.votes, []
    votes, opinions = behaviour.listen(behaviour.load(), state.votes, heads)
    first = begin // STEP * STEP  # late rows count for the window's first step, as sightings do
    return votes, sorted(
        (max(one.step, first), LEARN, one.time, one.segment, one.mac, "", "", behaviour.FIELD, one.label)
        for one in opinions
    )


def _parts(flows: pl.DataFrame, sightings: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The first step of a long window comes first: what it tells is left out of those that follow."""
    first, last = sightings["step"][0], sightings["step"][-1]  # they are sorted by step
    if first == last or sightings.height < WORTH_A_CUT:
        yield flows, sightings
        return
    is_first = pl.col("step") <= first
    yield flows.filter(is_first), sightings.filter(is_first)
    yield flows.filter(~is_first), sightings.filter(~is_first)


def _take_in(register: Register, events: list[Event]) -> list[Device]:
    """The devices that are known differently after these events."""
    devices: list[Device] = []
    for at, of_step in groupby(events, key=lambda event: event[0]):
        for event in of_step:
            _take(register, event)
        devices.extend(register.close(at))
    return devices


def _presence(flows: pl.DataFrame, sightings: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Presence by the devices of the time: what an endpoint did before it was joined to another stays where it was."""
    if not register.before_joins:
        return presence(flows, sightings, register.endpoints)
    since, parts = -_NEVER, []
    for until, endpoints in [*sorted(register.before_joins.items()), (_NEVER, register.endpoints)]:
        within = (pl.col("step") >= since) & (pl.col("step") < until)
        parts.append(presence(flows.filter(within), sightings.filter(within), endpoints))
        since = until
    return total(parts)


def _told(
    state: State, facts: Facts, devices: list[Device], bindings: list[Binding], events: list[DeviceEvent]
) -> State:
    """What people said is taken in before the window's traffic, at the time that was reached."""
    at = max(state.clock, facts.window.begin)
    register = Register(state, facts.window.site, lambda segment, mac, _: state.seen.get(key(segment, mac), 0))
    for edit in facts.edits:
        register.tell(edit, at, at)
    devices += register.close(at - STEP)  # they are known so from now on
    bindings += register.bindings
    events += register.events
    return _after(state, register, state.seen)


def _after(state: State, register: Register, seen: dict[str, int]) -> State:
    return replace(
        state,
        parts=register.parts,
        endpoints=register.endpoints,
        gateways=tuple(sorted(register.gateways)),
        links=register.groups.links,
        apart=tuple(sorted(register.groups.apart)),
        members=register.groups.members,
        ids=register.joins.ids,
        told=register.told,
        owners=register.addresses.owners,
        behind=register.behind,
        uuids=register.uuids,
        pauses=register.pauses,
        last=register.last,
        seen=seen,
        known=register.known,
    )


def _take(register: Register, event: Event) -> None:
    at, what, time, segment, mac, ip, scope, field, value = event
    if what == MEET:
        register.meet(segment, mac, at, time)
    elif what == OWN:
        register.own(segment, mac, ip, at, by_dhcp=value == "dhcp")
    elif what == SEND:
        register.send_from(segment, mac, ip, at, time)
    elif what == CLONE:
        register.cloned(mac, ip, scope, field, at)
    elif what == PAUSE:
        register.paused(mac, time)
    elif (endpoint := register.endpoint_of(segment, mac, ip, scope)) is not None and register.knows(segment, endpoint):
        register.learn(segment, endpoint, field, value, step=at, time=time, ip=ip if scope == "local" else "")


def _meetings(state: State, sightings: pl.DataFrame) -> tuple[list[Event], dict[str, int]]:
    """First sights of new endpoints, and in which step each endpoint was heard last."""
    spans = sightings.group_by("segment", "mac").agg(
        pl.col("step").min(), pl.col("time").min(), pl.col("step").max().alias("last")
    )
    met: list[Event] = []
    seen = dict(state.seen)
    for segment, mac, at, time, last in spans.iter_rows():
        place = key(segment, mac)
        seen[place] = max(last, seen.get(place, 0))
        if place not in state.endpoints:
            met.append((at, MEET, time, segment, mac, "", "", "", ""))
    return met, seen


def _addresses(state: State, register: Register, sightings: pl.DataFrame) -> tuple[list[Event], set[str]]:
    """Rows about addresses that may change something, and which internet addresses are claimed.

    All other rows only refresh the owner of their address.
    """
    rows = sightings.filter(pl.col("field").is_in(ADDRESSES) & (pl.col("scope") != ""))
    if state.gateways:  # what they send from other sites' addresses says nothing new
        passing = (pl.col("scope") == "remote") & _place().is_in(state.gateways)
        claims = (pl.col("field") == "ip").any().over("ip")
        rows = rows.filter(~passing | claims | pl.col("ip").is_in(_owned(state)))
    summary = rows.group_by("segment", "ip").agg(
        pl.col("mac").min().alias("mac"),
        pl.col("mac").max().alias("other"),
        (pl.col("field") == "ip").any().alias("claimed"),
        pl.col("step").max(),
    )
    leases = rows.filter((pl.col("field") == "ip") & (pl.col("value") == "dhcp"))
    leasing = {key(segment, mac) for segment, mac in leases.select("segment", "mac").iter_rows()}
    claimed_afar: set[str] = set()
    moving: list[tuple[str, str]] = []
    for segment, ip, mac, other, claimed, at in summary.iter_rows():
        if claimed and not is_local(ip):
            claimed_afar.add(ip)
        owner = state.owners.get(key(segment, ip))
        held = owner is not None and owner.mac == mac == other and (owner.sure or not claimed)
        if held and key(segment, mac) not in leasing:
            register.addresses.refresh(segment, ip, at)
        else:
            moving.append((segment, ip))
    if not moving:
        return [], claimed_afar
    those = pl.DataFrame(moving, schema={"segment": pl.String, "ip": pl.String}, orient="row")
    changing = rows.join(those, on=["segment", "ip"], how="semi").select(_TOLD)
    return [
        (at, OWN if rest[4] == "ip" else SEND, time, *rest) for at, time, *rest in changing.iter_rows()
    ], claimed_afar


def _evidence(state: State, sightings: pl.DataFrame, addresses: list[Event], claimed: set[str]) -> list[Event]:
    """Rows that tell what an endpoint is and were not taken in before."""
    # The rows of a forwarder may be of an endpoint behind it: only the register can tell.
    forwarders = set(state.gateways) | {key(event[3], event[4]) for event in addresses if event[1] == SEND}
    ours = (pl.col("scope") != "remote") | pl.col("ip").is_in(sorted({*_owned(state), *claimed}))
    rows = sightings.filter(pl.col("field").is_in(_fields()) & ours).select(_TOLD)
    # Of an endpoint and an address that nobody else lays claim to, the first time tells what all others do.
    moving = pl.col("ip").is_in(sorted({event[5] for event in addresses})) & (pl.col("scope") != "")
    open_ = _place().is_in(sorted(forwarders)) | moving
    told = ("segment", "mac", "ip", "scope", "field", "value")
    rows = _sifted(rows.filter(open_ | pl.struct(told).is_first_distinct()))
    return [
        (at, LEARN, time, segment, mac, ip, scope, field, value)
        for at, time, segment, mac, ip, scope, field, value in rows.iter_rows()
        if (place := key(segment, mac)) in forwarders
        or (value not in (known := state.known.get(key(place, field), ())) and len(known) < MOST_VALUES)
    ]


def _sifted(rows: pl.DataFrame) -> pl.DataFrame:
    """Without rows of values that speak for nothing, where there are too many to look them up one by one."""
    if rows.height < MANY:
        return rows
    kept = []
    for (field,), same in rows.partition_by("field", as_dict=True, maintain_order=True).items():
        if same.height < MANY or field in RANKS or field in SAYS_ONCE:
            kept.append(same)
            continue
        values = same["value"].unique()
        speaking = values.filter(book().sift(str(field), values) | carries_id(str(field), values))
        kept.append(same.filter(pl.col("value").is_in(speaking.implode())))
    return pl.concat(kept)


@cache
def _fields() -> list[str]:
    return sorted((book().fields | set(RANKS) | set(IDS) | SAYS_ONCE) - {"oui", *ADDRESSES})


def _place() -> pl.Expr:
    return pl.col("segment") + "|" + pl.col("mac")


def _owned(state: State) -> list[str]:
    """Addresses of the internet that somebody of ours owns."""
    return sorted({ip for held in state.owners if not is_local(ip := held.rpartition("|")[2])})


def _heard(state: State, sightings: pl.DataFrame) -> Callable[[str, str, int], int]:
    """Answers in which step until a given one a MAC was last heard."""

    @cache
    def steps() -> dict[str, list[int]]:
        places = sightings.group_by(_place().alias("place")).agg(pl.col("step").unique().sort())
        return dict(places.iter_rows())

    def heard(segment: str, mac: str, at: int) -> int:
        place = key(segment, mac)
        own = steps().get(place, [])
        until = bisect_right(own, at)
        return max(state.seen.get(place, 0), own[until - 1] if until else 0)

    return heard
