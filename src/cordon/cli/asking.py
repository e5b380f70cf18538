"""Asking the record: ``devices``, ``show``, ``findings``, ``why``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordon.cli.history import show_people
from cordon.cli.options import AsJson, Limit, State, reading_of
from cordon.cli.output import clean, many, moment, note, print_json, say, score, size, table, watching, when

if TYPE_CHECKING:
    from cordon.model.finding import Finding
    from cordon.model.trust import Trust
    from cordon.store import DeviceView, Store

Which = Annotated[str, typer.Argument(metavar="DEVICE", help="Its id, MAC address, IP address or name.")]


def devices(
    *,
    state: State = None,
    as_json: AsJson = False,
    text: Annotated[str, typer.Option("--find", metavar="TEXT", help="In all that is said of a device.")] = "",
    kind: Annotated[str, typer.Option(help="Only this kind, e.g. camera; unknown for those not known.")] = "",
    vendor: Annotated[str, typer.Option(help="Only this vendor.")] = "",
    band: Annotated[str, typer.Option(help="normal, usual-only, essentials-only or cordoned.")] = "",
    location: Annotated[str, typer.Option(help="Only at this place.")] = "",
    owner: Annotated[str, typer.Option(help="Only of this owner.")] = "",
    zone: Annotated[str, typer.Option(help="Only of this zone.")] = "",
    tag: Annotated[str, typer.Option(help="Only with this tag.")] = "",
    known: Annotated[str, typer.Option(help="seen, or import: known from an import, never seen.")] = "",
    sort: Annotated[str, typer.Option(help="name, kind, vendor, ip, trust, findings, last_seen, bytes …")] = "name",
    descending: Annotated[bool, typer.Option("--descending", help="Turn the order round.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Print at most so many.")] = None,
) -> None:
    """List the devices: what each is, how sure that is, and how far it is trusted.

    Examples: cordon devices · cordon devices --kind camera · cordon devices --sort trust --json
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.shapes import device_entry, plain  # noqa: PLC0415
    from cordon.store import DEVICE_SORTS, DeviceQuery  # noqa: PLC0415

    if sort not in DEVICE_SORTS:
        raise AskedError(f"--sort is {sort}; it must be one of {', '.join(DEVICE_SORTS)}.")
    with reading_of(state) as store:
        page = store.devices(
            DeviceQuery(
                text=text,
                kind=kind,
                vendor=vendor,
                band=band,
                sort=sort,
                descending=descending,
                limit=limit,
                location=location,
                owner=owner,
                zone=zone,
                tag=tag,
                known=known,
            )
        )
        as_of = store.as_of()
    if as_json:
        print_json(plain([device_entry(view) for view in page.items]))
        return watching(as_json)
    table(
        ("device", "what it is", "sure", "address", "trust", "band", "findings", "last seen"),
        [_device_row(view) for view in page.items],
        right=("sure", "trust", "findings"),
    )
    shown = "" if len(page.items) == page.total else f", {len(page.items)} of them shown"
    say()
    say(f"{many(page.total, 'device')}{shown}, as of {when(as_of)} UTC.")
    return watching()


def _device_row(view: "DeviceView") -> tuple[object, ...]:
    device, trust = view.device, view.trust
    return (
        device.name,
        what_it_is(view),
        "said" if "kind" in view.told else f"{device.kind.confidence // 10} %" if device.kind.value else "–",
        (*device.ips, *device.macs, "–")[0],
        score(trust.score) if trust else "–",
        band_of(trust),
        view.findings or "–",
        when((view.presence.last_seen if view.presence else 0) or device.first_seen)
        if view.known == "seen"
        else "never",
    )


def what_it_is(view: "DeviceView") -> str:
    """Vendor, model and kind in words."""
    from cordon.model.kinds import KIND  # noqa: PLC0415

    device = view.device
    kind = KIND[device.kind.value].says if device.kind.value in KIND else device.kind.value
    said = [part for part in (device.vendor.value, device.model.value, kind) if part]
    return " ".join(said) or "not known"


def band_of(trust: "Trust | None") -> str:
    """The band as people read it: nothing is done about it."""
    if trust is None:
        return "–"
    known = " (getting to know)" if trust.getting_to_know else ""
    return trust.band.value + (known if trust.band.value == "normal" else f" (would be){known}")


