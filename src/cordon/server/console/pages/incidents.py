"""Incidents as stories, findings as a list, and the rows that show them."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from cordon.detect.detectors import DETECTORS
from cordon.inventory import OWNER
from cordon.model.decision import Decision
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.incident import Incident
from cordon.model.verdict import concerned
from cordon.promises import AcceptError
from cordon.server.console import words
from cordon.server.console.links import LIMIT, pages
from cordon.server.console.manual import manual
from cordon.server.console.pages.record import form
from cordon.server.console.render import as_of, context_of, page, sorry
from cordon.server.console.story import tell
from cordon.server.record_api import now, writer_of
from cordon.store import FINDING_SORTS, FindingQuery, Page, Store
from cordon.verdicts import judging, now_of, scope_says, standing_of, withdrawing

router = APIRouter()

SORTS: Final = (
    ("noticed", "Newest first"),
    ("severity", "Worst first"),
    ("device", "By device"),
    ("detector", "By detector"),
)
ROWS: Final = 200


@router.get("/incidents", response_class=HTMLResponse)
def list_incidents(request: Request) -> HTMLResponse:
    """All incidents, and the latest findings."""
    store = context_of(request).store
    incidents = store.incidents() if store else ()
    latest = store.findings(FindingQuery(limit=8)).items if store else ()
    open_ = sum(1 for incident in incidents if not incident.closed)
    return page(
        request,
        "incidents.html",
        "incidents",
        sentence=f"{words.plural(open_, 'incident')} open" if open_ else "No incident is open",
        incidents=[(incident, store.device(incident.patient_zero)) for incident in incidents] if store else [],
        findings=latest,
        names=store.device_names({finding.device for finding in latest}) if store else {},
        live="facts",
    )


@router.get("/incidents/{id}", response_class=HTMLResponse)
def show_incident(request: Request, id: str) -> HTMLResponse:
    """One incident as a story."""
    store = context_of(request).store
    incident = store.incident(id) if store else None
    if store is None or incident is None:
        return sorry(
            request,
            404,
            "There is no such incident",
            "It may have become part of another.",
            "/incidents",
            "Show all incidents",
        )
    views = {device: view for device in incident.devices if (view := store.device(device)) is not None}
    acts = [(decision, store.changes(decision=decision.id)) for decision in _decisions(store, incident)]
    told = {event.device for event in incident.events}
    return page(
        request,
        "incident.html",
        "incidents",
        incident=incident,
        summary=_summary(incident, as_of(store)),
        zero=views.get(incident.patient_zero),
        chapters=tell(store, incident, views),
        acts=acts,
        concerned=list(views.values()),
        names=store.device_names({*incident.devices, *told}),
        live="facts",
    )


def _summary(incident: Incident, now: int) -> str:
    noticed = words.span(incident.noticed - incident.began)
    acted = (
        f"; Cordon would have acted {words.span(incident.acted - incident.began)} after it began"
        if incident.acted
        else ""
    )
    return (
        f"Began {words.clock(incident.began, now)}, noticed {noticed} later{acted}."
        f" {words.plural(len(incident.devices), 'device')} concerned."
    )


def _decisions(store: Store, incident: Incident) -> list[Decision]:
    ids = [event.source for event in incident.events if event.what == "decision"]
    return [decision for id in dict.fromkeys(ids) if (decision := store.decision(id)) is not None]


@router.get("/findings", response_class=HTMLResponse)
def list_findings(
    request: Request,
    text: Annotated[str, Query(max_length=200)] = "",
    device: str = "",
    at_least: str = "info",
    sort: str = "noticed",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """The findings asked for."""
    least = Severity[at_least.upper()] if at_least.upper() in Severity.__members__ else Severity.INFO
    asked = FindingQuery(
        text=text,
        device=device,
        at_least=least,
        sort=sort if sort in FINDING_SORTS else "noticed",
        descending=sort in {"noticed", "severity", "began"} or sort not in FINDING_SORTS,
        offset=offset,
        limit=LIMIT,
    )
    question = {"text": text, "device": device, "at_least": "" if not least else least.name.lower(), "sort": asked.sort}
    store = context_of(request).store
    found: Page[Finding] = store.findings(asked) if store else Page((), 0)
    return page(
        request,
        "findings.html",
        "incidents",
        sentence=words.plural(found.total, "finding"),
        asked=asked,
        page=found,
        filtered=bool(text or device or least),
        severities=list(Severity),
        sorts=SORTS,
        names=store.device_names({*(finding.device for finding in found.items), device} - {""}) if store else {},
        links=pages("/findings", question, found),
        limit=LIMIT,
        live="facts",
    )


def _finding(request: Request, id: str) -> tuple[Store, Finding] | HTMLResponse:
    store = context_of(request).store
    finding = store.finding(id) if store else None
    if store is None or finding is None:
        return sorry(
            request, 404, "There is no such finding", "Look for it in the list.", "/findings", "Show all findings"
        )
    return store, finding


@router.get("/findings/{id}", response_class=HTMLResponse)
def show_finding(request: Request, id: str) -> HTMLResponse:
    """One finding with its detector's manual page."""
    found = _finding(request, id)
    if isinstance(found, HTMLResponse):
        return found
    return finding_page(request, *found)


