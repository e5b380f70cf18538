"""HTTP/1.1 messages (RFC 9112)."""

from base64 import b64encode
from random import Random
from typing import Final

_REASONS: Final = {200: "OK", 204: "No Content", 302: "Found", 401: "Unauthorized", 404: "Not Found"}
_WORDS: Final = (
    "status",
    "value",
    "level",
    "state",
    "unit",
    "time",
    "name",
    "item",
    "list",
    "page",
    "zone",
    "rate",
)


def request(
    method: str, host: str, path: str, agent: str, *, headers: tuple[str, ...] = (), body: bytes = b""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"User-Agent: {agent}"] if agent else []
    lines += ["Accept: */*", *headers]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def response(status: int, server: str, kind: str = "", body: bytes = b"", *, headers: tuple[str, ...] = ()) -> bytes:
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}"]
    lines += [f"Server: {server}"] if server else []
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def filler(rng: Random, size: int) -> bytes:
    """Readable content: a JSON object of about `size` bytes."""
    parts = []
    length = 2
    while length < size:
        part = f'"{rng.choice(_WORDS)}{rng.randrange(100)}":{rng.randrange(10_000)}'
        parts.append(part)
        length += len(part) + 1
    return ("{" + ",".join(parts) + "}").encode()


def basic(user: str, password: str) -> str:
    """The header of a Basic login (RFC 7617)."""
    return "Authorization: Basic " + b64encode(f"{user}:{password}".encode()).decode()