def found(store: "Store", asked: str) -> "DeviceView":
    """The device that was asked for.

    Raises:
        AskedError: there is none.
        AmbiguousError: there are several.
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415

    view = store.device(asked)
    if view is None:
        raise AskedError(f"No device answers to {asked!r}; cordon devices lists them all.")
    return view


def show(device: Which, state: State = None, as_json: AsJson = False) -> None:
    """Show all that is known of one device.

    Examples: cordon show 20:f8:5e:ca:91:52 · cordon show lobby-camera --json
    """
    from cordon import drafting, shapes  # noqa: PLC0415
    from cordon.leaving import PERSONAL, without_places  # noqa: PLC0415
    from cordon.store import FindingQuery  # noqa: PLC0415

    with reading_of(state) as store:
        view = found(store, device)
        id = view.device.id
        happened = store.findings(FindingQuery(device=id, limit=None)).items
        history, decided = store.trust_history(id), store.decisions(id)
        profile = store.profile(id) or drafting.draft(store, view.device).profile
        edits, versions, questions = store.edits(id), store.versions(id), store.questions(id)
        names = store.device_names({*(one.peer for one in profile.allowances), *(one.like for one in questions)})
    if view.device.kind.value in PERSONAL:  # where people's own telephones go: cordon leaving --personal
        profile = without_places(profile)
    if as_json:
        result = shapes.ShowResult(
            device=shapes.device_entry(view),
            trust=shapes.trust_entry(view.trust) if view.trust else None,
            trust_history=[shapes.trust_entry(trust) for trust in history],
            findings=[shapes.finding_entry(finding, view.device.name) for finding in happened],
            allowances=[shapes.allowance_entry(one) for one in profile.allowances],
            decisions=[shapes.decision_entry(fact) for fact in decided],
            edits=[shapes.edit_entry(edit) for edit in edits],
            versions=[shapes.version_entry(version) for version in versions],
            questions=[shapes.question_entry(one, view.device.name) for one in questions],
        )
        print_json(shapes.plain(result))
        return watching(as_json)
    _show_identity(view)
    show_people(view, edits, versions, [(one, names.get(one.like, one.like)) for one in questions])
    _show_trust(view.trust)
    say()
    say(f"Findings: {len(happened) or 'none'}", style="bold")
    _list_findings(happened[:10], {id: view.device.name})
    usual = profile.allowances
    say()
    say(f"Usually does: {many(len(usual), 'thing') if usual else 'not learned yet'}", style="bold")
    for allowed in usual:
        whom = names.get(allowed.peer, allowed.peer) or allowed.name or allowed.network or "anybody"
        say(f"  {allowed.direction:4}{allowed.service or allowed.proto} {allowed.port or ''} · {whom} · {allowed.why}")
    for fact in decided[-3:]:
        say(f"{when(fact.time)}  {fact.says}")
    return watching()


def _show_identity(view: "DeviceView") -> None:
    device, seen = view.device, view.presence
    say(device.name, style="bold")
    say(f"{what_it_is(view)} · {device.id}")
    say(f"MAC {', '.join(device.macs) or '–'} · IP {', '.join(device.ips) or '–'} · network {device.segment or '–'}")
    if seen:
        say(
            f"Seen {when(seen.first_seen)} to {when(seen.last_seen)} UTC, {many(seen.packets, 'packet')}, "
            f"{size(seen.bytes)}"
        )
    for why in device.joined:
        because = f"{why.value} says so" if why.field == "same-as" else f"the same {why.field} {why.value}"
        say(f"  also {why.says}: {because}")
    for name in ("vendor", "kind", "model", "os", "firmware"):
        said = getattr(device, name)
        if said.value:
            because = "; ".join(f"{e.field} {e.value}".strip() for e in said.evidence[:3])
            say(f"  {name:9}{said.value}  {said.confidence // 10} % sure{f' — {because}' if because else ''}")


def _show_trust(trust: "Trust | None") -> None:
    if trust is None:
        say()
        return say("Trust: no score yet", style="bold")
    say()
    say(f"Trust {score(trust.score)} of 100 · {band_of(trust)}", style="bold")
    for reason in trust.reasons:
        fades = f" (fades until {when(reason.fades)})" if reason.fades else ""
        say(f"  {score(reason.tenths):>7}  {reason.says}{fades}")
    return None


def findings(
    *,
    state: State = None,
    as_json: AsJson = False,
    device: Annotated[str, typer.Option(metavar="DEVICE", help="Only of this device.")] = "",
    detector: Annotated[str, typer.Option(help="Only of this detector.")] = "",
    at_least: Annotated[str, typer.Option(help="info, low, medium, high or critical.")] = "info",
    limit: Annotated[int | None, typer.Option(min=1, help="Print at most so many.")] = None,
) -> None:
    """List what happened, newest first.

    Examples: cordon findings · cordon findings --at-least high · cordon findings --device lobby-camera --json
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.model.finding import Severity  # noqa: PLC0415
    from cordon.shapes import finding_entry, plain  # noqa: PLC0415
    from cordon.store import FindingQuery  # noqa: PLC0415

    if at_least.upper() not in Severity.__members__:
        raise AskedError(f"--at-least is {at_least}; it must be info, low, medium, high or critical.")
    with reading_of(state) as store:
        id = found(store, device).device.id if device else ""
        least = Severity[at_least.upper()]
        page = store.findings(FindingQuery(device=id, detector=detector, at_least=least, limit=limit))
        names = store.device_names(finding.device for finding in page.items)
    if as_json:
        return print_json(plain([finding_entry(one, names.get(one.device, one.device)) for one in page.items]))
    _list_findings(page.items, names)
    say()
    say(f"{many(page.total, 'finding')}." if page.total else "No findings.")
    return watching()


