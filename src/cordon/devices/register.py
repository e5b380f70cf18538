"""A working copy of the state during one window: takes in one sighting after the other, and closes each step."""

import re
from dataclasses import replace
from typing import Final

from cordon.devices import behaviour
from cordon.devices.addresses import FOREIGN, MOST_BEHIND, SETTLED, Addresses, Heard, foreign
from cordon.devices.fingerprint import ATTRIBUTES, Said, book
from cordon.devices.fuse import add, fuse
from cordon.devices.names import FOUND_RANK, MOST, clean, name_of
from cordon.devices.oui import is_device_mac, is_random, vendor_of
from cordon.devices.rows import is_local
from cordon.devices.state import Known, Name, State, key
from cordon.devices.vendors import chip_makers
from cordon.model.device import Binding, Device, Evidence
from cordon.model.ids import derive
from cordon.model.tables import STEP

MOST_VALUES: Final = 128  # distinct values of one field that are looked at, of one endpoint
MOST_IPS: Final = 16  # addresses a fact shows
_OUI_WEIGHT: Final = 700
_CHIP_WEIGHT: Final = 120
_UUID_MAC: Final = re.compile(r"^uuid:[0-9a-f-]{8,}-([0-9a-f]{12})(?![0-9a-f])", re.IGNORECASE)


