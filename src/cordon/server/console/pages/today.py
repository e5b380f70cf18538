"""Today: a sentence on the site, at most five cards, and what Cordon can see."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cordon.server.console import sights, today
from cordon.server.console.render import as_of, context_of, page

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The first page."""
    store = context_of(request).store
    now = as_of(store)
    totals = store.totals() if store else None
    sentence, under = today.sentence(totals, now)
    empty = totals is None or not totals.devices
    return page(
        request,
        "today.html",
        "today",
        sentence=sentence,
        under=under,
        empty=empty,
        cards=today.cards(store, now) if store and not empty else (),
        sights=[sights.sight(seen) for seen in store.coverage()] if store else [],
        nothing_seen=sights.NOTHING,
        live="facts",
    )
