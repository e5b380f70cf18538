"""The API of exposures: what stands, the repairs most worth their time, and people's word of living with something."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request

from cordon.exposure.ranking import MOST
from cordon.inventory import OWNER
from cordon.leaving import PERSONAL, leaving
from cordon.model.codec import decode
from cordon.model.exposure import Acceptance, Exposure
from cordon.promises import AcceptError
from cordon.repairs import accepting, meant, repairs_of, subjects_of, withdrawing
from cordon.server.console.render import context_of
from cordon.server.record_api import known, now, writer_of
from cordon.shapes import acceptance_entry, exposure_entry, place_entry, plain, repair_entry
from cordon.store import Store

router = APIRouter()


@router.get("/api/repairs")
def repairs(request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = MOST) -> list[dict[str, Any]]:
    """The repairs most worth their time, as `cordon repairs --json` prints them."""
    store = context_of(request).store
    ranked = repairs_of(store)[:limit] if store else ()
    names = store.device_names(device for one in ranked for device in one.devices) if store else {}
    return [plain(repair_entry(one, names)) for one in ranked]


@router.get("/api/exposures")
def exposures(request: Request, device: str = "", gone: bool = False) -> list[dict[str, Any]]:
    """The exposures that stand, with `gone` all there were, as `cordon exposures --json` prints them."""
    store = context_of(request).store
    if store is None:
        return []
    found = store.exposures(known(request, device)[1].device.id if device else "", gone=gone)
    names = store.device_names(one.device for one in found)
    of = subjects_of(store, names)
    return [plain(exposure_entry(one, names.get(one.device, one.device), of.get(one.device))) for one in found]


@router.get("/api/devices/{id}/leaving")
def leaves(request: Request, id: str, personal: bool = False) -> list[dict[str, Any]]:
    """What leaves a device for the Internet; of people's own telephones with `personal` alone."""
    store, view = known(request, id)
    is_hidden = view.device.kind.value in PERSONAL and not personal
    return [] if is_hidden else [plain(place_entry(one)) for one in leaving(store, view.device.id)]


@router.get("/api/exposures/{id}")
def exposure(request: Request, id: str) -> dict[str, Any]:
    """One exposure."""
    return _shaped(*exposure_of(request, id))


@router.get("/api/exposures/{id}/acceptances")
def acceptances(request: Request, id: str) -> list[dict[str, Any]]:
    """Everything that people said of living with it, oldest first."""
    store, one = exposure_of(request, id)
    return [plain(acceptance_entry(word)) for word in store.acceptances(one.id)]


@router.put("/api/exposures/{id}/acceptance")
def accept(
    request: Request,
    id: str,
    owner: Annotated[str, Body()],
    reason: Annotated[str, Body()],
    until: Annotated[str, Body()],
    who: str = OWNER,
) -> dict[str, Any]:
    """Says that it is lived with until a day (2027-03-31, or 90d). Answers as `cordon accept --json`."""
    store, one = exposure_of(request, id)
    worker = writer_of(context_of(request))
    try:
        worker.say([accepting(one, owner, reason, until, who, now())])
    except AcceptError as error:
        raise HTTPException(422, str(error)) from None
    return _shaped(store, store.exposure(one.id) or one)


@router.delete("/api/exposures/{id}/acceptance")
def withdraw(request: Request, id: str, who: str = OWNER) -> dict[str, Any]:
    """Takes an acceptance back: it stands open again."""
    store, one = exposure_of(request, id)
    worker = writer_of(context_of(request))
    try:
        worker.say([withdrawing(one, who, now())])
    except AcceptError as error:
        raise HTTPException(409, str(error)) from None
    return _shaped(store, store.exposure(one.id) or one)


@router.post("/api/acceptances", status_code=201)
def say(request: Request, facts: Annotated[list[dict[str, Any]], Body(max_length=1000)]) -> dict[str, int]:
    """Keeps words as they are made by `cordon accept`."""
    context = context_of(request)
    worker, store = writer_of(context), context.store
    try:
        words = [decode(Acceptance, fact) for fact in facts]
    except ValueError as error:
        raise HTTPException(422, f"This is no acceptance ({error}).") from None
    if store is None or any(store.exposure(word.exposure) is None for word in words):
        raise HTTPException(404, "One of these exposures is not in the record.")
    if any(not word.withdrawn and not (word.owner.strip() and word.reason.strip()) for word in words):
        raise HTTPException(422, "An acceptance has an owner and a reason.")
    worker.say(words)
    return {"kept": len(words)}


def exposure_of(request: Request, id: str) -> tuple[Store, Exposure]:
    """The exposure of that id, with its store.

    Raises:
        HTTPException: there is none.
    """
    store = context_of(request).store
    one = meant(store, id) if store else None
    if store is None or one is None:
        raise HTTPException(404, f"There is no exposure {id}.")
    return store, one


def _shaped(store: Store, one: Exposure) -> dict[str, Any]:
    name = store.device_names([one.device]).get(one.device, one.device)
    of = subjects_of(store, [one.device]).get(one.device)
    shaped: dict[str, Any] = plain(exposure_entry(one, name, of))
    return shaped
