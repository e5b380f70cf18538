"""The API of what people say of findings: that such a thing is fine, or that it is not."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request

from cordon.inventory import OWNER
from cordon.model.codec import decode
from cordon.model.finding import Finding
from cordon.model.verdict import Verdict
from cordon.promises import AcceptError
from cordon.server.console.render import context_of
from cordon.server.record_api import now, writer_of
from cordon.shapes import plain, verdict_entry
from cordon.store import Store
from cordon.verdicts import judging, meant, now_of, standing_of, withdrawing

router = APIRouter()


@router.get("/api/verdicts")
def verdicts(request: Request, all: bool = False) -> list[dict[str, Any]]:
    """What people said of findings and what holds; with `all` every word of it, oldest first."""
    store = context_of(request).store
    if store is None:
        return []
    return _shaped(store, store.verdicts() if all else store.verdicts(at=now_of(store, 1)))


@router.get("/api/findings/{id}/verdicts")
def of_finding(request: Request, id: str) -> list[dict[str, Any]]:
    """Everything that people said of one finding, oldest first."""
    store, one = finding_of(request, id)
    return _shaped(store, store.verdicts(one.id))


@router.put("/api/findings/{id}/verdict")
def judge(
    request: Request,
    id: str,
    fine: Annotated[bool, Body()],
    owner: Annotated[str, Body()],
    reason: Annotated[str, Body()],
    until: Annotated[str, Body()] = "",
    scope: Annotated[str, Body()] = "device",
    about: Annotated[str, Body()] = "",
    who: str = OWNER,
) -> dict[str, Any]:
    """Says that what it tells is fine, or is not normal, until a day (2027-03-31, or 90d), for device, kind or site."""
    store, one = finding_of(request, id)
    worker = writer_of(context_of(request))
    said = {"owner": owner, "reason": reason, "until": until, "scope": scope, "about": about, "who": who}
    try:
        word = judging(store, one, fine=fine, wall=now(), **said)
    except AcceptError as error:
        raise HTTPException(422, str(error)) from None
    worker.say([word])
    return _shaped(store, (word,))[0]


@router.delete("/api/findings/{id}/verdict")
def withdraw(request: Request, id: str, who: str = OWNER) -> dict[str, Any]:
    """Takes back what was said of it, or by which it is accepted."""
    store, one = finding_of(request, id)
    worker = writer_of(context_of(request))
    try:
        word = withdrawing(standing_of(store, one), one.id, who, now())
    except AcceptError as error:
        raise HTTPException(409, str(error)) from None
    worker.say([word])
    return _shaped(store, (word,))[0]


@router.post("/api/verdicts", status_code=201)
def say(request: Request, facts: Annotated[list[dict[str, Any]], Body(max_length=1000)]) -> dict[str, int]:
    """Keeps words as they are made by `cordon accept` and `cordon reject`."""
    context = context_of(request)
    worker, store = writer_of(context), context.store
    try:
        words = [decode(Verdict, fact) for fact in facts]
    except ValueError as error:
        raise HTTPException(422, f"This is no verdict ({error}).") from None
    if store is None or any(store.finding(word.finding) is None for word in words):
        raise HTTPException(404, "One of these findings is not in the record.")
    if any(not (word.owner.strip() and word.reason.strip()) for word in words):
        raise HTTPException(422, "A verdict has an owner and a reason.")
    worker.say(words)
    return {"kept": len(words)}


def finding_of(request: Request, id: str) -> tuple[Store, Finding]:
    """The finding of that id, with its store.

    Raises:
        HTTPException: there is none.
    """
    store = context_of(request).store
    one = meant(store, id) if store else None
    if store is None or one is None:
        raise HTTPException(404, f"There is no finding {id}.")
    return store, one


def _shaped(store: Store, words: tuple[Verdict, ...]) -> list[dict[str, Any]]:
    names = store.device_names(name for word in words for name in (word.whose, word.device))
    return [plain(verdict_entry(word, names)) for word in words]
