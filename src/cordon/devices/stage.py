"""The step of this stage: a window's sightings in, devices, bindings and presence out.

Only what is new costs anything: repeats are left out with whole-column operations, and what remains is taken in step
by step, so the outcome is the same however many steps come at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby

import polars as pl

from cordon.devices import behaviour
from cordon.devices.fingerprint import book
from cordon.devices.names import RANKS
from cordon.devices.presence import presence, total
from cordon.devices.register import MOST_VALUES, Register
from cordon.devices.rows import ADDRESSES, is_local, prepare
from cordon.devices.state import State, key
from cordon.model.device import Binding, Device
from cordon.model.facts import Facts
from cordon.model.tables import STEP

MEET, OWN, SEND, LEARN = range(4)
"""Within a step endpoints are met first, then addresses claimed, then used, then evidence is read."""

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
    if sightings.is_empty():
        return state, replace(facts, presence=presence(window.table("flows"), sightings, state.endpoints))
    devices: list[Device] = []
    bindings: list[Binding] = []
    present: list[pl.DataFrame] = []
    votes, opinions = _opinions(state, window.table("heads"), window.begin)
    parts = list(_parts(window.table("flows"), sightings))
    for flows, heard in parts:
        register = Register(state, window.site, _heard(state, heard))
        met, seen = _meetings(state, heard)
        addresses, claimed = _addresses(state, register, heard)
        spoken = [event for event in opinions if event[0] <= heard["step"][-1] or heard is parts[-1][1]]
        opinions = opinions[len(spoken) :]
        devices += _take_in(register, sorted([*met, *addresses, *_evidence(state, heard, addresses, claimed), *spoken]))
        bindings += register.bindings
        present.append(_presence(flows, heard, register))
        state = _after(register, seen)
    state = replace(state, votes=votes)
    return state, replace(facts, devices=tuple(devices), bindings=tuple(bindings), presence=total(present))


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


def _after(register: Register, seen: dict[str, int]) -> State:
    return State(
        devices=register.devices,
        endpoints=register.endpoints,
        owners=register.addresses.owners,
        behind=register.behind,
        uuids=register.uuids,
        facts=register.facts,
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
    elif (endpoint := register.endpoint_of(segment, mac, ip, scope)) is not None:
        register.learn(segment, endpoint, field, value, step=at, time=time)


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
    gateways = [place for place, device in state.endpoints.items() if state.devices[device].is_gateway]
    if gateways:  # what they send from other sites' addresses says nothing new
        passing = (pl.col("scope") == "remote") & _place().is_in(gateways)
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
    forwarders = {place for place, device in state.endpoints.items() if state.devices[device].is_gateway}
    forwarders |= {key(event[3], event[4]) for event in addresses if event[1] == SEND}
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
        if same.height < MANY or field in RANKS or field == "ssdp.usn":
            kept.append(same)
            continue
        values = same["value"].unique()
        speaking = values.filter(book().sift(str(field), values))
        kept.append(same.filter(pl.col("value").is_in(speaking.implode())))
    return pl.concat(kept)


@cache
def _fields() -> list[str]:
    return sorted((book().fields | set(RANKS) | {"ssdp.usn"}) - {"oui", *ADDRESSES})


def _place() -> pl.Expr:
    return pl.col("segment") + "|" + pl.col("mac")


def _owned(state: State) -> list[str]:
    """Addresses of the internet that somebody of ours owns."""
    return sorted({ip for held in state.owners if not is_local(ip := held.rpartition("|")[2])})


def _heard(state: State, sightings: pl.DataFrame) -> Callable[[str, str, int], int]:
    """Answers in which step until a given one a MAC was last heard."""

    def heard(segment: str, mac: str, at: int) -> int:
        rows = sightings.filter((pl.col("mac") == mac) & (pl.col("segment") == segment) & (pl.col("step") <= at))
        latest = rows["step"].max()
        return max(state.seen.get(key(segment, mac), 0), latest if isinstance(latest, int) else 0)

    return heard
