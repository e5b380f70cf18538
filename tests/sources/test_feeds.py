"""Feeds of threat intelligence: every form is read, what is wrong names its line, and fetching has its bounds."""

import gzip
import ipaddress
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_by_hand import serving

from cordon.model.addresses import address_key
from cordon.sources import SourceError
from cordon.sources.feeds import Outcome, fetch, read_feed, shown
from cordon.sources.feeds.values import Aside, indicators

SHA256, SHA1, MD5 = "a1" * 32, "b2" * 20, "c3" * 16
JA4 = "t13d190900_9dc949149365_97f8aa674fd9"


def values(outcome: Outcome) -> dict[str, str]:
    """Each value that was read, and its kind."""
    return {value: kind for kind, value in outcome.rows.select("kind", "value").rows()}


def read(text: str | bytes, kind: str = "") -> Outcome:
    return read_feed(text.encode() if isinstance(text, str) else text, "bad.txt", kind)


def test_a_list_is_one_value_a_line() -> None:
    text = f"""# a comment
    203.0.113.66   # a botnet
198.51.100.0/24 ; SBL1
2001:db8::1\t3
[2001:db8::2]:443
Bad.Example.
*.below.example
http://192.0.2.7:8080/bin.sh
hxxp://named[.]example/a
{SHA256}
{SHA1}
{MD5}
{JA4}
"""
    outcome = read(text)
    assert outcome.form == "lines" and outcome.mistakes == []
    assert values(outcome) == {
        "203.0.113.66": "address", "198.51.100.0/24": "address", "2001:db8::1": "address", "2001:db8::2": "address",
        "bad.example": "name", "below.example": "name", "192.0.2.7": "address", "named.example": "name",
        SHA256: "sha256", SHA1: "sha1", MD5: "md5", JA4: "ja4",
    }  # fmt: skip
    exact = dict(outcome.rows.filter(pl.col("kind") == "name").select("value", "is_exact").rows())
    assert exact == {"bad.example": False, "below.example": False, "named.example": True}
    assert "a botnet" in outcome.rows["says"].to_list()


def test_what_is_wrong_names_its_line_and_the_rest_loads() -> None:
    outcome = read("203.0.113.1\nnonsense\n1.2.3.4.5\n203.0.113.2\n" + "-\n" * 20)
    assert set(values(outcome)) == {"203.0.113.1", "203.0.113.2"}
    assert outcome.broken == 22 and len(outcome.mistakes) == 10
    assert outcome.mistakes[0] == "bad.txt:2: 'nonsense' is no address, network, name, hash or TLS fingerprint."
    assert outcome.mistakes[1].startswith("bad.txt:3: ")


def test_what_would_hit_everybody_is_left_out() -> None:
    outcome = read("203.0.113.1\n10.0.0.0/8\n192.168.1.5\n0.0.0.0/0\n::/0\n224.0.0.1\nfe80::1\n127.0.0.1\n16.0.0.0/6\n")
    assert set(values(outcome)) == {"203.0.113.1"} and (outcome.aside, outcome.broken) == (8, 0)


def test_a_hosts_file_names_names() -> None:
    outcome = read("# hosts\n127.0.0.1 localhost\n::1 localhost\n0.0.0.0 ads.example bad.example # both\n0.0.0.0 x\n")
    assert outcome.form == "hosts"
    assert values(outcome) == {"ads.example": "name", "bad.example": "name"}
    assert outcome.mistakes == ["bad.txt:5: 'x' is no address, network, name, hash or TLS fingerprint."]


def test_csv_goes_by_its_header() -> None:
    text = (
        '"first_seen","dst_ip","dst_port","malware"\n"2026-01-01","203.0.113.9","443","Heodo, a bot"\n,,,\n1,oops,2,3\n'
    )
    outcome = read(text)
    assert outcome.form == "csv" and values(outcome) == {"203.0.113.9": "address"}
    assert outcome.rows["says"].to_list() == ["Heodo, a bot"]
    assert outcome.mistakes == [
        "bad.txt:3: ',,,' is no address, network, name, hash or TLS fingerprint.",
        "bad.txt:4: 'oops' is no address, network, name, hash or TLS fingerprint.",
    ]


