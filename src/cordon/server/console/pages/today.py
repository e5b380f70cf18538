"""Today: a sentence on the site, at most five cards, and what Cordon can see."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cordon.exposure.ranking import MOST
from cordon.server.console import exposed, sights, today
from cordon.server.console.pages.repairs import ranked_of
from cordon.server.console.render import as_of, context_of, page
from cordon.server.context import Context

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The first page."""
    context = context_of(request)
    store = context.store
    now = as_of(store)
    totals = context.kept.get(store, "totals", store.totals) if store else None
    sentence, under = today.sentence(totals, now)
    empty = totals is None or not totals.devices
    ranked = ranked_of(request)
    return page(
        request,
        "today.html",
        "today",
        sentence=sentence,
        under=f"{_reading(context)}{under}",
        empty=empty,
        cards=today.cards(store, now) if store and not empty else (),
        repairs=exposed.cards(store, ranked[:MOST]) if store else (),
        more_repairs=max(0, len(ranked) - MOST),
        sights=[sights.sight(seen) for seen in context.kept.get(store, "coverage", store.coverage)] if store else [],
        nothing_seen=sights.NOTHING,
        watches=context.worker.watches if context.worker else "",
        live="facts",
    )


def _reading(context: Context) -> str:
    """What is still being read, so that nobody takes a part for all of it."""
    jobs = context.worker.jobs.values() if context.worker and not context.demo else ()
    job = next((job for job in jobs if job.state == "reading" and job.name == "capture"), None)
    if job is None:
        return ""
    return f"Still reading {job.label}{f', {100 * job.done // job.all} % so far' if job.all else ''}. "