class Register:
    """Devices and their endpoints while a window is read."""

    def __init__(self, state: State, site: str, heard: Heard) -> None:
        self.site = site
        self.addresses = Addresses(state.owners, heard)
        self.devices = dict(state.devices)
        self.endpoints = dict(state.endpoints)
        self.behind = dict(state.behind)
        self.uuids = dict(state.uuids)
        self.facts = dict(state.facts)
        self.bindings: list[Binding] = []  # of closed steps
        self.before_joins: dict[int, dict[str, str]] = {}  # endpoints as they were before a step that joined devices
        self._bound: list[Binding] = []
        self.known = dict(state.known)
        self._touched: set[str] = set()

    def is_gateway(self, segment: str, mac: str) -> bool:
        """True when that MAC's device forwards for others."""
        device = self.endpoints.get(key(segment, mac))
        return device is not None and self.devices[device].is_gateway

    def meet(self, segment: str, endpoint: str, step: int, time: int) -> None:
        """An endpoint was heard; a new one becomes a device."""
        place = key(segment, endpoint)
        if place in self.endpoints:
            return
        device = derive("device", self.site, segment, endpoint)
        self.endpoints[place] = device
        known = Known(device, segment, time, (place,))
        if is_device_mac(endpoint) and not is_random(endpoint) and (vendor := vendor_of(endpoint)):
            known = _with_prefix(known, endpoint, vendor, time)
        self.devices[device] = known
        self._bound.append(Binding(self.site, segment, endpoint, device, time))
        self._touched.add(device)
        if (announcer := self.uuids.get(place)) is not None:
            self._join(place, announcer, step, time)

    def own(self, segment: str, mac: str, ip: str, step: int, by_dhcp: bool) -> None:
        """The MAC claimed the address."""
        self._touch(segment, self.addresses.claim(segment, mac, ip, step, by_dhcp))

    def send_from(self, segment: str, mac: str, ip: str, step: int, time: int) -> None:
        """The MAC sent a frame with that source address."""
        is_gateway = self.is_gateway(segment, mac)
        if not is_gateway and (told := foreign(self.addresses, segment, mac, ip)):
            is_gateway = self._forwarded(segment, mac, told, time)
        self._touch(segment, self.addresses.use(segment, mac, ip, step, is_gateway))
        if is_gateway and self.addresses.owner(segment, ip) is None:
            self._look_behind(segment, ip, step, time)

    def learn(self, segment: str, endpoint: str, field: str, value: str, *, step: int, time: int) -> None:
        """Takes in evidence of what an endpoint is."""
        values = self.known.get(place := key(key(segment, endpoint), field), ())
        if value in values or len(values) >= MOST_VALUES:
            return
        named, all_said = name_of(field, value), _said_by(field, value)
        if not named and not all_said and field != "ssdp.usn":
            return  # most values speak for nothing
        self.known[place] = (*values, value)
        known = before = self.devices[self.endpoints[key(segment, endpoint)]]
        if named:
            known = _with_name(known, Name(*named))
        for said in all_said:
            known = _with_said(known, said, field, value, time)
        if known is not before:
            self.devices[known.id] = known
            self._touched.add(known.id)
        if field == "ssdp.usn" and (found := _UUID_MAC.match(value)):
            self._recognise(segment, endpoint, found[1].lower(), step, time)

    def endpoint_of(self, segment: str, mac: str, ip: str, scope: str) -> str | None:
        """Whom a sighting tells of: the MAC, the address behind it, or nobody of ours."""
        if not scope:
            return mac
        owner = self.addresses.owner(segment, ip)
        if owner is not None:
            return mac if owner.mac == mac else None
        if scope == "remote":
            return None
        if self.is_gateway(segment, mac):
            return ip if key(segment, ip) in self.endpoints else None
        return mac

    def close(self, step: int) -> list[Device]:
        """Ends a step: the devices of which something is known differently now, in order of their ids."""
        changed = []
        for device in sorted(self._touched):
            fact = self._fact(self.devices[device], step + STEP)
            before = self.facts.get(device)
            if before is None or replace(before, time=fact.time) != fact:
                self.facts[device] = fact
                changed.append(fact)
        self._touched.clear()
        self.bindings += sorted(self._bound, key=lambda b: (b.begin, b.segment, b.endpoint, b.end, b.device))
        self._bound.clear()
        return changed

    def _touch(self, segment: str, macs: set[str]) -> None:
        self._touched.update(device for mac in macs if (device := self.endpoints.get(key(segment, mac))) is not None)

    def _forwarded(self, segment: str, mac: str, told: str, time: int) -> bool:
        known = self.devices[self.endpoints[key(segment, mac)]]
        if told in known.foreign:
            return False
        told_all = (*known.foreign, told)
        if len(told_all) < FOREIGN:
            self.devices[known.id] = replace(known, foreign=told_all)
            return False
        known = replace(known, foreign=told_all, is_gateway=True)
        for said in book().look_up("ip.source", "gateway"):
            known = _with_said(known, said, "ip.source", "gateway", time)
        self.devices[known.id] = known
        self._touched.add(known.id)
        self._touch(segment, self.addresses.forget_unsure(segment, mac))
        return True

    def _look_behind(self, segment: str, ip: str, step: int, time: int) -> None:
        """Private IPv4 addresses that a gateway forwards for, and that belong to no segment, become devices."""
        place = key(segment, ip)
        if place in self.endpoints or ":" in ip or ip.startswith("169.254.") or not is_local(ip):
            return
        first = self.behind.get(place)
        if first is None:
            if len(self.behind) < MOST_BEHIND:
                self.behind[place] = step
        elif step - first >= SETTLED and not self.addresses.on_link(segment, ip):
            del self.behind[place]
            self.meet(segment, ip, step, time)

    def _recognise(self, segment: str, endpoint: str, digits: str, step: int, time: int) -> None:
        """A UPnP UUID may end in the MAC address of one of the device's own cards (RFC 4122 node)."""
        mac = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
        if mac == endpoint or not is_device_mac(mac) or not _same_maker(mac, endpoint):
            return
        self.uuids[key(segment, mac)] = key(segment, endpoint)
        if key(segment, mac) in self.endpoints:
            self._join(key(segment, mac), key(segment, endpoint), step, time)

    def _join(self, one: str, other: str, step: int, time: int) -> None:
        """Two endpoints are one device: the one seen first stays, the other is left without endpoints."""
        pair = {self.endpoints[one], self.endpoints[other]}
        if len(pair) < 2:
            return
        self.before_joins.setdefault(step, dict(self.endpoints))
        stays, goes = sorted((self.devices[device] for device in pair), key=lambda known: (known.first_seen, known.id))
        for place in goes.endpoints:
            segment, _, endpoint = place.rpartition("|")
            self.endpoints[place] = stays.id
            self._bound.append(Binding(self.site, segment, endpoint, goes.id, goes.first_seen, time))
            self._bound.append(Binding(self.site, segment, endpoint, stays.id, time))
        self.devices[stays.id] = _merged(stays, goes)
        self.devices[goes.id] = Known(goes.id, goes.segment, goes.first_seen, ())
        self._touched |= {stays.id, goes.id}

    def _fact(self, known: Known, time: int) -> Device:
        endpoints = [place.rpartition("|")[2] for place in known.endpoints]
        ips = [ip for place in known.endpoints for ip in self.addresses.of(place)]
        ips += [endpoint for endpoint in endpoints if not is_device_mac(endpoint) and endpoint not in ips]
        said = {attribute: fuse(known.claims.get(attribute, ())) for attribute in ATTRIBUTES}
        return Device(
            id=known.id,
            site=self.site,
            time=time,
            first_seen=known.first_seen,
            macs=tuple(endpoint for endpoint in endpoints if is_device_mac(endpoint)),
            ips=tuple(ips[:MOST_IPS]),
            names=tuple(dict.fromkeys(name.text for name in known.names)),
            is_gateway=known.is_gateway,
            segment=known.segment,
            **said,
        )


