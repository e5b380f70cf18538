"""Names of peers: what the device itself asked DNS for before it went there, else what anybody here asked for."""

import polars as pl

from cordon.detect.state import NAMES, State
from cordon.model.sides import owner
from cordon.model.tables import HOUR, SECOND


def learn_names(state: State, dns: pl.DataFrame) -> pl.DataFrame:
    """The names with the answers of `dns` added. The name asked for counts, whatever aliases lead to the address."""
    if dns.is_empty():
        return state.names
    answers = dns.filter(pl.col("is_response") & (pl.col("transport") == "dns") & (pl.col("answers").list.len() > 0))
    if answers.is_empty():
        return state.names
    answers = owner(answers, state.bindings, mac="mac", ip="client", into="device")
    fresh = (
        answers.select(
            "device",
            pl.col("answers").alias("address"),
            "time",
            (pl.col("time") + pl.max_horizontal(pl.col("ttl") * SECOND, pl.lit(HOUR))).alias("until"),
            "name",
        )
        .explode("address", empty_as_null=False)
        .filter(pl.col("address").str.contains(r"^\d+\.\d+\.\d+\.\d+$|:"))
    )
    return pl.concat([state.names, fresh]).sort("time", "device", "address", "name")


def forget_names(names: pl.DataFrame, before: int) -> pl.DataFrame:
    """Without what is not believed any more; of an address the latest name each device was told.

    Names are always sorted by time first.
    """
    kept = names.filter(pl.col("until") >= before)
    return (
        kept.group_by("device", "address", maintain_order=True)
        .last()
        .select(*NAMES)
        .sort("time", "device", "address", "name")
    )


def name_talks(talks: pl.DataFrame, state: State) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The talks with names looked up as of the beginning of their flow, and the names of flows that go on.

    A name is looked up once for each flow; `seen` of a flow is renewed once an hour.
    """
    if talks.is_empty():
        return talks, state.flow_names
    flows = (
        talks.filter((pl.col("name") == "") & pl.col("scope").is_in(["internet", "local"]))
        .group_by("flow", "device")
        .agg(pl.col("peer").first(), pl.col("began").min(), now=pl.col("time").max())
    )
    if flows.is_empty():
        return talks, state.flow_names
    going = state.flow_names.filter(pl.col("flow").is_in(flows["flow"].implode()))
    flows = flows.join(going, on=["flow", "device"], how="left")
    fresh = flows.filter(pl.col("known_name").is_null())
    running = state.flow_names
    if not fresh.is_empty():
        heard_of = pl.col("peer").is_in(state.names["address"].unique().implode())
        nameless = fresh.filter(~heard_of).with_columns(known_name=pl.lit(""))
        fresh = pl.concat([_looked_up(fresh.filter(heard_of).sort("began"), state.names), nameless])
        flows = pl.concat([flows.filter(pl.col("known_name").is_not_null()), fresh])
        running = pl.concat([running, fresh.select("flow", "device", "known_name", seen="now")])
    if (flows["seen"] < state.hour).any():
        again = flows.select("flow", "device", "known_name", seen="now")
        running = pl.concat([running, again]).group_by("flow", "device").agg(
            pl.col("known_name").first(), pl.col("seen").max()
        )  # fmt: skip
    named = pl.when(pl.col("name") == "").then(pl.col("known_name").fill_null("")).otherwise("name")
    known = flows.select("flow", "device", "known_name")
    talks = talks.join(known, on=["flow", "device"], how="left", maintain_order="left")
    return talks.with_columns(name=named).drop("known_name"), running


def _looked_up(flows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Flows, sorted by `began`, with `known_name`: what the device was told, else what anybody was, else ""."""
    found = []
    for by in (["device", "address"], ["address"]):
        told = flows.join_asof(
            names.select(*by, "time", "until", own="name"),
            left_on="began",
            right_on="time",
            by_left=["peer" if key == "address" else key for key in by],
            by_right=by,
            check_sortedness=False,
        )
        found.append(told.select(pl.when(pl.col("until") >= pl.col("began")).then("own")).to_series())
    return flows.with_columns(known_name=pl.coalesce(*found, pl.lit("")))
