"""The map: devices in zones, the Internet at the right edge, usual links bundled, unusual ones drawn."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any, Final

import polars as pl

from cordon.leaving import PERSONAL
from cordon.model.addresses import is_address
from cordon.model.device import Device
from cordon.model.finding import Finding, Severity
from cordon.model.kinds import KIND
from cordon.server.console.layout import arrange
from cordon.server.console.words import band_of, is_hatched, kind_sure
from cordon.store import DeviceQuery, DeviceView, FindingQuery, Store

MOST_DEVICES: Final = 400
MOST_PLACES: Final = 12
MOST_UNUSUAL: Final = 60
MANY: Final = 5  # from so many ends on a finding speaks of one port
ZONES: Final = {"home": "Home", "office": "Office", "network": "Network", "clinic": "Clinic", "plant": "Plant"}
EPHEMERAL: Final = 32_768  # from here on ports are mostly a client’s own
SECOND_LEVEL: Final = {"co", "com", "ac", "gov", "org", "net", "edu"}


@dataclass(frozen=True, slots=True)
class Node:
    """A device or a place on the Internet."""

    id: str
    label: str
    zone: str
    href: str
    picture: str
    says: str


@dataclass(frozen=True, slots=True)
class Link:
    """An unusual link: one that a finding points to."""

    source: str
    target: str
    source_name: str
    target_name: str
    source_href: str
    target_href: str
    service: str
    finding: str
    says: str
    tone: str  # confirmed or unlike


@dataclass(frozen=True, slots=True)
class Bundle:
    """All usual links between two zones."""

    source: str
    target: str
    source_name: str
    target_name: str
    devices: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All there is to draw, and to say in the tables beside it."""

    zones: tuple[tuple[str, str], ...]
    nodes: tuple[Node, ...]
    unusual: tuple[Link, ...]
    usual: tuple[Bundle, ...]


def organisation(name: str, address: str) -> str:
    """Whose place on the Internet it is, as far as its name tells: the registered part of it, else the address."""
    if not name or is_address(name):  # what a page was asked for by its address says nothing of whose it is
        return address or name
    labels = name.strip(".").split(".")
    if len(labels) < 2:
        return name or address
    take = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-take:])


def draw(store: Store) -> Drawing:
    """The map of the site."""
    views = store.devices(DeviceQuery(sort="ip", limit=MOST_DEVICES)).items
    zone_of = {view.device.id: _zone(view, _several(views)) for view in views}
    own = {view.device.id for view in views if view.device.kind.value in PERSONAL}
    links = _links(store).filter(~(pl.col("device").is_in(sorted(own)) & (pl.col("peer_device") == "")))
    unusual = _unusual(store, {view.device.id: view.device for view in views})
    places = _places(links, unusual)
    nodes = [_device(view, zone_of[view.device.id]) for view in views]
    nodes += [
        Node(f"place:{place}", place, "internet", "", "/marks/internet/normal", "On the Internet") for place in places
    ]
    zones = {zone: zone.split("/")[-1] for zone in zone_of.values()}
    if places:
        zones["internet"] = "Internet"
    return Drawing(
        tuple(sorted(zones.items())),
        tuple(nodes),
        unusual,
        _bundles(links, zone_of, {f"place:{p}" for p in places}, unusual),
    )


@dataclass(frozen=True, slots=True)
class Fan:
    """All unusual links of one finding, as one row of the table."""

    links: tuple[Link, ...]

    @property
    def first(self) -> Link:
        """The first of them; it says what all of them say."""
        return self.links[0]

    @property
    def noun(self) -> str:
        """What the other ends are together."""
        return "device" if all(link.target_href for link in self.links) else "place"

    @property
    def services(self) -> str:
        """What was spoken over them."""
        return ", ".join(dict.fromkeys(link.service for link in self.links if link.service))


def fans(links: Iterable[Link]) -> tuple[Fan, ...]:
    """The links by finding and by the end they come from."""
    found: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        found[link.finding, link.source].append(link)
    return tuple(Fan(tuple(group)) for group in found.values())


def unusual_links(store: Store) -> tuple[Link, ...]:
    """The unusual links of the map without the rest of it; devices without names of their own go by their addresses."""
    listed = store.listed(DeviceQuery(sort="ip", limit=MOST_DEVICES))
    return _unusual(store, {one.device.id: one.device for one in listed})


