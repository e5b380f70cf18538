"""Who owns which IP address, and who is a gateway.

An address belongs to the MAC address that claimed it (ARP, DHCP, neighbour discovery), else to the one that first sent
from it. It stays with its owner while that one is still heard, so a forged claim moves nothing. Whoever sends from
addresses beyond the segment, or from addresses that others own, forwards for them: a gateway.
"""

from collections.abc import Callable, Mapping
from typing import Final

from cordon.devices.rows import is_local, network_of
from cordon.devices.state import Owner, key
from cordon.model.tables import MINUTE

HELD: Final = 10 * MINUTE  # an owner silent for longer loses an address that another one claims
FOREIGN: Final = 3  # networks or others' addresses from which on a sender counts as a gateway
SETTLED: Final = MINUTE  # a private address beyond a gateway must be there this long to count as a device
MOST_BEHIND: Final = 4096  # addresses beyond gateways that are remembered at once

Heard = Callable[[str, str, int], int]


class Addresses:
    """A working copy of the owners of addresses during one window."""

    def __init__(self, owners: Mapping[str, Owner], heard: Heard) -> None:
        self.owners = dict(owners)
        self._heard = heard  # (segment, mac, step) → the last step until then in which that MAC was heard
        self._by_mac: dict[str, set[str]] | None = None

    def owner(self, segment: str, ip: str) -> Owner | None:
        """The owner of the address, if it has one."""
        return self.owners.get(key(segment, ip))

    def of(self, endpoint: str) -> tuple[str, ...]:
        """The addresses that the MAC with this key owns, IPv4 first, in numeric order."""
        return tuple(sorted(self._index().get(endpoint, ()), key=_numeric))

    def claim(self, segment: str, mac: str, ip: str, step: int, by_dhcp: bool) -> set[str]:
        """A claim by ARP, DHCP or neighbour discovery; yields the MACs whose addresses changed."""
        held = self.owner(segment, ip)
        changed: set[str] = set()
        if held is None or (held.mac != mac and not self._holds(segment, held, ip, step)):
            changed |= self._give(segment, ip, Owner(mac, True, step, step))
        elif held.mac == mac:
            self.owners[key(segment, ip)] = Owner(mac, True, held.since, max(held.last, step))
        if by_dhcp and self.owners[key(segment, ip)].mac == mac:
            changed |= self._release_others(segment, mac, ip, step)
        return changed

    def use(self, segment: str, mac: str, ip: str, step: int, is_gateway: bool) -> set[str]:
        """A frame of `mac` came from `ip`; an address nobody owns becomes its own, but never a gateway's."""
        held = self.owner(segment, ip)
        if held is not None and held.mac == mac:
            self.owners[key(segment, ip)] = Owner(mac, held.sure, held.since, max(held.last, step))
        elif held is None and not is_gateway and is_local(ip):
            return self._give(segment, ip, Owner(mac, False, step, step))
        return set()

    def forget_unsure(self, segment: str, mac: str) -> set[str]:
        """Takes from a MAC the addresses it merely sent from: it turned out to forward for others."""
        changed = set()
        for ip in self.of(key(segment, mac)):
            if not self.owners[key(segment, ip)].sure:
                self._drop(segment, ip)
                changed.add(mac)
        return changed

    def on_link(self, segment: str, ip: str) -> bool:
        """True when a MAC of the segment owns an address of the same /24, or any segment's owns this one."""
        net, start = ip.rpartition(".")[0] + ".", segment + "|"
        for held in self.owners:
            if held.endswith("|" + ip) or (held.startswith(start + net) and self.owners[held].sure):
                return True
        return False

    def refresh(self, segment: str, ip: str, step: int) -> None:
        """The owner used the address again."""
        held = self.owners[key(segment, ip)]
        self.owners[key(segment, ip)] = Owner(held.mac, held.sure, held.since, max(held.last, step))

    def _holds(self, segment: str, held: Owner, ip: str, step: int) -> bool:
        if not held.sure:
            return False
        if step - held.last <= HELD:
            return True
        moved = any(
            other != ip and (":" in other) == (":" in ip) and self.owners[key(segment, other)].since > held.last
            for other in self.of(key(segment, held.mac))
        )
        return not moved and step - self._heard(segment, held.mac, step) <= HELD

    def _release_others(self, segment: str, mac: str, ip: str, step: int) -> set[str]:
        """A fresh lease replaces the IPv4 address had before."""
        changed = set()
        if ":" not in ip:
            for other in self.of(key(segment, mac)):
                before = self.owners[key(segment, other)].last < step
                if other != ip and ":" not in other and not other.startswith("169.254.") and before:
                    self._drop(segment, other)
                    changed.add(mac)
        return changed

    def _give(self, segment: str, ip: str, owner: Owner) -> set[str]:
        changed = self._drop(segment, ip) | {owner.mac}
        self.owners[key(segment, ip)] = owner
        self._index().setdefault(key(segment, owner.mac), set()).add(ip)
        return changed

    def _drop(self, segment: str, ip: str) -> set[str]:
        index = self._index()
        held = self.owners.pop(key(segment, ip), None)
        if held is None:
            return set()
        index.get(key(segment, held.mac), set()).discard(ip)
        return {held.mac}

    def _index(self) -> dict[str, set[str]]:
        if self._by_mac is None:
            self._by_mac = {}
            for held, owner in self.owners.items():
                segment, _, ip = held.rpartition("|")
                self._by_mac.setdefault(key(segment, owner.mac), set()).add(ip)
        return self._by_mac


def foreign(addresses: Addresses, segment: str, mac: str, ip: str) -> str:
    """What a source address tells of forwarding: the network or other's address it names, or "" for nothing."""
    held = addresses.owner(segment, ip)
    if held is not None:
        return ip if held.mac != mac and held.sure else ""
    return "" if is_local(ip) else network_of(ip)


def _numeric(ip: str) -> tuple[bool, tuple[int, ...], str]:
    parts = ip.split(".")
    return (":" in ip, tuple(int(part) if part.isdigit() else 0 for part in parts) if ":" not in ip else (), ip)
