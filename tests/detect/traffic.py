"""Builds the traffic tables of a scenario from its description: a small language of who does what, when, how often.

Independent of the simulated site: it writes table rows, not frames, and shares nothing with it.
"""

import random
import re
import tomllib
from dataclasses import dataclass, field, replace
from hashlib import blake2s
from pathlib import Path
from typing import Any

import polars as pl

from cordon import devices
from cordon.model.device import Attribute, Binding, Device, DeviceEvent
from cordon.model.facts import Facts
from cordon.model.ids import derive
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND, STEP, TABLES, plain_row
from cordon.model.window import Window

START = 20_000 * DAY  # a midnight, UTC
KEY = b"a key of the tests"
UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "ms": 1000}
SYN, ACK, FIN = 2, 16, 1


def span(text: str) -> int:
    """Microseconds of "10s", "2m30s", "1d"."""
    return sum(int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+)(ms|[smhd])", text))


@dataclass
class Site:
    """The tables in the making. Devices come into being when they are first named."""

    described: dict[str, dict[str, Any]]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    numbers: dict[str, int] = field(default_factory=dict)
    flows: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def number(self, device: str) -> int:
        return self.numbers.setdefault(device, len(self.numbers) + 2)

    def mac(self, device: str) -> str:
        return f"02:00:00:00:00:{self.number(device):02x}" if device else "02:00:00:00:00:01"

    def ip(self, who: str) -> str:
        """Of a device by its name; an address stands for itself."""
        if "." in who or ":" in who or not who:
            return who
        return "192.168.1.1" if self.described.get(who, {}).get("gateway") else f"192.168.1.{self.number(who)}"

    def end_mac(self, who: str) -> str:
        """Of a device, or of the gateway for an address outside."""
        if who == "ff02::1":
            return "33:33:00:00:00:01"
        local = {self.ip(name): name for name in self.numbers}
        if not {".", ":"} & set(who) or who in local:
            return self.mac(local.get(who, who))
        if who.startswith("192.168.1."):
            return "02:00:00:00:01:" + f"{int(who.rsplit('.', 1)[1]):02x}"
        if who.startswith("224.") or who.startswith("239."):
            return "01:00:5e:00:00:fb"
        return self.mac("router")

    def add(self, table: str, time: int, **values: Any) -> None:
        row = plain_row(table) | {"step": time - time % STEP, "segment": "lan"}
        row |= {"time": time} if "time" in row else {}
        self.rows[table].append(row | values)

    def flow(self, time: int, src: str, dst: str, port: int, *, proto: int = 6, answered: bool = True, sent: int = 400,
             got: int = 600, name: str = "", lasts: int = 0, packets: int = 4, service: str = "", src_port: int = 0,
             new: bool = True, number: int = 0) -> None:  # fmt: skip
        """One flow, cut at each step; counts are spread evenly over its steps."""
        if new:
            self.flows += 1
            number = self.flows
        first_step, last_step = time // STEP, (time + lasts) // STEP
        parts = last_step - first_step + 1
        back = packets if answered else 0
        for at in range(parts):
            begin = time if at == 0 else (first_step + at) * STEP
            end = time + lasts if at == parts - 1 else (first_step + at + 1) * STEP - 1
            self.add(
                "flows", begin, flow=number, is_first=new and at == 0, is_last=at == parts - 1, began=time, first=begin,
                last=end, src_mac=self.end_mac(src), dst_mac=self.end_mac(dst), src=self.ip(src), dst=self.ip(dst),
                src_port=src_port or 40_000 + number % 20_000, dst_port=port, proto=proto, opener_known=True,
                packets_out=max(1, packets // parts), packets_in=back // parts, bytes_out=max(60, sent // parts),
                bytes_in=got // parts if answered else 0, payload_out=sent // parts if answered else 0,
                payload_in=got // parts if answered else 0, flags_out=SYN | (ACK if answered else 0),
                flags_in=SYN | ACK if answered else 0, state="" if proto != 6 else "open" if answered else "opening",
                service=service, name=name, ja4="", end="closed" if at == parts - 1 else "",
            )  # fmt: skip

    # the verbs of the language; each takes the time and the entry

    def opens(self, time: int, one: dict[str, Any], at: int) -> None:
        hosts = one.get("hosts", 0)
        if "addresses" in one:
            to = one["addresses"][at % len(one["addresses"])]
        else:
            to = one.get("to") or f"{one.get('net', '192.168.1')}.{100 + at % hosts}"
        ports = one.get("ports", 0)
        port = one["port"] + (at % ports if ports else 0)
        known = ("proto", "answered", "sent", "got", "name", "packets", "service")
        chosen = {name: one[name] for name in known if name in one}
        self.flow(time, one["device"], to, port, lasts=span(one.get("lasts", "0s")), **chosen)

    def visits(self, time: int, one: dict[str, Any], at: int) -> None:
        """Somebody calls the device: `from` one address, or from the first so many of a network."""
        known = ("proto", "answered", "sent", "got", "packets", "service")
        chosen = {name: one[name] for name in known if name in one}
        senders = [one["from"]] if "from" in one else [f"{one['net']}.{n + 1}" for n in range(one["senders"])]
        for sender in senders:
            port = one["port"] + at % one.get("ports", 1)
            self.flow(time, sender, one["device"], port, lasts=span(one.get("lasts", "0s")), **chosen)

    def requests(self, time: int, one: dict[str, Any], at: int) -> None:
        """Asks a web server for one of `paths`; without a device of ours `from` asks it."""
        client, path = one.get("from") or one["device"], one["paths"][at % len(one["paths"])]
        server = one["to"] if "to" in one else one["device"]
        self.flow(time, client, server, one.get("port", 80), service="http", packets=4)
        ends = {"mac": self.end_mac(client), "client": self.ip(client), "server": self.ip(server), "flow": self.flows}
        ends |= {"port": one.get("port", 80)}
        self.add("http", time, **ends, method=one.get("method", "GET"), path=path, agent=one.get("agent", ""),
                 host=self.ip(server))  # fmt: skip
        self.add("http", time + 20_000, **ends, is_response=True, path=path, status=one.get("status", 200))

    def operates(self, time: int, one: dict[str, Any], at: int) -> None:
        """Asks a controller for something, and is answered."""
        client, server = one["device"], one["to"]
        self.flow(time, client, server, one.get("port", 502), service="modbus")
        ends = {"mac": self.end_mac(client), "server_mac": self.end_mac(server), "client": self.ip(client)}
        ends |= {"server": self.ip(server), "port": one.get("port", 502), "protocol": one.get("protocol", "modbus")}
        does = {"function": one.get("function", 3), "operation": one.get("operation", "read holding registers")}
        does |= {"access": one.get("access", "read"), "address": str(at % one.get("addresses", 1)), "unit": "1"}
        self.add("ot", time, **ends, **does, flow=self.flows, quantity=1)
        self.add("ot", time + 5_000, **ends, **does, flow=self.flows, is_response=True, result=one.get("result", "ok"))

    def fetches(self, time: int, one: dict[str, Any], _at: int) -> None:
        """Gets a file, from a place that it calls by `name` or by number."""
        client, server = one["device"], one["to"]
        port = one.get("port", 80)
        self.flow(time, client, server, port, service="http", got=one.get("size", 90_000), name=one.get("name", ""))
        self.add("files", time + 100_000, mac=self.end_mac(client), client=self.ip(client), server=self.ip(server),
                 flow=self.flows, port=port, service="http", name=one["file"], kind=one.get("kind", ""), is_whole=True,
                 size=one.get("size", 90_000), sha256=one.get("sha256", ""))  # fmt: skip

    def offers(self, time: int, one: dict[str, Any], at: int) -> None:
        """Hands out an address, as a DHCP server."""
        self.add("dhcp", time, mac=f"02:00:00:00:09:{at:02x}", sender_mac=self.mac(one["device"]), message="offer",
                 ip=f"192.168.1.{200 + at}", server=self.ip(one["device"]), router=self.ip(one.get("router", "")),
                 dns=self.ip(one.get("dns", "")))  # fmt: skip

    def streams(self, time: int, one: dict[str, Any], at: int) -> None:
        """Ten seconds of packets; with `connections` in connections of their own, each to the next of `ports`."""
        count = one["rate"] * 10
        if one.get("connections"):
            for n in range(100):
                port = one["port"] + (at * 100 + n) % one.get("ports", 1)
                self.flow(time + n * 90_000, one["device"], one["to"], port, answered=False,
                          packets=count // 100, sent=count * 60 // 100)  # fmt: skip
            return
        self.flow(time, one["device"], one["to"], one["port"], proto=one.get("proto", 17), lasts=9_000_000,
                  answered=one.get("answered", False), packets=count, sent=count * one.get("size", 500),
                  new=at == 0, number=self.flows)  # fmt: skip

    def resolves(self, time: int, one: dict[str, Any], _at: int) -> None:
        self.add("dns", time, mac=self.mac(one["device"]), client=self.ip(one["device"]), server=self.ip("router"),
                 transport="dns", is_response=True, name=one["name"], type="A", rcode="NOERROR",
                 answers=[one.get("alias", "alias.example.net"), *one["addresses"]], ttl=60, size=90)  # fmt: skip

    def asks(self, time: int, one: dict[str, Any], at: int) -> None:
        letters = "abcdefghijklmnopqrstuvwxyz234567"
        label = "".join(self.chance.choice(letters) for _ in range(one.get("length", 40)))
        if "labels" in one:
            label = one["labels"][at % len(one["labels"])]
        name, transport = f"{label}.{one['domain']}", one.get("transport", "dns")
        server = self.ip(one.get("of", "router"))
        self.add("dns", time, mac=self.mac(one["device"]), client=self.ip(one["device"]), server=server,
                 transport=transport, name=name, type="TXT", size=80)  # fmt: skip

    def signs_in(self, time: int, one: dict[str, Any], at: int) -> None:
        passwords = one.get("passwords", ["secret"])
        user, password = one.get("user", "admin"), str(passwords[at % len(passwords)])
        password = f"{password}{at}" if one.get("ever_new") else password
        client, server = one["device"], one["to"]
        secret = blake2s(f"{user}\0{password}".encode(), key=KEY, digest_size=16).hexdigest()
        self.add("logins", time, mac=self.end_mac(client), server_mac=self.end_mac(server), client=self.ip(client),
                 server=self.ip(server), port=one.get("port", 80), service=one.get("service", "http"), user=user,
                 outcome=one.get("outcome", "success"), clear=one.get("clear", False), secret=secret)  # fmt: skip

    def claims(self, time: int, one: dict[str, Any], at: int) -> None:
        addresses = one.get("addresses", [one["device"]])
        ip = self.ip(addresses[at % len(addresses)])
        mac, operation = self.mac(one["device"]), one.get("operation", "reply")
        self.add("arp", time, mac=mac, operation=operation, sender_mac=mac, sender_ip=ip, target_ip="192.168.1.9")

    def looks_for(self, time: int, one: dict[str, Any], at: int) -> None:
        target = one["addresses"][at % len(one["addresses"])] if "addresses" in one else f"192.168.1.{100 + at % 150}"
        self.add("arp", time, mac=self.mac(one["device"]), operation="request", sender_mac=self.mac(one["device"]),
                 sender_ip=self.ip(one["device"]), target_ip=self.ip(target))  # fmt: skip

    def presents(self, time: int, one: dict[str, Any], at: int) -> None:
        """How it presents itself, in turn: `values` of one field of sightings."""
        value = one["values"][at % len(one["values"])]
        self.add("sightings", time, mac=self.mac(one["device"]), ip=self.ip(one["device"]), field=one["field"],
                 value=value)  # fmt: skip

    def logs(self, time: int, one: dict[str, Any], _at: int) -> None:
        """Its log, or that of somebody else, tells what happened to it."""
        device = one["device"]
        self.add("health", time, mac=self.mac(device), ip=self.ip(device), source="kernel", event=one["event"])

    def shakes_hands(self, time: int, one: dict[str, Any], _at: int) -> None:
        """Begins TLS with a server, as a program with a fingerprint, and is shown a certificate."""
        self.flow(time, one["device"], one["to"], 443, service="tls")
        ends = {"mac": self.end_mac(one["device"]), "client": self.ip(one["device"]), "server": one["to"], "port": 443}
        told = {name: one[name] for name in ("ja3", "ja4") if name in one}
        self.add("tls", time + 1000, **ends, **told, flow=self.flows)
        self.add("tls", time + 2000, **ends, flow=self.flows, is_response=True, certificate=one.get("certificate", ""))

    def alerts(self, time: int, one: dict[str, Any], _at: int) -> None:
        """Another sensor speaks of what it sent to somebody, or of what somebody `from` outside sent to it."""
        src, dst = one.get("from") or one["device"], one["device"] if "from" in one else one.get("to", "")
        told = {name: one[name] for name in ("category", "severity", "technique", "is_blocked") if name in one}
        self.add("alerts", time, src_mac=self.end_mac(src), dst_mac=self.end_mac(dst) if dst else "",
                 src=self.ip(src), dst=self.ip(dst), source=one.get("source", "suricata"), signature=one["signature"],
                 text=one["text"], dst_port=80, proto=6, **told)  # fmt: skip

    def subscribes(self, time: int, one: dict[str, Any], _at: int) -> None:
        """Asks a broker for the topics of each of `filters` at once."""
        client, server = one["device"], one["to"]
        self.flow(time, client, server, 1883, service="mqtt")
        for topic in one["filters"]:
            self.add("mqtt", time, flow=self.flows, mac=self.mac(client), client=self.ip(client), port=1883,
                     server=self.ip(server), message="subscribe", topic=topic)  # fmt: skip

    def advertises(self, time: int, one: dict[str, Any], _at: int) -> None:
        """Says that it is a router of IPv6."""
        self.flow(time, one["device"], "ff02::1", 0, proto=58, src_port=134, answered=False, packets=1, sent=64)

    def lives(self, time: int, one: dict[str, Any], at: int) -> None:
        """What makes a device known: it calls its maker once an hour."""
        self.opens(time, {"to": "198.51.100.7", "port": 443, "name": "home.maker.example"} | one, at)
        self.claims(time, {"device": one["device"], "operation": "request"}, 0)


@dataclass(frozen=True)
class Scenario:
    """One folder: what happens, and which detectors must and must not speak of it."""

    folder: Path
    says: str
    must: dict[str, list[str]]
    must_not: list[str]
    site: Site

    @property
    def kinds(self) -> set[str]:
        return {one.get("kind", "") for one in self.site.described.values()} - {""}

    def tables(self) -> dict[str, pl.DataFrame]:
        tables = {}
        for name, rows in self.site.rows.items():
            frame = pl.DataFrame(rows, schema=TABLES[name], orient="row")
            tables[name] = frame.sort("step", "first" if name == "flows" else "time", maintain_order=True)
        return tables

    @property
    def length(self) -> int:
        """Steps from the first row to the last."""
        steps = [frame["step"] for frame in self.tables().values() if len(frame)]
        return (max(int(one.max()) for one in steps) - min(int(one.min()) for one in steps)) // STEP

    def devices(self) -> tuple[Device, ...]:
        def device(name: str, told: dict[str, Any]) -> Device:
            gateway, site = bool(told.get("gateway")), self.site
            kind = Attribute(told.get("kind", ""), 900)
            return Device(name, "test", START, START, (site.mac(name),), (site.ip(name),), (name,), kind=kind,
                          is_gateway=gateway, segment="lan")  # fmt: skip

        return tuple(device(name, self.site.described.get(name, {})) for name in sorted(self.site.numbers))

    def bindings(self) -> tuple[Binding, ...]:
        return tuple(Binding("test", "lan", self.site.mac(name), name, START) for name in sorted(self.site.numbers))


def read(folder: Path) -> Scenario:
    """The scenario described by ``scenario.toml`` in `folder`."""
    told = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    site = Site({"router": {"kind": "router", "gateway": True}} | told.get("devices", {}))
    for name in site.described:
        site.number(name)
    for one in told["traffic"]:
        times, every = one.get("times", one.get("hosts", one.get("ports", 1))), span(one.get("every", "1s"))
        for at in range(times):
            jitter = site.chance.randrange(-span(one["jitter"]), span(one["jitter"])) if "jitter" in one else 0
            getattr(site, one["does"])(START + span(one.get("at", "1m")) + at * every + jitter, one, at)
    must = told.get("must", {})
    return Scenario(folder, told["says"], must, told.get("must_not", []), site)


def windows(tables: dict[str, pl.DataFrame], steps: int) -> list[Window]:
    """The tables cut into windows of so many steps; windows without rows are left out."""
    length = steps * STEP
    found: dict[int, dict[str, pl.DataFrame]] = {}
    for name, rows in tables.items():
        if rows.is_empty():
            continue
        cut = rows.with_columns(_at=pl.col("step") // length * length)
        for (at,), part in cut.group_by(["_at"], maintain_order=True):
            found.setdefault(int(str(at)), {})[name] = part.drop("_at")
    return [Window("test", at, at + length, part) for at, part in sorted(found.items())]


def _events(scenario: Scenario, all_windows: list[Window]) -> list[tuple[DeviceEvent, ...]]:
    """What becomes of the devices in each window, as the stage before tells it."""
    names = {derive("device", "test", "lan", scenario.site.mac(name)): name for name in scenario.site.numbers}
    state, told = devices.State(), []
    for window in all_windows:
        state, facts = devices.step(state, Facts(Window("test", window.begin, window.end, _sightings(window))))
        told.append(tuple(replace(one, device=names.get(one.device, one.device)) for one in facts.events))
    return told


def _sightings(window: Window) -> dict[str, pl.DataFrame]:
    return {name: rows for name, rows in window.tables.items() if name == "sightings"}


def facts_of(scenario: Scenario, steps: int) -> list[Facts]:
    """What the stage is given, window by window; devices are known from the first on."""
    all_windows = windows(scenario.tables(), steps)
    events = _events(scenario, all_windows)
    first = Facts(all_windows[0], devices=scenario.devices(), bindings=scenario.bindings(), events=events[0])
    return [first, *(Facts(window, events=told) for window, told in zip(all_windows[1:], events[1:], strict=True))]
