"""Names of peers: what the device itself asked DNS for before it went there, else what anybody here asked for."""

import polars as pl

from cordon.detect.features.sides import owner
from cordon.detect.state import NAMES, State
from cordon.model.tables import HOUR, SECOND


def learn_names(state: State, dns: pl.DataFrame) -> pl.DataFrame:
    """The names with the answers of `dns` added. The name asked for counts, whatever aliases lead to the address."""
    answers = dns.filter(pl.col("is_response") & (pl.col("transport") == "dns") & (pl.col("answers").list.len() > 0))
    if answers.is_empty():
        return state.names
    answers = owner(answers, state.bindings, mac="mac", ip="client", into="device")
    fresh = (
        answers.select(
            "device",
            "time",
            pl.col("answers").alias("address"),
            (pl.col("time") + pl.max_horizontal(pl.col("ttl") * SECOND, pl.lit(HOUR))).alias("until"),
            "name",
        )
        .explode("address", empty_as_null=False)
        .filter(pl.col("address").str.contains(r"^\d+\.\d+\.\d+\.\d+$|:"))
        .select(*NAMES)
    )
    return pl.concat([state.names, fresh]).sort("device", "address", "time", "name")


def forget_names(names: pl.DataFrame, before: int) -> pl.DataFrame:
    """Without what is not believed any more; of an address the latest name each device was told."""
    kept = names.filter(pl.col("until") >= before)
    return kept.group_by("device", "address", maintain_order=True).last().select(*NAMES)


def name_talks(talks: pl.DataFrame, state: State) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The talks with names looked up as of the beginning of their flow, and the names of flows that go on."""
    bare = talks.filter((pl.col("name") == "") & pl.col("scope").is_in(["internet", "local"]))
    if bare.is_empty():
        return talks, state.flow_names
    flows = bare.group_by("flow", "device").agg(
        pl.col("peer").first(), pl.col("began").min(), seen=pl.col("time").max()
    )
    flows = flows.join(state.flow_names.drop("seen"), on=["flow", "device"], how="left").sort("began")
    ones = state.names.with_columns(own=pl.col("name")).sort("time")
    for by, into in ((["device", "address"], "own_name"), (["address"], "any_name")):
        found = flows.join_asof(
            ones.select(*by, "time", "until", "own"),
            left_on="began",
            right_on="time",
            by_left=["peer" if key == "address" else key for key in by],
            by_right=by,
            check_sortedness=False,
        )
        believed = found["until"].fill_null(0) >= found["began"]
        flows = flows.with_columns(found.select(pl.when(believed).then(pl.col("own")).alias(into)).to_series())
    looked_up = flows.select(
        "flow", "device", "seen", known_name=pl.coalesce("known_name", "own_name", "any_name").fill_null("")
    )
    talks = talks.join(looked_up.drop("seen"), on=["flow", "device"], how="left", maintain_order="left").with_columns(
        name=pl.when(pl.col("name") == "").then(pl.col("known_name").fill_null("")).otherwise(pl.col("name"))
    )
    running = pl.concat([state.flow_names, looked_up.select(*state.flow_names.columns)])
    running = running.group_by("flow", "device").agg(pl.col("known_name").first(), pl.col("seen").max())
    return talks.drop("known_name"), running.select(*state.flow_names.columns).sort("flow", "device")
