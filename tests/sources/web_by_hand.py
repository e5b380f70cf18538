"""A real web server on this machine that serves what a test gives it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Web:
    """What stands where: a body, or a status with headers. `asked` is what was asked for."""

    url: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    dribbles: set[str] = field(default_factory=set)  # sent a byte at a time
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Web]:
    """A server while the block lasts."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            path = self.path.partition("?")[0]
            status, headers = web.answers.get(path, (200 if path in web.pages else 404, {}))
            body = web.pages.get(path, b"")
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            if path not in web.dribbles:
                self.wfile.write(body)
                return
            try:
                for at in range(len(body)):
                    self.wfile.write(body[at : at + 1])
                    time.sleep(0.02)
            except OSError:
                return  # they had enough

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