def unusual_ends(links: Iterable[Link], device: str) -> frozenset[str]:
    """The other ends of a device's unusual links, as the map names them."""
    ends = [(link.source, link.target) for link in links]
    return frozenset({b for a, b in ends if a == device} | {a for a, b in ends if b == device})


def _several(views: Iterable[DeviceView]) -> bool:
    return len({view.device.segment for view in views}) > 1


def _zone(view: DeviceView, several: bool) -> str:
    kind = view.device.kind.value
    group = ZONES[KIND[kind].group] if kind in KIND else "Not known"
    return f"{view.device.segment}/{group} · {view.device.segment}" if several else f"/{group}"


def _links(store: Store) -> pl.DataFrame:
    """Sums per device and other end, over all that was recorded."""
    return (
        store.history("talks")
        .filter(pl.col("scope").is_in(["internet", "local"]))
        .group_by("device", "peer_device", "scope", "name", pl.when(pl.col("name") == "").then("peer").alias("address"))
        .agg((pl.col("bytes_out") + pl.col("bytes_in")).sum().alias("bytes"))
        .sort("device", "peer_device", "scope", "name", "address")
        .collect()
        .with_columns(pl.col("address").fill_null(""))
    )


def _places(links: pl.DataFrame, unusual: tuple[Link, ...]) -> list[str]:
    """The organisations to draw: all of unusual links, and the largest of the others."""
    total: dict[str, int] = defaultdict(int)
    outside = links.filter((pl.col("scope") == "internet") & (pl.col("peer_device") == ""))
    for name, address, octets in outside.select("name", "address", "bytes").iter_rows():
        total[organisation(name, address)] += octets
    named = [link.target.removeprefix("place:") for link in unusual if link.target.startswith("place:")]
    largest = sorted(total, key=lambda place: (-total[place], place))
    return list(dict.fromkeys([*named, *largest]))[: max(MOST_PLACES, len(set(named)))]


def _device(view: DeviceView, zone: str) -> Node:
    device, band = view.device, band_of(view)
    kind = device.kind.value if device.kind.value in KIND else "unknown"
    picture = f"/marks/{kind}/{band}{'-hatched' if is_hatched(view) else ''}"
    return Node(device.id, device.name, zone, f"/devices/{device.id}", picture, kind_sure(device.kind))


def _bundles(
    links: pl.DataFrame, zone_of: Mapping[str, str], places: set[str], unusual: tuple[Link, ...]
) -> tuple[Bundle, ...]:
    drawn = {pair for link in unusual for pair in ((link.source, link.target), (link.target, link.source))}
    octets: dict[tuple[str, str], int] = defaultdict(int)
    devices: dict[tuple[str, str], set[str]] = defaultdict(set)
    for device, peer, scope, name, address, amount in links.select(
        "device", "peer_device", "scope", "name", "address", "bytes"
    ).iter_rows():
        source = zone_of.get(device)
        place = f"place:{organisation(name, address)}"
        target = (
            zone_of.get(peer) if peer else (place if place in places else "internet") if scope == "internet" else None
        )
        if source is None or target is None or (peer and peer < device) or (device, peer or place) in drawn:
            continue  # both ends of a local link have a row; one of them is enough
        pair = (source, target) if not peer else (min(source, target), max(source, target))
        octets[pair] += amount
        devices[pair].add(device)
    return tuple(
        Bundle(source, target, _zone_name(source), _zone_name(target), len(devices[source, target]), amount)
        for (source, target), amount in sorted(octets.items(), key=lambda item: (-item[1], item[0]))
        if source != target
    )


def _zone_name(zone: str) -> str:
    if zone == "internet":
        return "other places on the Internet"
    return zone.removeprefix("place:") if zone.startswith("place:") else zone.rsplit("/", maxsplit=1)[-1]


def _unusual(store: Store, devices: Mapping[str, Device]) -> tuple[Link, ...]:
    by_address = {ip: id for id, device in devices.items() for ip in device.ips}
    found: dict[tuple[str, str], Link] = {}
    for finding in store.findings(FindingQuery(at_least=Severity.LOW, sort="severity", limit=100)).items:
        for source, target, service in _ends(store, finding, by_address):
            if source != target and (source, target) not in found:
                found[source, target] = Link(
                    source,
                    target,
                    source_name=_name(source, devices),
                    target_name=_name(target, devices),
                    source_href=_href(source, devices),
                    target_href=_href(target, devices),
                    service=service,
                    finding=finding.id,
                    says=finding.says,
                    tone="confirmed" if finding.severity >= Severity.HIGH else "unlike",
                )
    return tuple(found.values())[:MOST_UNUSUAL]


