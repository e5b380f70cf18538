"""``discover``: ask one's own network who is there, gently, and never what must not be disturbed."""

import ipaddress
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of
from cordon.cli.output import log_to_stderr, many, note, print_json

if TYPE_CHECKING:
    from cordon.config import Config
    from cordon.sources.discovery import Host, Link, Outcome, Plan, Round
    from cordon.store import Store

DELICATE: Final = frozenset({"plant", "clinic"})
"""Groups of kinds that are asked nothing unless each is named."""
MOST_AUTOMATIC: Final = 22
"""The longest sweep nobody asked for: a network of this prefix, 1,022 addresses."""


def discover(
    interface: Annotated[str, typer.Option("--interface", metavar="IF", help="The network interface to ask on.")],
    *,
    range_: Annotated[
        str, typer.Option("--range", metavar="CIDR", help="Part of the interface's network; all of it by default.")
    ] = "",
    rate: Annotated[int, typer.Option("--rate", min=1, max=200, help="Questions a second, at most.")] = 20,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="ADDRESS", help="Ask this one too, though it is part of a plant; repeatable."),
    ] = None,
    snmp_community: Annotated[
        str, typer.Option("--snmp-community", metavar="WORD", help="Ask by SNMP, with this word; else nothing by SNMP.")
    ] = "",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Ask the network of an interface who is there, so that devices that say nothing say what they are.

    Asks everybody by mDNS, SSDP, WS-Discovery, and by ARP for each address; then those who answered for the first page
    of a web server, a TLS greeting, and the UPnP description they announced. Nothing is tried, nothing is changed.

    Devices of plants and clinics are left alone, and so is what nothing is known of yet. Whoever is named with --also
    is asked all the same, and for its identity by Modbus, EtherNet/IP and BACnet.

    Examples: cordon discover --interface eth0 · cordon discover --interface eth0 --range 10.1.2.0/25 --rate 5
    """
    from cordon.cli import handover  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.sources.discovery import Link, Round  # noqa: PLC0415

    log_to_stderr()
    folder = folder_of(state)
    settings = load(folder, config)
    link = Link(interface)
    try:
        plan = _plan(link, range_, rate, tuple(also or ()), snmp_community)
        asked = Round(link, plan, Sparing(folder), note)
        if handover.running(folder):
            note("Cordon is running on this state: it hears the answers, if it watches this network.")
            outcome = asked.run()
        else:
            outcome = _ask_and_listen(asked, folder, settings)
    finally:
        link.close()
    _tell(outcome, as_json)


def _plan(link: "Link", range_: str, rate: int, also: tuple[str, ...], community: str) -> "Plan":
    """What is asked, checked.

    Raises:
        AskedError: a range or an address is not one of this network, or the sweep would be too large.
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.sources.discovery import Plan  # noqa: PLC0415
    from cordon.sources.discovery.round import targets_of  # noqa: PLC0415

    try:
        network = ipaddress.IPv4Network(range_, strict=False) if range_ else link.network
        named = frozenset(str(ipaddress.IPv4Address(address)) for address in also)
    except ValueError as error:
        raise AskedError(f"{error}; give a range as 192.0.2.0/25 and an address as 192.0.2.7.") from None
    if not network.subnet_of(link.network):
        raise AskedError(f"{network} is not within {link.network}, the network of {link.interface}.")
    if not range_ and network.prefixlen < MOST_AUTOMATIC:
        raise AskedError(
            f"{network} has {network.num_addresses:,} addresses, which takes long; name a part of it with --range."
        )
    if far := sorted(address for address in named if ipaddress.IPv4Address(address) not in network):
        raise AskedError(f"{far[0]} is not within {network}, which is what would be asked.")
    if len(community) > 64 or not community.isprintable():
        raise AskedError("The word for SNMP is at most 64 printable characters.")
    try:
        targets = targets_of(network)
    except ValueError as error:
        raise AskedError(f"{error}; name a smaller part with --range.") from None
    return Plan(targets, rate=rate, community=community, named=named)


@dataclass(slots=True)
class Sparing:
    """Says why a host is left alone, by what the record holds when it is asked about."""

    folder: Path
    _plants: frozenset[str] | None = field(default=None)

    def __call__(self, host: "Host") -> str:
        """The reason; "" when the host may be asked."""
        from cordon.model.kinds import KIND  # noqa: PLC0415
        from cordon.model.makers import is_delicate  # noqa: PLC0415
        from cordon.store import Store  # noqa: PLC0415

        with Store.open(self.folder) as store:
            view = store.device(host.mac) or store.device(host.ip)
            if self._plants is None:
                self._plants = _speakers_of_plants(store)
        if view is None:
            return "nothing is known of it yet; listen for a while first"
        kind = KIND.get(view.device.kind.value)
        if kind is not None and (kind.safety or kind.group in DELICATE):
            return f"it is probably a {kind.says}; name it with --also to ask it"
        if is_delicate(view.device.vendor.value):
            return f"{view.device.vendor.value} builds for plants or clinics; name it with --also to ask it"
        if host.ip in self._plants:
            return "it speaks a protocol of plants; name it with --also to ask it"
        return ""


def _speakers_of_plants(store: "Store") -> frozenset[str]:
    """All addresses that were ever heard speaking with a controller."""
    ends = store.history("ot").select("client", "server").unique().collect()
    return frozenset(ends["client"]) | frozenset(ends["server"])


def _ask_and_listen(asked: "Round", folder: Path, settings: "Config") -> "Outcome":
    """Asks from a thread of its own while this one reads what the interface brings."""
    from cordon.cli.listening import Listening, keep, source_of  # noqa: PLC0415
    from cordon.sources import SourceError  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    how = Listening(asked.link.interface, threads=1, ring=16, snaplen=0)
    with Store.open(folder, write=True, what="cordon discover") as store, ThreadPoolExecutor(1) as beside:
        source = source_of(how, settings, store.secret_key, note)
        asking = beside.submit(asked.run)
        asking.add_done_callback(lambda _: source.stop())
        try:
            keep(source, "interface", store, settings, False, "Asking; Ctrl-C ends it, and what was seen is kept.")
        finally:
            asked.stop()
    asking.result()  # raises what ended it
    if source.failure:
        raise SourceError(source.failure)
    return asked.outcome


def _tell(outcome: "Outcome", as_json: bool) -> None:
    """Says what was asked of whom, and who was left alone."""
    if as_json:
        from cordon.shapes import DiscoverResult, HostEntry, plain  # noqa: PLC0415

        left = dict(outcome.left)
        hosts = [HostEntry(host.ip, host.mac, left.get(host, "")) for host in outcome.hosts]
        return print_json(plain(DiscoverResult(dict(sorted(outcome.asked.items())), hosts)))
    note(f"{many(len(outcome.hosts), 'host')} answered. Asked: {_counts(outcome)}.")
    for host, why in outcome.left:
        note(f"Left alone: {host.ip} ({host.mac}): {why}.")
    return note("What they are: cordon devices")


def _counts(outcome: "Outcome") -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(outcome.asked.items())) or "nothing"
