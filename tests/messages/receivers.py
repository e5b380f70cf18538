"""A mail server and a web server on loopback that take messages, or do not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

PASSWORD = "a word for mail"  # noqa: S105  # of the server in here


@dataclass(slots=True)
class Mailbox:
    """What a mail server took; `answers` are what it says to the next messages instead of taking them."""

    mails: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    address: str = ""

    async def handle_DATA(self, *given: object) -> str:  # noqa: N802  # aiosmtpd calls it so
        """Takes a message, or not."""
        envelope = cast("Envelope", given[-1])
        if self.answers:
            return self.answers.pop(0)
        taken = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
        self.mails.append(cast("EmailMessage", taken))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"

    def authenticate(self, *asked: object) -> AuthResult:
        """Lets in who knows the word."""
        given = cast("LoginPassword", asked[-1])
        self.signed_in.append(given.login.decode())
        return AuthResult(success=given.password.decode() == PASSWORD, handled=False)


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        port: int = made.getsockname()[1]
    return port


@contextmanager
def mail_server(sign_in: bool = False) -> Iterator[Mailbox]:
    """A mail server."""
    box = Mailbox()
    options = {"authenticator": box.authenticate, "auth_required": True, "auth_require_tls": False} if sign_in else {}
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        box.address = f"127.0.0.1:{controller.port}"
        yield box
    finally:
        controller.stop()


@dataclass(slots=True)
class Calls:
    """What a web server was called with; `answers` are the status codes it gives to the next calls, then 200."""

    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""


@contextmanager
def web_server(port: int = 0) -> Iterator[Calls]:
    """A web server."""
    calls = Calls()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's
            calls.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            calls.headers.append(dict(self.headers))
            status = calls.answers.pop(0) if calls.answers else 200
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", calls.url + "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    calls.url = f"http://127.0.0.1:{server.server_port}/hooks/cordon"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield calls
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
