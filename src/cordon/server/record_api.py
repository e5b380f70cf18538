"""The API of the living record: what people say of devices, questions, and lists that come in and go out."""

import time
from typing import Annotated, Any, Final

import anyio
from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from cordon.inventory import (
    FORMATS,
    OWNER,
    WRITTEN,
    FileError,
    ImportResult,
    Site,
    Speaker,
    WordError,
    edit_of,
    inventory_of,
    taken,
    write,
)
from cordon.model.codec import decode
from cordon.model.edit import Edit
from cordon.server.console.render import context_of
from cordon.server.context import Context
from cordon.server.spool import TooLarge, discard, spool
from cordon.server.worker import Worker
from cordon.shapes import CorrectResult, device_entry, edit_entry, plain, question_entry, version_entry
from cordon.store import AmbiguousError, DeviceView, Store

router = APIRouter()

MOST_EDITS: Final = 10_000
KINDS: Final = {"csv": ("text/csv; charset=utf-8", "csv"), "json": ("application/json", "json"),
                "cyclonedx": ("application/vnd.cyclonedx+json; version=1.6", "cdx.json"),
                "netbox": ("application/json", "netbox.json")}  # fmt: skip


def now() -> int:
    """The time on the wall, µs."""
    return time.time_ns() // 1000


def writer_of(context: Context) -> Worker:
    """The writer of this server.

    Raises:
        HTTPException: it only shows what was recorded.
    """
    if context.worker is None:
        raise HTTPException(503, "This Cordon only shows what was recorded; start it for reading and writing.")
    return context.worker


def known(request: Request, id: str) -> tuple[Store, DeviceView]:
    """The device of that id, an address or a name, with its store.

    Raises:
        HTTPException: there is none, or there are several.
    """
    store = context_of(request).store
    try:
        view = store.device(id) if store else None
    except AmbiguousError as error:
        raise HTTPException(409, str(error)) from None
    if store is None or view is None:
        raise HTTPException(404, f"There is no device {id}.")
    return store, view


@router.get("/api/devices/{id}/edits")
def edits(request: Request, id: str) -> list[dict[str, Any]]:
    """Everything that people ever said of a device, oldest first."""
    store, view = known(request, id)
    return [plain(edit_entry(edit)) for edit in store.edits(view.device.id)]


@router.get("/api/devices/{id}/versions")
def versions(request: Request, id: str) -> list[dict[str, Any]]:
    """Which model, system and firmware a device was found to have, oldest first."""
    store, view = known(request, id)
    return [plain(version_entry(version)) for version in store.versions(view.device.id)]


@router.patch("/api/devices/{id}")
def correct(
    request: Request,
    id: str,
    words: Annotated[dict[str, str | None], Body(examples=[{"kind": "camera", "location": "Lobby", "owner": None}])],
    why: str = "",
    who: str = OWNER,
) -> dict[str, Any]:
    """Says what a device is, field by field; null takes back what was said. Answers as `cordon correct --json`.

    `same-as` (another device) joins both, `apart` (an address of it) makes that a device of its own.
    """
    store, view = known(request, id)
    worker = writer_of(context_of(request))
    speaker = Speaker(who, now(), why)
    try:
        said = [
            edit_of(store, view, field, value or "", speaker, withdrawn=value is None) for field, value in words.items()
        ]
    except WordError as error:
        raise HTTPException(422, str(error)) from None
    worker.say(said)
    view = store.device(view.device.id) or view
    questions = store.questions(like=view.device.id)
    names = store.device_names(one.device for one in questions)
    result = CorrectResult(
        device=device_entry(view),
        edits=[edit_entry(edit) for edit in said],
        questions=[question_entry(one, names.get(one.device, one.device)) for one in questions],
    )
    shaped: dict[str, Any] = plain(result)
    return shaped


@router.post("/api/edits", status_code=201)
def say(request: Request, facts: Annotated[list[dict[str, Any]], Body(max_length=MOST_EDITS)]) -> dict[str, int]:
    """Keeps edits as they are made by `cordon correct`, `join` and `split`."""
    context = context_of(request)
    worker, store = writer_of(context), context.store
    try:
        told = [decode(Edit, fact) for fact in facts]
    except ValueError as error:
        raise HTTPException(422, f"This is no edit ({error}).") from None
    if store is None or store.segments_of(edit.device for edit in told).keys() != {edit.device for edit in told}:
        raise HTTPException(404, "One of these devices is not in the record.")
    try:
        for edit in told:
            speaker = Speaker(edit.who, edit.time, edit.why)
            view = store.device(edit.device)
            if (
                view is not None
                and edit_of(store, view, edit.field, edit.value, speaker, withdrawn=edit.withdrawn) != edit
            ):
                raise WordError(f"{edit.field} {edit.value!r} is not written as it is kept.")
    except WordError as error:
        raise HTTPException(422, str(error)) from None
    worker.say(told)
    return {"kept": len(told)}


@router.get("/api/questions")
def questions(request: Request, device: str = "") -> list[dict[str, Any]]:
    """What people are asked and nobody answered yet: whether a device is what one like it was called."""
    store = context_of(request).store
    found = store.questions(device) if store else ()
    names = store.device_names(one.device for one in found) if store else {}
    return [plain(question_entry(one, names.get(one.device, one.device))) for one in found]


@router.get("/api/inventory")
def export(request: Request, format: str = "json") -> Response:
    """All devices as a file: csv, json, cyclonedx or netbox."""
    store = context_of(request).store
    if format not in WRITTEN:
        raise HTTPException(422, f"format must be one of {', '.join(WRITTEN)}.")
    if store is None:
        raise HTTPException(404, "Nothing has been recorded yet; read a capture first.")
    kind, ending = KINDS[format]
    text = write(inventory_of(store), format, store.as_of())
    named = {"content-disposition": f'attachment; filename="cordon-inventory.{ending}"'}
    return Response(text, media_type=kind, headers=named)


@router.post("/api/inventory", status_code=201)
async def take_lists(
    request: Request,
    format: str = "auto",
    dry_run: bool = False,
    segment: Annotated[str, Query(max_length=200)] = "",
    who: Annotated[str, Query(max_length=200)] = OWNER,
) -> dict[str, Any]:
    """Takes lists of devices in (multipart), all or nothing; answers what `cordon inventory import --json` prints."""
    results = await take_in(request, format, dry_run=dry_run, segment=segment, who=who)
    return {"imported": plain(results)}


async def take_in(request: Request, format: str, *, dry_run: bool, segment: str, who: str) -> list[ImportResult]:
    """Takes the lists of a multipart request in.

    Raises:
        HTTPException: they cannot be taken in; the message says why, and nothing was changed.
    """
    context = context_of(request)
    worker = writer_of(context)
    if format not in {"auto", *FORMATS}:
        raise HTTPException(422, f"format must be auto or one of {', '.join(FORMATS)}.")
    try:
        files = await spool(request, context.folder, context.capture_limit)
    except TooLarge as error:
        raise HTTPException(413, str(error)) from None
    except ValueError as error:
        raise HTTPException(400, str(error)) from None

    def work() -> list[ImportResult]:
        site = Site(context.config.site, segment or context.config.segment, who, now())
        imported, results = taken(files, context.store, site, format=format, dry_run=dry_run)
        if not dry_run:
            worker.take_in(imported)
        return results

    try:
        return await anyio.to_thread.run_sync(work)
    except FileError as error:
        raise HTTPException(422, str(error)) from None
    finally:
        discard(files)
