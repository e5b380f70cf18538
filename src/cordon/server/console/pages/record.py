"""The record of a device in people's hands: its form, its joins, its questions, and lists that come in and go out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from cordon.inventory import FORMATS, OWNER, Speaker, WordError, edit_of
from cordon.model.edit import APART, DISCOVERED, OWNERS, SAME_AS, Edit
from cordon.server.console.pages.devices import find
from cordon.server.console.people import FIELDS, fields_of, record_of
from cordon.server.console.render import context_of, page
from cordon.server.record_api import now, take_in, writer_of
from cordon.store import DeviceView, Store

router = APIRouter()

MOST_BYTES: Final = 100_000
"""Of a form."""


@router.get("/devices/{id}/record", response_class=HTMLResponse)
def show_form(request: Request, id: str) -> HTMLResponse:
    """The form of a device, by itself."""
    found = find(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, view = found
    return _form(request, view, record_of(store, view))


def _form(request: Request, view: DeviceView, record: dict[str, Any], wrong: str = "") -> HTMLResponse:
    status = 422 if wrong else 200
    return page(request, "record.html", "devices", status, view=view, device=view.device, record=record, wrong=wrong)


@router.post("/devices/{id}/record")
async def keep(request: Request, id: str) -> Response:
    """Keeps what a person says of a device: its fields, a join, a part, the undo of one, or an answer."""
    found = find(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, view = found
    given = await form(request)
    writer_of(context_of(request))
    speaker = Speaker(OWNER, now(), given.get("why", "").strip())
    try:
        said = _said(request, store, view, given, speaker)
    except WordError as error:
        typed = record_of(store, view)
        if given.get("do", "record") == "record":
            typed["fields"] = fields_of(view, given)
        return _form(request, view, typed, str(error))
    if said:
        writer_of(context_of(request)).say(said)
    back = given.get("back", "")
    return RedirectResponse(f"/devices/{back if back.startswith('device-') else view.device.id}#record", 303)


def _said(request: Request, store: Store, view: DeviceView, given: Mapping[str, str], speaker: Speaker) -> list[Edit]:
    """The edits that a form comes to.

    Raises:
        WordError: something cannot be said; the message says why.
    """
    does = given.get("do", "record")
    if does == "join":
        return [edit_of(store, view, SAME_AS, given.get("other", "").strip(), speaker)]
    if does == "part":
        return [edit_of(store, view, APART, given.get("endpoint", ""), speaker)]
    if does == "undo":
        return [edit_of(store, view, given.get("field", ""), given.get("value", ""), speaker, withdrawn=True)]
    if does == "answer":
        return _answered(request, store, view, given, speaker)
    said = []
    for name in (*DISCOVERED, *OWNERS):
        value, was = given.get(name, "").replace("\r\n", "\n").strip(), given.get(f"was-{name}", "")
        if value != was.replace("\r\n", "\n").strip():  # what somebody else said meanwhile stands
            said.append(edit_of(store, view, name, value, speaker, withdrawn=not value))
    return said


def _answered(
    request: Request, store: Store, view: DeviceView, given: Mapping[str, str], speaker: Speaker
) -> list[Edit]:
    """An answer is remembered; a yes is a person's word of this device too."""
    asked = next(
        (
            one
            for one in store.questions(view.device.id)
            if (one.field, one.value) == (given.get("field"), given.get("value"))
        ),
        None,
    )
    if asked is None:
        return []  # answered meanwhile
    yes = given.get("answer") == "yes"
    answer = replace(asked, answer="yes" if yes else "no", who=speaker.who, answered=speaker.time)
    writer_of(context_of(request)).answer(answer)
    if not yes:
        return []
    like = store.device_names([asked.like]).get(asked.like, asked.like)
    return [edit_of(store, view, asked.field, asked.value, replace(speaker, why=f"looks the same as {like}"))]


@router.post("/devices")
async def answer_nameless(request: Request) -> Response:
    """Nobody knows what the devices are that have no name: they are not asked about again."""
    given = await form(request)
    if given.get("do") == "nobody-knows":
        writer_of(context_of(request)).answer_nameless(OWNER, now())
    return RedirectResponse("/", 303)


@router.get("/inventory", response_class=HTMLResponse)
def inventory(request: Request) -> HTMLResponse:
    """Lists that come in and go out."""
    return _inventory(request)


@router.post("/inventory")
async def take(request: Request, dry_run: bool = False) -> HTMLResponse:
    """Takes a list in, or says what would change."""
    try:
        results = await take_in(request, "auto", dry_run=dry_run, segment="", who=OWNER)
    except HTTPException as error:
        return _inventory(request, error.status_code, wrong=str(error.detail))
    return _inventory(request, results=results, dry_run=dry_run)


def _inventory(request: Request, status: int = 200, **more: Any) -> HTMLResponse:
    store = context_of(request).store
    values = {"wrong": "", "results": (), "dry_run": False} | more
    devices = store.totals().devices if store else 0
    return page(request, "inventory.html", "devices", status, formats=FORMATS, devices=devices, labels=FIELDS, **values)


async def form(request: Request) -> dict[str, str]:
    """The fields of a form; files and what is too long are not taken.

    Raises:
        HTTPException: it is larger than a form of ours can be.
    """
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise HTTPException(413, "That is more than fits into this form; shorten it.")
    given = await request.form()
    return {name: value for name, value in given.items() if isinstance(value, str)}
