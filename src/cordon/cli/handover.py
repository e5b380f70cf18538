"""Handing captures, words and lists to a Cordon that is running on the same state."""

import fcntl
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cordon.cli.asked import AskedError
from cordon.shapes import ReadResult

if TYPE_CHECKING:
    from httpx2 import Client

    from cordon.inventory import ImportResult
    from cordon.model.exposure import Word

UPLOAD_SECONDS = 600
ASK_SECONDS = 10
ASK_AGAIN_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Running:
    """Where a server is, and what it wants to be told."""

    url: str
    token: str


def running(folder: Path) -> Running | None:
    """The server that is running on a state; None where there is none, or only what a killed one left."""
    try:
        told = json.loads((folder / "server.json").read_text(encoding="utf-8"))
        server = Running(str(told["url"]).rstrip("/"), str(told["token"]))
        return server if _has_writer(folder) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _has_writer(folder: Path) -> bool:
    with (folder / "writer.lock").open("r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def fresh_address(server: Running) -> str:
    """An address that opens the running server's console once.

    Raises:
        AskedError: the server does not answer.
    """
    return str(_asked(server, "POST", "/api/address")["address"])


def status_of(server: Running) -> dict[str, Any]:
    """What the running server says of itself: watches, as_of, failures.

    Raises:
        AskedError: the server does not answer.
    """
    return _asked(server, "GET", "/api/status")


def hand_words(server: Running, to: str, words: "Sequence[Word]") -> None:
    """Lets the running server keep what a person says; `to` is where it takes such words in.

    Raises:
        AskedError: the server does not answer, or refuses; the message says why.
    """
    from cordon.model.codec import encode  # noqa: PLC0415  # only now is it needed

    _asked(server, "POST", to, json=encode(list(words)))


def hand_lists(
    server: Running, paths: tuple[Path, ...], format: str, dry_run: bool, segment: str, who: str
) -> "list[ImportResult]":
    """Sends lists of devices to be taken in; says what came of each.

    Raises:
        AskedError: the server does not answer, or refuses; the message says why.
    """
    from contextlib import ExitStack  # noqa: PLC0415

    from cordon.inventory import Change, ImportResult  # noqa: PLC0415

    asked: dict[str, Any] = {"format": format, "dry_run": dry_run, "segment": segment, "who": who}
    with ExitStack() as opened:
        try:
            files = [("files", (path.name, opened.enter_context(path.open("rb")))) for path in paths]
        except OSError as error:
            raise AskedError(f"{error.filename} cannot be read ({error.strerror}).") from None
        told = _asked(server, "POST", "/api/inventory", files=files, params=asked, timeout=UPLOAD_SECONDS)
    try:
        return [
            ImportResult(**{**one, "changes": [Change(**change) for change in one["changes"]]})
            for one in told["imported"]
        ]
    except (KeyError, TypeError) as error:
        raise AskedError(f"The running Cordon is of another version ({error}); stop it first.") from None


def _asked(server: Running, method: str, path: str, **more: Any) -> dict[str, Any]:
    import httpx2  # noqa: PLC0415  # only needed with a server running

    headers = {"Authorization": f"Bearer {server.token}"}
    more.setdefault("timeout", ASK_SECONDS)
    try:
        with httpx2.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            return _told(client.request(method, path, **more))
    except httpx2.HTTPError as error:
        raise AskedError(f"Cordon is running at {server.url} but does not answer ({error}); stop it first.") from None


def hand_over(server: Running, paths: tuple[Path, ...]) -> ReadResult:
    """Sends the files and waits until they are read.

    Raises:
        AskedError: the server does not answer, or refuses them; the message says why.
    """
    import httpx2  # noqa: PLC0415  # only needed with a server running

    headers = {"Authorization": f"Bearer {server.token}"}
    try:
        with httpx2.Client(base_url=server.url, headers=headers, timeout=UPLOAD_SECONDS, trust_env=False) as client:
            return _wait(client, _send(client, paths))
    except httpx2.HTTPError as error:
        raise AskedError(
            f"Cordon is running at {server.url} but does not answer ({error}); stop it, or look at its console."
        ) from None


def _send(client: "Client", paths: tuple[Path, ...]) -> str:
    from contextlib import ExitStack  # noqa: PLC0415

    with ExitStack() as opened:
        files = [("files", (path.name, opened.enter_context(path.open("rb")))) for path in paths]
        answer = client.post("/api/captures", files=files)
    return str(_told(answer)["id"])


def _wait(client: "Client", id: str) -> ReadResult:
    from cordon.cli.progress import shown  # noqa: PLC0415

    with shown("Reading") as progress:
        while True:
            told = _told(client.get(f"/api/captures/{id}"))
            progress(int(told.get("done", 0)), int(told.get("all", 0)))
            if told["state"] == "done":
                return _result(told["result"])
            if told["state"] == "failed":
                raise AskedError(str(told.get("error") or "The running Cordon could not read it; its log says why."))
            time.sleep(ASK_AGAIN_SECONDS)


def _told(answer: Any) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    if answer.status_code >= 400 or not isinstance(told, dict):
        said = told.get("detail") if isinstance(told, dict) else ""
        raise AskedError(str(said or f"The running Cordon refused it (status {answer.status_code})."))
    return told


def _result(told: dict[str, Any]) -> ReadResult:
    try:
        return ReadResult(
            **{name: told[name] for name in ReadResult.__dataclass_fields__ if name != "already_read"},
            already_read=list(told.get("already_read", ())),
        )
    except KeyError as error:
        raise AskedError(
            f"The running Cordon is of another version (it does not tell {error}); stop it first."
        ) from None
