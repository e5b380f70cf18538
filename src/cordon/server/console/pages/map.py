"""The map of the site."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cordon.server.console.drawing import Drawing, draw, fans
from cordon.server.console.render import context_of, page
from cordon.server.console.words import plural
from cordon.server.context import Context

router = APIRouter()


def drawing_of(context: Context) -> Drawing:
    """The map as the state stands."""
    store = context.store
    return context.kept.get(store, "map", lambda: draw(store)) if store else Drawing((), (), (), ())


@router.get("/map", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The picture, and the same in tables."""
    drawing = drawing_of(context_of(request))
    links = len(drawing.unusual)
    return page(
        request,
        "map.html",
        "map",
        drawing=drawing,
        sentence=f"{plural(links, 'unusual link')}" if links else "No unusual link",
        unusual=fans(drawing.unusual),
        usual=drawing.usual[:100],
        live="facts",
    )
