"""Repairs, one repair, one exposure, and a person's word of living with it."""

import time
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from cordon.exposure import Repair
from cordon.inventory import OWNER
from cordon.model.exposure import Exposure
from cordon.promises import AcceptError
from cordon.repairs import accepting, meant, repairs_of, withdrawing
from cordon.server.console import words
from cordon.server.console.exposed import REACHES, cards, headline, manual_of, stands
from cordon.server.console.pages.incidents import table_of
from cordon.server.console.pages.record import form
from cordon.server.console.render import as_of, context_of, page, sorry
from cordon.server.record_api import now, writer_of
from cordon.store import Store

router = APIRouter()

SUGGESTED = timedelta(days=90)
"""How long something is accepted where nobody says otherwise."""


def ranked_of(request: Request) -> tuple[Repair, ...]:
    """All repairs as the state stands."""
    context = context_of(request)
    store = context.store
    return context.kept.get(store, "repairs", lambda: repairs_of(store)) if store else ()


@router.get("/repairs", response_class=HTMLResponse)
def list_repairs(request: Request) -> HTMLResponse:
    """All repairs, the most useful first."""
    store, ranked = context_of(request).store, ranked_of(request)
    found = store.exposures() if store else ()
    accepted = [one for one in found if one.accepted is not None and one.standing.value == "accepted"]
    return page(
        request,
        "repairs.html",
        "today",
        sentence=f"{words.plural(len(ranked), 'repair')}, the most useful first" if ranked else "Nothing to repair",
        repairs=cards(store, ranked[:100]) if store else (),
        more=max(0, len(ranked) - 100),
        accepted=accepted,
        names=store.device_names({one.device for one in accepted}) if store else {},
        live="facts",
    )


@router.get("/repairs/{id}", response_class=HTMLResponse)
def show_repair(request: Request, id: str) -> HTMLResponse:
    """One repair: what, why, how, and how it will be known."""
    store = context_of(request).store
    one = next((repair for repair in ranked_of(request) if repair.id == id), None)
    if store is None or one is None:
        return sorry(
            request, 404, "That repair is done", "Or somebody accepted what it was for.", "/repairs", "Show all repairs"
        )
    names = store.device_names(one.devices)
    return page(
        request,
        "repair.html",
        "today",
        repair=one,
        headline=headline(one, names),
        manual=manual_of(one.check, one.kind, one.makes),
        reach=REACHES[one.reach],
        names=names,
        stands=lambda exposure: stands(exposure, as_of(store)),
        live="facts",
    )


def _found(request: Request, id: str) -> tuple[Store, Exposure] | HTMLResponse:
    store = context_of(request).store
    one = meant(store, id) if store else None
    if store is None or one is None:
        return sorry(request, 404, "There is no such exposure", "Look for it in the list.", "/repairs",
                     "Show all repairs")  # fmt: skip
    return store, one


@router.get("/exposures/{id}", response_class=HTMLResponse)
def show_exposure(request: Request, id: str) -> HTMLResponse:
    """One exposure of one device, with its evidence."""
    found = _found(request, id)
    return found if isinstance(found, HTMLResponse) else _exposure(request, *found)


def _exposure(request: Request, store: Store, one: Exposure, wrong: str = "", **typed: str) -> HTMLResponse:
    view = store.device(one.device)
    of = (view.device.kind.value, view.device.vendor.value, view.device.model.value) if view else ("", "", "")
    until = datetime.fromtimestamp(time.time(), UTC).date() + SUGGESTED
    return page(
        request,
        "exposure.html",
        "devices",
        422 if wrong else 200,
        one=one,
        view=view,
        manual=manual_of(one.check, of[0], (of[1:],)),
        reach=REACHES[one.reach],
        stands=stands(one, as_of(store)),
        names=store.device_names(one.peers),
        said=tuple(reversed(store.acceptances(one.id))),
        wrong=wrong,
        typed={"owner": "", "reason": "", "until": until.isoformat()} | typed,
        live="facts",
    )


@router.post("/exposures/{id}")
async def say(request: Request, id: str) -> Response:
    """Keeps a person's word: that it is lived with, or no more."""
    found = _found(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, one = found
    given = await form(request)
    worker = writer_of(context_of(request))
    typed = {name: given.get(name, "") for name in ("owner", "reason", "until")}
    try:
        word = withdrawing(one, OWNER, now()) if given.get("do") == "undo" else accepting(one, **typed, who=OWNER,
                                                                                           now=now())  # fmt: skip
    except AcceptError as error:
        return _exposure(request, store, one, str(error), **typed)
    worker.say([word])
    return RedirectResponse(f"/exposures/{one.id}#accept", 303)


@router.get("/exposures/{id}/rows", response_class=HTMLResponse)
def show_rows(request: Request, id: str) -> HTMLResponse:
    """The recorded rows that show an exposure."""
    found = _found(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, one = found
    if one.rows is None:
        return sorry(request, 404, "No rows are kept for it", "What showed it stands on its page.",
                     f"/exposures/{id}", "Back to the exposure")  # fmt: skip
    return page(request, "rows.html", "devices", finding=one, back=f"/exposures/{one.id}", **table_of(store, one.rows))
