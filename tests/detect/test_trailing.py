"""Trailing measures against their plain definition."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cordon.detect.data.suffixes import organisation, registered_domain
from cordon.detect.features.novelty import network
from cordon.detect.features.trailing import trailing_distinct, trailing_sums

ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12), st.sampled_from("xyz"), st.integers(0, 9)))


@given(ROWS, st.integers(1, 6))
def test_distinct_and_sums_are_what_a_loop_would_count(rows: list[tuple[str, int, str, int]], span: int) -> None:
    types = {"d": pl.String, "step": pl.Int64, "peer": pl.String, "first": pl.Int64}
    frame = pl.DataFrame(rows, schema=types, orient="row").with_columns(n=pl.lit(1, pl.Int64))
    counted = trailing_distinct(frame, ["d"], ["peer"], span=span, name="n")
    counts = {(device, step): n for device, step, n in counted.iter_rows()}
    sums = trailing_sums(frame, ["d"], ["n"], span) if rows else frame
    totals = {(row["d"], row["step"]): row["n"] for row in sums.iter_rows(named=True)}
    for device, step in {(row[0], row[1]) for row in rows}:
        within = [row for row in rows if row[0] == device and step - span < row[1] <= step]
        assert counts[device, step] == len({row[2] for row in within})
        assert totals[device, step] == len(within)
    assert len(counts) == len({(row[0], row[1]) for row in rows})


def test_registered_domain_knows_second_levels_and_shared_hosts() -> None:
    assert registered_domain("a.b.example.co.uk") == "example.co.uk"
    assert registered_domain("x.cdn.example.com") == "example.com"
    assert registered_domain("me.duckdns.org") == "me.duckdns.org"
    assert registered_domain("host") == "host"
    assert organisation("r3.googlevideo.com") == organisation("www.google.com") == "google"


def test_network_of_an_address() -> None:
    assert network("203.0.113.9") == "203.0.113.0/24"
    assert network("2001:db8:7:1::9") == "2001:db8:7::/48"
    assert network("2001:db8::9") == "2001:db8:0::/48"
