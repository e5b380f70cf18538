"""The map of the site."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cordon.server.console.drawing import Drawing, draw
from cordon.server.console.render import context_of, page
from cordon.server.console.words import plural

router = APIRouter()


@router.get("/map", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The picture, and the same in tables."""
    store = context_of(request).store
    drawing = draw(store) if store else Drawing((), (), (), ())
    links = len(drawing.unusual)
    return page(
        request,
        "map.html",
        "map",
        drawing=drawing,
        sentence=f"{plural(links, 'unusual link')}" if links else "No unusual link",
        unusual=drawing.unusual,
        usual=drawing.usual[:100],
        live="facts",
    )
