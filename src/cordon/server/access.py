"""Who may speak to the server: this machine's owner, through a one-time address or the key in the state folder.

The rules follow Jupyter's: the address printed in the terminal holds a token; it is exchanged once for a cookie that
scripts cannot read and other sites cannot send. The Host header is checked, so that a foreign page which rebinds its
name to 127.0.0.1 gets nothing; writing requests must come from the console's own pages or bring the key.
"""

import secrets
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy of every answer: nothing but what this server itself delivers."""

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

SAFE: Final = {"GET", "HEAD", "OPTIONS"}
OPEN_PATHS: Final = ("/static/",)  # fonts, styles and scripts hold nothing of the site


class Gate:
    """The tokens and sessions of one running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.key = secrets.token_urlsafe(32)
        self._tokens: set[str] = set()
        self._sessions: set[str] = set()
        self.cookie = f"cordon-{port}"  # cookies do not tell ports apart
        self.used: Callable[[str], None] = lambda _address: None

    @property
    def hosts(self) -> frozenset[str]:
        """The Host headers that mean this server."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    @property
    def url(self) -> str:
        """Where the server is, without any token."""
        return f"http://127.0.0.1:{self.port}"

    def address(self, path: str = "/") -> str:
        """A new address that opens the console once."""
        token = secrets.token_urlsafe(24)
        self._tokens.add(token)
        return f"{self.url}{path}?{urlencode({'token': token})}"

    def exchange(self, token: str) -> str | None:
        """A session for a token that was not used yet; each opens only once, and `used` is told the next address."""
        if token not in self._tokens:
            return None
        self._tokens.discard(token)
        session = secrets.token_urlsafe(32)
        self._sessions.add(session)
        self.used(self.address())
        return session

    def knows(self, headers: Headers) -> bool:
        """Whether the request brings a session's cookie or the key."""
        return self.has_session(headers) or self.has_key(headers)

    def has_key(self, headers: Headers) -> bool:
        """Whether the request brings the key of the state folder, as the command line does."""
        return secrets.compare_digest(headers.get("authorization", "").encode(), f"Bearer {self.key}".encode())

    def has_session(self, headers: Headers) -> bool:
        """Whether the request brings the cookie of a session."""
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            return False
        morsel = jar.get(self.cookie)
        return morsel is not None and morsel.value in self._sessions

    def is_own_page(self, headers: Headers) -> bool:
        """Whether a request comes from a page of this server; browsers name the page's origin on every post.

        Of a form on a page that lets no referrer go, as ours are, the origin is "null" (Fetch, append a request's
        Origin header); then the browser must say by itself that the page is ours.
        """
        origin = headers.get("origin")
        if origin == "null":
            return headers.get("sec-fetch-site") == "same-origin"
        if origin is not None:
            return origin.removeprefix("http://") in self.hosts
        return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


class Guard:
    """The ASGI layer that lets nothing past the gate, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, gate: Gate, locked: Callable[[int, str], Response]) -> None:
        self.app = app
        self.gate = gate
        self.locked = locked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers the request, or refuses it with a sentence."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if not scope["path"].startswith(OPEN_PATHS):
                    headers["cache-control"] = "no-store"
            await send(message)

        answer = self._refuse(scope)
        await (self.app if answer is None else answer)(scope, receive, with_headers)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self.gate.hosts:
            return self.locked(421, f"This address is not Cordon's; open {self.gate.url} on this machine.")
        if scope["path"].startswith(OPEN_PATHS):
            return None
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if token and scope["method"] == "GET":
            return self._enter(scope, token, headers)
        if not self.gate.knows(headers):
            return self.locked(401, "Open the one-time address that Cordon printed in the terminal where it runs.")
        if scope["method"] not in SAFE and not self.gate.has_key(headers) and not self.gate.is_own_page(headers):
            return self.locked(403, "This request did not come from Cordon's own pages; do it there.")
        return None

    def _enter(self, scope: Scope, token: str, headers: Headers) -> Response:
        session = self.gate.exchange(token)
        if session is None and not self.gate.has_session(headers):
            return self.locked(
                401, "This address was used already; the terminal where Cordon runs shows one that is still good."
            )
        # The path comes back as it was asked for, but never as //host, which would lead elsewhere.
        answer = RedirectResponse("/" + scope["path"].lstrip("/\\"), status_code=303)
        if session is not None:
            answer.set_cookie(self.gate.cookie, session, httponly=True, samesite="strict", path="/")
        return answer
