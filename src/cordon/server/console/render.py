"""Pages from templates: what every page shows around its own content, and the words templates may use."""

import time
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cordon.model.tables import SECOND
from cordon.server.console import glyphs, words
from cordon.server.console.ribbon import ribbon_of
from cordon.server.context import Context
from cordon.store import Store

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
FRESH: Final = 90 * SECOND
"""A watched network is hardly ever silent for longer; what is older was watched."""

RAIL: Final = (
    ("today", "/", "Today"),
    ("devices", "/devices", "Devices"),
    ("map", "/map", "Map"),
    ("incidents", "/incidents", "Incidents"),
    ("policy", "/policy", "Policy"),
    ("settings", "/settings", "Settings"),
)

_GLOBALS: Final[dict[str, Any]] = {
    **{name: getattr(glyphs, name) for name in ("glyph", "icon", "outline")},
    **{
        name: getattr(words, name)
        for name in [
            "address_of",
            "allowance_says",
            "band_name",
            "band_of",
            "band_says",
            "capital",
            "count",
            "field_says",
            "going_on",
            "is_hatched",
            "kind_says",
            "kind_sure",
            "plural",
            "presence_says",
            "score",
            "severity_name",
            "signed",
            "size",
            "span",
            "stamp",
            "sure",
            "tone_of",
        ]
    },
    "ribbon_of": ribbon_of,
    "hour": lambda time: f"{words.moment(time):%H:%M}",
    "rail": RAIL,
}


@cache
def templates() -> Environment:
    """The templates; every value put into them is escaped, because names come from the wire."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_GLOBALS)
    return made


def context_of(request: Request) -> Context:
    """What the server's pages share."""
    return cast("Context", request.app.state.context)


def page(request: Request, template: str, here: str = "", status: int = 200, **values: Any) -> HTMLResponse:
    """A page in its frame; `here` is the entry of the rail it belongs to."""
    context = context_of(request)
    now = as_of(context.store)
    theme = request.cookies.get("cordon-theme", "")
    text = (
        templates()
        .get_template(template)
        .render(
            here=here,
            demo=context.demo,
            built=(STATIC / "vendor" / "htmx.min.js").is_file(),
            theme=theme if theme in {"light", "dark"} else "",
            frame=_frame(context, now),
            clock=lambda time: words.clock(time, now),
            drawer=bool(request.headers.get("hx-request")),
            **values,
        )
    )
    return HTMLResponse(text, status)


def sorry(
    request: Request, status: int, what: str, next_: str, href: str = "/", action: str = "Go to Today"
) -> HTMLResponse:
    """A page that says what is not there, and what to do next."""
    return page(request, "sorry.html", status=status, what=what, next=next_, href=href, action=action)


def locked(status: int, says: str) -> HTMLResponse:
    """What those see who may not come in."""
    return HTMLResponse(templates().get_template("locked.html").render(says=says), status)


def as_of(store: Store | None) -> int:
    """The time of the newest event, µs; 0 when there is none."""
    return store.as_of() if store else 0


def is_live(context: Context, store: Store, clock: int) -> bool:
    """Whether an interface is being watched: by this server, or by a program whose newest event is of this minute.

    `clock` is the time on the wall, µs; it is for people only, nothing is judged by it.
    """
    if context.worker and context.worker.watches:
        return True
    newest = max(store.sources(), key=lambda source: source.read_at, default=None)
    return (
        newest is not None and newest.name in {"interface", "netflow", "syslog"} and abs(clock - store.as_of()) < FRESH
    )


def _frame(context: Context, now: int) -> dict[str, Any]:
    store = context.store
    totals = context.kept.get(store, "totals", store.totals) if store else None
    seen = context.kept.get(store, "coverage", store.coverage) if store else ()
    both, all_ = sum(c.both_ways for c in seen), sum(c.both_ways + c.one_way + c.group_only for c in seen)
    if context.demo:
        state, when = "DEMO", f"{words.moment(now):%H:%M}" if now else "beginning"
    elif store is not None and is_live(context, store, time.time_ns() // 1000):
        state, when = "LIVE", words.clock(now, now)
    elif now:
        state, when = "RECORDED", f"as of {words.stamp(now)}"
    else:
        state, when = "NOTHING READ", ""
    return {
        "site": "Demo site" if context.demo else words.capital(context.config.site),
        "state": state,
        "as_of": when,
        "sees": f"Sees both ways of {both} of {words.plural(all_, 'device')}" if all_ else "",
        "open_incidents": totals.open_incidents if totals else 0,
    }
