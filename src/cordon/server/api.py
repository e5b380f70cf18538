"""The API under /api: the facts as JSON, captures to be read, and the stream of what happens."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from cordon.feed import Account
from cordon.model.codec import encode
from cordon.model.finding import Severity
from cordon.server.console.drawing import as_json
from cordon.server.console.pages.map import drawing_of
from cordon.server.console.render import context_of
from cordon.server.spool import TooLarge, spool
from cordon.server.worker import Job
from cordon.shapes import (
    ReadResult,
    device_entry,
    finding_entry,
    incident_entry,
    iso,
    normal_entry,
    plain,
    source_entry,
    trust_entry,
)
from cordon.shapes.normal import peers_of
from cordon.store import DEVICE_SORTS, FINDING_SORTS, AmbiguousError, DeviceQuery, FindingQuery, Store

router = APIRouter()


def _store(request: Request) -> Store:
    store = context_of(request).store
    if store is None:
        raise HTTPException(404, "Nothing has been recorded yet; read a capture first.")
    return store


@router.get("/api/devices")
def devices(
    request: Request,
    text: str = "",
    kind: str = "",
    vendor: str = "",
    band: str = "",
    segment: str = "",
    sort: str = "name",
    descending: bool = False,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    location: str = "",
    owner: str = "",
    zone: str = "",
    criticality: str = "",
    tag: str = "",
    known: str = "",
) -> list[dict[str, Any]]:
    """The devices asked for, as `cordon devices --json` prints them."""
    if sort not in DEVICE_SORTS:
        raise HTTPException(422, f"sort must be one of {', '.join(DEVICE_SORTS)}.")
    people = (location, owner, zone, criticality, tag, known)
    asked = DeviceQuery(text, kind, vendor, band, segment, sort, descending, offset, limit, *people)
    return [plain(device_entry(view)) for view in _store(request).devices(asked).items]


@router.get("/api/devices/{id}")
def device(request: Request, id: str) -> dict[str, Any]:
    """One device, by its id, an address or a name."""
    try:
        view = _store(request).device(id)
    except AmbiguousError as error:
        raise HTTPException(409, str(error)) from None
    if view is None:
        raise HTTPException(404, f"There is no device {id}.")
    shaped: dict[str, Any] = plain(device_entry(view))
    return shaped


@router.get("/api/devices/{id}/rhythm")
def rhythm(request: Request, id: str, hours: Annotated[int, Query(ge=1, le=24 * 14)] = 48) -> dict[str, list[Any]]:
    """The last hours of a device as columns; times in seconds, bytes as they were counted."""
    cells = list(_store(request).rhythm(id, hours))
    while len(cells) > 24 and not cells[0].flows:
        del cells[0]
    return {
        "time": [cell.hour // 1_000_000 for cell in cells],
        "sent": [cell.bytes_out for cell in cells],
        "received": [cell.bytes_in for cell in cells],
        "low": [cell.low if cell.high else None for cell in cells],
        "high": [cell.high or None for cell in cells],
        "departed": [cell.departed for cell in cells],
    }


@router.get("/api/devices/{id}/trust")
def trust(request: Request, id: str) -> list[dict[str, Any]]:
    """Every score of a device with its reasons, oldest first; the last one stands."""
    return [plain(trust_entry(score)) for score in _store(request).trust_history(id)]


@router.get("/api/devices/{id}/baseline")
def baseline(request: Request, id: str) -> dict[str, Any]:
    """What was learned to be normal for a device, as `cordon baseline --json` prints it."""
    store = _store(request)
    known = store.device_names({id})
    if id not in known:
        raise HTTPException(404, f"There is no device {id}.")
    learned = store.baseline(id)
    shaped: dict[str, Any] = plain(normal_entry(id, known[id], learned, store.device_names(peers_of(learned))))
    return shaped


@router.get("/api/findings")
def findings(
    request: Request,
    text: str = "",
    device: str = "",
    detector: str = "",
    at_least: str = "info",
    sort: str = "noticed",
    descending: bool = True,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> list[dict[str, Any]]:
    """The findings asked for, as `cordon findings --json` prints them."""
    if sort not in FINDING_SORTS:
        raise HTTPException(422, f"sort must be one of {', '.join(FINDING_SORTS)}.")
    if at_least.upper() not in Severity.__members__:
        raise HTTPException(422, f"at_least must be one of {', '.join(s.name.lower() for s in Severity)}.")
    asked = FindingQuery(
        text=text,
        device=device,
        detector=detector,
        at_least=Severity[at_least.upper()],
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )
    store = _store(request)
    found = store.findings(asked).items
    names = store.device_names({finding.device for finding in found})
    return [plain(finding_entry(finding, names.get(finding.device, ""))) for finding in found]


@router.get("/api/findings/{id}")
def finding(request: Request, id: str) -> dict[str, Any]:
    """One finding."""
    store = _store(request)
    found = store.finding(id)
    if found is None:
        raise HTTPException(404, f"There is no finding {id}.")
    shaped: dict[str, Any] = plain(finding_entry(found, store.device_names({found.device}).get(found.device, "")))
    return shaped


@router.get("/api/incidents")
def incidents(request: Request) -> list[dict[str, Any]]:
    """All incidents, newest first."""
    return [plain(incident_entry(incident)) for incident in _store(request).incidents()]


@router.get("/api/incidents/{id}")
def incident(request: Request, id: str) -> dict[str, Any]:
    """One incident with its events."""
    found = _store(request).incident(id)
    if found is None:
        raise HTTPException(404, f"There is no incident {id}.")
    shaped: dict[str, Any] = plain(incident_entry(found))
    return shaped


@router.get("/api/totals")
def totals(request: Request) -> dict[str, Any]:
    """The site in numbers."""
    shaped: dict[str, Any] = encode(_store(request).totals())
    return shaped


@router.get("/api/coverage")
def coverage(request: Request) -> list[dict[str, Any]]:
    """What Cordon can see, by network."""
    return [encode(seen) for seen in _store(request).coverage()]


@router.get("/api/sources")
def sources(request: Request) -> list[dict[str, Any]]:
    """What was read."""
    return [plain(source_entry(source)) for source in _store(request).sources()]


@router.get("/api/map")
def map_(
    request: Request,
    width: Annotated[int, Query(ge=280, le=4000)] = 1168,
    height: Annotated[int, Query(ge=200, le=4000)] = 720,
) -> dict[str, Any]:
    """The map as drawn in so many pixels; it is taller where so many devices do not fit."""
    return as_json(drawing_of(context_of(request)), width, height)


@router.post("/api/captures", status_code=202)
async def add_capture(request: Request) -> Response:
    """Takes capture files (multipart) and reads them, after those that came before."""
    context = context_of(request)
    if context.demo:
        raise HTTPException(409, "The demo reads only its own story; start Cordon without it to read captures.")
    if context.worker is None:
        raise HTTPException(503, "This Cordon only shows what was recorded; start it for reading and writing.")
    if context.worker.watches:
        raise HTTPException(
            409,
            f"Cordon watches {context.worker.watches}, and a capture of the past does not fit in between; "
            "read it into a state of its own: cordon read FILE --state DIR.",
        )
    try:
        taken = await spool(request, context.folder, context.capture_limit)
    except TooLarge as error:
        raise HTTPException(413, str(error)) from None
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    job = context.worker.read_captures(taken)
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/settings#read", status_code=303)
    return JSONResponse(job_shape(job), status_code=202)


@router.get("/api/status")
def status(request: Request) -> dict[str, Any]:
    """Whether it works: what is watched, the newest event, and which parts failed how often."""
    context = context_of(request)
    worker, store = context.worker, context.store
    return {
        "watches": worker.watches if worker else "",
        "as_of": iso(store.as_of()) if store else None,
        "failures": dict(sorted(worker.health.failures.items())) if worker else {},
    }


@router.post("/api/address")
def address(request: Request) -> dict[str, str]:
    """A new address that opens the console once; for programs that bring the key of the state folder."""
    gate = context_of(request).gate
    if not gate.has_key(request.headers):
        raise HTTPException(403, "Only a program that can read the state folder may ask for an address.")
    return {"address": gate.address()}


@router.get("/api/captures/{id}")
def capture(request: Request, id: str) -> dict[str, Any]:
    """How far a capture is, and what came of it."""
    worker = context_of(request).worker
    job = worker.jobs.get(id) if worker else None
    if job is None:
        raise HTTPException(404, f"There is no capture {id}.")
    return job_shape(job)


def job_shape(job: Job) -> dict[str, Any]:
    """A job as JSON; `result` has the shape that `cordon read --json` prints."""
    return {
        "id": job.id,
        "label": job.label,
        "state": job.state,
        "done": job.done,
        "all": job.all,
        "error": job.error,
        "result": plain(_result(job.account, job.already_read)) if job.account else None,
    }


def _result(account: Account, already_read: list[str]) -> ReadResult:
    return ReadResult(
        packets=account.packets,
        bytes=account.bytes,
        flows=account.flows,
        devices=len(account.devices),
        findings={severity.name.lower(): account.findings[severity.name.lower()] for severity in Severity},
        damaged=account.damaged,
        seconds=round(account.seconds, 3),
        begin=iso(account.begin),
        end=iso(account.end),
        already_read=already_read,
    )


@router.post("/api/addresses", status_code=201)
def add_address(request: Request, path: str = "/") -> dict[str, str]:
    """A new one-time address of the console, for a browser that is to be opened. Asks for the key."""
    gate = context_of(request).gate
    if not gate.has_key(request.headers):
        raise HTTPException(403, "Only with the key of the state folder.")
    return {"url": gate.address("/" + path.lstrip("/\\"))}


@router.get("/events")
async def events(request: Request) -> StreamingResponse:
    """What happens, as server-sent events: finding, decision, facts, progress."""
    return StreamingResponse(context_of(request).hub.listen(), media_type="text/event-stream")


@router.post("/demo/restart")
def restart(request: Request) -> Response:
    """Begins the demo's story anew."""
    context = context_of(request)
    if context.restart is None:
        raise HTTPException(409, "There is no story to restart; this is not the demo.")
    context.restart()
    return RedirectResponse("/", status_code=303)


def problem(status: int, says: str) -> JSONResponse:
    """An error of the API as JSON."""
    return JSONResponse({"detail": says}, status_code=status)
