"""One value of a feed as an indicator: what it is, and what it is compared by."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cordon.model.addresses import network_keys

WIDEST: Final = {4: 8, 6: 19}
"""A network that is wider than a registry's own is a mistake: it would hit everybody."""

_LOCAL: Final = tuple(
    (network.version, int(network[0]), int(network[-1]))
    for network in map(ip_network, (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3", "::/8", "fc00::/7", "fe80::/10", "ff00::/8",
    ))
)  # fmt: skip
"""Addresses that are never a stranger's: RFC 6890, RFC 4193, RFC 4291, multicast and reserved ones."""

_NAME: Final = re.compile(r"^(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+$)[a-z0-9-]{2,63}$")
_JA4: Final = re.compile(r"^[tqd][0-9a-z]{2}[di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$")
_NUMBERS: Final = re.compile(r"^[0-9a-f:]*[0-9:][0-9a-f:.]*(/\d+)?$")
"""What may be an address; names are not even tried."""
_HASHES: Final = {32: "md5", 40: "sha1", 64: "sha256"}
_PORT: Final = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]|[^:/\s]+):\d{1,5}$")


class Indicator(NamedTuple):
    """One row of `cordon.model.threats.INDICATORS`; a network may take several."""

    kind: str
    key: str
    value: str
    is_exact: bool = False
    says: str = ""


class Aside(ValueError):  # noqa: N818  # no error: sound, but of no use
    """What is no mistake, but is not looked for."""


def indicators(text: str, kind: str = "", says: str = "") -> list[Indicator]:
    """What a value stands for. `kind` is what it is where it does not tell itself (32 hex digits: md5 or ja3).

    Raises:
        Aside: it is a private address, or a network that is far too wide.
        ValueError: it is none of these.
    """
    value = text.strip().strip("\"'").lower().replace("[.]", ".").replace("hxxp", "http")
    if re.fullmatch(r"[0-9a-f]+", value) and len(value) in _HASHES:
        told = kind if kind in {"ja3", "md5"} and len(value) == 32 else _HASHES[len(value)]
        return [Indicator(told, value, value, says=says)]
    if _JA4.match(value):
        return [Indicator("ja4", value, value, says=says)]
    is_exact = "://" in value
    host = _host(value)
    if not _NUMBERS.match(host):
        return [_name(host, text, is_exact, says)]
    try:
        network = ip_network(host, strict=False)
    except ValueError:
        return [_name(host, text, is_exact, says)]
    keys = _keys(network)
    return [Indicator("address", key, str(network).removesuffix("/32").removesuffix("/128"), says=says) for key in keys]


def _host(value: str) -> str:
    """The host of an address of the web or of a host with a port; anything else as it is."""
    if "://" in value:
        try:
            return (urlsplit(value).hostname or "").rstrip(".")
        except ValueError:
            return ""
    if found := _PORT.match(value):
        value = found[1]
    return value.strip("[]").removeprefix("*.").strip(".")


def _name(host: str, text: str, is_exact: bool, says: str) -> Indicator:
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
    if not _NAME.match(host):
        raise ValueError(f"{text.strip()[:60]!r} is no address, network, name, hash or TLS fingerprint")
    return Indicator("name", host, host, is_exact, says)


def _keys(network: IPv4Network | IPv6Network) -> list[str]:
    """What the keys of the network's addresses begin with, if it is a stranger's."""
    if network.prefixlen < WIDEST[network.version]:
        raise Aside(f"{network} is far too wide")
    begin = int(network.network_address)
    if any(version == network.version and first <= begin <= last for version, first, last in _LOCAL):
        raise Aside(f"{network} is private or reserved")
    return network_keys(network)
