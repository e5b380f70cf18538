"""Policy: drafts, what would be done, and its undo."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cordon import drafting
from cordon.actions.backends.nftables import render
from cordon.model.decision import Profile
from cordon.policy import Simulation
from cordon.server.console import words
from cordon.server.console.links import LIMIT, pages
from cordon.server.console.pages.devices import draft_of, find
from cordon.server.console.render import context_of, page, sorry
from cordon.server.context import Context
from cordon.store import DeviceQuery, DeviceView, Page, Store

router = APIRouter()


@router.get("/policy", response_class=HTMLResponse)
def overview(request: Request, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> HTMLResponse:
    """Which device has a draft, and what would be done now."""
    context = context_of(request)
    store = context.store
    found: Page[DeviceView] = (
        store.devices(DeviceQuery(sort="trust", offset=offset, limit=LIMIT)) if store else Page((), 0)
    )
    acts = tuple(reversed(store.decisions()))[:20] if store else ()
    rows = [(view, _known(context, store, view)) for view in found.items] if store else []
    drafted = sum(1 for _, profile in rows if profile)
    return page(
        request,
        "policy.html",
        "policy",
        sentence=f"{words.plural(drafted, 'draft')}; nothing is enforced" if drafted else "Nothing is enforced",
        acts=acts,
        rows=rows,
        page=found,
        limit=LIMIT,
        links=pages("/policy", {}, found),
        names=store.device_names({decision.device for decision in acts}) if store else {},
        live="facts",
    )


def _known(context: Context, store: Store, view: DeviceView) -> Profile | None:
    """The device's saved profile, else the draft somebody looked at; a draft of all of them would take long."""
    made = context.kept.seen(store, f"draft {view.device.id}")
    return store.profile(view.device.id) or (made.profile if isinstance(made, drafting.Draft) else None)


@router.get("/policy/decisions/{id}", response_class=HTMLResponse)
def show_decision(request: Request, id: str) -> HTMLResponse:
    """Why something would be done, how, and how it would be undone."""
    store = context_of(request).store
    decision = store.decision(id) if store else None
    if store is None or decision is None:
        return sorry(
            request, 404, "There is no such decision", "Look for it in the list.", "/policy", "Show the policy"
        )
    because = [finding for source in decision.because if (finding := store.finding(source)) is not None]
    return page(
        request,
        "decision.html",
        "policy",
        decision=decision,
        because=because,
        changes=store.changes(decision=id),
        names=store.device_names({decision.device}),
    )


@router.get("/devices/{id}/policy", response_class=HTMLResponse)
def show_policy(request: Request, id: str) -> HTMLResponse:
    """A device's draft, tried on the recorded traffic, and its rules."""
    found = find(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, view = found
    made = draft_of(context_of(request), store, view.device)
    profile, tried = made.profile, made.simulation
    return page(
        request,
        "device_policy.html",
        "policy",
        view=view,
        device=view.device,
        profile=profile if profile.allowances or profile.left_out else None,
        sentence=f"What {view.device.name} would be allowed",
        simulation=tried,
        tried_says=_tried(tried),
        rules=render(profile, view.device, made.devices),
        names={id: device.name for id, device in made.devices.items()},
    )


def _tried(tried: Simulation) -> str:
    if not tried.flows:
        return "There is no recorded traffic to try it on."
    blocked = (
        f"{words.count(tried.blocked)} would have been blocked" if tried.blocked else "nothing would have been blocked"
    )
    under = f", {words.count(tried.suspicious)} of them while it was under suspicion" if tried.suspicious else ""
    return f"Of {words.plural(tried.flows, 'connection')}, {words.count(tried.allowed)} pass; {blocked}{under}."
