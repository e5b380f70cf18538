"""What ``read`` says at the end."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cordon.cli.output import many, note, print_json, say, score, size, table, watching, when
from cordon.shapes import ReadResult, plain

if TYPE_CHECKING:
    from cordon.feed import Account
    from cordon.store import DeviceView, Store

SEVERITIES = ("info", "low", "medium", "high", "critical")


def result_of(account: "Account", already_read: list[str]) -> ReadResult:
    """The account of one reading as it is printed."""
    from cordon.shapes import iso  # noqa: PLC0415

    return ReadResult(
        packets=account.packets,
        bytes=account.bytes,
        flows=account.flows,
        devices=len(account.devices),
        findings={name: account.findings.get(name, 0) for name in SEVERITIES},
        damaged=dict(account.damaged),
        seconds=round(account.seconds, 3),
        begin=iso(account.begin),
        end=iso(account.end),
        already_read=already_read,
    )


def report(folder: Path, result: ReadResult, as_json: bool) -> None:
    """Prints the result: for programs, or with what the record now says for people."""
    for kind, count in result.damaged.items():
        note(f"Damaged: {kind} ({count:,}×). All else was read.")
    if as_json:
        print_json(plain(result))
        return watching(as_json)
    from cordon.store import Store  # noqa: PLC0415

    span = f", {_day(result.begin)} to {_day(result.end)} UTC" if result.begin else ""
    say(
        f"{many(result.packets, 'packet')} ({size(result.bytes)}) in {many(result.flows, 'flow')}{span}; "
        f"read in {result.seconds:.1f} s."
    )
    with Store.open(folder) as store:
        _devices(store)
        _findings(store)
    return watching()


def _day(time: str | None) -> str:
    return (time or "")[:16].replace("T", " ")


def _devices(store: "Store") -> None:
    from cordon.model.kinds import KIND  # noqa: PLC0415
    from cordon.store import DeviceQuery  # noqa: PLC0415

    views = store.devices(DeviceQuery(limit=None)).items
    say()
    say(f"{many(len(views), 'device')}, as of {when(store.as_of())} UTC", style="bold")
    kinds: dict[str, list[DeviceView]] = {}
    for view in views:
        kinds.setdefault(view.device.kind.value, []).append(view)
    rows = []
    for kind, of_it in sorted(kinds.items(), key=lambda item: (item[0] == "", -len(item[1]), item[0])):
        sure = sum(view.device.kind.confidence for view in of_it) // len(of_it) // 10
        said = KIND[kind].says if kind in KIND else kind or "not known"
        names = ", ".join(view.device.name for view in of_it[:3]) + (" …" if len(of_it) > 3 else "")
        rows.append((len(of_it), said, f"{sure} % sure" if kind else "", names))
    if rows:
        table(("", "kind", "", "for instance"), rows, right=("",))
    bands = Counter(view.trust.band.value for view in views if view.trust)
    low = [view for view in views if view.trust and view.trust.band.value != "normal"]
    if bands:
        say()
        say(f"Trust: {', '.join(f'{count} {band}' for band, count in bands.items())}")
    for view in sorted(low, key=lambda view: view.trust.score if view.trust else 0)[:5]:
        if view.trust:
            say(f"  {view.device.name}: {score(view.trust.score)} of 100, would be {view.trust.band.value}")


def _findings(store: "Store") -> None:
    from cordon.model.finding import Severity  # noqa: PLC0415
    from cordon.store import FindingQuery  # noqa: PLC0415

    page = store.findings(FindingQuery(sort="severity", limit=10, at_least=Severity.LOW))
    say()
    say(f"{many(page.total, 'finding')}" if page.total else "No findings", style="bold")
    names = store.device_names(finding.device for finding in page.items)
    if page.items:
        table(
            ("severity", "device", "what", "id"),
            [(f.severity.name.lower(), names.get(f.device, f.device), f.says, f.id) for f in page.items],
        )
    say()
    say("What next", style="bold")
    if page.items:
        say(f"  cordon why {page.items[0].id}    what it means, and the rows that show it")
        say("  cordon findings           all of them")
    say("  cordon devices            the list of devices")
    say("  cordon open               the console")