def _name(end: str, devices: Mapping[str, Device]) -> str:
    return devices[end].name if end in devices else end.removeprefix("place:")


def _href(end: str, devices: Mapping[str, Device]) -> str:
    return f"/devices/{end}" if end in devices else ""


def _ends(store: Store, finding: Finding, by_address: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    if finding.rows is None:
        return [(finding.device, peer, finding.family) for peer in finding.peers]
    rows = store.rows(finding.rows, 300)
    if finding.rows.table == "talks":
        return _of_talks(rows, finding.peers)
    source, target = ("src", "dst") if "src" in rows.columns else ("client", "server")
    if source not in rows.columns:
        return [(finding.device, peer, finding.family) for peer in finding.peers]
    service = pl.col("service") if "service" in rows.columns else pl.lit(finding.rows.table)
    pairs = rows.select(source, target, service.alias("service")).unique(maintain_order=True).iter_rows()
    ends = [(_end(a, by_address), _end(b, by_address), s) for a, b, s in pairs]
    return [(a, b, s) for a, b, s in ends if a and b]


def _of_talks(rows: pl.DataFrame, peers: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """The ends of recorded talks: those with the peers a finding names, or over the port most of many were over."""
    asked = rows.filter(pl.col("scope").is_in(["internet", "local"]))
    called = dict(asked.filter(pl.col("service") != "").select("port", "service").iter_rows())
    ports: dict[tuple[str, str], int] = {}
    for device, peer_device, name, peer, port, initiated, scope in asked.select(
        "device", "peer_device", "name", "peer", "port", "initiated", "scope"
    ).iter_rows():
        other = peer_device or (f"place:{organisation(name, peer)}" if scope == "internet" else f"place:{peer}")
        ports.setdefault((device, other) if initiated or not peer_device else (other, device), port)
    pairs = [pair for pair in ports if {*pair} & {*peers}] or list(ports)
    usual, times = Counter(ports[pair] for pair in pairs).most_common(1)[0] if pairs else (0, 0)
    if len(pairs) >= MANY and times * 2 > len(pairs):
        pairs = [pair for pair in pairs if ports[pair] == usual]
    return [(*pair, called.get(ports[pair]) or _port(ports[pair])) for pair in pairs]


def _port(port: int) -> str:
    return f"port {port}" if 0 < port < EPHEMERAL else ""


def _end(address: str, by_address: Mapping[str, str]) -> str:
    if address in by_address:
        return by_address[address]
    try:
        return f"place:{address}" if ip_address(address).is_global else ""
    except ValueError:
        return ""


def as_json(drawing: Drawing, width: int, height: int) -> dict[str, Any]:
    """What the map's script draws in a picture of so many pixels."""
    members: dict[str, list[Node]] = defaultdict(list)
    for node in drawing.nodes:
        members[node.zone].append(node)
    outside = members.pop("internet", [])
    layout = arrange({zone: len(nodes) for zone, nodes in members.items()}, len(outside), width, height)
    at = dict(zip((node.id for node in outside), layout.places, strict=True))
    for zone, nodes in members.items():
        at |= dict(zip((node.id for node in nodes), layout.spots[zone], strict=True))
    known = at.keys() | layout.boxes.keys()
    return {
        "height": layout.height,
        "mark": layout.mark,
        "cell": layout.cell,
        "zones": [
            {"id": zone, "label": label, **asdict(layout.boxes[zone])}
            for zone, label in drawing.zones
            if zone in layout.boxes
        ],
        "nodes": [{**asdict(node), "x": at[node.id][0], "y": at[node.id][1]} for node in drawing.nodes],
        "unusual": [
            {"source": link.source, "target": link.target, "says": link.says, "tone": link.tone}
            for link in drawing.unusual
            if link.source in known and link.target in known
        ],
        "usual": [
            {"source": b.source, "target": b.target, "bytes": b.bytes, "devices": b.devices}
            for b in drawing.usual
            if b.source in known and b.target in known
        ],
    }
