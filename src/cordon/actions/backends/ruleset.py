"""A device's allowances as an nftables ruleset that people can read."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Final

from cordon.model.decision import Allowance, Profile
from cordon.model.device import Device

COMMENT: Final = 127
"""Bytes that nft takes in a comment, without the final NUL."""

BASE: Final = """\
table inet cordon {
    # Devices by hardware address. Hash sets: an entry takes effect at once, however many there are.
    set cordoned { type ether_addr; comment "nothing from these devices passes"; }
    set cordoned_v4 { type ipv4_addr; comment "nothing to these devices passes"; }
    set cordoned_v6 { type ipv6_addr; comment "nothing to these devices passes"; }
    # What a restricted device sends is judged by a chain of its own, and so is what is sent to it.
    map usual_only { type ether_addr : verdict; }
    map essentials_only { type ether_addr : verdict; }
    map to_usual_v4 { type ipv4_addr : verdict; }
    map to_usual_v6 { type ipv6_addr : verdict; }
    map to_essentials_v4 { type ipv4_addr : verdict; }
    map to_essentials_v6 { type ipv6_addr : verdict; }

    chain quarantine {
        ether saddr @cordoned counter drop
        ip daddr @cordoned_v4 counter drop
        ip6 daddr @cordoned_v6 counter drop
    }
    chain restrict {
        ether saddr vmap @essentials_only
        ip daddr vmap @to_essentials_v4
        ip6 daddr vmap @to_essentials_v6
        ether saddr vmap @usual_only
        ip daddr vmap @to_usual_v4
        ip6 daddr vmap @to_usual_v6
    }
    # Both stand before any "ct state established accept", so that running connections end too.
    chain forward {
        type filter hook forward priority filter - 10; policy accept;
        jump quarantine
        jump restrict
        ct state established,related accept
    }
    chain input {
        type filter hook input priority filter - 10; policy accept;
        jump quarantine
        jump restrict
    }
}
"""
"""The part that is the same on every site."""


def chain(use: str, device: str) -> str:
    """The name of a device's chain or set, in the characters nft takes."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", f"{use}-{device}")


def render(profile: Profile, device: Device, devices: Mapping[str, Device] | None = None) -> str:
    """A complete ruleset for ``nft -f``: the base, and the sets and chains of one device's allowances.

    The device is not entered anywhere: a decision does that. `devices` gives the addresses of peers, by id.
    The same profile always yields the same text.
    """
    ruleset = Ruleset(device, devices or {})
    chains = [*ruleset.chains("out", profile.allowances), *ruleset.chains("in", profile.allowances)]
    body = "\n".join(f"    {line}" if line else "" for line in (*ruleset.sets, *chains))
    head = f"# What {plain(device.name)} may do: a draft. Loading it restricts nobody until the device is entered."
    return f"{head}\n{BASE}\ntable inet cordon {{\n{body}\n}}\n"


class Ruleset:
    """The lines of one device: `sets` fills while the chains are written."""

    def __init__(self, device: Device, devices: Mapping[str, Device]) -> None:
        self.device = device
        self.devices = devices
        self.sets: list[str] = []
        self._names: dict[str, str] = {}

    def chains(self, way: str, allowances: Iterable[Allowance]) -> list[str]:
        """The chains of one direction: what is essential, and after it what is usual. Both end in a drop.

        Answers on a connection pass, because its opening was judged by the chain of the other direction.
        """
        to = "" if way == "out" else "to-"
        mine = [allowance for allowance in allowances if allowance.direction == way]
        answers = "    ct direction reply ct state established,related accept"
        lines: list[str] = []
        for use, allowed in (("essentials", [one for one in mine if one.essential]), ("usual", mine)):
            lines += ["", f"chain {chain(to + use, self.device.id)} {{", answers]
            lines += [f"    {rule}" for allowance in allowed for rule in self.rules(allowance)]
            lines += ["    counter drop", "}"]
        return lines

    def rules(self, allowance: Allowance) -> list[str]:
        """One rule for each family of addresses that the allowance names."""
        says = ": ".join(part for part in (allowance.service, allowance.why) if part)
        comment = f' comment "{plain(says)}"' if says else ""
        end = f"{_transport(allowance)}counter accept{comment}"
        side = "daddr" if allowance.direction == "out" else "saddr"
        found = [f"{family} {side} {what} {end}" for family, what in self._targets(allowance)]
        if found:
            return found
        if allowance.peer or allowance.network:
            return [f"# {plain(allowance.peer or allowance.network)}: no address known"]
        return [end]

    def _targets(self, allowance: Allowance) -> list[tuple[str, str]]:
        if allowance.name:
            return [("ip", f"@{self._named(allowance.name)}_v4"), ("ip6", f"@{self._named(allowance.name)}_v6")]
        if allowance.network:
            try:
                network = ipaddress.ip_network(allowance.network, strict=False)
            except ValueError:
                return []
            one = network.num_addresses == 1
            return [("ip" if network.version == 4 else "ip6", str(network.network_address if one else network))]
        peer = self.devices.get(allowance.peer)
        v4, v6 = addresses([peer]) if peer else ([], [])
        return [(family, f"{{ {', '.join(ips)} }}") for family, ips in (("ip", v4), ("ip6", v6)) if ips]

    def _named(self, name: str) -> str:
        """The set that holds the addresses of a name; declared when it is first wanted."""
        if name not in self._names:
            self._names[name] = chain(f"name{len(self._names) + 1}", self.device.id)
            for short, kind in (("v4", "ipv4_addr"), ("v6", "ipv6_addr")):
                comment = plain(f"filled from DNS answers for {name}")
                self.sets.append(
                    f'set {self._names[name]}_{short} {{ type {kind}; flags timeout; comment "{comment}"; }}'
                )
        return self._names[name]


def _transport(allowance: Allowance) -> str:
    """The part of a rule that says protocol and port, with a space after it."""
    if allowance.proto in ("tcp", "udp") and allowance.port:
        return f"{allowance.proto} dport {allowance.port} "
    if allowance.proto == "icmp":
        return "meta l4proto { icmp, ipv6-icmp } "
    if re.fullmatch(r"tcp|udp|igmp|\d{1,3}", allowance.proto):
        return f"meta l4proto {allowance.proto} "
    return ""


def addresses(devices: Iterable[Device]) -> tuple[list[str], list[str]]:
    """All IPv4 and all IPv6 addresses of the devices, in numeric order; what is no address is left out."""
    found: dict[int, list[ipaddress.IPv4Address | ipaddress.IPv6Address]] = {4: [], 6: []}
    for ip in {ip for device in devices for ip in device.ips}:
        try:
            address = ipaddress.ip_address(ip)
        except ValueError:
            continue
        found[address.version].append(address)
    v4, v6 = ([str(address) for address in sorted(found[version], key=int)] for version in (4, 6))
    return v4, v6


def plain(text: str) -> str:
    """Text from the network, fit for a comment: printable ASCII without quotes and escapes, and not too long."""
    return re.sub(r"[^ -~]|[\"\\\\]", "?", text)[:COMMENT]
