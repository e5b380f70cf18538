"""What must hold for a draft and its simulation on any traffic."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from talk_rows import BEGIN, CAMERA, DEVICES, HUB, frame, talk

from cordon.model.tables import MINUTE
from cordon.policy import draft, simulate
from cordon.policy.flows import flows_of
from cordon.policy.simulate import judge

TRACES = 40
"""Random traffic a property is tried on."""

SUSPECT = (BEGIN + 100 * MINUTE, BEGIN + 200 * MINUTE)

rows = st.builds(
    talk,
    times=st.integers(1, 3),
    minute=st.integers(0, 300),
    peer=st.one_of(
        st.sampled_from(("10.0.0.3", "fe80::1", "not an address")), st.integers(0, 99).map(lambda n: f"203.0.113.{n}")
    ),
    peer_device=st.sampled_from(("", "", HUB.id)),
    name=st.sampled_from(("", "a.example.org", "b.example.org", "c.example.org", "example.org", "10.0.0.3", "x")),
    scope=st.sampled_from(("internet", "local", "multicast")),
    initiated=st.booleans(),
    proto=st.sampled_from((1, 6, 17, 47)),
    port=st.sampled_from((0, 53, 80, 123, 40_000, 40_001, 40_002)),
    state=st.sampled_from(("open", "", "refused")),
)


@settings(max_examples=TRACES, deadline=None)
@given(st.lists(rows, max_size=30))
def test_a_draft_allows_all_that_was_good_and_seen_again(talks: list[list[dict[str, Any]]]) -> None:
    table = frame(*talks).unique("flow", maintain_order=True)
    profile = draft(CAMERA, table, DEVICES, exclude=[SUSPECT])
    flows = judge(profile.allowances, flows_of(table, CAMERA.id, [SUSPECT]))
    blocked = flows.filter(~pl.col("allowed"))
    good = blocked.filter(~(pl.col("failed") | pl.col("suspicious")))
    once = sum(1 for one in profile.left_out if one.why.startswith("left out: seen only once"))
    assert good.height <= once  # a wider allowance may let through what was seen once
    seen = simulate(profile, table, DEVICES, suspicious=[SUSPECT])
    assert (seen.allowed + seen.blocked, seen.blocked) == (seen.flows, blocked.height)
    assert sum(row.flows for row in seen.rows) == seen.blocked
    assert sum(row.suspicious for row in seen.rows) == seen.suspicious


@settings(max_examples=TRACES, deadline=None)
@given(st.lists(rows, max_size=20))
def test_allowing_more_never_blocks_more(talks: list[list[dict[str, Any]]]) -> None:
    table = frame(*talks)
    flows = flows_of(table, CAMERA.id)
    allowances = draft(CAMERA, table, DEVICES).allowances
    for count in range(len(allowances)):
        fewer = judge(allowances[:count], flows)["allowed"]
        more = judge(allowances[: count + 1], flows)["allowed"]
        assert (fewer <= more).all()
