"""The application: pages, API, static files, all behind the gate."""

from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from cordon import __version__
from cordon.server import api, exposure_api, record_api, verdict_api
from cordon.server.access import Guard
from cordon.server.console.pages import ROUTERS
from cordon.server.console.render import STATIC, locked, sorry
from cordon.server.context import Context
from cordon.store import StateError


def create(context: Context) -> FastAPI:
    """The application over one state."""
    app = FastAPI(
        title="Cordon",
        version=__version__,
        docs_url=None,  # its pages load from elsewhere, which the console's policy forbids
        redoc_url=None,
        openapi_url="/api/openapi.json",
        middleware=[Middleware(Guard, gate=context.gate, locked=locked), Middleware(GZipMiddleware, minimum_size=1024)],
    )
    app.state.context = context
    app.include_router(api.router)
    app.include_router(record_api.router)
    app.include_router(exposure_api.router)
    app.include_router(verdict_api.router)
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(StateError, _answer_state)
    return app


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _answer_error(request: Request, raised: Exception) -> Response:
    error = cast("HTTPException", raised)
    if _is_api(request):
        return api.problem(error.status_code, str(error.detail))
    if error.status_code == 404:
        return sorry(request, 404, "There is no such page", "The rail leads to all that there are.")
    return sorry(request, error.status_code, "That did not work", str(error.detail))


def _answer_invalid(request: Request, raised: Exception) -> Response:
    error = cast("RequestValidationError", raised)
    first = error.errors()[0]
    says = f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}"
    if _is_api(request):
        return api.problem(422, says)
    return sorry(request, 422, "The address asks for something that cannot be", says)


def _answer_state(request: Request, error: Exception) -> Response:
    if _is_api(request):
        return api.problem(500, str(error))
    return HTMLResponse(locked(500, str(error)).body, 500)