def test_csv_whose_header_is_a_comment_goes_by_it_too() -> None:
    text = f"################\n# Made today\n# ja3_md5,Firstseen,Lastseen,Listingreason\n{MD5},a,b,Gozi\n"
    outcome = read(text)
    assert outcome.form == "csv" and values(outcome) == {MD5: "ja3"}
    assert outcome.rows["says"].to_list() == ["Gozi"]


def test_thirty_two_digits_are_what_they_are_said_to_be() -> None:
    assert values(read(MD5)) == {MD5: "md5"}
    assert values(read(MD5, "ja3")) == {MD5: "ja3"}
    with pytest.raises(SourceError, match="ja9 is no kind of indicator; there are address, name"):
        read(MD5, "ja9")


def test_events_of_misp_give_what_is_meant_for_detection() -> None:
    def attribute(type_: str, value: str, **more: Any) -> dict[str, Any]:
        return {"type": type_, "value": value, "to_ids": True, "comment": ""} | more

    attributes = [
        attribute("ip-dst|port", "203.0.113.5|8443", comment="panel"), attribute("domain|ip", "c2.example|203.0.113.6"),
        attribute("filename|sha256", f"a.exe|{SHA256}"), attribute("ja3-fingerprint-md5", MD5),
        attribute("ip-src", "203.0.113.7", to_ids=False), attribute("text", "free text"), attribute("ip-dst", "never"),
    ]  # fmt: skip
    event = {
        "info": "A campaign",
        "Attribute": attributes,
        "Object": [{"Attribute": [attribute("url", "http://u.example/x")]}],
    }
    for told in ({"Event": event}, {"response": [{"Event": event}]}, [{"Event": event}]):
        outcome = read(json.dumps(told))
        assert outcome.form == "misp"
        assert values(outcome) == {
            "203.0.113.5": "address", "c2.example": "name", SHA256: "sha256", MD5: "ja3", "u.example": "name",
        }  # fmt: skip
        assert outcome.mistakes[0].startswith("bad.txt (event 1, attribute 7): 'never' is no address")
        assert set(outcome.rows["says"]) == {"panel", "A campaign"}


def test_simple_patterns_of_stix_are_read_and_others_told() -> None:
    def indicator(pattern: str, **more: Any) -> dict[str, Any]:
        return {
            "type": "indicator",
            "spec_version": "2.1",
            "pattern_type": "stix",
            "pattern": pattern,
            "name": "Bot",
        } | more

    objects = [
        indicator("[ipv4-addr:value = '203.0.113.5']"),
        indicator("[domain-name:value = 'c2.example'] OR [url:value = 'https://u.example/it\\'s']"),
        indicator(f"[file:hashes.'SHA-256' = '{SHA256}']"),
        indicator("[ipv4-addr:value = '203.0.113.6' AND network-traffic:dst_port = 443]"),
        indicator("alert tcp any any", pattern_type="snort"),
        indicator("[ipv4-addr:value = '203.0.113.7']", revoked=True),
        {"type": "malware", "name": "Bot"},
    ]
    outcome = read(json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}))
    assert outcome.form == "stix"
    assert values(outcome) == {"203.0.113.5": "address", "c2.example": "name", "u.example": "name", SHA256: "sha256"}
    assert [mistake.partition(":")[0] for mistake in outcome.mistakes] == ["bad.txt (object 4)", "bad.txt (object 5)"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "bad.txt holds nothing that could be looked for"),
        (
            b"<html><body>Sign in</body></html>",
            "bad.txt holds nothing that could be looked for in traffic (bad.txt:1: ",
        ),
        (b'{"a": \n}', "bad.txt:2: this is not valid JSON"),
        (b'{"a": 1}', "bad.txt is JSON, but neither an event of MISP nor a bundle of STIX 2.1"),
        (b'{"type":"bundle","objects":7}', "bad.txt holds nothing that could be looked for"),
        (b"[" * 100_000, "bad.txt is nested too deep"),
        (b"PK\x03\x04rest", "bad.txt is a ZIP archive; unpack it"),
    ],
)
def test_what_is_no_feed_is_told_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(SourceError) as told:
        read(data)
    assert says in str(told.value) and str(told.value).endswith(".")