def _said_by(field: str, value: str) -> tuple[Said, ...]:
    """What a value speaks for, by fingerprints or, where a device says nothing, by how it speaks."""
    if field != behaviour.FIELD:
        return book().look_up(field, value)
    told = behaviour.says(value).items()
    return tuple(Said(name, text, behaviour.WEIGHTS[name], behaviour.FIELD) for name, text in told)


def _same_maker(mac: str, other: str) -> bool:
    maker = vendor_of(mac)
    return bool(maker) and maker not in chip_makers() and is_device_mac(other) and maker == vendor_of(other)


def _with_prefix(known: Known, mac: str, vendor: str, time: int) -> Known:
    """What the MAC prefix speaks for: its vendor, and through fingerprints what that vendor mostly makes."""
    weight = _CHIP_WEIGHT if vendor in chip_makers() else _OUI_WEIGHT
    known = _with_said(known, Said("vendor", vendor, weight, "oui"), "oui", mac[:8], time)
    if vendor in chip_makers():
        return known
    for said in book().look_up("oui", vendor):
        known = _with_said(known, said, "oui", mac[:8], time)
    return known


def _with_name(known: Known, name: Name) -> Known:
    names = sorted({*known.names, name}, key=lambda name: (name.rank, name.text))
    return replace(known, names=tuple(names[:MOST]))


def _with_said(known: Known, said: Said, field: str, value: str, time: int) -> Known:
    if said.attribute == "name":
        return _with_name(known, Name(FOUND_RANK, said.value))
    piece = Evidence(field, clean(value), said.value, said.weight, said.source, time)
    held = known.claims.get(said.attribute, ())
    return replace(known, claims={**known.claims, said.attribute: add(held, piece)})


def _merged(stays: Known, goes: Known) -> Known:
    claims = dict(stays.claims)
    for attribute, pieces in goes.claims.items():
        for piece in pieces:
            claims[attribute] = add(claims.get(attribute, ()), piece)
    for name in goes.names:
        stays = _with_name(stays, name)
    return replace(
        stays,
        endpoints=(*stays.endpoints, *goes.endpoints),
        claims=claims,
        foreign=(*stays.foreign, *goes.foreign)[:FOREIGN],
        is_gateway=stays.is_gateway or goes.is_gateway,
    )
