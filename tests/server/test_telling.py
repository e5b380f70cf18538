"""Who is told of incidents, in the console."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from entering import context_over, entered
from fastapi.testclient import TestClient

from cordon.config import Notify
from cordon.messages import channels


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A web server that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/secret-path"
    server.shutdown()
    server.server_close()


@contextmanager
def told(state: Path, url: str) -> Iterator[TestClient]:
    context = context_over(state)
    context.channels = channels([Notify(name="chat", webhook=url)])
    yield entered(context)
    context.forget()


def test_nobody_is_told_until_a_channel_is_named(filled: TestClient) -> None:
    assert "Nobody yet" in filled.get("/settings").text


@pytest.mark.parametrize(("status", "says"), [(200, "The test on chat was taken"), (404, "answered 404")])
def test_a_test_says_what_came_of_it(filled_state: Path, status: int, says: str) -> None:
    with answering(status) as url, told(filled_state, url) as browser:
        before = browser.get("/settings").text
        assert "webhook at 127.0.0.1" in before and "secret-path" not in before
        answer = browser.post("/settings/try", data={"channel": "chat"}, headers={"origin": str(browser.base_url)})
        assert answer.status_code == 200 and says in answer.text


def test_a_channel_that_is_gone_is_told(filled_state: Path) -> None:
    with told(filled_state, "http://127.0.0.1:9/") as browser:
        answer = browser.post("/settings/try", data={"channel": "pager"}, headers={"origin": str(browser.base_url)})
        assert "no channel of that name" in answer.text
