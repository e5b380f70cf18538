"""What is new, told as it comes: a line for each device seen for the first time and for each finding."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cordon.cli.output import note, print_json_line, when

if TYPE_CHECKING:
    from cordon.model.device import Device
    from cordon.model.facts import Facts
    from cordon.store import Store


def teller(store: "Store") -> Callable[["Facts"], None]:
    """Says what is new to people."""
    known = _known(store)

    def tell(facts: "Facts") -> None:
        for device in _new(facts, known):
            note(f"{when(device.time)}  new device: {device.name}")
        names = store.device_names(finding.device for finding in facts.findings)
        for finding in facts.findings:
            who = names.get(finding.device, finding.device)
            how = "accepted" if finding.accepted else finding.severity.name.lower()
            note(f"{when(finding.noticed)}  {how}: {who} {finding.says} ({finding.id})")

    return tell


def printer(store: "Store") -> Callable[["Facts"], None]:
    """Prints what is new for programs, a JSON object a line."""
    from cordon.shapes import finding_entry  # noqa: PLC0415  # kept out of the start of every command

    known = _known(store)

    def print_all(facts: "Facts") -> None:
        for device in _new(facts, known):
            print_line("device", device.time, device.id, f"new device: {device.name}")
        names = store.device_names(finding.device for finding in facts.findings)
        for finding in facts.findings:
            entry = finding_entry(finding, names.get(finding.device, finding.device))
            print_line("finding", finding.noticed, finding.device, finding.says, finding=entry)

    return print_all


def print_line(event: str, time: int, device: str = "", says: str = "", **more: object) -> None:
    """One line of ``watch --json``, as `cordon.shapes.WatchLine` says."""
    from cordon.shapes import WatchLine, iso, plain  # noqa: PLC0415

    print_json_line(plain(WatchLine(event, iso(time), device, says, **more)))  # type: ignore[arg-type]  # its fields


def _known(store: "Store") -> set[str]:
    from cordon.store import DeviceQuery  # noqa: PLC0415

    return {view.device.id for view in store.devices(DeviceQuery(limit=None)).items}


def _new(facts: "Facts", known: set[str]) -> "Iterator[Device]":
    for device in facts.devices:
        if device.id not in known:
            known.add(device.id)
            yield device
