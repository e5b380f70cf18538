"""A working copy of the state during one window: takes in one sighting after the other, and closes each step."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from cordon.devices import behaviour
from cordon.devices.addresses import FOREIGN, MOST_BEHIND, SETTLED, Addresses, Heard, foreign
from cordon.devices.claims import OWN, outlived, with_name, with_prefix, with_said
from cordon.devices.fingerprint import Said, book
from cordon.devices.groups import Groups
from cordon.devices.identity import IDS, same_maker, stable_id
from cordon.devices.joins import Joins
from cordon.devices.names import name_of
from cordon.devices.oui import is_device_mac, is_random, vendor_of
from cordon.devices.rows import is_local
from cordon.devices.silences import counted, usual
from cordon.devices.state import Known, Name, State, key
from cordon.devices.telling import SETTLED_IN, fact_of, told, turns
from cordon.model.device import Binding, Device, DeviceEvent, Evidence, Turn
from cordon.model.edit import APART, SAME_AS, Edit
from cordon.model.ids import derive
from cordon.model.tables import STEP

MOST_VALUES: Final = 128  # distinct values of one field that are looked at, of one endpoint
MOST_JOINED: Final = 16  # reasons a fact shows for its endpoints being one device
VOICES: Final = 3  # addresses with names of their own from which on an endpoint answers for others
_UUID_MAC: Final = re.compile(r"^uuid:[0-9a-f-]{8,}-([0-9a-f]{12})(?![0-9a-f])", re.IGNORECASE)
_SPEAKERS: Final = ("mdns.name", "nbns.name", "llmnr.name")


class Register:
    """Devices and their endpoints while a window is read."""

    def __init__(self, state: State, site: str, heard: Heard) -> None:
        self.site = site
        self.addresses = Addresses(state.owners, heard)
        self.parts = dict(state.parts)
        self.endpoints = dict(state.endpoints)
        self.gateways = set(state.gateways)
        self.groups = Groups(state.links, state.apart, state.members)
        self.told = dict(state.told)
        self.behind = dict(state.behind)
        self.uuids = dict(state.uuids)
        self.pauses = dict(state.pauses)
        self.last = dict(state.last)
        self.bindings: list[Binding] = []  # of closed steps
        self.events: list[DeviceEvent] = []
        self.before_joins: dict[int, dict[str, str]] = {}  # endpoints as they were before a step that joined devices
        self._bound: list[Binding] = []
        self.known = dict(state.known)
        self.joins = Joins(self.groups, state.ids, self.parts, self.known, heard)
        self._touched: set[str] = set()

    def is_gateway(self, segment: str, mac: str) -> bool:
        """True when that MAC's device forwards for others."""
        device = self.endpoints.get(key(segment, mac))
        return device is not None and any(self.parts[native].is_gateway for native in self.groups.of(device))

    def knows(self, segment: str, endpoint: str) -> bool:
        """True once that endpoint was met; a table that was cut short may tell of others."""
        return key(segment, endpoint) in self.endpoints

    def meet(self, segment: str, endpoint: str, step: int, time: int) -> None:
        """An endpoint was heard; a new one becomes a device."""
        place = key(segment, endpoint)
        if place in self.endpoints:
            return
        device = derive("device", self.site, segment, endpoint)
        self.endpoints[place] = device
        known = Known(device, segment, time, place)
        if is_device_mac(endpoint) and not is_random(endpoint) and (vendor := vendor_of(endpoint)):
            known = with_prefix(known, endpoint, vendor, time)
        self.parts[device] = known
        self._bound.append(Binding(self.site, segment, endpoint, device, time))
        self._touched.add(device)
        if named := self.uuids.get(place):
            announcer, _, uuid = named.partition("|")
            self._link(announcer, device, uuid, step, time)

    def tell(self, edit: Edit, step: int, time: int) -> None:
        """Takes in what a person says; words about devices that were never heard change nothing here."""
        if edit.field == "kind":
            if edit.withdrawn or not edit.value:
                self.told.pop(edit.device, None)
            else:
                self.told[edit.device] = edit.value
            if edit.device in self.parts:
                self._touched.add(edit.device)
        elif edit.field == SAME_AS and edit.device in self.parts and edit.value in self.parts:
            if edit.withdrawn:
                self.groups.unlink(edit.device, edit.value, SAME_AS)
            else:
                self.groups.link(edit.value, edit.device, SAME_AS, edit.who, time)
            self._regroup({edit.device, edit.value}, step, time)
        elif edit.field == APART and (native := self._native_of(edit)):
            (self.groups.apart.discard if edit.withdrawn else self.groups.apart.add)(native)
            for link in self.groups.links.get(native, ()):
                if link.field == SAME_AS and not edit.withdrawn:
                    self.groups.unlink(native, link.other, SAME_AS)  # the later word holds
            self._regroup({native, edit.device} & self.parts.keys(), step, time)

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

    def learn(self, segment: str, endpoint: str, field: str, value: str, *, step: int, time: int, ip: str = "") -> None:
        """Takes in evidence of what an endpoint is."""
        place = key(segment, endpoint)
        values = self.known.get(told := key(place, field), ())
        if value in values or len(values) >= MOST_VALUES:
            return
        named, all_said = name_of(field, value), _said_by(field, value)
        if not named and not all_said and field not in OWN and not (field in IDS and stable_id(field, value)):
            return  # most values speak for nothing
        native = derive("device", self.site, segment, endpoint)
        before = self.parts[native]
        known = outlived(before, field, value, time)
        self.known[told] = (*values, value) if known is before else (value,)  # what is outlived may come again
        if named:
            self._renamed(known, Name(*named), field, step)
            known = with_name(known, Name(*named))
        for said in all_said:
            known = with_said(known, said, field, value, time)
        if known is not before:
            self.parts[native] = known
            self._touched.add(self.endpoints[place])
        if changed := self.joins.note(native, field, value, step=step, time=time):
            self._regroup(changed, step, time)
        if field == "ssdp.usn" and (found := _UUID_MAC.match(value)):
            self._recognise(segment, endpoint, found[1].lower(), value, step, time)
        if named and ip and field in _SPEAKERS:
            self._speaks_for(segment, endpoint, ip, named[1], step, time)

    def endpoint_of(self, segment: str, mac: str, ip: str, scope: str) -> str | None:
        """Whom a sighting tells of: the MAC, the address behind it, or nobody of ours."""
        if not scope:
            return mac
        owner = self.addresses.owner(segment, ip)
        if owner is not None:
            if owner.mac == mac:
                return ip if key(segment, ip) in self.endpoints else mac
            # What comes through a forwarder from an address that another one leased is that one's.
            return owner.mac if owner.sure and self.is_gateway(segment, mac) else None
        if scope == "remote":
            return None
        if self.is_gateway(segment, mac):
            return ip if key(segment, ip) in self.endpoints else None
        return mac

    def cloned(self, place: str, field: str, one: str, other: str, step: int) -> None:
        """Two senders use the endpoint's address in turn; what forwards for others shows many ways anyhow."""
        device = self.endpoints.get(place)
        if device is not None and place not in self.gateways:
            self.events.append(DeviceEvent(self.site, device, step + STEP, Turn.CLONED, field, one, other))

    def paused(self, place: str, pause: int) -> None:
        """An endpoint came back after so long a silence (µs)."""
        before = self.pauses.get(place, ())
        after = self.pauses[place] = counted(before, pause)
        if place in self.endpoints and usual([after]) != usual([before]):
            self._touched.add(self.endpoints[place])

    def close(self, step: int) -> list[Device]:
        """Ends a step: the devices of which something is known differently now, in order of their ids."""
        changed = []
        for device in sorted(self._touched):
            fact = self._fact(device, step + STEP)
            places = {self.parts[native].place for native in self.groups.of(device)}
            (self.gateways.update if fact.is_gateway else self.gateways.difference_update)(places)
            before, now = self.last.get(device), told(fact)
            if before is None or before.digest != now.digest:
                self.last[device] = now
                self.events += turns(before, fact)
                changed.append(fact)
        self._touched.clear()
        self.bindings += sorted(self._bound, key=lambda b: (b.begin, b.segment, b.endpoint, b.end, b.device))
        self._bound.clear()
        return changed

    def _renamed(self, known: Known, name: Name, field: str, step: int) -> None:
        """A host name that takes the place of another, long after the device was met, is a change of it."""
        if field != "dhcp.hostname" or step - known.first_seen < SETTLED_IN:
            return
        before = next((held.text for held in known.names if held.rank == name.rank and held.text != name.text), "")
        if before:
            device = self.endpoints[known.place]
            self.events.append(DeviceEvent(self.site, device, step + STEP, Turn.CHANGED, "name", before, name.text))

    def _touch(self, segment: str, macs: set[str]) -> None:
        self._touched.update(device for mac in macs if (device := self.endpoints.get(key(segment, mac))) is not None)

    def _forwarded(self, segment: str, mac: str, told: str, time: int) -> bool:
        known = self.parts[derive("device", self.site, segment, mac)]
        if told in known.foreign:
            return False
        told_all = (*known.foreign, told)
        if len(told_all) < FOREIGN:
            self.parts[known.id] = replace(known, foreign=told_all)
            return False
        known = replace(known, foreign=told_all, is_gateway=True)
        for said in book().look_up("ip.source", "gateway"):
            known = with_said(known, said, "ip.source", "gateway", time)
        self.parts[known.id] = known
        self._touched.add(self.endpoints[known.place])
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

    def _speaks_for(self, segment: str, endpoint: str, ip: str, name: str, step: int, time: int) -> None:
        """An endpoint from several of whose addresses devices with names of their own speak answers for them (proxy
        ARP, RFC 1027, or a repeater that puts its own MAC address): each address becomes a device."""
        owner = self.addresses.owner(segment, ip)
        native = derive("device", self.site, segment, endpoint)
        known = self.parts[native]
        if owner is None or owner.mac != endpoint or ":" in ip or len(known.voices) >= VOICES:
            return
        voices = dict(voice.split("=", 1) for voice in known.voices)
        if ip in voices or name in voices.values():
            return
        known = replace(known, voices=(*known.voices, f"{ip}={name}"))
        if len(known.voices) == VOICES:
            foreign_names = {*voices.values(), name}
            own = tuple(held for held in known.names if held.text not in foreign_names)
            known = replace(known, is_gateway=True, names=own)
        self.parts[native] = known
        if known.is_gateway:
            for voice in known.voices:
                address, _, called = voice.partition("=")
                self.meet(segment, address, step, time)
                self.learn(segment, address, "mdns.name", called, step=step, time=time)
            self._touched.add(self.endpoints[known.place])

    def _recognise(self, segment: str, endpoint: str, digits: str, usn: str, step: int, time: int) -> None:
        """A UPnP UUID may end in the MAC address of one of the device's own cards (RFC 4122 node)."""
        mac = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
        if mac == endpoint or not is_device_mac(mac) or not is_device_mac(endpoint) or not same_maker(mac, endpoint):
            return
        announcer, uuid = derive("device", self.site, segment, endpoint), usn.partition("::")[0]
        self.uuids[key(segment, mac)] = f"{announcer}|{uuid}"
        if (device := derive("device", self.site, segment, mac)) in self.parts:
            self._link(announcer, device, uuid, step, time)

    def _link(self, one: str, other: str, uuid: str, step: int, time: int) -> None:
        if self.groups.link(one, other, "ssdp.usn", uuid, time):
            self._regroup({one, other}, step, time)

    def _native_of(self, edit: Edit) -> str:
        """The endpoint that a person means by its address, by the id it has by itself; "" when there is none."""
        segment = self.parts[edit.device].segment if edit.device in self.parts else ""
        near = derive("device", self.site, segment, edit.value)
        if near in self.parts:
            return near
        return next((id for id, part in self.parts.items() if part.place.rpartition("|")[2] == edit.value), "")

    def _regroup(self, natives: Iterable[str], step: int, time: int) -> None:
        """Lets the devices of these endpoints be what hangs together now."""

        def device_of(native: str) -> str:
            return self.endpoints[self.parts[native].place]

        def age(native: str) -> tuple[int, str]:
            return self.parts[native].first_seen, native

        moved = self.groups.regroup(natives, device_of, age)
        if not moved:
            return
        self.before_joins.setdefault(step, dict(self.endpoints))
        for native, device in sorted(moved.items()):
            part = self.parts[native]
            was = device_of(native)
            segment, _, endpoint = part.place.rpartition("|")
            self._bound.append(Binding(self.site, segment, endpoint, was, part.since or part.first_seen, time))
            self._bound.append(Binding(self.site, segment, endpoint, device, time))
            self.parts[native] = replace(part, since=time)
            self.endpoints[part.place] = device
            self._touched |= {was, device}
            if device == native:
                self.events.append(DeviceEvent(self.site, native, time, Turn.PARTED, other=was))
            elif was == native:
                why = next((link for one, link in self.groups.reasons(device) if native in (one, link.other)), None)
                field, value = (why.field, why.value) if why else ("", "")
                self.events.append(DeviceEvent(self.site, device, time, Turn.JOINED, field, "", value, other=was))

    def _fact(self, device: str, time: int) -> Device:
        natives = [one for one in self.groups.of(device) if self.endpoints[self.parts[one].place] == device]
        parts = [self.parts[native] for native in natives]
        places = [part.place for part in parts]
        return fact_of(
            self.parts[device],
            self.site,
            time,
            parts,
            [ip for place in places for ip in self.addresses.of(place) if self._is_own(place, ip)],
            kind=self.told.get(device, ""),
            joined=self._reasons(device),
            pauses=[self.pauses[place] for place in places if place in self.pauses],
        )

    def _is_own(self, place: str, ip: str) -> bool:
        """False for the address of a device that this endpoint only answers for."""
        return key(place.rpartition("|")[0], ip) not in self.endpoints

    def _reasons(self, device: str) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(link.field, link.value, self.parts[native].place.rpartition("|")[2], 1000, link.field, link.time)
            for native, link in self.groups.reasons(device)[:MOST_JOINED]
        )


def _said_by(field: str, value: str) -> tuple[Said, ...]:
    """What a value speaks for, by fingerprints or, where a device says nothing, by how it speaks."""
    if field != behaviour.FIELD:
        return book().look_up(field, value)
    told = behaviour.says(value).items()
    return tuple(Said(name, text, behaviour.WEIGHTS[name], behaviour.FIELD) for name, text in told)