def _list_findings(happened: "tuple[Finding, ...]", names: dict[str, str]) -> None:
    if happened:
        table(
            ("noticed", "severity", "device", "what", "id"),
            [(when(f.noticed), f.severity.name.lower(), names.get(f.device, f.device), f.says, f.id) for f in happened],
        )


def why(
    about: Annotated[str, typer.Argument(metavar="DEVICE|FINDING|EXPOSURE", help="A device, or the id of one.")],
    *,
    state: State = None,
    as_json: AsJson = False,
    limit: Limit = 20,
) -> None:
    """Say why: what a score is made of, what says what a device is, or which rows show a finding or an exposure.

    Examples: cordon why lobby-camera · cordon why finding-3f9a01b2c4d5
    """
    from cordon.cli.exposing import why_exposure  # noqa: PLC0415  # which asks for devices as this does

    with reading_of(state) as store:
        finding = store.finding(about)
        if finding is not None:
            return _why_finding(store, finding, limit, as_json)
        if (exposure := store.exposure(about)) is not None:
            return why_exposure(store, exposure, limit, as_json, _show_rows)
        return _why_device(found(store, about), as_json)


def _why_device(view: "DeviceView", as_json: bool) -> None:
    from cordon import shapes  # noqa: PLC0415

    device, trust = view.device, view.trust
    if as_json:
        says = f"{device.name}: {what_it_is(view)}"
        result = shapes.WhyResult(
            about="device",
            id=device.id,
            says=says,
            trust=shapes.trust_entry(trust) if trust else None,
            evidence=shapes.evidence_entries(device),
            finding=None,
            explanation="",
            rows=[],
        )
        print_json(shapes.plain(result))
        return watching(as_json)
    _show_identity(view)
    say()
    say("What says so", style="bold")
    rows = shapes.evidence_entries(device)
    table(
        ("of", "seen", "value", "says", "believed", "source"),
        [(e.attribute, e.field, e.value, e.says, f"{e.weight:.0%}", e.source) for e in rows],
        right=("believed",),
    )
    _show_trust(trust)
    return watching()


def _why_finding(store: "Store", finding: "Finding", limit: int, as_json: bool) -> None:
    from cordon import shapes  # noqa: PLC0415
    from cordon.cli.rules import explanation  # noqa: PLC0415

    name = store.device_names([finding.device]).get(finding.device, finding.device)
    explained = explanation(store.folder, finding.detector)
    shown: list[dict[str, Any]] = store.rows(finding.rows, limit).to_dicts() if finding.rows else []
    if as_json:
        result = shapes.WhyResult(
            about="finding",
            id=finding.id,
            says=f"{name} {finding.says}",
            trust=None,
            evidence=[],
            finding=shapes.finding_entry(finding, name),
            explanation=explained,
            rows=shown,
        )
        return print_json(shapes.plain(result))
    say(f"{name}: {finding.says}", style="bold")
    said = (finding.severity.name.lower(), f"{finding.detector} ({finding.level})", finding.technique)
    say(" · ".join(part for part in said if part))
    say(f"Began {when(finding.began)}, noticed {when(finding.noticed)} UTC · {finding.id}")
    for what, value in finding.measured:
        say(f"  {what}: {value}")
    for line in ("", *explained.splitlines(), ""):
        say(line)
    _show_rows(shown)
    return watching()


def _show_rows(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return note("The rows that show it are not kept any more.")
    telling = [name for name in rows[0] if name not in {"step", "flow", "segment"} and any(row[name] for row in rows)]
    times = {"time", "first", "last", "began"}
    table(telling[:9], [[moment(row[n]) if n in times else clean(row[n]) for n in telling[:9]] for row in rows])
    return None
