"""Weak settings and their repair: ``repairs``, ``exposures``, ``accept``."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordon.cli.asking import found
from cordon.cli.judging import About, Owner, Reason, Scoped, Undo, Until, Who, judge
from cordon.cli.keeping import keep
from cordon.cli.options import AsJson, ConfigFile, State, folder_of, reading_of
from cordon.cli.output import many, note, print_json, say, table, watching, when

if TYPE_CHECKING:
    from cordon.exposure import Repair
    from cordon.model.exposure import Acceptance, Exposure
    from cordon.store import Store


def repairs(
    *,
    state: State = None,
    as_json: AsJson = False,
    all_: Annotated[bool, typer.Option("--all", help="Not the first five only.")] = False,
) -> None:
    """List the repairs most worth their time: what they take away in risk, for each minute of work.

    Examples: cordon repairs · cordon repairs --all · cordon repairs --json
    """
    from cordon.exposure.ranking import MOST  # noqa: PLC0415
    from cordon.repairs import repairs_of  # noqa: PLC0415
    from cordon.shapes import plain, repair_entry  # noqa: PLC0415

    with reading_of(state) as store:
        ranked = repairs_of(store)
        shown = ranked if all_ else ranked[:MOST]
        names = store.device_names(device for one in shown for device in one.devices)
    if as_json:
        print_json(plain([repair_entry(one, names) for one in shown]))
        return watching(as_json)
    for number, one in enumerate(shown, 1):
        _print_repair(number, one, names)
    if not shown:
        say("Nothing to repair: no weak setting was seen in the traffic so far.")
    elif len(ranked) > len(shown):
        note(f"And {many(len(ranked) - len(shown), 'repair')} more: cordon repairs --all")
    return watching()


def _print_repair(number: int, one: "Repair", names: dict[str, str]) -> None:
    from cordon.exposure.advice import advice_of  # noqa: PLC0415
    from cordon.exposure.page import page_of  # noqa: PLC0415
    from cordon.model.kinds import KIND  # noqa: PLC0415
    from cordon.repairs import check_of  # noqa: PLC0415

    check, devices = check_of(one.check), one.devices
    page = page_of(check)
    kind = KIND[one.kind].says if one.kind in KIND else "device"
    who = names.get(devices[0], devices[0]) if len(devices) == 1 else many(len(devices), kind)
    say(f"{number}. {check.action if check else one.check}: {who}", style="bold")
    first = one.exposures[0]
    say(f"   What: {names.get(first.device, first.device)} {first.says}")
    say(f"   {one.severity.name.lower()} · about {many(one.minutes, 'minute')} · risk {one.risk} · {one.check}")
    say(f"   Why: {page.why}")
    for advice in advice_of(one.check, one.kind, one.makes):
        say(f"   Here: {advice.says} ({advice.source})")
    say(f"   How: {page.repair}")
    say(f"   Then: {page.known}")
    for exposure in one.exposures[:10]:
        say(f"   · {names.get(exposure.device, exposure.device)}  {exposure.id}")
    if len(one.exposures) > 10:
        say(f"   · and {len(one.exposures) - 10} more")
    say()


def exposures(
    device: Annotated[str, typer.Argument(metavar="[DEVICE]", help="Only of this device.")] = "",
    *,
    state: State = None,
    as_json: AsJson = False,
    gone: Annotated[bool, typer.Option("--gone", help="Also those that were repaired or not seen since.")] = False,
) -> None:
    """List the weak settings that stand: until they are repaired, not seen any more, or accepted for a time.

    Examples: cordon exposures · cordon exposures lobby-camera --gone · cordon exposures --json
    """
    from cordon.repairs import subjects_of  # noqa: PLC0415
    from cordon.shapes import exposure_entry, plain  # noqa: PLC0415

    with reading_of(state) as store:
        listed = store.exposures(found(store, device).device.id if device else "", gone=gone)
        names = store.device_names(one.device for one in listed)
        subjects = subjects_of(store, names)
    if as_json:
        print_json(
            plain([exposure_entry(one, names.get(one.device, one.device), subjects.get(one.device)) for one in listed])
        )
        return watching(as_json)
    if listed:
        table(
            ("device", "severity", "what", "stands", "since", "id"),
            [
                (names.get(one.device, one.device), one.severity.name.lower(), one.says, stands(one),
                 when(one.began), one.id)
                for one in listed
            ],
        )  # fmt: skip
        say()
    count = sum(1 for one in listed if one.stands)
    say(f"{many(count, 'exposure')} standing." if count else "No weak setting was seen in the traffic so far.")
    return watching()


def stands(one: "Exposure") -> str:
    """How an exposure stands, in a few words."""
    if one.accepted is not None and one.standing.value == "accepted":
        return f"accepted by {one.accepted.owner} until {when(one.accepted.until)}"
    return {"open": "open", "repaired": f"repaired {when(one.time)}"}.get(
        one.standing.value, f"not seen since {when(one.seen)}"
    )


def why_exposure(
    store: "Store", one: "Exposure", limit: int, as_json: bool, show_rows: Callable[[list[dict[str, Any]]], None]
) -> None:
    """Says what an exposure means, and which rows show it."""
    from inspect import getdoc  # noqa: PLC0415

    from cordon import shapes  # noqa: PLC0415
    from cordon.repairs import check_of  # noqa: PLC0415

    name, check = store.device_names([one.device]).get(one.device, one.device), check_of(one.check)
    explained = (getdoc(check) or "") if check is not None else ""
    rows = store.rows(one.rows, limit).drop("secret", strict=False).to_dicts() if one.rows else []
    if as_json:
        says = f"{name} {one.says}"
        return print_json(shapes.plain(shapes.WhyResult("exposure", one.id, says, None, [], None, explained, rows)))
    say(f"{name}: {one.says}", style="bold")
    say(f"{one.severity.name.lower()} · {one.check} ({one.level}) · {stands(one)}")
    say(f"Began {when(one.began)}, last seen {when(one.seen)} UTC · {one.id}")
    for what, value in one.measured:
        say(f"  {what}: {value}")
    for line in ("", *explained.splitlines(), ""):
        say(line)
    show_rows(rows)
    return watching()


def accept(
    what: Annotated[str, typer.Argument(metavar="EXPOSURE|FINDING", help="The id of an exposure or a finding.")],
    *,
    owner: Owner = "",
    reason: Reason = "",
    until: Until = "",
    scope: Scoped = "device",
    about: About = "",
    undo: Undo = False,
    who: Who = "owner",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Say that a weak setting or a finding is lived with: by whom, why, and until when. Then it counts again.

    Such findings are still kept, but cost no trust and make no incident; of a finding it may be said for its device,
    its kind or the site, and only with one peer, place or service. Without --until it holds for 90 days.

    Examples: cordon accept exposure-3f9a01b2c4d5 --owner Ada --reason "replaced in spring" --until 90d ·
    cordon accept finding-9b8c7d6e5f4a --for kind --owner Ada --reason "its maker moved" ·
    cordon accept exposure-3f9a01b2c4d5 --undo
    """
    from cordon import shapes  # noqa: PLC0415
    from cordon.repairs import subjects_of  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    if what.strip().startswith("finding"):
        said = {"owner": owner, "reason": reason, "until": until, "scope": scope, "about": about, "who": who}
        return judge(what, fine=True, undo=undo, said=said, state=state, as_json=as_json, config=config)
    folder, given = folder_of(state), (owner, reason, until)
    (word,) = keep(
        folder,
        lambda store: [_word(store, what, given, who, undo)],
        to="/api/acceptances",
        what="cordon accept",
        config=config,
    )
    with Store.open(folder) as store:
        one = store.exposure(word.exposure)
        names = store.device_names([one.device]) if one else {}
        subjects = subjects_of(store, names)
    if one is None:
        return None
    name = names.get(one.device, one.device)
    if as_json:
        print_json(shapes.plain(shapes.exposure_entry(one, name, subjects.get(one.device))))
        return watching(as_json)
    say(f"{name} {one.says}: {stands(one)}")
    return watching()


def _word(store: "Store", asked: str, given: tuple[str, str, str], who: str, undo: bool) -> "Acceptance":
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.promises import AcceptError  # noqa: PLC0415
    from cordon.repairs import accepting, meant, withdrawing  # noqa: PLC0415

    one = meant(store, asked)
    if one is None:
        raise AskedError(f"There is no exposure {asked!r}; cordon exposures lists them all.")
    now = time.time_ns() // 1000
    try:
        return withdrawing(one, who, now) if undo else accepting(one, *given, who, now)
    except AcceptError as error:
        raise AskedError(str(error)) from None
