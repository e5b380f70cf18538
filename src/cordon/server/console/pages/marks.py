"""Marks as pictures of their own, for the map; and where browsers look for an icon."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from cordon.model.kinds import KIND
from cordon.server.console.glyphs import OUTLINES, picture

router = APIRouter()


@router.get("/marks/{kind}/{band}")
def mark(kind: str, band: str, theme: Literal["light", "dark"] = "light") -> Response:
    """The mark of a kind in a band, as SVG; ``-hatched`` after the band for what only would be."""
    plain = band.removesuffix("-hatched")
    if plain not in OUTLINES or (kind not in KIND and kind not in {"unknown", "internet"}):
        return Response(status_code=404)
    return Response(picture(kind, plain, theme, plain != band), media_type="image/svg+xml")


@router.get("/favicon.ico")
def favicon() -> Response:
    """Some browsers ask for it whatever the page says."""
    return RedirectResponse("/static/icon.svg")
