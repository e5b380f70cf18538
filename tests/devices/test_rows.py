"""Which addresses are local: the same answer for columns and for single addresses."""

import polars as pl
import pytest

from cordon.devices.rows import LOCAL, is_local


@pytest.mark.parametrize(
    ("ip", "local"),
    [
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("172.31.255.254", True),
        ("172.15.0.1", False),
        ("172.32.0.1", False),
        ("172.217.92.51", False),
        ("192.168.40.1", True),
        ("192.169.0.1", False),
        ("169.254.3.4", True),
        ("fe80::1", True),
        ("fd00::1", True),
        ("2001:db8::1", False),
    ],
)
def test_only_addresses_that_are_never_routed_are_local(ip: str, local: bool) -> None:
    assert is_local(ip) is local
    assert pl.Series([ip]).str.contains(LOCAL).item() is local
