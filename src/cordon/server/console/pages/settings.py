"""Settings: what is read, where the state is, which detectors there are, and the settings as they were read."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from cordon.config import RulesFolder
from cordon.detect.detectors import DETECTORS
from cordon.messages import Undelivered, trial
from cordon.server.console.manual import manual
from cordon.server.console.pages.record import form
from cordon.server.console.render import context_of, page
from cordon.server.worker import Job

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PartView:
    """A detector as listed."""

    id: str
    says: str
    level: str
    settings: tuple[tuple[str, int], ...]
    broken: str = ""


@router.get("/settings", response_class=HTMLResponse)
def settings(request: Request) -> HTMLResponse:
    """The page."""
    return show(request)


def show(request: Request, tried: dict[str, str] | None = None) -> HTMLResponse:
    """The page; `tried` is the channel that was tested, and why it failed."""
    context = context_of(request)
    store, worker = context.store, context.worker
    fields = type(context.config).model_fields
    return page(
        request,
        "settings.html",
        "settings",
        folder=str(context.folder),
        jobs=[_job(job) for job in reversed(worker.jobs.values()) if not job.ended or job.error] if worker else [],
        sources=store.sources() if store else (),
        channels=_channels(request),
        tried=tried,
        parts=_parts(context.config.detectors),
        troubles=sorted(worker.health.reasons.items()) if worker else [],
        settings=[
            (name, _value(getattr(context.config, name)), field.description or "") for name, field in fields.items()
        ],
        watches=context.worker.watches if context.worker else "",
        live="facts",
    )


@router.post("/settings/try")
async def try_channel(request: Request) -> Response:
    """Sends a test on one channel, and says on the page what came of it."""
    given = await form(request)
    channel = next((one for one in context_of(request).channels if one.name == given.get("channel", "")), None)
    if channel is None:
        return show(
            request, {"channel": given.get("channel", ""), "error": "there is no channel of that name any more"}
        )
    try:
        await run_in_threadpool(channel.send, trial(channel.name))
    except Undelivered as error:
        return show(request, {"channel": channel.name, "error": str(error)})
    return show(request, {"channel": channel.name, "error": ""})


def _channels(request: Request) -> list[dict[str, Any]]:
    """The channels with what became of their messages."""
    context = context_of(request)
    told = {one.channel: one for one in context.store.messages()} if context.store else {}
    return [
        {"name": one.name, "label": one.label, "least": one.least.name.lower(), "told": told.get(one.name)}
        for one in context.channels
    ]


def _value(value: Any) -> str:
    if isinstance(value, RulesFolder):
        return str(value.folder or "none")
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "none"
    return str(value) if value not in ("", {}, None) else "none"


def _job(job: Job) -> dict[str, Any]:
    says = {
        "waiting": "waiting",
        "reading": f"{100 * job.done // job.all} %" if job.all else "beginning",
        "done": "read",
    }
    return {
        "label": job.label,
        "ended": job.ended,
        "done": job.done,
        "all": job.all,
        "says": job.error or says.get(job.state, ""),
    }


def _parts(chosen: dict[str, dict[str, int]]) -> list[PartView]:
    made = []
    for part in DETECTORS:
        values = {name: setting.default for name, setting in part.settings().items()} | chosen.get(part.id, {})
        made.append(PartView(part.id, manual(part).says, part.level.value, tuple(sorted(values.items()))))
    return made