def finding_page(request: Request, store: Store, finding: Finding, wrong: str = "", **typed: str) -> HTMLResponse:
    """The page of a finding; `wrong` is what cannot be kept of what was `typed`."""
    parts = {part.id: part for part in DETECTORS}
    said = store.verdicts(finding.id)
    stands = standing_of(store, finding)
    spoken = concerned(finding)
    names = store.device_names({*finding.peers, *spoken, *(word.whose for word in (*said, stands) if word)})
    shown = page(
        request,
        "finding.html",
        "incidents",
        finding=finding,
        view=store.device(finding.device),
        names=names,
        manual=manual(parts.get(finding.detector)),
        stands=stands,
        scope_says=lambda word: scope_says(word, names),
        said=tuple(reversed(said)),
        choices=[(one, names.get(one, one)) for one in spoken],
        wrong=wrong,
        typed={"owner": "", "reason": "", "scope": "device", "about": "", "until": _suggested(store)} | typed,
        live="" if wrong else "facts",
    )
    if wrong:
        shown.status_code = 422
    return shown


def _suggested(store: Store) -> str:
    """The day until which something is accepted where nobody says otherwise."""
    return f"{words.moment(now_of(store, now())) + timedelta(days=90):%Y-%m-%d}"


@router.post("/findings/{id}")
async def judge(request: Request, id: str) -> Response:
    """Keeps a person's word on a finding: that it is fine, that it is not, or that nothing is said any more."""
    found = _finding(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, finding = found
    given = await form(request)
    worker = writer_of(context_of(request))
    typed = {name: given.get(name, "") for name in ("owner", "reason", "until", "scope", "about")}
    try:
        if given.get("do") == "undo":
            word = withdrawing(standing_of(store, finding), finding.id, OWNER, now())
        else:
            fine = given.get("do") != "reject"
            word = judging(store, finding, fine=fine, who=OWNER, wall=now(), **typed)
    except AcceptError as error:
        return finding_page(request, store, finding, str(error), **typed)
    worker.say([word])
    return RedirectResponse(f"/findings/{finding.id}#judge", 303)


@router.get("/findings/{id}/rows", response_class=HTMLResponse)
def show_rows(request: Request, id: str) -> HTMLResponse:
    """The recorded rows a finding points to."""
    found = _finding(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, finding = found
    if finding.rows is None:
        return sorry(
            request,
            404,
            "No rows are kept for it",
            "Its numbers stand on its page.",
            f"/findings/{id}",
            "Back to the finding",
        )
    return page(
        request, "rows.html", "incidents", finding=finding, back=f"/findings/{finding.id}",
        **table_of(store, finding.rows)
    )  # fmt: skip


def table_of(store: Store, selector: Rows) -> dict[str, Any]:
    """The recorded rows of a selector as a page shows them."""
    frame = store.rows(selector, ROWS)
    columns = [name for name in frame.columns if name not in {"step", "secret"}]  # a hash tells people nothing
    more = " (the first of them)" if len(frame) == ROWS else ""
    return {
        "columns": [name.replace("_", " ") for name in columns],
        "rows": [_plain(columns, row) for row in frame.select(columns).iter_rows()],
        "rows_say": f"{words.plural(len(frame), 'row')}{more} of the table {selector.table}, from"
        f" {words.stamp(selector.begin)} to {words.stamp(selector.end)}.",
    }


TIMES: Final = {"time", "began", "first", "last"}


def _plain(columns: list[str], row: tuple[Any, ...]) -> list[str]:
    return [
        f"{words.moment(value):%H:%M:%S.%f}"[:-3] if name in TIMES else _cell(value)
        for name, value in zip(columns, row, strict=True)
    ]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