def test_encodings_of_windows_are_read() -> None:
    assert values(read("\ufeff203.0.113.1\r\nb.example\r\n")) == {"203.0.113.1": "address", "b.example": "name"}
    assert values(read("203.0.113.1\r\nb.example\r\n".encode("utf-16"))) == {
        "203.0.113.1": "address",
        "b.example": "name",
    }


def test_a_name_in_other_letters_is_read_as_it_is_asked_for() -> None:
    assert values(read("bücher.example\n")) == {"xn--bcher-kva.example": "name"}


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_feed_or_a_sentence(data: bytes) -> None:
    try:
        assert read_feed(data, "bad.txt").rows.height
    except SourceError as error:
        assert str(error).startswith("bad.txt")


@given(st.ip_addresses(), st.integers(0, 128))
@settings(max_examples=40, deadline=None)
def test_a_networks_keys_are_the_beginnings_of_its_own_addresses_alone(address: Any, length: int) -> None:
    network = ipaddress.ip_network(f"{address}/{min(length, address.max_prefixlen)}", strict=False)
    try:
        keys = [one.key for one in indicators(str(network))]
    except Aside:
        return
    ends = [int(network[0]), int(network[-1]), int(network[0]) - 1, int(network[-1]) + 1]
    inside = [at for at in ends if 0 <= at < 1 << network.max_prefixlen]
    texts = [str(type(network.network_address)(at)) for at in inside]
    made = pl.DataFrame({"text": texts}).select(address_key(pl.col("text"))).to_series()
    for at, key in zip(inside, made, strict=True):
        covered = key is not None and any(key.startswith(one) for one in keys)
        assert covered == (int(network[0]) <= at <= int(network[-1])), (network, at, key)


def test_a_feed_comes_over_http_also_packed_and_from_elsewhere() -> None:
    with serving() as web:
        web.pages = {"/a": b"203.0.113.1\n", "/b": gzip.compress(b"203.0.113.2\n")}
        web.answers["/c"] = (302, {"Location": f"{web.url}/b"})
        assert [fetch(f"{web.url}/{page}") for page in "abc"] == [b"203.0.113.1\n", *[b"203.0.113.2\n"] * 2]


def test_what_goes_wrong_with_fetching_is_one_sentence() -> None:
    with serving() as web:
        web.pages = {"/large": b"x" * 3000, "/bomb": gzip.compress(b"0" * 3000), "/slow": b"y" * 300,
                     "/cut": gzip.compress(b"abc" * 99)[:-9], "/short": b"z"}  # fmt: skip
        web.dribbles = {"/slow"}
        web.answers |= {"/short": (200, {"Content-Length": "9"}), "/away": (302, {"Location": "ftp://127.0.0.1/a"}),
                        "/busy": (503, {})}  # fmt: skip
        wanted = {"/large": "is larger than", "/bomb": "is larger than", "/cut": "was cut short",
                  "/slow": "longer than", "/short": "cut short", "/none": "answered 404",
                  "/busy": "answered 503",
                  "/away": "cannot be fetched (it leads to ftp://127.0.0.1/a"}  # fmt: skip
        for page, says in wanted.items():
            with pytest.raises(SourceError) as told:
                fetch(f"{web.url}{page}?key=secret", most_bytes=2000, most_seconds=0.2 if page == "/slow" else 9)
            assert says in str(told.value) and str(told.value).endswith("."), page
            assert "secret" not in str(told.value)
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch(f"{web.url}/gone")
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch("http://[bad/")


def test_a_source_is_shown_without_what_may_be_secret() -> None:
    assert shown("https://user:key@lists.example:8443/a/b?token=x") == "https://lists.example:8443/a/b"
    assert shown("/some/file.txt") == "/some/file.txt"
